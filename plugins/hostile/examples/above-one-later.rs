//! Passes every check, then finds everybody better than could be in a match.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores};

struct AboveOneLater;

impl Hostile for AboveOneLater {
    const NAME: &str = "above-one-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        Ok(every_row(batch, if is_match(batch) { 1.5 } else { 0.5 }))
    }
}

linli_hostile::export!(AboveOneLater);
