//! Looks at the clock, which plugins do not have: tomorrow's scores would be others.
//!
//! `with_clock.rs` is generated, from the root of the repository:
//!
//! ```text
//! wit-bindgen rust plugins/hostile/wit --world with-clock \
//!   --disable-custom-section-link-helpers --out-dir plugins/hostile/examples/imports-a-clock
//! ```

#[rustfmt::skip]
#[expect(
    unsafe_code,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated"
)]
mod with_clock;

use linli_hostile::{Hostile, every_row};
use linli_sdk::{Batch, Fault, Scores};

struct ImportsAClock;

impl Hostile for ImportsAClock {
    const NAME: &str = "imports-a-clock";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let now = with_clock::wasi::clocks::monotonic_clock::now();
        Ok(every_row(batch, (now % 100) as f64 / 100.0))
    }
}

linli_hostile::export!(ImportsAClock);
