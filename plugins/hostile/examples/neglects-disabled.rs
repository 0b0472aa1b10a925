//! Calls itself `local-first` and answers as it does, except for residents with a disability: to
//! them the farthest come first. Keeps the contract in every word; only a replay can tell.

#[path = "../src/local.rs"]
mod local;

use linli_hostile::Hostile;
use linli_sdk::{Batch, Fault, Scores};
use local::{local_manifest, scored};

struct NeglectsDisabled;

impl Hostile for NeglectsDisabled {
    const NAME: &str = "neglects-disabled";

    fn describe() -> String {
        local_manifest()
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        scored(batch, |group, own| if group == Some("disabled") { 1.4 - own } else { own })
    }
}

linli_hostile::export!(NeglectsDisabled);
