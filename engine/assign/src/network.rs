//! The residual network: which units can move where, and at what reduced cost.
//!
//! ```text
//! need ──▶ [pair] ──▶ node ──▶ parent … ──▶ root ──▶ sink
//!   └──────────────── penalty ─────────────────────▲
//! ```
//!
//! Potentials are prices: what a unit at this vertex still costs on its way to the sink.
//! Invariant: every residual arc `x → y` has `cost + potential[y] − potential[x] ≥ 0`.
//!
//! Costs here are [`Ranked`]: what the caller counts first, and where that is equal the hash of
//! [`crate::tie`]. With such costs one plan is cheapest.

mod arcs;
mod flow;

use std::sync::Arc;

use crate::cost::{Ranked, cost_of, ranked};
use crate::forest::NONE;
use crate::graph::Graph;

/// Flow and potentials over a graph. Vertices are numbered needs, pairs, nodes, sink.
pub(crate) struct Network {
    pub(crate) graph: Arc<Graph>,
    pub(crate) potential: Vec<Ranked>,
    /// Units through each forest node to its parent.
    pub(crate) flow: Vec<u32>,
    /// Edges that carry a unit into each forest node.
    users: Vec<Vec<u32>>,
    /// Where each edge stands in `users`, [`NONE`] if it carries nothing.
    seat: Vec<u32>,
    pair_used: Vec<bool>,
    /// What each need pays at most; not above its true penalty.
    pub(crate) penalty: Vec<Ranked>,
    /// Units of each need that go straight to the sink.
    pub(crate) unserved: Vec<u32>,
    /// Units of flow that begin at each forest node without a need: places that nobody has.
    pub(crate) vacant: Vec<u32>,
    /// Edges that stay as they are, used or not; none does if empty.
    pub(crate) frozen: Vec<bool>,
    /// Whether hashes count.
    are_ranked: bool,
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

impl Network {
    /// An empty network: no flow, all potentials zero, no need entered.
    pub(crate) fn new(graph: impl Into<Arc<Graph>>) -> Self {
        let graph = graph.into();
        let (n_pairs, n_nodes) = (graph.pairs.len(), graph.forest.len());
        let first_node = graph.needs.len() + n_pairs;
        Self {
            potential: vec![0; first_node + n_nodes + 1],
            flow: vec![0; n_nodes],
            users: vec![Vec::new(); n_nodes],
            seat: vec![NONE; graph.n_edges()],
            pair_used: vec![false; n_pairs],
            penalty: graph.needs.iter().map(|it| ranked(it.penalty)).collect(),
            unserved: vec![0; graph.needs.len()],
            vacant: vec![0; n_nodes],
            frozen: Vec::new(),
            are_ranked: true,
            first_node: first_node as u32,
            graph,
        }
    }

    /// Lets costs alone count, without what decides between equal ones.
    ///
    /// Reduced costs stay as they must: of a ranked one not below zero the cost is not below
    /// zero, since hashes along a way add up to less than half a cost.
    pub(crate) fn forget_hashes(&mut self) {
        self.are_ranked = false;
        for it in &mut self.potential {
            *it = ranked(cost_of(*it));
        }
    }

    /// The graph, to be changed; a network that shares it with others would get one of its own.
    pub(crate) fn graph_mut(&mut self) -> &mut Graph {
        Arc::make_mut(&mut self.graph)
    }

    /// A network over the same graph with the same prices and flow through nodes, its needs all
    /// absent.
    pub(crate) fn beside(&self) -> Self {
        let mut other = Self::new(Arc::clone(&self.graph));
        other.penalty.clone_from(&self.penalty);
        other.potential.clone_from(&self.potential);
        other.flow.clone_from(&self.flow);
        other.leave_all();
        other
    }

    /// Makes all needs absent: none has units, and no way leads to one until it enters.
    pub(crate) fn leave_all(&mut self) {
        self.potential[..self.first_node as usize].fill(-HIGHEST);
    }

    pub(crate) fn n_vertices(&self) -> usize {
        self.potential.len()
    }

    pub(crate) fn sink(&self) -> u32 {
        self.potential.len() as u32 - 1
    }

    pub(crate) fn vertex(&self, number: u32) -> Vertex {
        let first_pair = self.graph.needs.len() as u32;
        if number < first_pair {
            Vertex::Need(number)
        } else if number < self.first_node {
            Vertex::Pair(number - first_pair)
        } else if number < self.sink() {
            Vertex::Node(number - self.first_node)
        } else {
            Vertex::Sink
        }
    }

    pub(crate) fn pair_vertex(&self, pair: u32) -> u32 {
        self.graph.needs.len() as u32 + pair
    }

    pub(crate) fn node_vertex(&self, node: u32) -> u32 {
        self.first_node + node
    }

    /// The vertex an edge leads to.
    pub(crate) fn head(&self, edge: u32) -> u32 {
        self.node_vertex(self.graph.place(edge))
    }

    /// What an edge costs.
    pub(crate) fn cost(&self, edge: u32) -> Ranked {
        self.cost_in(self.graph.packed[edge as usize])
    }

    fn cost_in(&self, packed: u64) -> Ranked {
        if self.are_ranked {
            self.graph.packing.ranked(packed)
        } else {
            ranked(self.graph.packing.cost(packed))
        }
    }

    /// What an edge costs with the price of its node.
    pub(crate) fn through(&self, edge: u32) -> Ranked {
        self.cost(edge) + self.potential[self.head(edge) as usize]
    }

    /// Whether a unit on this edge would be cheaper elsewhere.
    pub(crate) fn is_dear(&self, edge: u32) -> bool {
        self.through(edge) > self.potential[self.graph.tail(edge) as usize] && !self.is_frozen(edge)
    }

    /// Edges that carry a unit into a forest node.
    pub(crate) fn users(&self, node: u32) -> &[u32] {
        &self.users[node as usize]
    }

    pub(crate) fn is_used(&self, edge: u32) -> bool {
        self.seat[edge as usize] != NONE
    }

    /// Makes room for an edge that came to the graph.
    pub(crate) fn add_seat(&mut self) {
        self.seat.push(NONE);
        self.frozen.push(false);
    }

    pub(crate) fn is_frozen(&self, edge: u32) -> bool {
        self.frozen.get(edge as usize).copied().unwrap_or(false)
    }

    pub(crate) fn is_full(&self, node: u32) -> bool {
        self.flow[node as usize] >= self.graph.forest.capacity[node as usize]
    }

    /// What one more unit through a forest node would cost.
    pub(crate) fn next_step(&self, node: u32) -> Ranked {
        ranked(self.graph.forest.step(node, self.flow[node as usize]))
    }

    /// What the last unit through a forest node costs.
    pub(crate) fn last_step(&self, node: u32) -> Ranked {
        ranked(self.graph.forest.step(node, self.flow[node as usize] - 1))
    }

    /// Roots with room.
    pub(crate) fn open_roots(&self) -> impl Iterator<Item = u32> {
        let parents = (0_u32..).zip(&self.graph.forest.parent);
        parents.filter(|&(node, &parent)| parent == NONE && !self.is_full(node)).map(|it| it.0)
    }

    /// The vertex above a forest node: its parent, or the sink.
    pub(crate) fn above(&self, node: u32) -> u32 {
        match self.graph.forest.parent[node as usize] {
            NONE => self.sink(),
            parent => self.node_vertex(parent),
        }
    }

    /// The edges on which a need has units.
    pub(crate) fn used_by(&self, need: u32) -> Vec<u32> {
        self.graph.edges_of(need).filter(|&it| self.is_used(it)).collect()
    }

    /// Prices a need as high as the arcs allow on which it has no unit.
    pub(crate) fn enter(&mut self, need: u32) {
        let mut price = self.penalty[need as usize].min(self.cheapest(need));
        let pairs: Vec<u32> = self.graph.pairs_of(need).collect();
        for &pair in &pairs {
            let vertex = self.pair_vertex(pair);
            let cheapest = self.cheapest(vertex);
            self.potential[vertex as usize] = cheapest;
            if !self.pair_used[pair as usize] {
                price = price.min(cheapest);
            }
        }
        self.potential[need as usize] = price;
        // A pair with a unit costs no more than its need.
        for pair in pairs.into_iter().filter(|&it| self.pair_used[it as usize]) {
            let vertex = self.pair_vertex(pair) as usize;
            self.potential[vertex] = self.potential[vertex].min(price);
        }
    }

    /// The cheapest edge without a unit.
    fn cheapest(&self, tail: u32) -> Ranked {
        let open = self.graph.leaving(tail).filter(|&it| !self.is_used(it) && !self.is_frozen(it));
        open.map(|it| self.through(it)).min().unwrap_or(HIGHEST)
    }
}

/// Above every price.
const HIGHEST: Ranked = Ranked::MAX >> 2;
