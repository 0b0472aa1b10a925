//! Passes every check, then leaves a note of ten million bytes in a match, and answers fairly.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Level, Scores, report};

struct ReportsABookLater;

impl Hostile for ReportsABookLater {
    const NAME: &str = "reports-a-book-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        if is_match(batch) {
            report(Level::Information, &"长".repeat(10_000_000 / 3));
        }
        Ok(every_row(batch, 0.5))
    }
}

linli_hostile::export!(ReportsABookLater);
