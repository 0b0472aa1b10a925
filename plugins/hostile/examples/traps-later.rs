//! Passes every check, then stops without a word in a match.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores};

struct TrapsLater;

impl Hostile for TrapsLater {
    const NAME: &str = "traps-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        if is_match(batch) {
            std::process::abort();
        }
        Ok(every_row(batch, 0.5))
    }
}

linli_hostile::export!(TrapsLater);
