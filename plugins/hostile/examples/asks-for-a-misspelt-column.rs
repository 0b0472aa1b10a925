//! Wants a column that candidates do not have.

use linli_hostile::{Hostile, manifest};

struct AsksForAMisspeltColumn;

impl Hostile for AsksForAMisspeltColumn {
    const NAME: &str = "asks-for-a-misspelt-column";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", r#"{"name":"distanse_m","type":"i64"}"#)
    }
}

linli_hostile::export!(AsksForAMisspeltColumn);
