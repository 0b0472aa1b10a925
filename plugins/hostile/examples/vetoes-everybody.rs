//! Vetoes every candidate with a code that it words, which is no error: it keeps the contract, and
//! nobody is served.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores, Veto};

struct VetoesEverybody;

impl Hostile for VetoesEverybody {
    const NAME: &str = "vetoes-everybody";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let mut scores = every_row(batch, 1.0);
        scores.vetoes = (0..batch.rows).map(|row| Veto { row, code: 1 }).collect();
        Ok(scores)
    }
}

linli_hostile::export!(VetoesEverybody);
