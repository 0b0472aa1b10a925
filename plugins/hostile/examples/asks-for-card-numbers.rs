//! Wants a column that says something about a person; no plugin is granted one.

use linli_hostile::{Hostile, manifest};

struct AsksForCardNumbers;

impl Hostile for AsksForCardNumbers {
    const NAME: &str = "asks-for-card-numbers";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", r#"{"name":"card_no","type":"text"}"#)
    }
}

linli_hostile::export!(AsksForCardNumbers);
