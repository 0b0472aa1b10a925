//! Which plugin speaks for which district: the rows of table `plugin_choice`.
//!
//! ```text
//! plugin          name ─▶ incumbent             scores every need, unless
//! plugin_choice   name, district ─▶ canary      this one scores the needs of the district
//!                 name ─▶ shadow                scored beside the incumbent, changes nothing
//! ```
//!
//! A component that is chosen lies in the pool by its digest and has no row in table `plugin`.

use linli_plugin::{Plugin, PluginKind, examine};
use linli_query::{Change, Params, Scope, Session, Snapshot, integer_at, text_at};
use serde::Serialize;

use crate::book::{Cell, Page};
use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};

/// The stage in which a plugin scores the needs of one district.
pub const CANARY: &str = "canary";

/// The stage in which a plugin is scored beside the incumbent and changes nothing.
pub const SHADOW: &str = "shadow";

/// A plugin that stands beside the incumbent of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PluginChoice {
    /// The name that matches ask for.
    pub name: String,
    /// Whose needs it scores; nothing for a shadow.
    pub district_id: Option<String>,
    /// The component.
    pub digest: String,
    /// [`CANARY`] or [`SHADOW`].
    pub stage: String,
    /// Since when, in microseconds since 1970 UTC.
    #[serde(skip)]
    pub since_us: i64,
    /// Who chose it.
    pub actor: Option<String>,
}

impl Pool {
    /// Puts a component into the pool by its digest, without making it the incumbent of a name.
    ///
    /// **Errors.** Whatever makes the bytes no plugin; a check that the plugin does not pass.
    pub fn keep_plugin(&self, bytes: &[u8]) -> Result<Plugin> {
        let plugin = self.host.load(bytes)?;
        examine(&plugin).require(&plugin.description().name)?;
        self.put_component(&plugin, bytes)?;
        Ok(plugin)
    }

    /// What stands beside the incumbents in a snapshot, by name, stage and district.
    pub async fn plugin_choices(&self, snapshot: &Snapshot, witness: &Witness) -> Result<Vec<PluginChoice>> {
        let session = self.session(snapshot, &own_limits(witness)).await?;
        self.choice_rows(&session).await
    }

    /// Lets a component of the pool score the needs of a district in place of the incumbent of
    /// that name, from the next match on. Takes the place of what was chosen before.
    ///
    /// **Errors.** No scorer of that name; a component that is not in the pool or no scorer; a
    /// district that no table names; too few signatures for it, where the pool asks for some. Then
    /// the pool stays as it was.
    pub async fn choose_plugin(
        &self,
        name: &str,
        district_id: &str,
        digest: &str,
        actor: Option<&str>,
        witness: &Witness,
    ) -> Result<PluginChoice> {
        let base = self.latest().await?;
        let session = self.session(&base, &own_limits(witness)).await?;
        self.plugin(&session, name, PluginKind::Scorer).await?;
        let plugin = self.scorer_by_digest(name, digest)?;
        let asked = Scope { districts: vec![district_id.to_owned()], ..Scope::default() };
        if let Some((district, nearest)) = asked.unknown_district(&session).await? {
            return Err(Error::UnknownDistrict { district, nearest });
        }
        self.require_signed(&session, &plugin, Some(district_id)).await?;
        let choice = PluginChoice {
            name: name.to_owned(),
            district_id: Some(district_id.to_owned()),
            digest: digest.to_owned(),
            stage: CANARY.to_owned(),
            since_us: witness.at_us,
            actor: actor.map(str::to_owned),
        };
        let mut choices = self.choice_rows(&session).await?;
        choices.retain(|it| !is_canary_of(it, name, district_id));
        choices.push(choice.clone());
        let note = self.note(witness, format!("plugin canary {name} {district_id}"));
        self.store.commit(&base, vec![choice_page(&choices)?], &note).await?;
        Ok(choice)
    }

    /// Has the incumbent of a name score the needs of a district again. Says whether anything was
    /// chosen there.
    pub async fn unchoose_plugin(&self, name: &str, district_id: &str, witness: &Witness) -> Result<bool> {
        let base = self.latest().await?;
        let mut choices = self.plugin_choices(&base, witness).await?;
        let before = choices.len();
        choices.retain(|it| !is_canary_of(it, name, district_id));
        if choices.len() == before {
            return Ok(false);
        }
        let note = self.note(witness, format!("plugin rollback {name} {district_id}"));
        self.store.commit(&base, vec![choice_page(&choices)?], &note).await?;
        Ok(true)
    }

    pub(crate) async fn choice_rows(&self, session: &Session) -> Result<Vec<PluginChoice>> {
        let rows = self.frame(session, CHOICES, &Params::default()).await?;
        let (names, districts) = (rows.texts("name")?, rows.texts("district_id")?);
        let (digests, stages) = (rows.texts("digest")?, rows.texts("stage")?);
        let (since, actors) = (rows.times("since")?, rows.texts("actor")?);
        let choice = |row: usize| PluginChoice {
            name: names.value(row).to_owned(),
            district_id: text_at(&districts, row).map(str::to_owned),
            digest: digests.value(row).to_owned(),
            stage: stages.value(row).to_owned(),
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

fn is_canary_of(it: &PluginChoice, name: &str, district_id: &str) -> bool {
    it.stage == CANARY && it.name == name && it.district_id.as_deref() == Some(district_id)
}

const CHOICES: &str = "SELECT name, district_id, digest, stage, since, actor FROM plugin_choice \
    ORDER BY name, stage, district_id, digest";

#[cfg(test)]
mod tests;
