//! Penalties that dwarf the costs: cut for the auction, then lifted to what they are.
//!
//! Where a penalty is a million times a cost, units would bid a million times against each
//! other. So penalties are cut to a few cost ranges, in their order, and the cut problem is
//! solved exactly. What is scarce by then is known, and its prices are lifted at once:
//!
//! ```text
//! first    = least cost + 6·R
//! cut(0)   = min(P(0), first)
//! cut(t+1) = min(cut(t) + P(t+1) − P(t), max(cut(t) + step, first))    so that P − cut never falls
//! lift(0)  = 0,  lift(t+1) = P(t) − cut(t)
//! L(x)     = the lowest level that a unit at x could give way to: 0 a free place, t+1 a need of
//!            penalty P(t) that would go without
//! price(x) += lift(L(x))
//! ```
//!
//! Least cost and range `R` are those of [`Spread`].
//!
//! Why that is exact: along every residual arc `x → y` is `L(x) ≤ L(y)`, so reduced costs grow
//! where they must not be negative and shrink nowhere but on arcs in use. A served need has
//! `L ≤ t+1`, so it pays no more than its penalty. A need that went without at its cut pays
//! exactly its penalty where `L = t+1`; where `L` is lower, somebody of less urgency has what it
//! wants, and it is placed anew.
//!
//! **Source.** Own.

use crate::cost::{Ranked, ranked};
use crate::forest::NONE;
use crate::network::{Network, Vertex};
use crate::scale::Spread;

/// The first cut that is none of a lower penalty, in cost ranges above the least cost.
const RANGES: Ranked = 6;

/// All cuts together span no more ranges than this above the first.
const STEPS: i64 = 8;

/// Levels that are cut, at most. Of more, needs of nearly equal urgency trade places so often that
/// the exact search alone is two to three times as fast.
const LEVELS_MAX: usize = 100;

/// Distinct penalties of a problem, their cuts, and the one of each need.
pub(crate) struct Levels {
    pub(crate) spread: Spread,
    /// Whether some penalty is cut.
    pub(crate) are_cut: bool,
    /// Whether penalties that dwarf the costs are too many to be cut.
    pub(crate) are_many: bool,
    penalty: Vec<Ranked>,
    cut: Vec<Ranked>,
    /// Position in `penalty` by need.
    of_need: Vec<u32>,
}

impl Levels {
    /// Sorts penalties and cuts them.
    ///
    /// **Cost.** O(edges + needs log needs).
    pub(crate) fn new(network: &Network) -> Self {
        let spread = Spread::of(&network.graph);
        let mut penalty = network.penalty.clone();
        penalty.sort_unstable();
        penalty.dedup();
        let range = Ranked::from(spread.range) * spread.unit;
        let first = ranked(spread.least) + range * RANGES;
        let above = penalty.iter().filter(|it| **it > first).count().max(1);
        // Many levels share the room of a few: else the highest would bid over as many ranges.
        // Whole units, or cuts would be noise where only hashes should decide.
        let step = (spread.range.saturating_mul(STEPS) / above as i64).clamp(1, spread.range);
        let step = Ranked::from(step) * spread.unit;
        let mut cut: Vec<Ranked> = Vec::with_capacity(penalty.len());
        for (at, &own) in penalty.iter().enumerate() {
            cut.push(match at.checked_sub(1) {
                None => own.min(first),
                Some(below) => (cut[below] + step).max(first).min(cut[below] + (own - penalty[below])),
            });
        }
        // Penalties of one range keep their order without being cut.
        let deepest = penalty.iter().zip(&cut).map(|(full, cut)| full - cut).max().unwrap_or(0);
        let are_many = above > LEVELS_MAX && deepest > range * Ranked::from(STEPS);
        if are_many {
            cut.clone_from(&penalty);
        }
        let position = |own: &Ranked| penalty.partition_point(|it| it < own) as u32;
        let of_need = network.penalty.iter().map(position).collect();
        Self { spread, are_cut: penalty != cut, are_many, penalty, cut, of_need }
    }

    /// Puts the cuts in place of the penalties.
    pub(crate) fn cut(&self, network: &mut Network) {
        for (need, &level) in self.of_need.iter().enumerate() {
            network.penalty[need] = self.cut[level as usize];
        }
    }

    /// Puts the penalties back and lifts all prices; `network` is solved for the cuts.
    ///
    /// **Shape.** The units of each need that have to be placed anew.
    /// **Cost.** One look at every arc.
    pub(crate) fn lift(&self, network: &mut Network) -> Vec<u32> {
        let levels = self.reachable(network);
        let lift = |level: u32| match level {
            0 => 0,
            NONE => self.penalty.last().zip(self.cut.last()).map_or(0, |(full, cut)| full - cut),
            level => self.penalty[level as usize - 1] - self.cut[level as usize - 1],
        };
        for (vertex, &level) in levels.iter().enumerate().take(network.n_vertices() - 1) {
            network.potential[vertex] += lift(level);
        }
        let mut loose = vec![0; self.of_need.len()];
        for (need, loose) in loose.iter_mut().enumerate() {
            network.penalty[need] = self.penalty[self.of_need[need] as usize];
            if network.potential[need] < network.penalty[need] {
                *loose = std::mem::take(&mut network.unserved[need]);
            }
        }
        loose
    }

    /// The lowest level that each vertex reaches, costs aside; [`NONE`] where it reaches none.
    fn reachable(&self, network: &Network) -> Vec<u32> {
        let mut levels = vec![NONE; network.n_vertices()];
        // Ends of ways by level: free places, then needs in the order of penalties. To one that
        // nobody serves no way leads, so that it does no harm among them.
        let mut ends: Vec<Vec<u32>> = vec![Vec::new(); self.penalty.len() + 1];
        for node in network.open_roots() {
            ends[0].push(network.node_vertex(node));
        }
        for (need, &level) in (0_u32..).zip(&self.of_need) {
            ends[level as usize + 1].push(need);
        }
        let mut way = Vec::new();
        for (level, ends) in (0_u32..).zip(ends) {
            for end in ends {
                reach(&mut levels, &mut way, end, level);
            }
            while let Some(to) = way.pop() {
                network.arcs_into(to, Ranked::MAX, |from, _, _| {
                    if network.vertex(from) != Vertex::Sink {
                        reach(&mut levels, &mut way, from, level);
                    }
                });
            }
        }
        levels
    }
}

fn reach(levels: &mut [u32], way: &mut Vec<u32>, vertex: u32, level: u32) {
    if levels[vertex as usize] == NONE {
        levels[vertex as usize] = level;
        way.push(vertex);
    }
}
