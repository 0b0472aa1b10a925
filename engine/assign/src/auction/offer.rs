//! Where the units of a need bid, and how much.

use std::collections::BinaryHeap;

use super::{Auction, EPSILON_GROWTH, EPSILON_MAX, FREE, LOOKS_PER_EDGE, NEVER};

impl Auction<'_> {
    /// The cheapest edge that the need does not hold yet, and the bid for it; none where the
    /// penalty is as cheap.
    pub(super) fn best(&mut self, need: u32) -> Option<(u32, i64)> {
        let (graph, penalty) = (self.graph, self.penalty[need as usize]);
        let (mut best, mut first, mut second) = (None, NEVER, penalty);
        for run in graph.runs(need) {
            if graph.pair_of(&run).is_some_and(|it| self.pair_held[it]) {
                continue;
            }
            for edge in run {
                self.looks += 1;
                let packed = graph.packed[edge as usize];
                if self.scale.floor(packed) >= second {
                    break;
                }
                if self.bid[edge as usize] != FREE {
                    continue;
                }
                let price = self.price(graph.place(edge)).0;
                let total = self.scale.bid(packed).saturating_add(price);
                if total < first {
                    second = second.min(first);
                    (best, first) = (Some((edge, price)), total);
                } else if total < second {
                    second = total;
                }
            }
        }
        self.grow_epsilon();
        let (edge, price) = best.filter(|_| first < penalty)?;
        // Nobody pays more than the penalty: a unit that did would have to leave again.
        Some((edge, price + (second - first + self.epsilon).min(penalty - first)))
    }

    /// The cheapest edges that the need does not hold yet, as many as it wants units, and the bids for
    /// them: each goes as far as the cheapest that is left. One look at its edges serves all.
    pub(super) fn several(&mut self, need: u32, units: u32) -> Vec<(u32, i64)> {
        let (graph, penalty) = (self.graph, self.penalty[need as usize]);
        let most = units as usize + 1;
        // The dearest first, so that it makes way.
        let mut cheapest: BinaryHeap<(i64, u32, i64)> = BinaryHeap::new();
        for run in graph.runs(need) {
            let pair = graph.pair_of(&run);
            if pair.is_some_and(|it| self.pair_held[it]) {
                continue;
            }
            // Of a pair one edge only.
            let mut own: Option<(i64, u32, i64)> = None;
            for edge in run {
                self.looks += 1;
                let packed = graph.packed[edge as usize];
                let beyond = if cheapest.len() < most { None } else { cheapest.peek().map(|it| it.0) };
                if self.scale.floor(packed) >= beyond.unwrap_or(penalty) {
                    break;
                }
                if self.bid[edge as usize] != FREE {
                    continue;
                }
                let price = self.price(graph.place(edge)).0;
                let total = self.scale.bid(packed).saturating_add(price);
                if total >= penalty {
                    continue;
                }
                let offer = (total, edge, price);
                if pair.is_none() {
                    keep_cheapest(&mut cheapest, offer, most);
                } else if own.is_none_or(|it| offer < it) {
                    own = Some(offer);
                }
            }
            own.into_iter().for_each(|it| keep_cheapest(&mut cheapest, it, most));
        }
        self.grow_epsilon();
        let left = if cheapest.len() == most { cheapest.pop().map(|it| it.0) } else { None };
        let second = left.unwrap_or(penalty);
        let bid = |(total, edge, price): (i64, u32, i64)| {
            (edge, price + (second - total + self.epsilon).min(penalty - total))
        };
        cheapest.into_sorted_vec().into_iter().map(bid).collect()
    }

    fn grow_epsilon(&mut self) {
        if self.looks >= LOOKS_PER_EDGE * self.bid.len() as u64 {
            let grown = self.epsilon.saturating_mul(EPSILON_GROWTH);
            (self.epsilon, self.looks) = (grown.min(EPSILON_MAX), 0);
        }
    }
}

/// Adds an offer to the cheapest ones, of which there are `most`.
fn keep_cheapest(cheapest: &mut BinaryHeap<(i64, u32, i64)>, offer: (i64, u32, i64), most: usize) {
    cheapest.push(offer);
    if cheapest.len() > most {
        cheapest.pop();
    }
}
