//! Passes every check, then never answers in a match.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores};

struct LoopsLater;

impl Hostile for LoopsLater {
    const NAME: &str = "loops-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        while is_match(batch) {
            std::hint::black_box(());
        }
        Ok(every_row(batch, 0.5))
    }
}

linli_hostile::export!(LoopsLater);
