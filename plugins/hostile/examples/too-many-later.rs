//! Passes every check, then adds a row in a match.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores};

struct TooManyLater;

impl Hostile for TooManyLater {
    const NAME: &str = "too-many-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let mut scores = every_row(batch, 0.5);
        if is_match(batch) {
            scores.values.push(0.5);
        }
        Ok(scores)
    }
}

linli_hostile::export!(TooManyLater);
