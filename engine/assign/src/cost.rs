//! Costs, and what decides where they are equal.

use crate::problem::{COST_MAX, Problem};

/// A cost in its upper 64 bits, and in its lower ones what decides between equal costs.
///
/// Hashes have 32 bits and no way has 2^31 arcs, so that their sums stay below half a cost; costs
/// and their sums along a way stay below 2^62.
pub(crate) type Ranked = i128;

/// A cost as a ranked one.
pub(crate) fn ranked(cost: i64) -> Ranked {
    Ranked::from(cost) << 64
}

/// The cost of a ranked one, rounded to the nearest: what decides may have either sign.
pub(crate) fn cost_of(ranked: Ranked) -> i64 {
    ((ranked + (1 << 63)) >> 64) as i64
}

/// How a cost and its hash stand in 64 bits: `(cost − least) / step`, then the hash.
///
/// A hash has 32 bits where the costs leave room for them, and 22 at least.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packing {
    pub(crate) least: i64,
    /// What divides all differences of costs.
    pub(crate) step: i64,
    hash_bits: u32,
}

impl Packing {
    /// Room for every cost there may be.
    pub(crate) const ANY: Self = Self { least: -COST_MAX, step: 1, hash_bits: 22 };

    /// **Cost.** One look at each edge.
    pub(crate) fn of(problem: &Problem) -> Self {
        let costs = || problem.edges().iter().map(|it| it.cost);
        let least = costs().min().unwrap_or(0);
        let range = costs().max().map_or(0, |it| it - least);
        let mut step = range.max(1);
        for cost in costs() {
            if step == 1 {
                break;
            }
            step = common_divisor(step, cost - least);
        }
        let cost_bits = 64 - (range / step).leading_zeros();
        Self { least, step, hash_bits: (64 - cost_bits).min(32) }
    }

    pub(crate) fn pack(&self, cost: i64, hash: u32) -> u64 {
        let steps = (cost - self.least) / self.step;
        (steps as u64) << self.hash_bits | u64::from(hash >> (32 - self.hash_bits))
    }

    /// How many steps a cost lies above the least, and its hash with 32 bits.
    pub(crate) fn parts(&self, packed: u64) -> (i64, u32) {
        let hash = (packed & ((1 << self.hash_bits) - 1)) << (32 - self.hash_bits);
        ((packed >> self.hash_bits) as i64, hash as u32)
    }

    pub(crate) fn cost(&self, packed: u64) -> i64 {
        self.least + self.parts(packed).0 * self.step
    }

    pub(crate) fn ranked(&self, packed: u64) -> Ranked {
        let (steps, hash) = self.parts(packed);
        ranked(self.least + steps * self.step) + Ranked::from(hash)
    }
}

fn common_divisor(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Edge, Need, Node};

    #[test]
    fn costs_and_hashes_come_back() {
        let problem = |costs: &[i64]| {
            let edge = |&cost: &i64| Edge { need: 0, node: 0, cost, pair: None };
            let needs = vec![Need { demand: 1, penalty: 0 }];
            Problem::new(needs, vec![Node { parent: None, capacity: 1 }], costs.iter().map(edge).collect())
                .expect("a problem")
        };
        for costs in [&[5, 5][..], &[-30, 70, 10], &[-COST_MAX, COST_MAX, 1], &[0, 1, 2]] {
            let packing = Packing::of(&problem(costs));
            for &cost in costs {
                for hash in [0, 1 << 10, u32::MAX << 10] {
                    let packed = packing.pack(cost, hash);
                    assert_eq!(packing.cost(packed), cost);
                    assert_eq!(packing.ranked(packed), ranked(cost) + Ranked::from(hash));
                }
            }
        }
        assert_eq!(Packing::of(&problem(&[-30, 70, 10])).step, 20);
    }
}
