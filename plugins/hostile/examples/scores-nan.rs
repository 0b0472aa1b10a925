//! Scores what is no number.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores};

struct ScoresNan;

impl Hostile for ScoresNan {
    const NAME: &str = "scores-nan";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        Ok(every_row(batch, f64::NAN))
    }
}

linli_hostile::export!(ScoresNan);
