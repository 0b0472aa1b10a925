//! Passes every check, then calls itself in a match until the stack is full.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores};

struct RecursesLater;

impl Hostile for RecursesLater {
    const NAME: &str = "recurses-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let depth = if is_match(batch) { down(u64::from(batch.rows)) } else { 0 };
        Ok(every_row(batch, if depth == 1 { 1.0 } else { 0.5 }))
    }
}

/// Neither a loop nor a sum, so that no compiler makes it one.
fn down(depth: u64) -> u64 {
    if depth == u64::MAX { 0 } else { down(depth + 1).wrapping_mul(3) ^ depth }
}

linli_hostile::export!(RecursesLater);
