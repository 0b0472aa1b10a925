//! Scores a row by its place in the batch: other cuts, other scores.

use linli_hostile::Hostile;
use linli_sdk::{Batch, Fault, Scores};

struct ScoresByPosition;

impl Hostile for ScoresByPosition {
    const NAME: &str = "scores-by-position";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let rows = f64::from(batch.rows);
        Ok(Scores::new((0..batch.rows).map(|row| f64::from(row) / rows)))
    }
}

linli_hostile::export!(ScoresByPosition);
