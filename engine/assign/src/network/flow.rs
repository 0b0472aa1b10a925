//! Units that move through the network.

use super::{Network, Vertex};
use crate::forest::NONE;

impl Network {
    /// Adds the unit of a filled edge to the flow from its node to the root.
    pub(crate) fn fill_above(&mut self, edge: u32) {
        let mut at = self.graph.place(edge);
        while at != NONE {
            self.flow[at as usize] += 1;
            at = self.graph.forest.parent[at as usize];
        }
    }

    /// Takes the unit off an edge and leaves its place taken by nobody.
    pub(crate) fn vacate(&mut self, edge: u32) {
        let tail = self.graph.tail(edge);
        if let Vertex::Pair(pair) = self.vertex(tail) {
            self.pair_used[pair as usize] = false;
        }
        let place = self.graph.place(edge);
        self.leave(edge, place);
        self.vacant[place as usize] += 1;
    }

    /// Puts a unit back on an edge whose place nobody has; false where somebody has it by now.
    pub(crate) fn reseat(&mut self, edge: u32) -> bool {
        let place = self.graph.place(edge) as usize;
        let is_held = match self.vertex(self.graph.tail(edge)) {
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
        let tail = self.graph.tail(edge);
        if let Vertex::Pair(pair) = self.vertex(tail) {
            self.pair_used[pair as usize] = true;
        }
        self.take(edge, self.graph.place(edge));
    }
}
