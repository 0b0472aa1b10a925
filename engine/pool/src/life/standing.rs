//! The plugins of a pool, each with what is tried against it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::choice::Stage;
use crate::plugins::PluginRow;
use crate::{Pool, Result, Witness};

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
        for it in self.choice_rows(&session).await? {
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
}
