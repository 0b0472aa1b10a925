//! What can happen to a problem.

use super::Session;
use crate::cost::ranked;
use crate::error::Error;
use crate::forest::NONE;
use crate::graph::Pair;
use crate::problem::{Edge, Need, Node, check_counts, within};
use crate::repair::{backward, forward, keep_justified};

impl Session {
    /// A need comes; it has no edges yet. Its position.
    ///
    /// **Errors.** [`Error::OutOfBounds`], [`Error::TooMany`].
    pub fn add_need(&mut self, need: Need) -> Result<u32, Error> {
        let position = self.needs.len() as u32;
        need.check(position.into())?;
        check_counts(self.needs.len() + 1, self.nodes.len(), self.edges.len())?;
        self.make_room()?;
        let at = self.taken.need;
        self.taken.need += 1;
        self.network.graph_mut().name_need(at, position);
        self.needs.push(Need { demand: 0, ..need });
        self.need_at.push(at);
        self.network.graph_mut().needs[at as usize] = Need { demand: 0, ..need };
        self.network.penalty[at as usize] = ranked(need.penalty);
        self.network.potential[at as usize] = ranked(need.penalty);
        self.set_demand(position, need.demand)?;
        Ok(position)
    }

    /// A node comes, without anything that leads to it. Its position.
    ///
    /// **Errors.** [`Error::UnknownId`] for a parent that is not there, [`Error::OutOfBounds`],
    /// [`Error::TooMany`].
    pub fn add_node(&mut self, node: Node) -> Result<u32, Error> {
        let position = self.nodes.len() as u32;
        node.check(position.into(), position.into())?;
        check_counts(self.needs.len(), self.nodes.len() + 1, self.edges.len())?;
        self.make_room()?;
        let at = self.taken.node;
        self.taken.node += 1;
        let network = &mut self.network;
        network.graph_mut().name_node(at, position);
        let parent = node.parent.map(|it| self.node_at[it as usize]);
        network.graph_mut().nodes[at as usize] = Node { parent, ..node };
        network.graph_mut().forest.parent[at as usize] = parent.unwrap_or(NONE);
        network.graph_mut().forest.capacity[at as usize] = node.capacity;
        if let Some(parent) = parent {
            network.graph_mut().later.children[parent as usize].push(at);
        }
        // Nothing flows through it, so it costs what its parent costs.
        let above = network.potential[network.above(at) as usize];
        let vertex = network.node_vertex(at) as usize;
        network.potential[vertex] = above;
        self.nodes.push(node);
        self.node_at.push(at);
        self.held.push(0);
        Ok(position)
    }

    /// An edge comes. Its position.
    ///
    /// **Errors.** [`Error::UnknownId`], [`Error::OutOfBounds`], [`Error::TooMany`].
    pub fn add_edge(&mut self, edge: Edge) -> Result<u32, Error> {
        let position = self.edges.len() as u32;
        edge.check(position.into(), self.needs.len() as u64, self.nodes.len() as u64)?;
        check_counts(self.needs.len(), self.nodes.len(), self.edges.len() + 1)?;
        self.make_room()?;
        let need = self.need_at[edge.need as usize];
        let tail = edge.pair.map_or(need, |label| self.pair(need, label));
        let place = self.node_at[edge.node as usize];
        let at = self.network.graph_mut().add_edge(tail, place, edge.cost, position);
        self.network.add_seat();
        self.edges.push(edge);
        self.edge_at.push(at);
        self.seat(need, 0);
        Ok(position)
    }

    /// The vertex of a label of a need, a new one where there is none.
    fn pair(&mut self, need: u32, label: u32) -> u32 {
        let network = &mut self.network;
        let known = network.graph.pairs_of(need).find(|&it| network.graph.pairs[it as usize].label == label);
        let pair = known.unwrap_or_else(|| {
            let pair = self.taken.pair;
            self.taken.pair += 1;
            network.graph_mut().pairs[pair as usize] = Pair { need, label };
            network.graph_mut().later.pairs_of_need[need as usize].push(pair);
            pair
        });
        network.pair_vertex(pair)
    }

    /// A need asks for more or fewer units; for none where it is cancelled, which also takes the
    /// pins off its edges.
    ///
    /// **Errors.** [`Error::Missing`], [`Error::OutOfBounds`]; [`Error::Pinned`] for fewer units
    /// than its pins hold, other than none.
    pub fn set_demand(&mut self, need: u32, demand: u32) -> Result<(), Error> {
        let at = self.known_need(need)?;
        let before = self.needs[need as usize].demand;
        Need { demand, penalty: 0 }.check(need.into())?;
        let used = self.network.used_by(at);
        let pinned: Vec<u32> = used.into_iter().filter(|&it| self.network.is_frozen(it)).collect();
        if demand > 0 && (demand as usize) < pinned.len() {
            return Err(Error::Pinned { what: "need", index: need.into(), held: pinned.len() as u64 });
        }
        self.needs[need as usize].demand = demand;
        self.network.graph_mut().needs[at as usize].demand = demand;
        if demand == 0 {
            self.let_go(at, &pinned);
        }
        let gone = if demand == 0 { pinned.len() as u32 } else { 0 };
        for _ in demand..before - gone.min(before) {
            self.fill(at);
        }
        self.seat(at, demand.saturating_sub(before));
        Ok(())
    }

    /// Leaving a unit of a need unserved costs something else.
    ///
    /// **Errors.** [`Error::Missing`], [`Error::OutOfBounds`].
    pub fn set_penalty(&mut self, need: u32, penalty: i64) -> Result<(), Error> {
        let at = self.known_need(need)?;
        Need { demand: 0, penalty }.check(need.into())?;
        self.needs[need as usize].penalty = penalty;
        self.network.graph_mut().needs[at as usize].penalty = penalty;
        self.network.penalty[at as usize] = ranked(penalty);
        self.seat(at, 0);
        Ok(())
    }

    /// An edge costs something else.
    ///
    /// **Errors.** [`Error::Missing`], [`Error::OutOfBounds`].
    pub fn set_cost(&mut self, edge: u32, cost: i64) -> Result<(), Error> {
        let at = self.known_edge(edge)?;
        within(
            "cost",
            "edge",
            edge.into(),
            cost.into(),
            -crate::problem::COST_MAX,
            crate::problem::COST_MAX,
        )?;
        self.edges[edge as usize].cost = cost;
        self.network.graph_mut().set_cost(at, cost);
        self.seat(self.network.graph.need(at), 0);
        Ok(())
    }

    /// A node has more or less room.
    ///
    /// **Errors.** [`Error::Missing`], [`Error::OutOfBounds`]; [`Error::Pinned`] for less room
    /// than pins hold.
    pub fn set_capacity(&mut self, node: u32, capacity: u32) -> Result<(), Error> {
        let at = self.known_node(node)?;
        Node { parent: None, capacity }.check(node.into(), 0)?;
        let held = self.held[node as usize];
        if capacity < held {
            return Err(Error::Pinned { what: "node", index: node.into(), held: held.into() });
        }
        self.nodes[node as usize].capacity = capacity;
        self.network.graph_mut().nodes[at as usize].capacity = capacity;
        while self.network.flow[at as usize] > capacity {
            self.take_place(at);
        }
        while self.network.graph.forest.capacity[at as usize] < capacity && self.is_worth_more(at) {
            self.give_place(at);
        }
        self.network.graph_mut().forest.capacity[at as usize] = capacity;
        Ok(())
    }

    /// A chosen edge stays chosen, whatever comes, until it is released or its need cancelled.
    ///
    /// **Errors.** [`Error::Missing`]; [`Error::NotChosen`].
    pub fn pin(&mut self, edge: u32) -> Result<(), Error> {
        let at = self.known_edge(edge)?;
        if !self.network.is_used(at) {
            return Err(Error::NotChosen { edge });
        }
        if !std::mem::replace(&mut self.network.frozen[at as usize], true) {
            self.hold(edge, 1);
        }
        Ok(())
    }

    /// An edge is not chosen, whatever comes, until it is released.
    ///
    /// **Errors.** [`Error::Missing`].
    pub fn forbid(&mut self, edge: u32) -> Result<(), Error> {
        let at = self.known_edge(edge)?;
        let need = self.network.graph.need(at);
        if !self.network.is_used(at) {
            self.network.frozen[at as usize] = true;
            return Ok(());
        }
        self.thaw(at);
        self.network.vacate(at);
        self.network.frozen[at as usize] = true;
        let place = self.network.graph.place(at);
        self.seat(need, 1);
        self.settle(place);
        Ok(())
    }

    /// Takes off what [`Session::pin`] or [`Session::forbid`] put on an edge.
    ///
    /// **Errors.** [`Error::Missing`].
    pub fn release(&mut self, edge: u32) -> Result<(), Error> {
        let at = self.known_edge(edge)?;
        self.thaw(at);
        self.seat(self.network.graph.need(at), 0);
        Ok(())
    }

    /// A need gives up pinned units, whatever they cost.
    fn let_go(&mut self, need: u32, pinned: &[u32]) {
        for &edge in pinned {
            self.thaw(edge);
            self.network.vacate(edge);
        }
        self.seat(need, 0);
        for &edge in pinned {
            self.settle(self.network.graph.place(edge));
        }
    }

    fn thaw(&mut self, at: u32) {
        let was = std::mem::replace(&mut self.network.frozen[at as usize], false);
        if was && self.network.is_used(at) {
            self.hold(self.network.graph.old().2[at as usize], -1);
        }
    }

    /// Counts a pinned unit at its node and those above.
    fn hold(&mut self, edge: u32, units: i32) {
        let mut next = Some(self.edges[edge as usize].node);
        while let Some(node) = next {
            let held = &mut self.held[node as usize];
            *held = held.saturating_add_signed(units);
            next = self.nodes[node as usize].parent;
        }
    }

    /// Takes the units of a need off edges that prices do not justify, and seats them and `more`
    /// anew.
    fn seat(&mut self, need: u32, more: u32) {
        let used = self.network.used_by(need);
        let kept = keep_justified(&mut self.network, need);
        let mut loose = more + used.len() as u32 - kept;
        let at = need as usize;
        if self.network.potential[at] < self.network.penalty[at] {
            loose += std::mem::take(&mut self.network.unserved[at]);
        }
        let mut unlimited = u64::MAX;
        while loose > 0 {
            if self.network.potential[at] == self.network.penalty[at] {
                self.network.unserved[at] += loose;
                break;
            }
            forward(&mut self.network, &mut self.search, need, &mut unlimited);
            loose -= 1;
        }
        for edge in used {
            self.settle(self.network.graph.place(edge));
        }
    }

    /// Fills places that nobody has, or gives them back.
    fn settle(&mut self, place: u32) {
        while self.network.vacant[place as usize] > 0 {
            self.fill(self.network.node_vertex(place));
        }
    }

    /// Brings a unit to a vertex that lacks one.
    fn fill(&mut self, vertex: u32) {
        let mut unlimited = u64::MAX;
        backward(&mut self.network, &mut self.search, vertex, &mut unlimited);
    }

    /// Whether one more unit through a full node would save something.
    fn is_worth_more(&self, node: u32) -> bool {
        let network = &self.network;
        let above = network.potential[network.above(node) as usize];
        network.is_full(node)
            && network.potential[network.node_vertex(node) as usize] > above + network.next_step(node)
    }

    /// A full node gets one place more: a unit without a need goes up from it, and whatever that
    /// displaces above moves; then the place is filled.
    fn give_place(&mut self, node: u32) {
        self.network.graph_mut().forest.capacity[node as usize] += 1;
        self.network.flow[node as usize] += 1;
        self.network.vacant[node as usize] += 1;
        let above = self.network.above(node);
        if above != self.network.sink() {
            let mut unlimited = u64::MAX;
            forward(&mut self.network, &mut self.search, above, &mut unlimited);
        }
        self.settle(node);
    }

    /// A node has one place less: its unit stays below and moves on from there, and the place it
    /// had above is filled.
    fn take_place(&mut self, node: u32) {
        self.network.flow[node as usize] -= 1;
        self.network.graph_mut().forest.capacity[node as usize] = self.network.flow[node as usize];
        let parent = self.network.graph.forest.parent[node as usize];
        if parent != NONE {
            self.network.vacant[parent as usize] += 1;
        }
        let vertex = self.network.node_vertex(node);
        let mut unlimited = u64::MAX;
        forward(&mut self.network, &mut self.search, vertex, &mut unlimited);
        if parent != NONE {
            self.settle(parent);
        }
    }

    fn known_need(&self, need: u32) -> Result<u32, Error> {
        self.need_at.get(need as usize).copied().ok_or_else(|| unknown("need", need, self.needs.len()))
    }

    fn known_node(&self, node: u32) -> Result<u32, Error> {
        self.node_at.get(node as usize).copied().ok_or_else(|| unknown("node", node, self.nodes.len()))
    }

    fn known_edge(&self, edge: u32) -> Result<u32, Error> {
        self.edge_at.get(edge as usize).copied().ok_or_else(|| unknown("edge", edge, self.edges.len()))
    }
}

fn unknown(what: &'static str, found: u32, len: usize) -> Error {
    Error::Missing { what, found, len: len as u64 }
}
