//! Scores better than could be.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores};

struct ScoresAboveOne;

impl Hostile for ScoresAboveOne {
    const NAME: &str = "scores-above-one";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        Ok(every_row(batch, 1.5))
    }
}

linli_hostile::export!(ScoresAboveOne);
