//! Takes memory, a mebibyte at a time, until it gets no more.

use linli_hostile::Hostile;
use linli_sdk::{Batch, Fault, Scores};

struct EatsMemory;

impl Hostile for EatsMemory {
    const NAME: &str = "eats-memory";

    fn score(_: &Batch) -> Result<Scores, Fault> {
        loop {
            std::mem::forget(std::hint::black_box(vec![1_u8; 1 << 20]));
        }
    }
}

linli_hostile::export!(EatsMemory);
