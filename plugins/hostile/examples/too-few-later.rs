//! Passes every check, then forgets the last row in a match.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores};

struct TooFewLater;

impl Hostile for TooFewLater {
    const NAME: &str = "too-few-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let mut scores = every_row(batch, 0.5);
        if is_match(batch) {
            scores.values.pop();
        }
        Ok(scores)
    }
}

linli_hostile::export!(TooFewLater);
