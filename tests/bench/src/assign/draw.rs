//! Numbers from a fixed sequence: the same on every machine, and whole.
//!
//! **Source.** SplitMix64; Steele, Lea & Flood, Fast Splittable Pseudorandom Number Generators,
//! 2014.

pub struct Draws {
    state: u64,
}

impl Draws {
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.state;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    /// A number from 0 to `end`, without the latter.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// True in so many of a hundred draws.
    pub fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// A position, each as often as its weight says; `sums` are the weights added up.
    pub fn weighted(&mut self, sums: &[u64]) -> usize {
        let end = sums.last().copied().unwrap_or(0);
        let at = self.below(end);
        sums.partition_point(|it| *it <= at)
    }
}

/// Weights added up, for [`Draws::weighted`].
pub fn sums(weights: impl IntoIterator<Item = u64>) -> Vec<u64> {
    let add = |sum: &mut u64, weight: u64| {
        *sum += weight;
        Some(*sum)
    };
    weights.into_iter().scan(0, add).collect()
}
