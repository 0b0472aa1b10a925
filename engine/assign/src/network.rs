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
    /// What each need pays at most; not above its true penalty.
    pub(crate) penalty: Vec<i64>,
    /// Units of each need that go straight to the sink.
    pub(crate) unserved: Vec<u32>,
    /// Units of flow that begin at each forest node without a need: places that nobody has.
    pub(crate) vacant: Vec<u32>,
    /// Edges that lead to each forest node.
    arriving: Groups,
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
        let places = problem.edges().iter().map(|it| forest.place[it.node as usize]);
        Self {
            problem,
            leaving: Groups::new(first_node as usize, pairs.tail.iter().copied()),
            potential: vec![0; n_vertices],
            flow: vec![0; forest.len()],
            users: vec![Vec::new(); forest.len()],
            seat: vec![NONE; problem.edges().len()],
            pair_used: vec![false; pairs.need.len()],
            penalty: problem.needs().iter().map(|it| it.penalty).collect(),
            unserved: vec![0; problem.needs().len()],
            vacant: vec![0; forest.len()],
            arriving: Groups::new(forest.len(), places),
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

    /// Roots with room.
    pub(crate) fn open_roots(&self) -> impl Iterator<Item = u32> {
        let parents = (0_u32..).zip(&self.forest.parent);
        parents.filter(|&(node, &parent)| parent == NONE && !self.is_full(node)).map(|it| it.0)
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
                visit(self.sink(), NONE, self.penalty[need as usize] - base);
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
                visit(need, NONE, self.potential[at] - self.penalty[at]);
            }
        }
        for (node, &parent) in (0_u32..).zip(&self.forest.parent) {
            if parent == NONE && self.flow[node as usize] > 0 {
                let to = self.node_vertex(node);
                visit(to, NONE, self.potential[to as usize]);
            }
        }
    }

    /// Visits every residual arc into a vertex as (from, edge or [`NONE`], reduced cost).
    pub(crate) fn arcs_into(&self, to: u32, mut visit: impl FnMut(u32, u32, i64)) {
        let base = self.potential[to as usize];
        let gain = |from: u32| base - self.potential[from as usize];
        match self.vertex(to) {
            Vertex::Need(need) => {
                self.taken(to, &mut visit);
                for &pair in self.pairs.of_need(need) {
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
                    let from = self.pairs.need[pair as usize];
                    visit(from, NONE, gain(from));
                }
            }
            Vertex::Node(node) => {
                for &edge in self.arriving.of(node) {
                    if !self.is_used(edge) {
                        let from = self.pairs.tail[edge as usize];
                        visit(from, edge, gain(from) + self.problem.edges()[edge as usize].cost);
                    }
                }
                for &child in self.forest.children.of(node) {
                    if !self.is_full(child) {
                        let from = self.node_vertex(child);
                        visit(from, NONE, gain(from));
                    }
                }
                if self.flow[node as usize] > 0 {
                    let from = self.above(node);
                    visit(from, NONE, gain(from));
                }
            }
            // Nothing is asked of who could go to the sink.
            Vertex::Sink => {}
        }
    }

    /// Arcs from the nodes of the units that a need or pair has.
    fn taken(&self, to: u32, visit: &mut impl FnMut(u32, u32, i64)) {
        let base = self.potential[to as usize];
        for &edge in self.leaving.of(to) {
            if self.is_used(edge) {
                let from = self.head(edge);
                let cost = self.problem.edges()[edge as usize].cost;
                visit(from, edge, base - cost - self.potential[from as usize]);
            }
        }
    }

    /// Prices a need as high as the arcs allow on which it has no unit.
    pub(crate) fn enter(&mut self, need: u32) {
        let mut price = self.penalty[need as usize].min(self.cheapest(need));
        for &pair in self.pairs.of_need(need) {
            let vertex = self.pair_vertex(pair);
            let cheapest = self.cheapest(vertex);
            self.potential[vertex as usize] = cheapest;
            if !self.pair_used[pair as usize] {
                price = price.min(cheapest);
            }
        }
        self.potential[need as usize] = price;
        // A pair with a unit costs no more than its need.
        for at in 0..self.pairs.of_need(need).len() {
            let pair = self.pairs.of_need(need)[at];
            if self.pair_used[pair as usize] {
                let vertex = self.pair_vertex(pair) as usize;
                self.potential[vertex] = self.potential[vertex].min(price);
            }
        }
    }

    /// The cheapest edge without a unit.
    fn cheapest(&self, tail: u32) -> i64 {
        let open = self.leaving.of(tail).iter().filter(|&&it| !self.is_used(it));
        open.map(|&it| self.through(it)).min().unwrap_or(i64::MAX)
    }

    /// What an edge costs with the price of its node.
    pub(crate) fn through(&self, edge: u32) -> i64 {
        self.problem.edges()[edge as usize].cost + self.potential[self.head(edge) as usize]
    }

    /// The need or pair from which an edge leaves.
    pub(crate) fn tail(&self, edge: u32) -> u32 {
        self.pairs.tail[edge as usize]
    }

    /// The edges on which a need has units.
    pub(crate) fn used_by(&self, need: u32) -> Vec<u32> {
        let pairs = self.pairs.of_need(need).iter().map(|&it| self.pair_vertex(it));
        let tails = std::iter::once(need).chain(pairs);
        tails.flat_map(|it| self.leaving.of(it)).copied().filter(|&it| self.is_used(it)).collect()
    }

    /// Adds the unit of a filled edge to the flow from its node to the root.
    pub(crate) fn fill_above(&mut self, edge: u32) {
        let node = self.problem.edges()[edge as usize].node;
        let mut at = self.forest.place[node as usize];
        while at != NONE {
            self.flow[at as usize] += 1;
            at = self.forest.parent[at as usize];
        }
    }

    /// Takes the unit off an edge and leaves its place taken by nobody.
    pub(crate) fn vacate(&mut self, edge: u32) {
        let tail = self.pairs.tail[edge as usize];
        if let Vertex::Pair(pair) = self.vertex(tail) {
            self.pair_used[pair as usize] = false;
        }
        let node = self.problem.edges()[edge as usize].node;
        let place = self.forest.place[node as usize];
        self.leave(edge, place);
        self.vacant[place as usize] += 1;
    }

    /// Puts a unit back on an edge whose place nobody has; false where somebody has it by now.
    pub(crate) fn reseat(&mut self, edge: u32) -> bool {
        let node = self.problem.edges()[edge as usize].node;
        let place = self.forest.place[node as usize] as usize;
        let is_held = match self.vertex(self.pairs.tail[edge as usize]) {
            Vertex::Pair(pair) => self.pair_used[pair as usize],
            _ => false,
        };
        if self.vacant[place] == 0 || self.is_used(edge) || is_held {
            return false;
        }
        self.vacant[place] -= 1;
        self.fill(edge);
        true
    }

    /// Whether nobody has a place at this vertex.
    pub(crate) fn is_vacant(&self, vertex: u32) -> bool {
        matches!(self.vertex(vertex), Vertex::Node(it) if self.vacant[it as usize] > 0)
    }

    /// A unit has come to a place that nobody had; at the sink there is none.
    pub(crate) fn take_vacant(&mut self, vertex: u32) {
        if let Vertex::Node(node) = self.vertex(vertex) {
            self.vacant[node as usize] -= 1;
        }
    }

    /// Moves one unit along a residual arc.
    pub(crate) fn push(&mut self, from: u32, to: u32, edge: u32) {
        match (self.vertex(from), self.vertex(to)) {
            (Vertex::Need(_), Vertex::Pair(pair)) => self.pair_used[pair as usize] = true,
            (Vertex::Pair(pair), Vertex::Need(_)) => self.pair_used[pair as usize] = false,
            (Vertex::Need(need), Vertex::Sink) => self.unserved[need as usize] += 1,
            (Vertex::Sink, Vertex::Need(need)) => self.unserved[need as usize] -= 1,
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
