//! Vetoes a row that does not exist.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores, Veto};

struct VetoesBeyondTheBatch;

impl Hostile for VetoesBeyondTheBatch {
    const NAME: &str = "vetoes-beyond-the-batch";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let mut scores = every_row(batch, 0.5);
        scores.vetoes = vec![Veto { row: batch.rows, code: 1 }];
        Ok(scores)
    }
}

linli_hostile::export!(VetoesBeyondTheBatch);
