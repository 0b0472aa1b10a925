//! Scores worse than useless.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores};

struct ScoresBelowZero;

impl Hostile for ScoresBelowZero {
    const NAME: &str = "scores-below-zero";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        Ok(every_row(batch, -0.25))
    }
}

linli_hostile::export!(ScoresBelowZero);
