//! Scores rows by how many it has seen before: another instance, other scores.

use std::sync::atomic::{AtomicU32, Ordering};

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores};

static SEEN: AtomicU32 = AtomicU32::new(0);

struct ScoresByMemory;

impl Hostile for ScoresByMemory {
    const NAME: &str = "scores-by-memory";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let seen = SEEN.fetch_add(1, Ordering::Relaxed);
        Ok(every_row(batch, 1.0 / f64::from(seen + 1)))
    }
}

linli_hostile::export!(ScoresByMemory);
