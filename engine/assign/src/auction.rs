//! The auction: a plan close to the cheapest one, and prices that nearly prove it.
//!
//! Every unit bids for the place that is cheapest for it, price included, and bids as much as
//! makes the second best as cheap, and `ε` more, but no more than its penalty. A full capacity lets its lowest bid go; that
//! unit bids again. Prices only rise, so it ends:
//!
//! ```text
//! bid   = price + min(second best − best + ε, penalty − best)
//! price = the lowest bid below the nearest full capacity at or above a place; 0 if none is full
//! ```
//!
//! No unit bids where that costs more than its penalty. What comes out is feasible, and a unit's
//! place costs it at most `ε` more than any other that its need could have had when it bid. How
//! good that is decides how long [`crate::repair`] takes, which makes it exact, and nothing else.
//!
//! **Source.** Bertsekas 1988 for single places; lowest bids below a full capacity are the
//! exchange of a laminar matroid.

mod offer;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::cost::Ranked;
use crate::cut::Cut;
use crate::forest::NONE;
use crate::graph::Graph;
use crate::level::Levels;
use crate::network::Network;
use crate::scale::Scale;

/// No bid holds this edge.
const FREE: i64 = i64::MIN;
/// The price of what nobody can have.
const NEVER: i64 = i64::MAX;
/// How often each edge is looked at before `ε` grows, and by how much: a need of many units looks
/// at all of its edges for each of them.
const LOOKS_PER_EDGE: u64 = 60;
const EPSILON_GROWTH: i64 = 4;
/// More than any bid has to go beyond another.
const EPSILON_MAX: i64 = 1 << 53;
/// The part of the cost range that a bid goes beyond what it must; a larger part where penalties
/// are cut, since then units bid over several ranges.
const EPSILON_PARTS: [i64; 2] = [300, 75];
/// Units of a need that has many.
const MANY_UNITS: u32 = 8;
/// Capacities above an edge, on average: every bid climbs over all of them.
const DEPTH_MAX: u64 = 64;

/// What the auction leaves.
pub(crate) struct Outcome {
    /// Whether each edge carries a unit.
    pub(crate) used: Vec<bool>,
    /// The price of each forest node.
    pub(crate) price: Vec<Ranked>,
}

/// A capacity with the bids below it.
struct Place {
    parent: u32,
    capacity: u32,
    flow: u32,
    /// The lowest bid below; [`NEVER`] without one.
    lowest: i64,
}

pub(crate) struct Auction<'a> {
    graph: &'a Graph,
    scale: Scale,
    /// What each need bids at most.
    penalty: Vec<i64>,
    /// Units of each need that have a place.
    held: Vec<u32>,
    /// Whether a need with many units has lost some since it bid.
    is_waiting: Vec<bool>,
    places: Vec<Place>,
    /// Bids below each place that can be full, the lowest first; some have left.
    bids: Vec<BinaryHeap<Reverse<(i64, u32)>>>,
    /// The bid that holds each edge, or [`FREE`].
    bid: Vec<i64>,
    pair_held: Vec<bool>,
    epsilon: i64,
    /// Edges looked at since `epsilon` grew.
    looks: u64,
    /// Whether nobody bids at all.
    is_closed: bool,
}

/// Whether edges have more than [`DEPTH_MAX`] capacities above them on average.
fn is_deep(graph: &Graph) -> bool {
    let forest = &graph.forest;
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
    let edges = 0..graph.n_edges() as u32;
    let above = edges.map(|it| u64::from(depth[graph.place(it) as usize]));
    above.sum::<u64>() > DEPTH_MAX * graph.n_edges() as u64
}

impl<'a> Auction<'a> {
    /// An auction without bids; none will come where the forest is too deep for it.
    pub(crate) fn new(network: &'a Network, levels: &Levels) -> Self {
        let graph = &*network.graph;
        let forest = &graph.forest;
        let scale = Scale::of(graph.packing, levels.spread);
        let place = |node: usize| Place {
            parent: forest.parent[node],
            capacity: forest.capacity[node],
            flow: 0,
            lowest: NEVER,
        };
        Self {
            graph,
            scale,
            penalty: network.penalty.iter().map(|&it| scale.penalty(it)).collect(),
            held: vec![0; graph.needs.len()],
            is_waiting: vec![false; graph.needs.len()],
            places: (0..forest.len()).map(place).collect(),
            bids: (0..forest.len()).map(|_| BinaryHeap::new()).collect(),
            bid: vec![FREE; graph.n_edges()],
            pair_held: vec![false; graph.pairs.len()],
            epsilon: (scale.range / EPSILON_PARTS[usize::from(levels.are_cut)]).max(1),
            looks: 0,
            is_closed: graph.n_edges() == 0 || levels.are_many || is_deep(graph),
        }
    }

    /// Lets all units of some needs bid.
    ///
    /// **Cost.** About 30 bids a unit, each a look at the edges of a need. Bids are taken from
    /// `steps_left`; where none are left the others stay out.
    pub(crate) fn run(&mut self, needs: &[u32], steps_left: &mut u64) {
        if self.is_closed {
            return;
        }
        // Neighbours bid one after the other.
        let mut waiting: VecDeque<u32> = needs.iter().rev().copied().collect();
        while let Some(need) = waiting.pop_back() {
            let at = need as usize;
            self.is_waiting[at] = false;
            while *steps_left > 0 {
                let is_own_loss = match self.graph.needs[at].demand - self.held[at] {
                    0 => break,
                    1 => match self.best(need) {
                        Some(offer) => self.offer(need, offer, steps_left, &mut waiting),
                        None => break,
                    },
                    units => {
                        let offers = self.several(need, units);
                        if offers.is_empty() {
                            break;
                        }
                        let mut is_own_loss = false;
                        for offer in offers {
                            is_own_loss |= self.offer(need, offer, steps_left, &mut waiting);
                        }
                        is_own_loss
                    }
                };
                if is_own_loss {
                    break;
                }
            }
        }
    }

    /// Seats a bid of a need; whether one of its own units lost its place for it.
    fn offer(
        &mut self,
        need: u32,
        (edge, level): (u32, i64),
        steps_left: &mut u64,
        waiting: &mut VecDeque<u32>,
    ) -> bool {
        // Another of the same need may have raised the price beyond it.
        if *steps_left == 0 || self.price(self.graph.place(edge)).0 >= level {
            return false;
        }
        *steps_left -= 1;
        self.held[need as usize] += 1;
        let Some(loser) = self.accept(edge, level) else { return false };
        self.held[loser as usize] -= 1;
        // Who has many units waits until it has lost several: one look at its edges serves all.
        if self.graph.needs[loser as usize].demand <= MANY_UNITS {
            waiting.push_back(loser);
        } else if !std::mem::replace(&mut self.is_waiting[loser as usize], true) {
            waiting.push_front(loser);
        }
        loser == need
    }

    /// Takes over what was bid elsewhere by some needs for some trees; here nobody has bid for
    /// these, but for what is never full.
    pub(crate) fn join(&mut self, mut other: Self, part: &Cut) {
        let graph = self.graph;
        part.each_need(&mut |need| {
            self.held[need as usize] = other.held[need as usize];
            for edge in graph.edges_of(need) {
                self.bid[edge as usize] = other.bid[edge as usize];
            }
            for pair in graph.pairs_of(need) {
                self.pair_held[pair as usize] = other.pair_held[pair as usize];
            }
        });
        for at in part.trees.start as usize..part.trees.end as usize {
            std::mem::swap(&mut self.places[at], &mut other.places[at]);
            std::mem::swap(&mut self.bids[at], &mut other.bids[at]);
        }
        self.epsilon = self.epsilon.max(other.epsilon);
        self.looks += other.looks;
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

    /// Seats a bid; the need that loses its place for it, if one must.
    fn accept(&mut self, edge: u32, level: i64) -> Option<u32> {
        let graph = self.graph;
        let (_, full) = self.price(graph.place(edge));
        let loser = (full != NONE).then(|| self.lowest(full)).flatten();
        if let Some(edge) = loser {
            self.bid[edge as usize] = FREE;
            if let Some(pair) = graph.pair(edge) {
                self.pair_held[pair] = false;
            }
            let mut at = graph.place(edge);
            while at != NONE {
                let it = &mut self.places[at as usize];
                it.flow -= 1;
                at = it.parent;
            }
        }
        self.bid[edge as usize] = level;
        if let Some(pair) = graph.pair(edge) {
            self.pair_held[pair] = true;
        }
        let mut at = graph.place(edge);
        while at != NONE {
            let it = &mut self.places[at as usize];
            it.flow += 1;
            // What holds everything is never full.
            if it.capacity != u32::MAX {
                self.bids[at as usize].push(Reverse((level, edge)));
            }
            at = it.parent;
        }
        for start in [Some(edge), loser].into_iter().flatten() {
            let mut at = graph.place(start);
            while at != NONE {
                self.lowest(at);
                at = self.places[at as usize].parent;
            }
        }
        loser.map(|it| graph.need(it))
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

    /// Where nothing can sit the price is the highest that anyone would pay: a low one would make
    /// it look cheap.
    pub(crate) fn outcome(self) -> Outcome {
        let closed = self.penalty.iter().max().copied().unwrap_or(0).max(0);
        let price = (0..self.places.len() as u32).map(|it| match self.price(it).0 {
            _ if self.is_closed => 0,
            NEVER => self.scale.price(closed),
            price => self.scale.price(price),
        });
        Outcome { price: price.collect(), used: self.bid.iter().map(|&it| it != FREE).collect() }
    }
}

#[cfg(test)]
mod tests;
