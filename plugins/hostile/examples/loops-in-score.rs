//! Never answers.

use linli_hostile::Hostile;
use linli_sdk::{Batch, Fault, Scores};

struct LoopsInScore;

impl Hostile for LoopsInScore {
    const NAME: &str = "loops-in-score";

    fn score(_: &Batch) -> Result<Scores, Fault> {
        loop {
            std::hint::black_box(());
        }
    }
}

linli_hostile::export!(LoopsInScore);
