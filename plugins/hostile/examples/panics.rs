//! Panics with a text, which the author should be able to read.

use linli_hostile::Hostile;
use linli_sdk::{Batch, Fault, Scores};

struct Panics;

impl Hostile for Panics {
    const NAME: &str = "panics";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        linli_sdk::export::report_panics();
        panic!("no idea what to do with {} rows", batch.rows)
    }
}

linli_hostile::export!(Panics);
