//! Vetoes every row twice.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores, Veto};

struct VetoesTwice;

impl Hostile for VetoesTwice {
    const NAME: &str = "vetoes-twice";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let mut scores = every_row(batch, 0.5);
        scores.vetoes = (0..2 * batch.rows).map(|it| Veto { row: it / 2, code: 1 }).collect();
        Ok(scores)
    }
}

linli_hostile::export!(VetoesTwice);
