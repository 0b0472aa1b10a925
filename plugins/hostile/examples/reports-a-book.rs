//! Leaves a note of ten million bytes, then answers fairly.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Level, Scores, report};

struct ReportsABook;

impl Hostile for ReportsABook {
    const NAME: &str = "reports-a-book";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        report(Level::Information, &"长".repeat(10_000_000 / 3));
        Ok(every_row(batch, 0.5))
    }
}

linli_hostile::export!(ReportsABook);
