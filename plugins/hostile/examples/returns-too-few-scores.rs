//! Forgets the last row.

use linli_hostile::Hostile;
use linli_sdk::{Batch, Fault, Scores};

struct ReturnsTooFewScores;

impl Hostile for ReturnsTooFewScores {
    const NAME: &str = "returns-too-few-scores";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        Ok(Scores::new((1..batch.rows).map(|_| 0.5)))
    }
}

linli_hostile::export!(ReturnsTooFewScores);
