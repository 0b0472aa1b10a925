//! Passes every check, then vetoes the last row before the first in a match.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores, Veto};

struct VetoesOutOfOrderLater;

impl Hostile for VetoesOutOfOrderLater {
    const NAME: &str = "vetoes-out-of-order-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let mut scores = every_row(batch, 0.5);
        if is_match(batch) {
            scores.vetoes = (0..batch.rows).rev().map(|row| Veto { row, code: 1 }).collect();
        }
        Ok(scores)
    }
}

linli_hostile::export!(VetoesOutOfOrderLater);
