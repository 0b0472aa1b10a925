//! Which plugin speaks for which district: the rows of table `plugin_choice`.
//!
//! ```text
//! plugin          name ─▶ incumbent             scores every need, unless
//! plugin_choice   name, district ─▶ canary      this one scores the needs of the district
//!                 name ─▶ shadow                scored beside the incumbent, changes nothing
//! ```
//!
//! A component that is chosen lies in the pool by its digest and has no row in table `plugin`.

use linli_plugin::{Plugin, PluginKind};
use linli_query::{Change, Params, Session, integer_at, text_at};
use serde::Serialize;

use crate::book::{Cell, Page};
use crate::{Error, Pool, Result};

/// How far a challenger has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It scores beside the incumbent and changes nothing.
    Shadow,
    /// It scores the needs of a district in place of the incumbent.
    Canary,
}

impl Stage {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shadow => "shadow",
            Self::Canary => "canary",
        }
    }
}

/// A plugin that stands beside the incumbent of a name, in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PluginChoice {
    /// The name that matches ask for.
    pub name: String,
    pub stage: Stage,
    /// Whose needs it scores; nothing for a shadow: it is everywhere.
    pub district_id: Option<String>,
    /// The component.
    pub digest: String,
    /// Since when, in microseconds since 1970 UTC.
    pub since_us: i64,
    /// Who chose it.
    pub actor: Option<String>,
}

impl PluginChoice {
    /// Whether it scores the needs of a district in place of the incumbent of a name.
    pub(crate) fn is_canary(&self, name: &str, district_id: &str) -> bool {
        let is_there = self.district_id.as_deref() == Some(district_id);
        self.stage == Stage::Canary && self.name == name && is_there
    }
}

impl Pool {
    /// What stands beside the incumbents, by name, stage and district.
    pub(crate) async fn choice_rows(&self, session: &Session) -> Result<Vec<PluginChoice>> {
        let rows = self.frame(session, CHOICES, &Params::default()).await?;
        let (names, districts) = (rows.texts("name")?, rows.texts("district_id")?);
        let (digests, stages) = (rows.texts("digest")?, rows.texts("stage")?);
        let (since, actors) = (rows.times("since")?, rows.texts("actor")?);
        let choice = |row: usize| PluginChoice {
            name: names.value(row).to_owned(),
            district_id: text_at(&districts, row).map(str::to_owned),
            digest: digests.value(row).to_owned(),
            stage: if stages.value(row) == Stage::Canary.as_str() { Stage::Canary } else { Stage::Shadow },
            since_us: integer_at(&since, row).unwrap_or(0),
            actor: text_at(&actors, row).map(str::to_owned),
        };
        Ok((0..rows.rows()).map(choice).collect())
    }

    /// Loads a scorer by its digest.
    ///
    /// **Errors.** Its file is gone, or another; it is an evaluator.
    pub(crate) fn scorer_by_digest(&self, name: &str, digest: &str) -> Result<Plugin> {
        let plugin = self.plugin_by_digest(name, digest)?;
        if plugin.description().kind != PluginKind::Scorer {
            return Err(Error::WrongPlugin { name: name.to_owned(), expected: PluginKind::Scorer.as_str() });
        }
        Ok(plugin)
    }
}

/// All choices, as the whole content of their table.
pub(crate) fn choice_page(choices: &[PluginChoice]) -> Result<Change> {
    let mut sorted: Vec<&PluginChoice> = choices.iter().collect();
    sorted.sort_by_key(|it| (&it.name, &it.stage, &it.district_id));
    let mut page = Page::new("plugin_choice");
    for it in sorted {
        page.add([
            ("name", it.name.as_str().into()),
            ("district_id", it.district_id.clone().into()),
            ("digest", it.digest.as_str().into()),
            ("stage", it.stage.as_str().into()),
            ("since", Cell::Time(it.since_us)),
            ("actor", it.actor.clone().into()),
        ]);
    }
    page.replace()
}

const CHOICES: &str = "SELECT name, district_id, digest, stage, since, actor FROM plugin_choice \
    ORDER BY name, stage, district_id, digest";

#[cfg(test)]
mod tests;
