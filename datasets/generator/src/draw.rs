//! Draws from a fixed seed.
//!
//! ChaCha is specified to the bit; the draws on top of it are written here because those of
//! general libraries may change between releases, and committed files may not.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The seed of all cases.
pub const SEED: u64 = 3_351_365;

/// A stream of draws.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    /// Starts the stream of that name; different names never share draws.
    pub(crate) fn new(name: &str) -> Self {
        Self::seeded(SEED, name)
    }

    /// The same from another seed.
    pub(crate) fn seeded(seed: u64, name: &str) -> Self {
        // FNV-1a: short, fixed, and names are few.
        let stream = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A position below `n`.
    ///
    /// The bias of the multiplication is below n / 2^32: nothing to a made-up registry.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "nothing to draw from");
        let wide = u64::from(self.0.next_u32()) * n as u64;
        (wide >> 32) as usize
    }

    /// A whole number from `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.below((most - least + 1) as usize) as i64
    }

    /// True in `percent` of the draws.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.between(0, 99) < percent
    }

    /// One of `all`, each as likely as the others.
    pub(crate) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// One of `all`, by weight.
    pub(crate) fn weighted<T: Copy>(&mut self, all: &[(T, usize)]) -> T {
        let total = all.iter().map(|(_, weight)| weight).sum();
        let mut at = self.below(total);
        for &(value, weight) in all {
            if at < weight {
                return value;
            }
            at -= weight;
        }
        unreachable!("the position is below the total weight")
    }

    /// A number around 0, rarely beyond ±`spread`, never beyond ±2·`spread`.
    pub(crate) fn bell(&mut self, spread: i64) -> i64 {
        (0..4).map(|_| self.between(-spread, spread)).sum::<i64>() / 2
    }

    /// Brings `all` into a random order.
    pub(crate) fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_always_gives_the_same_draws_and_another_name_gives_others() {
        let draws = |name| {
            let mut draw = Draw::new(name);
            (0..8).map(|_| draw.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(draws("need"), draws("need"));
        assert_ne!(draws("need"), draws("card"));
    }

    #[test]
    fn draws_stay_within_their_limits() {
        let mut draw = Draw::new("limits");
        for _ in 0..10_000 {
            assert!((3..=5).contains(&draw.between(3, 5)));
            assert!(draw.bell(100).abs() <= 200);
            assert_ne!(draw.weighted(&[("never", 0), ("always", 1)]), "never");
        }
    }
}
