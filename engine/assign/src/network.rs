//! The residual network: which units can move where, and at what reduced cost.
//!
//! ```text
//! need ──▶ [pair] ──▶ node ──▶ parent … ──▶ root ──▶ sink
//!   └──────────────── penalty ─────────────────────▲
//! ```
//!
//! Potentials are prices: what a unit at this vertex still costs on its way to the sink.
//! Invariant: every residual arc `x → y` has `cost + potential[y] − potential[x] ≥ 0`.

use crate::forest::{Forest, Groups, NONE};
use crate::pairs::Pairs;
use crate::problem::{COST_MAX, PENALTY_MAX, Problem};
use crate::solution::Prices;

/// Flow and potentials over one problem. Vertices are numbered needs, pairs, nodes, sink.
pub(crate) struct Network<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) forest: Forest,
    pub(crate) pairs: Pairs,
    /// Edges leaving each need or pair.
    leaving: Groups,
    pub(crate) potential: Vec<i64>,
    /// Units through each forest node to its parent.
    pub(crate) flow: Vec<u32>,
    /// Edges that carry a unit into each forest node.
    users: Vec<Vec<u32>>,
    /// Where each edge stands in `users`, [`NONE`] if it carries nothing.
    seat: Vec<u32>,
    pair_used: Vec<bool>,
    /// Units of each need that go straight to the sink.
    pub(crate) unserved: Vec<u32>,
    first_pair: u32,
    first_node: u32,
}

/// What a vertex number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vertex {
    Need(u32),
    Pair(u32),
    Node(u32),
    Sink,
}

impl<'a> Network<'a> {
    /// An empty network: no flow, all potentials zero, no need entered.
    pub(crate) fn new(problem: &'a Problem, forest: Forest) -> Self {
        let pairs = Pairs::new(problem);
        let first_pair = problem.needs().len() as u32;
        let first_node = first_pair + pairs.need.len() as u32;
        let n_vertices = first_node as usize + forest.len() + 1;
        Self {
            problem,
            leaving: Groups::new(first_node as usize, pairs.tail.iter().copied()),
            potential: vec![0; n_vertices],
            flow: vec![0; forest.len()],
            users: vec![Vec::new(); forest.len()],
            seat: vec![NONE; problem.edges().len()],
            pair_used: vec![false; pairs.need.len()],
            unserved: vec![0; problem.needs().len()],
            forest,
            pairs,
            first_pair,
            first_node,
        }
    }

    pub(crate) fn n_vertices(&self) -> usize {
        self.potential.len()
    }

    pub(crate) fn sink(&self) -> u32 {
        self.potential.len() as u32 - 1
    }

    pub(crate) fn vertex(&self, number: u32) -> Vertex {
        if number < self.first_pair {
            Vertex::Need(number)
        } else if number < self.first_node {
            Vertex::Pair(number - self.first_pair)
        } else if number < self.sink() {
            Vertex::Node(number - self.first_node)
        } else {
            Vertex::Sink
        }
    }

    pub(crate) fn pair_vertex(&self, pair: u32) -> u32 {
        self.first_pair + pair
    }

    pub(crate) fn node_vertex(&self, node: u32) -> u32 {
        self.first_node + node
    }

    /// The vertex an edge leads to.
    pub(crate) fn head(&self, edge: u32) -> u32 {
        let node = self.problem.edges()[edge as usize].node;
        self.node_vertex(self.forest.place[node as usize])
    }

    pub(crate) fn is_used(&self, edge: u32) -> bool {
        self.seat[edge as usize] != NONE
    }

    pub(crate) fn is_full(&self, node: u32) -> bool {
        self.flow[node as usize] >= self.forest.capacity[node as usize]
    }

    /// The vertex above a forest node: its parent, or the sink.
    fn above(&self, node: u32) -> u32 {
        match self.forest.parent[node as usize] {
            NONE => self.sink(),
            parent => self.node_vertex(parent),
        }
    }

    /// Visits every residual arc out of a vertex as (to, edge or [`NONE`], reduced cost).
    pub(crate) fn arcs(&self, from: u32, mut visit: impl FnMut(u32, u32, i64)) {
        let base = self.potential[from as usize];
        let gain = |to: u32| self.potential[to as usize] - base;
        match self.vertex(from) {
            Vertex::Need(need) => {
                self.unused(from, &mut visit);
                for &pair in self.pairs.of_need(need) {
                    if !self.pair_used[pair as usize] {
                        let to = self.pair_vertex(pair);
                        visit(to, NONE, gain(to));
                    }
                }
                visit(self.sink(), NONE, self.problem.needs()[need as usize].penalty - base);
            }
            Vertex::Pair(pair) => {
                self.unused(from, &mut visit);
                if self.pair_used[pair as usize] {
                    let to = self.pairs.need[pair as usize];
                    visit(to, NONE, gain(to));
                }
            }
            Vertex::Node(node) => {
                if !self.is_full(node) {
                    let to = self.above(node);
                    visit(to, NONE, gain(to));
                }
                for &edge in &self.users[node as usize] {
                    let to = self.pairs.tail[edge as usize];
                    visit(to, edge, gain(to) - self.problem.edges()[edge as usize].cost);
                }
                for &child in self.forest.children.of(node) {
                    if self.flow[child as usize] > 0 {
                        let to = self.node_vertex(child);
                        visit(to, NONE, gain(to));
                    }
                }
            }
            Vertex::Sink => self.arcs_back(visit),
        }
    }

    /// Arcs to the nodes that an unused edge leads to.
    fn unused(&self, from: u32, visit: &mut impl FnMut(u32, u32, i64)) {
        let base = self.potential[from as usize];
        for &edge in self.leaving.of(from) {
            if !self.is_used(edge) {
                let to = self.head(edge);
                let cost = self.problem.edges()[edge as usize].cost;
                visit(to, edge, cost + self.potential[to as usize] - base);
            }
        }
    }

    /// Arcs out of the sink: whoever sends it a unit could take it back.
    fn arcs_back(&self, mut visit: impl FnMut(u32, u32, i64)) {
        for (need, &units) in (0_u32..).zip(&self.unserved) {
            if units > 0 {
                let at = need as usize;
                visit(need, NONE, self.potential[at] - self.problem.needs()[at].penalty);
            }
        }
        for (node, &parent) in (0_u32..).zip(&self.forest.parent) {
            if parent == NONE && self.flow[node as usize] > 0 {
                let to = self.node_vertex(node);
                visit(to, NONE, self.potential[to as usize]);
            }
        }
    }

    /// Prices a need that has no flow yet, as high as its arcs allow.
    pub(crate) fn enter(&mut self, need: u32) {
        let mut price = self.problem.needs()[need as usize].penalty;
        price = price.min(self.cheapest(need));
        for &pair in self.pairs.of_need(need) {
            let vertex = self.pair_vertex(pair);
            let cheapest = self.cheapest(vertex);
            self.potential[vertex as usize] = cheapest;
            price = price.min(cheapest);
        }
        self.potential[need as usize] = price;
    }

    fn cheapest(&self, tail: u32) -> i64 {
        let through =
            |&edge: &u32| self.problem.edges()[edge as usize].cost + self.potential[self.head(edge) as usize];
        self.leaving.of(tail).iter().map(through).min().unwrap_or(i64::MAX)
    }

    /// Moves one unit along a residual arc.
    pub(crate) fn push(&mut self, from: u32, to: u32, edge: u32) {
        match (self.vertex(from), self.vertex(to)) {
            (Vertex::Need(_), Vertex::Pair(pair)) => self.pair_used[pair as usize] = true,
            (Vertex::Pair(pair), Vertex::Need(_)) => self.pair_used[pair as usize] = false,
            (Vertex::Need(need), Vertex::Sink) => self.unserved[need as usize] += 1,
            (Vertex::Need(_) | Vertex::Pair(_), Vertex::Node(node)) => self.take(edge, node),
            (Vertex::Node(node), Vertex::Need(_) | Vertex::Pair(_)) => self.leave(edge, node),
            (Vertex::Node(node), Vertex::Node(_) | Vertex::Sink) if self.above(node) == to => {
                self.flow[node as usize] += 1;
            }
            (_, Vertex::Node(child)) => self.flow[child as usize] -= 1,
            _ => {}
        }
    }

    fn take(&mut self, edge: u32, node: u32) {
        let users = &mut self.users[node as usize];
        self.seat[edge as usize] = users.len() as u32;
        users.push(edge);
    }

    fn leave(&mut self, edge: u32, node: u32) {
        let users = &mut self.users[node as usize];
        let seat = self.seat[edge as usize] as usize;
        users.swap_remove(seat);
        if let Some(&moved) = users.get(seat) {
            self.seat[moved as usize] = seat as u32;
        }
        self.seat[edge as usize] = NONE;
    }

    /// Puts one unit on an edge and on everything above it, as a finished plan has it.
    pub(crate) fn fill(&mut self, edge: u32) {
        let tail = self.pairs.tail[edge as usize];
        if let Vertex::Pair(pair) = self.vertex(tail) {
            self.pair_used[pair as usize] = true;
        }
        let node = self.problem.edges()[edge as usize].node;
        self.take(edge, self.forest.place[node as usize]);
    }

    /// Takes potentials from the prices of a proven solution; the forest must be whole.
    ///
    /// Only where nothing can flow may proven prices be out of all proportion: needs without
    /// demand, nodes below a zero capacity. Those are cut to what lets no sum overflow.
    pub(crate) fn set_prices(&mut self, prices: &Prices) {
        const LARGEST: i64 = 2 * PENALTY_MAX + COST_MAX;
        for (need, &price) in prices.need.iter().enumerate() {
            self.potential[need] = price.max(-LARGEST);
        }
        for (pair, &need) in self.pairs.need.iter().enumerate() {
            let key = (need, self.pairs.label[pair]);
            let priced = prices.pair.binary_search_by_key(&key, |it| (it.need, it.pair));
            let price = priced.map_or(0, |entry| prices.pair[entry].price).min(LARGEST);
            self.potential[self.first_pair as usize + pair] = self.potential[need as usize] - price;
        }
        for (node, &price) in prices.node.iter().enumerate() {
            self.potential[self.first_node as usize + node] = price.min(LARGEST);
        }
    }
}
