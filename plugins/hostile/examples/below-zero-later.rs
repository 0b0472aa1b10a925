//! Passes every check, then finds everybody worse than useless in a match.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores};

struct BelowZeroLater;

impl Hostile for BelowZeroLater {
    const NAME: &str = "below-zero-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        Ok(every_row(batch, if is_match(batch) { -0.25 } else { 0.5 }))
    }
}

linli_hostile::export!(BelowZeroLater);
