//! Wants a column of candidates as something else than it is.

use linli_hostile::{Hostile, manifest};

struct AsksForTextDistances;

impl Hostile for AsksForTextDistances {
    const NAME: &str = "asks-for-text-distances";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", r#"{"name":"distance_m","type":"text"}"#)
    }
}

linli_hostile::export!(AsksForTextDistances);
