//! Calls itself until the stack is full.

use linli_hostile::Hostile;
use linli_sdk::{Batch, Fault, Scores};

struct RecursesWithoutEnd;

impl Hostile for RecursesWithoutEnd {
    const NAME: &str = "recurses-without-end";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        Err(Fault::Other(down(u64::from(batch.rows)).to_string()))
    }
}

/// Neither a loop nor a sum, so that no compiler makes it one.
fn down(depth: u64) -> u64 {
    if depth == u64::MAX { 0 } else { down(depth + 1).wrapping_mul(3) ^ depth }
}

linli_hostile::export!(RecursesWithoutEnd);
