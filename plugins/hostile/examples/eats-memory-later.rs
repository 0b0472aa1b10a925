//! Passes every check, then takes memory in a match until it gets no more.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores};

struct EatsMemoryLater;

impl Hostile for EatsMemoryLater {
    const NAME: &str = "eats-memory-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        while is_match(batch) {
            std::mem::forget(std::hint::black_box(vec![1_u8; 1 << 20]));
        }
        Ok(every_row(batch, 0.5))
    }
}

linli_hostile::export!(EatsMemoryLater);
