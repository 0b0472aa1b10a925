//! Stops without a word.

use linli_hostile::Hostile;
use linli_sdk::{Batch, Fault, Scores};

struct Traps;

impl Hostile for Traps {
    const NAME: &str = "traps";

    fn score(_: &Batch) -> Result<Scores, Fault> {
        std::process::abort()
    }
}

linli_hostile::export!(Traps);
