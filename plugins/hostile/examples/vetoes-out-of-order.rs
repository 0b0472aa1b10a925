//! Vetoes the last row before the first.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores, Veto};

struct VetoesOutOfOrder;

impl Hostile for VetoesOutOfOrder {
    const NAME: &str = "vetoes-out-of-order";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let mut scores = every_row(batch, 0.5);
        scores.vetoes = (0..batch.rows).rev().map(|row| Veto { row, code: 1 }).collect();
        Ok(scores)
    }
}

linli_hostile::export!(VetoesOutOfOrder);
