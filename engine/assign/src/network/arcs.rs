//! The arcs of the residual network, out of a vertex and into one.

use super::{Network, Vertex};
use crate::cost::Ranked;
use crate::forest::NONE;

impl Network {
    /// Visits every residual arc out of a vertex as (to, edge or [`NONE`], reduced cost); of those
    /// as long as `within` or longer, some or none.
    pub(crate) fn arcs(&self, from: u32, within: Ranked, mut visit: impl FnMut(u32, u32, Ranked)) {
        let base = self.potential[from as usize];
        let gain = |to: u32| self.potential[to as usize] - base;
        match self.vertex(from) {
            Vertex::Need(need) => {
                visit(self.sink(), NONE, self.penalty[need as usize] - base);
                self.unused(from, within, &mut visit);
                for pair in self.graph.pairs_of(need) {
                    if !self.pair_used[pair as usize] {
                        let to = self.pair_vertex(pair);
                        visit(to, NONE, gain(to));
                    }
                }
            }
            Vertex::Pair(pair) => {
                self.unused(from, within, &mut visit);
                if self.pair_used[pair as usize] {
                    let to = self.graph.pairs[pair as usize].need;
                    visit(to, NONE, gain(to));
                }
            }
            Vertex::Node(node) => {
                if !self.is_full(node) {
                    let to = self.above(node);
                    visit(to, NONE, gain(to) + self.next_step(node));
                }
                for &edge in self.users[node as usize].iter().filter(|&&it| !self.is_frozen(it)) {
                    let to = self.graph.tail(edge);
                    visit(to, edge, gain(to) - self.cost(edge));
                }
                for child in self.graph.children(node) {
                    if self.flow[child as usize] > 0 {
                        let to = self.node_vertex(child);
                        visit(to, NONE, gain(to) - self.last_step(child));
                    }
                }
            }
            Vertex::Sink => self.arcs_back(visit),
        }
    }

    /// Arcs to the nodes that an unused edge leads to. No node has a price below zero and the
    /// cheapest edges come first, so that the first one too dear ends them.
    fn unused(&self, from: u32, within: Ranked, visit: &mut impl FnMut(u32, u32, Ranked)) {
        let base = self.potential[from as usize];
        let dear = if self.graph.is_sorted { within.saturating_add(base) } else { Ranked::MAX };
        for edge in self.graph.leaving(from) {
            let cost = self.cost(edge);
            // Edges of one cost may have their hashes in any order.
            if cost >> 64 << 64 >= dear {
                break;
            }
            if !self.is_used(edge) && !self.is_frozen(edge) {
                let to = self.head(edge);
                visit(to, edge, cost + self.potential[to as usize] - base);
            }
        }
    }

    /// Arcs out of the sink: whoever sends it a unit could take it back.
    fn arcs_back(&self, mut visit: impl FnMut(u32, u32, Ranked)) {
        for (need, &units) in (0_u32..).zip(&self.unserved) {
            if units > 0 {
                let at = need as usize;
                visit(need, NONE, self.potential[at] - self.penalty[at]);
            }
        }
        for (node, &parent) in (0_u32..).zip(&self.graph.forest.parent) {
            if parent == NONE && self.flow[node as usize] > 0 {
                let to = self.node_vertex(node);
                visit(to, NONE, self.potential[to as usize] - self.last_step(node));
            }
        }
    }

    /// Visits every residual arc into a vertex as (from, edge or [`NONE`], reduced cost); of those
    /// as long as `within` or longer, some or none.
    pub(crate) fn arcs_into(&self, to: u32, within: Ranked, mut visit: impl FnMut(u32, u32, Ranked)) {
        let base = self.potential[to as usize];
        let gain = |from: u32| base - self.potential[from as usize];
        match self.vertex(to) {
            Vertex::Need(need) => {
                self.taken(to, &mut visit);
                for pair in self.graph.pairs_of(need) {
                    if self.pair_used[pair as usize] {
                        let from = self.pair_vertex(pair);
                        visit(from, NONE, gain(from));
                    }
                }
                if self.unserved[need as usize] > 0 {
                    visit(self.sink(), NONE, base - self.penalty[need as usize]);
                }
            }
            Vertex::Pair(pair) => {
                self.taken(to, &mut visit);
                if !self.pair_used[pair as usize] {
                    let from = self.graph.pairs[pair as usize].need;
                    visit(from, NONE, gain(from));
                }
            }
            Vertex::Node(node) => {
                for it in self.graph.arriving(node) {
                    let reduced = gain(it.tail) + self.cost_in(it.packed);
                    if reduced < within && !self.is_used(it.edge) && !self.is_frozen(it.edge) {
                        visit(it.tail, it.edge, reduced);
                    }
                }
                for child in self.graph.children(node) {
                    if !self.is_full(child) {
                        let from = self.node_vertex(child);
                        visit(from, NONE, gain(from) + self.next_step(child));
                    }
                }
                if self.flow[node as usize] > 0 {
                    let from = self.above(node);
                    visit(from, NONE, gain(from) - self.last_step(node));
                }
            }
            Vertex::Sink => self.arcs_out(visit),
        }
    }

    /// Arcs into the sink: every unit could go without, and some could have a free place.
    fn arcs_out(&self, mut visit: impl FnMut(u32, u32, Ranked)) {
        for (need, &penalty) in (0_u32..).zip(&self.penalty) {
            visit(need, NONE, penalty - self.potential[need as usize]);
        }
        for node in self.open_roots() {
            let from = self.node_vertex(node);
            visit(from, NONE, self.next_step(node) - self.potential[from as usize]);
        }
    }

    /// Arcs from the nodes of the units that a need or pair has.
    fn taken(&self, to: u32, visit: &mut impl FnMut(u32, u32, Ranked)) {
        let base = self.potential[to as usize];
        for edge in self.graph.leaving(to) {
            if self.is_used(edge) && !self.is_frozen(edge) {
                let from = self.head(edge);
                let cost = self.cost(edge);
                visit(from, edge, base - cost - self.potential[from as usize]);
            }
        }
    }
}
