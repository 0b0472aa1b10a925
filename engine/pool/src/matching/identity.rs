//! What makes a run this run: a digest of everything it depends on.

use linli_query::{PoolConfig, Scope, Snapshot};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Scorers;
use super::office::{self, CANARY_INPUT};
use crate::publish::{PUBLISHED, published_digest};

/// The tables a match reads; a change of any other table makes no new run.
pub(crate) const INPUT_TABLES: [&str; 15] = [
    "activity",
    "availability",
    "community",
    "gazetteer",
    "merchant",
    "need",
    "offer",
    "pairing",
    "pin",
    "post",
    "posting",
    "service",
    "service_point",
    "visit_group_member",
    "volunteer",
];

/// The inputs of a run and their digest.
#[derive(Debug, Clone)]
pub(crate) struct RunIdentity {
    /// The first 32 hexadecimal digits of the digest of `inputs` and `settings`.
    pub run_id: String,
    /// The snapshot that was read.
    pub snapshot: u64,
    /// kind, name, digest, weight: tables, plugins and the rules.
    pub inputs: Vec<(String, String, String, Option<i64>)>,
    /// Scope, settings and seed as canonical JSON.
    pub settings: String,
    /// Part of the identity.
    pub seed: i64,
    /// What was asked for, with the instant and the horizon that were settled.
    pub scope: Scope,
}

impl RunIdentity {
    /// Names a run by what goes into it.
    ///
    /// **Shape.** `scope` names instant and horizon: a run depends on them, so they are part of
    /// its name even where nobody asked for them.
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
        for office in &scorers.offices {
            for (it, own) in scorers.scorers.iter().zip(&office.plugins) {
                let Some(own) = own else { continue };
                let name = office::input_name(&it.choice.name, &office.district_id);
                let weight = Some(i64::from(it.choice.weight));
                inputs.push((CANARY_INPUT.to_owned(), name, own.digest().to_owned(), weight));
            }
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
        Self {
            run_id: Self::digest_of(ENGINE, &inputs, &settings),
            snapshot: snapshot.id,
            inputs,
            settings,
            seed,
            scope: scope.clone(),
        }
    }

    /// The id of the run with these inputs, in whatever order they come.
    pub(crate) fn digest_of(
        engine: &str,
        inputs: &[(String, String, String, Option<i64>)],
        settings: &str,
    ) -> String {
        let mut inputs = inputs.to_vec();
        inputs.sort();
        let text = json!({ "engine": engine, "inputs": inputs, "settings": settings }).to_string();
        let digest: String = Sha256::digest(text.as_bytes()).iter().map(|it| format!("{it:02x}")).collect();
        digest[..32].to_owned()
    }
}

/// The tables that a match reads whose content in a snapshot is not what a run names.
pub(crate) fn changed_tables(
    inputs: &[(String, String, String, Option<i64>)],
    snapshot: &Snapshot,
) -> Vec<String> {
    let mut changed = Vec::new();
    for table in INPUT_TABLES {
        let named = inputs.iter().find(|(kind, name, ..)| kind == "table" && name == table);
        let named = named.map(|(_, _, digest, _)| digest);
        if named != snapshot.tables.get(table).map(|it| &it.digest) {
            changed.push(table.to_owned());
        }
    }
    changed
}

/// Which linli decided: another version may choose among equals differently.
pub(crate) const ENGINE: &str = concat!("linli ", env!("CARGO_PKG_VERSION"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_depends_on_every_input_and_not_on_their_order() {
        let input = |name: &str, digest: &str| ("table".to_owned(), name.to_owned(), digest.to_owned(), None);
        let id =
            |engine: &str, inputs: &[_], settings: &str| RunIdentity::digest_of(engine, inputs, settings);
        let one = id("linli 1", &[input("need", "a"), input("offer", "b")], "{}");
        assert_eq!(one.len(), 32);
        assert_eq!(one, id("linli 1", &[input("offer", "b"), input("need", "a")], "{}"));
        for other in [
            id("linli 2", &[input("need", "a"), input("offer", "b")], "{}"),
            id("linli 1", &[input("need", "a"), input("offer", "c")], "{}"),
            id("linli 1", &[input("need", "a")], "{}"),
            id("linli 1", &[input("need", "a"), input("offer", "b")], "{\"seed\":1}"),
        ] {
            assert_ne!(one, other);
        }
    }
}
