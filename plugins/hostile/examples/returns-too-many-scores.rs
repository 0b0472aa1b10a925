//! Adds a row.

use linli_hostile::Hostile;
use linli_sdk::{Batch, Fault, Scores};

struct ReturnsTooManyScores;

impl Hostile for ReturnsTooManyScores {
    const NAME: &str = "returns-too-many-scores";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        Ok(Scores::new((0..=batch.rows).map(|_| 0.5)))
    }
}

linli_hostile::export!(ReturnsTooManyScores);
