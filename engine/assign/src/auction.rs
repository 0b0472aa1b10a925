//! The auction: a plan close to the cheapest one, and prices that nearly prove it.
//!
//! Every unit bids for the place that is cheapest for it, price included, and bids as much as
//! makes the second best as cheap, and `ε` more. A full capacity lets its lowest bid go; that
//! unit bids again. Prices only rise, so it ends:
//!
//! ```text
//! bid   = price + (second best − best) + ε
//! price = the lowest bid below the nearest full capacity at or above a place; 0 if none is full
//! ```
//!
//! No unit bids where that costs more than its penalty. What comes out is feasible, and each
//! unit's place costs it at most `ε` more than any other would: [`crate::repair`] makes that exact.
//!
//! **Source.** Bertsekas 1988 for single places; lowest bids below a full capacity are the
//! exchange of a laminar matroid.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::forest::{Forest, NONE};
use crate::pairs::Pairs;
use crate::problem::{Edge, Problem};

/// No bid holds this edge.
const FREE: i64 = i64::MIN;
/// The price of what nobody can have.
const NEVER: i64 = i64::MAX;
/// Bids per unit before `ε` grows, and by how much: no input keeps units bidding for long.
const BIDS_PER_UNIT: u64 = 60;
const EPSILON_GROWTH: i64 = 4;
/// The part of the cost range that a bid goes beyond what it must; a larger part where penalties
/// are cut, since then units bid over several ranges.
const EPSILON_PARTS: [i64; 2] = [300, 75];
/// Every bid climbs to the root: in deeper forests the exact search alone is faster.
const DEPTH_MAX: usize = 64;

/// What the auction leaves.
pub(crate) struct Outcome {
    /// Edges that carry a unit, ascending.
    pub(crate) used: Vec<u32>,
    /// The price of each forest node.
    pub(crate) price: Vec<i64>,
}

/// A capacity with the bids below it.
struct Place {
    parent: u32,
    capacity: u32,
    flow: u32,
    /// The lowest bid below; [`NEVER`] without one.
    lowest: i64,
}

/// An edge as its need looks at it.
#[derive(Clone, Copy)]
struct Option_ {
    cost: i64,
    place: u32,
    edge: u32,
}

struct Auction<'a> {
    pairs: &'a Pairs,
    n_needs: usize,
    places: Vec<Place>,
    /// Bids below each place that can be full, the lowest first; some have left.
    bids: Vec<BinaryHeap<Reverse<(i64, u32)>>>,
    /// The bid that holds each edge, or [`FREE`].
    bid: Vec<i64>,
    /// The place of each edge, and its need.
    place: Vec<u32>,
    need: Vec<u32>,
    pair_held: Vec<bool>,
    epsilon: i64,
}

/// Lets all units bid, or none where the forest is too deep for it.
///
/// `penalty` is what each need pays at most; **Cost.** about 30 bids a unit, each a look at the
/// edges of a need. Bids are taken from `steps_left`; where none are left the others stay out.
pub(crate) fn run(
    problem: &Problem,
    forest: &Forest,
    pairs: &Pairs,
    penalty: &[i64],
    are_cut: bool,
    steps_left: &mut u64,
) -> Outcome {
    let nothing = || Outcome { used: Vec::new(), price: vec![0; forest.len()] };
    if problem.edges().is_empty() || depth(forest) > DEPTH_MAX {
        return nothing();
    }
    let (start, options) = options(problem, forest);
    let costs = || problem.edges().iter().map(|it| it.cost);
    let range = costs().max().unwrap_or(0) - costs().min().unwrap_or(0);
    let mut auction =
        Auction::new(problem, forest, pairs, (range / EPSILON_PARTS[usize::from(are_cut)]).max(1));
    let mut held = vec![0_u32; problem.needs().len()];
    let units: u64 = problem.needs().iter().map(|it| u64::from(it.demand.min(1 << 16))).sum();
    let (mut bids, budget) = (0_u64, BIDS_PER_UNIT * units.max(1));
    // Neighbours bid one after the other.
    let mut waiting: Vec<u32> = (0..problem.needs().len() as u32).rev().collect();
    while let Some(need) = waiting.pop() {
        let at = need as usize;
        let own = &options[start[at] as usize..start[at + 1] as usize];
        while held[at] < problem.needs()[at].demand && *steps_left > 0 {
            let Some((best, level)) = auction.best(own, penalty[at]) else { break };
            (*steps_left, bids) = (*steps_left - 1, bids + 1);
            if bids == budget {
                (auction.epsilon, bids) = (auction.epsilon.saturating_mul(EPSILON_GROWTH), 0);
            }
            held[at] += 1;
            if let Some(loser) = auction.accept(best, level) {
                held[loser as usize] -= 1;
                waiting.push(loser);
                if loser == need {
                    break;
                }
            }
        }
    }
    auction.outcome(forest)
}

/// Edges by need, the cheapest first, as [`crate::order`] has them.
fn options(problem: &Problem, forest: &Forest) -> (Vec<u32>, Vec<Option_>) {
    let mut start = vec![0_u32; problem.needs().len() + 1];
    for edge in problem.edges() {
        start[edge.need as usize + 1] += 1;
    }
    for need in 0..problem.needs().len() {
        start[need + 1] += start[need];
    }
    let option = |(at, edge): (u32, &Edge)| Option_ {
        cost: edge.cost,
        place: forest.place[edge.node as usize],
        edge: at,
    };
    (start, (0_u32..).zip(problem.edges()).map(option).collect())
}

fn depth(forest: &Forest) -> usize {
    // Parents may stand behind their children, so each way is walked, but none twice.
    let mut depth = vec![0_u32; forest.len()];
    let mut way = Vec::new();
    for node in 0..forest.len() as u32 {
        let mut at = node;
        while at != NONE && depth[at as usize] == 0 {
            way.push(at);
            at = forest.parent[at as usize];
        }
        let mut above = if at == NONE { 0 } else { depth[at as usize] };
        while let Some(node) = way.pop() {
            above += 1;
            depth[node as usize] = above;
        }
    }
    depth.into_iter().max().unwrap_or(0) as usize
}

impl<'a> Auction<'a> {
    fn new(problem: &Problem, forest: &Forest, pairs: &'a Pairs, epsilon: i64) -> Self {
        let place = |node: usize| Place {
            parent: forest.parent[node],
            capacity: forest.capacity[node],
            flow: 0,
            lowest: NEVER,
        };
        Self {
            pairs,
            n_needs: problem.needs().len(),
            places: (0..forest.len()).map(place).collect(),
            bids: (0..forest.len()).map(|_| BinaryHeap::new()).collect(),
            bid: vec![FREE; problem.edges().len()],
            place: problem.edges().iter().map(|it| forest.place[it.node as usize]).collect(),
            need: problem.edges().iter().map(|it| it.need).collect(),
            pair_held: vec![false; pairs.need.len()],
            epsilon,
        }
    }

    /// The pair vertex of an edge, if it has one.
    fn pair(&self, edge: u32) -> Option<usize> {
        (self.pairs.tail[edge as usize] as usize).checked_sub(self.n_needs)
    }

    /// The price at a place, and the full capacity that sets it.
    fn price(&self, place: u32) -> (i64, u32) {
        let mut at = place;
        while at != NONE {
            let it = &self.places[at as usize];
            if it.flow >= it.capacity {
                return (it.lowest, at);
            }
            at = it.parent;
        }
        (0, NONE)
    }

    /// The cheapest option that the need does not hold yet, and the bid for it; none where the
    /// penalty is as cheap.
    fn best(&self, options: &[Option_], penalty: i64) -> Option<(Option_, i64)> {
        let (mut best, mut first, mut second) = (None, NEVER, penalty);
        for option in options {
            if option.cost >= second {
                break;
            }
            if self.bid[option.edge as usize] != FREE {
                continue;
            }
            if self.pair(option.edge).is_some_and(|it| self.pair_held[it]) {
                continue;
            }
            let price = self.price(option.place).0;
            let total = option.cost.saturating_add(price);
            if total < first {
                second = second.min(first);
                (best, first) = (Some((*option, price)), total);
            } else if total < second {
                second = total;
            }
        }
        let (option, price) = best.filter(|_| first < penalty)?;
        Some((option, price + (second - first) + self.epsilon))
    }

    /// Seats a bid; the need that loses its place for it, if one must.
    fn accept(&mut self, option: Option_, level: i64) -> Option<u32> {
        let (_, full) = self.price(option.place);
        let loser = (full != NONE).then(|| self.lowest(full)).flatten();
        if let Some(edge) = loser {
            self.bid[edge as usize] = FREE;
            if let Some(pair) = self.pair(edge) {
                self.pair_held[pair] = false;
            }
            self.climb(self.place[edge as usize], |it| it.flow -= 1);
        }
        self.bid[option.edge as usize] = level;
        if let Some(pair) = self.pair(option.edge) {
            self.pair_held[pair] = true;
        }
        let mut at = option.place;
        while at != NONE {
            let it = &mut self.places[at as usize];
            it.flow += 1;
            // What holds everything is never full.
            if it.capacity != u32::MAX {
                self.bids[at as usize].push(Reverse((level, option.edge)));
            }
            at = it.parent;
        }
        for start in [Some(option.place), loser.map(|it| self.place[it as usize])].into_iter().flatten() {
            let mut at = start;
            while at != NONE {
                self.lowest(at);
                at = self.places[at as usize].parent;
            }
        }
        loser.map(|it| self.need[it as usize])
    }

    fn climb(&mut self, from: u32, mut change: impl FnMut(&mut Place)) {
        let mut at = from;
        while at != NONE {
            change(&mut self.places[at as usize]);
            at = self.places[at as usize].parent;
        }
    }

    /// The edge with the lowest bid below a place; bids that have left are cleared away.
    fn lowest(&mut self, place: u32) -> Option<u32> {
        let bids = &mut self.bids[place as usize];
        while let Some(Reverse((level, edge))) = bids.peek().copied() {
            if self.bid[edge as usize] == level {
                self.places[place as usize].lowest = level;
                return Some(edge);
            }
            bids.pop();
        }
        self.places[place as usize].lowest = NEVER;
        None
    }

    fn outcome(self, forest: &Forest) -> Outcome {
        let used = (0_u32..).zip(&self.bid).filter(|it| *it.1 != FREE).map(|it| it.0).collect();
        let price = (0..forest.len() as u32).map(|it| {
            let (price, full) = self.price(it);
            // Where nobody sits nobody bids, whatever it costs.
            if price == NEVER { self.above(full) } else { price }
        });
        Outcome { used, price: price.collect() }
    }

    /// The price of the nearest place above that has one.
    fn above(&self, place: u32) -> i64 {
        let mut at = place;
        while at != NONE {
            let (price, full) = self.price(self.places[at as usize].parent);
            if price != NEVER {
                return price;
            }
            at = full;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Need, Node};

    /// Twice as many needs as places, each with ten edges.
    fn scarce(penalty: i64) -> Problem {
        let needs = vec![Need { demand: 1, penalty }; 1_000];
        let nodes = vec![Node { parent: None, capacity: 1 }; 500];
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut edges = Vec::new();
        for need in 0..1_000 {
            for _ in 0..10 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let (node, cost) = ((state >> 7) % 500, (state >> 20) % 10_000);
                edges.push(Edge { need, node: node as u32, cost: cost as i64, pair: None });
            }
        }
        edges.sort_by_key(|it| (it.need, it.cost));
        Problem::new(needs, nodes, edges).expect("a problem")
    }

    fn bids(problem: &Problem) -> u64 {
        let forest = Forest::binding(problem);
        let mut network = crate::network::Network::new(problem, forest);
        let levels = crate::level::Levels::new(&network);
        levels.cut(&mut network);
        let mut left = u64::MAX;
        let penalty = network.penalty.clone();
        run(problem, &network.forest, &network.pairs, &penalty, levels.are_cut(), &mut left);
        u64::MAX - left
    }

    #[test]
    fn bids_stay_bounded_as_penalties_grow() {
        let small = bids(&scarce(100_000));
        for times in [10, 1_000, 1_000_000] {
            let many = bids(&scarce(100_000 * times));
            assert_eq!(many, small, "penalties {times} times as large");
        }
        assert!(small <= 100 * 1_000, "{small} bids of 1,000 units");
    }
}
