//! Leaves a note of bytes that are no text, then answers fairly.

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Level, Scores, report};

struct ReportsInNoUtf8;

impl Hostile for ReportsInNoUtf8 {
    const NAME: &str = "reports-in-no-utf8";

    #[expect(unsafe_code, reason = "the lie: a text that is none")]
    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let bytes = [0xff; 8];
        // SAFETY: none. Nothing here reads the text; the host has to find out.
        report(Level::Information, unsafe { std::str::from_utf8_unchecked(&bytes) });
        Ok(every_row(batch, 0.5))
    }
}

linli_hostile::export!(ReportsInNoUtf8);
