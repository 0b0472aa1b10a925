//! Introduces itself in eight million bytes of valid JSON.

use linli_hostile::{DISTANCE, Hostile, manifest};

struct DescribesABook;

impl Hostile for DescribesABook {
    const NAME: &str = "describes-a-book";

    fn describe() -> String {
        manifest(&"long-".repeat(1_600_000), "scorer", DISTANCE)
    }
}

linli_hostile::export!(DescribesABook);
