//! Passes every check, then vetoes in a match for a reason that it never worded.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores, Veto};

struct UnknownVetoLater;

impl Hostile for UnknownVetoLater {
    const NAME: &str = "unknown-veto-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let mut scores = every_row(batch, 0.5);
        if is_match(batch) {
            scores.vetoes.push(Veto { row: 0, code: 999 });
        }
        Ok(scores)
    }
}

linli_hostile::export!(UnknownVetoLater);
