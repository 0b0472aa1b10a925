//! Scores beyond all others.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores};

struct ScoresInfinity;

impl Hostile for ScoresInfinity {
    const NAME: &str = "scores-infinity";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        Ok(every_row(batch, f64::INFINITY))
    }
}

linli_hostile::export!(ScoresInfinity);
