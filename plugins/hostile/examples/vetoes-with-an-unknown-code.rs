//! Vetoes every row for a reason that `describe` does not word.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores, Veto};

struct VetoesWithAnUnknownCode;

impl Hostile for VetoesWithAnUnknownCode {
    const NAME: &str = "vetoes-with-an-unknown-code";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let mut scores = every_row(batch, 0.5);
        scores.vetoes = (0..batch.rows).map(|row| Veto { row, code: 999 }).collect();
        Ok(scores)
    }
}

linli_hostile::export!(VetoesWithAnUnknownCode);
