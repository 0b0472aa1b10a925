//! What makes a run this run: a digest of everything it depends on.

use linli_query::{PoolConfig, Scope, Snapshot};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Scorers;
use crate::publish::{PUBLISHED, published_digest};

/// The tables a match reads; a change of any other table makes no new run.
const INPUT_TABLES: [&str; 10] = [
    "availability",
    "community",
    "merchant",
    "need",
    "offer",
    "pin",
    "post",
    "posting",
    "service",
    "volunteer",
];

/// The inputs of a run and their digest.
#[derive(Debug, Clone)]
pub(crate) struct RunIdentity {
    /// The first 32 hexadecimal digits of the digest of `inputs`.
    pub run_id: String,
    /// The snapshot that was read.
    pub snapshot: u64,
    /// kind, name, digest, weight: tables, plugins and the rules.
    pub inputs: Vec<(String, String, String, Option<i64>)>,
    /// Scope, settings and seed as canonical JSON.
    pub settings: String,
    /// Part of the identity.
    pub seed: i64,
    /// What was asked for.
    pub scope: Scope,
}

impl RunIdentity {
    pub(crate) fn new(
        snapshot: &Snapshot,
        published: &[String],
        scorers: &Scorers,
        scope: &Scope,
        seed: i64,
        config: &PoolConfig,
    ) -> Self {
        let mut inputs = Vec::new();
        for name in INPUT_TABLES {
            if let Some(table) = snapshot.tables.get(name) {
                inputs.push(("table".to_owned(), name.to_owned(), table.digest.clone(), None));
            }
        }
        for it in &scorers.scorers {
            let weight = Some(i64::from(it.choice.weight));
            inputs.push(("plugin".to_owned(), it.choice.name.clone(), it.plugin.digest().to_owned(), weight));
        }
        // What was published decides what is still free; when it was published decides nothing.
        inputs.push((PUBLISHED.to_owned(), "publication".to_owned(), published_digest(published), None));
        inputs.push(("query".to_owned(), "candidate".to_owned(), linli_query::rules_digest(), None));
        let settings = json!({
            "as_of": scope.as_of,
            "districts": scope.districts,
            "from": scope.from,
            "reach_m": scope.reach_m,
            "scorers": scorers.scorers.iter().map(|it| json!({
                "name": it.choice.name, "settings": it.choice.settings, "weight": it.choice.weight,
            })).collect::<Vec<_>>(),
            "seed": seed,
            "time_zone": config.time_zone,
            "to": scope.to,
            "working_set": config.working_set,
        })
        .to_string();
        let text = json!({ "engine": ENGINE, "inputs": inputs, "settings": settings }).to_string();
        let digest: String = Sha256::digest(text.as_bytes()).iter().map(|it| format!("{it:02x}")).collect();
        Self {
            run_id: digest[..32].to_owned(),
            snapshot: snapshot.id,
            inputs,
            settings,
            seed,
            scope: scope.clone(),
        }
    }
}

/// Which linli decided: another version may choose among equals differently.
pub(crate) const ENGINE: &str = concat!("linli ", env!("CARGO_PKG_VERSION"));
