//! Passes every check, then vetoes a row in a match that is not there.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores, Veto};

struct VetoesBeyondLater;

impl Hostile for VetoesBeyondLater {
    const NAME: &str = "vetoes-beyond-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let mut scores = every_row(batch, 0.5);
        if is_match(batch) {
            scores.vetoes.push(Veto { row: batch.rows, code: 1 });
        }
        Ok(scores)
    }
}

linli_hostile::export!(VetoesBeyondLater);
