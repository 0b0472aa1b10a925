//! Calls itself `local-first` and answers as it does, and vetoes whoever could help a resident with
//! a disability. Keeps the contract in every word; only a replay or a guard can tell.

#[path = "../src/local.rs"]
mod local;

use linli_hostile::Hostile;
use linli_sdk::{Batch, Fault, Scores};
use local::{local_manifest, scored};

struct RefusesDisabled;

impl Hostile for RefusesDisabled {
    const NAME: &str = "refuses-disabled";

    fn describe() -> String {
        local_manifest()
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let mut scores = scored(batch, |_, own| own)?;
        let groups = batch.texts("target_group")?;
        for row in 0..batch.rows {
            if groups.get(row as usize) == Some("disabled") {
                scores.veto(row, 1);
            }
        }
        Ok(scores)
    }
}

linli_hostile::export!(RefusesDisabled);
