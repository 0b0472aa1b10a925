//! Table `plugin_choice`: which challengers are tried, and where.

use std::collections::BTreeMap;

use linli_query::{Change, Params, Session, text_at};
use serde::Serialize;

use crate::book::{Cell, Page};
use crate::plugins::PluginRow;
use crate::{Pool, Result, Witness};

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

/// One challenger in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub name: String,
    pub stage: Stage,
    /// Nothing in stage shadow: it is everywhere.
    pub district_id: Option<String>,
    pub digest: String,
    pub since_us: i64,
    pub actor: String,
}

/// A challenger and where it is tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trial {
    /// How far it has come.
    pub stage: Stage,
    /// What it is.
    pub digest: String,
    /// Where, in stage canary.
    pub districts: Vec<String>,
}

/// A plugin of the pool and what is tried against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PluginStanding {
    /// The incumbent.
    #[serde(flatten)]
    pub row: PluginRow,
    /// incumbent, shadow or canary: the furthest that a challenger of it has come.
    pub stage: &'static str,
    /// Its challengers.
    pub challengers: Vec<Trial>,
}

impl Pool {
    /// The plugins by name, each with what is tried against it.
    pub async fn standings(&self, witness: &Witness) -> Result<Vec<PluginStanding>> {
        let session = self.session(&self.latest().await?, &crate::pool::own_limits(witness)).await?;
        let rows = self.plugin_rows(&session).await?;
        let mut trials: BTreeMap<String, BTreeMap<(Stage, String), Trial>> = BTreeMap::new();
        for it in self.choices(&session).await? {
            let empty = Trial { stage: it.stage, digest: it.digest.clone(), districts: Vec::new() };
            let of = trials.entry(it.name).or_default().entry((it.stage, it.digest)).or_insert(empty);
            of.districts.extend(it.district_id);
        }
        let standing = |row: PluginRow| {
            let challengers: Vec<Trial> =
                trials.remove(&row.name).unwrap_or_default().into_values().collect();
            let stage = challengers.iter().map(|it| it.stage).max().map_or("incumbent", Stage::as_str);
            PluginStanding { row, stage, challengers }
        };
        Ok(rows.into_iter().map(standing).collect())
    }

    /// What is tried, by name, stage and district.
    pub(crate) async fn choices(&self, session: &Session) -> Result<Vec<Choice>> {
        let sql = "SELECT * FROM plugin_choice ORDER BY name, stage, district_id";
        let rows = self.frame(session, sql, &Params::default()).await?;
        let (names, stages, digests) = (rows.texts("name")?, rows.texts("stage")?, rows.texts("digest")?);
        let (districts, actors) = (rows.texts("district_id")?, rows.texts("actor")?);
        let since = rows.times("since")?;
        let choice = |row: usize| Choice {
            name: names.value(row).to_owned(),
            stage: if stages.value(row) == "canary" { Stage::Canary } else { Stage::Shadow },
            district_id: text_at(&districts, row).map(str::to_owned),
            digest: digests.value(row).to_owned(),
            since_us: since.value(row),
            actor: text_at(&actors, row).unwrap_or_default().to_owned(),
        };
        Ok((0..rows.rows()).map(choice).collect())
    }

    /// The whole table anew.
    pub(super) fn choose(choices: &[Choice]) -> Result<Change> {
        let mut page = Page::new("plugin_choice");
        for it in choices {
            page.add([
                ("name", it.name.as_str().into()),
                ("stage", it.stage.as_str().into()),
                ("district_id", it.district_id.clone().into()),
                ("digest", it.digest.as_str().into()),
                ("since", Cell::Time(it.since_us)),
                ("actor", it.actor.as_str().into()),
            ]);
        }
        page.replace()
    }
}
