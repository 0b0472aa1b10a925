//! Leaves a million notes, then answers fairly.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Level, Scores, report};

struct ReportsAMillionTimes;

impl Hostile for ReportsAMillionTimes {
    const NAME: &str = "reports-a-million-times";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        for _ in 0..1_000_000 {
            report(Level::Information, "are we there yet?");
        }
        Ok(every_row(batch, 0.5))
    }
}

linli_hostile::export!(ReportsAMillionTimes);
