//! Scores by the sign of what 0 / 0 is, which machines choose as they like.
//!
//! The host chooses for them: there every NaN is the same one, with its sign clear.

use std::hint::black_box;

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores};

struct ScoresByNanBits;

impl Hostile for ScoresByNanBits {
    const NAME: &str = "scores-by-nan-bits";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let zero = black_box(0.0_f64);
        let is_negative = (zero / zero).is_sign_negative();
        Ok(every_row(batch, if is_negative { 0.0 } else { 1.0 }))
    }
}

linli_hostile::export!(ScoresByNanBits);
