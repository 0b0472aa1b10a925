//! Ranked costs as the small numbers that the auction bids with.
//!
//! ```text
//! whole:   bid = (cost − least) / step · fine  +  hash · fine / 2^32
//! hashes:  bid = (ranked − ranked(least)) / 2^18
//! ```
//!
//! `step` is what divides all differences of costs, so that costs in cents or in thousands are the
//! same to the auction. Where they lie on few levels, `fine` leaves room between two levels for
//! the hash: else whole crowds would be indifferent and bid against each other for nothing. Where
//! all cost the same the hash is all there is. What is lost on the way costs time only.
//!
//! **Source.** Own.

use crate::cost::{Packing, Ranked, ranked};
use crate::graph::Graph;

/// Levels of bids between the least cost and the highest, at least.
const LEVELS_MIN: i64 = 1 << 14;
/// Bids stay below this, so that sums of a few stay within 64 bits.
const BID_MAX: Ranked = 1 << 58;
/// What a hash loses: 32 bits become 14.
const HASH_SHIFT: u32 = 18;
/// How much farther than the bulk of costs, one in a hundred at either end aside, the rest may lie.
const TAIL: i64 = 4;
/// Costs that tell how far all lie apart.
const SAMPLE: usize = 100_000;

/// How far the costs lie apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread {
    /// The least cost, one in a hundred aside.
    pub(crate) least: i64,
    /// From the least to the highest, though no more than [`TAIL`] times as far as the bulk of
    /// costs lie apart: a forbidding or a bonus on a few edges must not stretch what all bid over.
    /// In `unit`s; one at least.
    pub(crate) range: i64,
    /// A cost of one; where all cost the same, all there is of a hash.
    pub(crate) unit: Ranked,
}

/// Turns ranked costs into bids and back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    packing: Packing,
    /// Bids between two levels of cost; none where only hashes count.
    fine: Option<i64>,
    /// The range of costs as bids.
    pub(crate) range: i64,
}

impl Spread {
    /// **Cost.** A look at [`SAMPLE`] edges.
    pub(crate) fn of(graph: &Graph) -> Self {
        let every = graph.n_edges().div_ceil(SAMPLE).max(1);
        let costs = graph.packed.iter().step_by(every).map(|&it| graph.packing.cost(it));
        let mut costs: Vec<i64> = costs.collect();
        let aside = costs.len() / 100;
        let Some(last) = costs.len().checked_sub(1 + aside) else {
            return Self { least: 0, range: 1, unit: ranked(1) };
        };
        let most = *costs.select_nth_unstable(last).1;
        let least = *costs.select_nth_unstable(aside).1;
        if most > least {
            let all = costs.iter().max().zip(costs.iter().min()).map_or(0, |it| it.0 - it.1);
            return Self { least, range: all.min((most - least) * TAIL), unit: ranked(1) };
        }
        Self { least, range: 1, unit: 1 << 32 }
    }
}

impl Scale {
    pub(crate) fn of(packing: Packing, spread: Spread) -> Self {
        if spread.unit < ranked(1) {
            return Self { packing, fine: None, range: 1 << (32 - HASH_SHIFT) };
        }
        let levels = spread.range / packing.step;
        let fine = (LEVELS_MIN / (levels + 1)).max(1);
        Self { packing, fine: Some(fine), range: levels * fine }
    }

    /// The bid for a packed cost.
    pub(crate) fn bid(&self, packed: u64) -> i64 {
        let (steps, hash) = self.packing.parts(packed);
        match self.fine {
            Some(1) => steps,
            Some(fine) => steps * fine + ((i64::from(hash) * fine) >> 32),
            None => self.between(self.packing.ranked(packed)),
        }
    }

    /// The least that a bid can be for a cost, whatever the hash.
    pub(crate) fn floor(&self, packed: u64) -> i64 {
        let (steps, _) = self.packing.parts(packed);
        self.fine.map_or(0, |fine| steps * fine)
    }

    /// The bid at which a penalty is as good.
    pub(crate) fn penalty(&self, penalty: Ranked) -> i64 {
        let Some(fine) = self.fine else { return self.between(penalty) };
        let steps = (penalty - ranked(self.packing.least)) >> 64;
        let bid = steps.div_euclid(self.packing.step.into()) * Ranked::from(fine);
        bid.clamp(-BID_MAX, BID_MAX) as i64
    }

    fn between(&self, cost: Ranked) -> i64 {
        ((cost - ranked(self.packing.least)) >> HASH_SHIFT).clamp(-BID_MAX, BID_MAX) as i64
    }

    /// A price, which is a difference of bids, as one of costs.
    pub(crate) fn price(&self, bid: i64) -> Ranked {
        let Some(fine) = self.fine else { return Ranked::from(bid) << HASH_SHIFT };
        let between = Ranked::from(bid.rem_euclid(fine)) << 32;
        let levels = bid.div_euclid(fine).saturating_mul(self.packing.step);
        ranked(levels.min(BID_MAX as i64)) + between / Ranked::from(fine)
    }
}
