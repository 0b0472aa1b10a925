//! Passes every check, then panics with a text in a match.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores};

struct PanicsLater;

impl Hostile for PanicsLater {
    const NAME: &str = "panics-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        linli_sdk::export::report_panics();
        assert!(!is_match(batch), "no idea what to do with {} rows", batch.rows);
        Ok(every_row(batch, 0.5))
    }
}

linli_hostile::export!(PanicsLater);
