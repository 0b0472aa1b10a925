//! Answers minus infinity for every row.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores};

struct ScoresMinusInfinity;

impl Hostile for ScoresMinusInfinity {
    const NAME: &str = "scores-minus-infinity";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        Ok(every_row(batch, f64::NEG_INFINITY))
    }
}

linli_hostile::export!(ScoresMinusInfinity);
