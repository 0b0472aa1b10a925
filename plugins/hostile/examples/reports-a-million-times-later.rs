//! Passes every check, then leaves a million notes in a match, and answers fairly.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Level, Scores, report};

struct ReportsAMillionTimesLater;

impl Hostile for ReportsAMillionTimesLater {
    const NAME: &str = "reports-a-million-times-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        if is_match(batch) {
            for _ in 0..1_000_000 {
                report(Level::Information, "are we there yet?");
            }
        }
        Ok(every_row(batch, 0.5))
    }
}

linli_hostile::export!(ReportsAMillionTimesLater);
