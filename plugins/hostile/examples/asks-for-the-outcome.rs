//! Wants to know beforehand what scoring leads to.

use linli_hostile::{Hostile, manifest};

struct AsksForTheOutcome;

impl Hostile for AsksForTheOutcome {
    const NAME: &str = "asks-for-the-outcome";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", r#"{"name":"cost","type":"i64"}"#)
    }
}

linli_hostile::export!(AsksForTheOutcome);
