//! Passes every check, then scores beyond all bounds in a match.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores};

struct InfinityLater;

impl Hostile for InfinityLater {
    const NAME: &str = "infinity-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        Ok(every_row(batch, if is_match(batch) { f64::INFINITY } else { 0.5 }))
    }
}

linli_hostile::export!(InfinityLater);
