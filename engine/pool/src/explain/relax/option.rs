//! What might be changed for a need: every single change that the tables offer, and pairs.

use std::collections::{BTreeMap, BTreeSet};

use linli_assign::{Edge, Node};
use linli_query::Stage;

use super::ground::Patch;
use super::kind::{Change, Kind};
use crate::matching::{StoredProblem, Tree};

/// Changes that belong together, for one occurrence of a need.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    /// The occurrence, as a position in the stored problem.
    pub need: u32,
    pub changes: Vec<Change>,
    pub patch: Patch,
    /// Provider and slot of each edge of the patch.
    pub served_by: Vec<(String, String)>,
    /// The least cost of what it lets in.
    pub cost: i64,
}

impl Choice {
    pub(super) fn effort(&self) -> i64 {
        self.changes.iter().map(Change::effort).sum()
    }

    /// Which comes first: less effort, then less cost.
    pub(super) fn order(&self) -> impl Ord + '_ {
        (self.effort(), self.cost, &self.changes)
    }
}

/// Everything a trial may refer to: the capacities of the run and those that changes bring.
pub(super) struct Nodes<'a> {
    problem: &'a StoredProblem,
    stage: &'a Stage,
    /// Capacities that the run did not know, counted on behind its own.
    pub new: Vec<Node>,
    new_at: BTreeMap<String, u32>,
    /// Units in each capacity of the run.
    flow: Vec<u32>,
}

/// Capacities that are raised together because one change raises them all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Room {
    pub nodes: Vec<u32>,
    pub change: Change,
    /// Whether there is no room left in it.
    pub is_full: bool,
    /// What one more unit of it is worth at most: its own price.
    pub price: i64,
}

impl<'a> Nodes<'a> {
    pub(super) fn new(problem: &'a StoredProblem, stage: &'a Stage) -> Self {
        let (nodes, arcs) = problem.parts();
        let mut flow = vec![0; nodes.len()];
        for edge in &problem.solution.chosen {
            for node in above(nodes, arcs[*edge as usize].node) {
                flow[node as usize] += 1;
            }
        }
        Self { problem, stage, new: Vec::new(), new_at: BTreeMap::new(), flow }
    }

    /// The position of a slot's capacity, which is brought in with those above it where the run
    /// does not know it.
    pub(super) fn slot(&mut self, tree: &Tree, slot_id: &str) -> Option<u32> {
        let known = self.problem.parts().0.len();
        let mut waiting = Vec::new();
        let mut next = tree.by_slot.get(slot_id).copied();
        let mut parent = None;
        while let Some(limit) = next.and_then(|it| tree.limits.get(it as usize)) {
            let found = self.problem.node_at(&limit.id).or_else(|| self.new_at.get(&limit.id).copied());
            if found.is_some() {
                parent = found;
                break;
            }
            waiting.push(limit);
            next = limit.parent;
        }
        while let Some(limit) = waiting.pop() {
            let position = u32::try_from(known + self.new.len()).ok()?;
            self.new.push(Node { parent, capacity: limit.capacity });
            self.new_at.insert(limit.id.clone(), position);
            parent = Some(position);
        }
        parent
    }

    fn node(&self, node: u32) -> Node {
        let nodes = self.problem.parts().0;
        let new = |it: usize| self.new[it - nodes.len()];
        nodes.get(node as usize).copied().unwrap_or_else(|| new(node as usize))
    }

    /// The price of a unit in a capacity; what the run did not know has none of its own.
    pub(super) fn price(&self, mut node: u32) -> i64 {
        let prices = &self.problem.solution.prices.node;
        loop {
            match (prices.get(node as usize), self.node(node).parent) {
                (Some(price), _) => return *price,
                (None, Some(parent)) => node = parent,
                (None, None) => return 0,
            }
        }
    }

    /// The capacities of the run from a node upward, each with what would raise it.
    ///
    /// Who tells no hours has a slot of the whole day with the limit of the day: one more task on
    /// that day raises both.
    pub(super) fn rooms(&self, node: u32) -> Vec<Room> {
        let (nodes, _) = self.problem.parts();
        let mut rooms: Vec<Room> = Vec::new();
        for node in above(nodes, node) {
            let (row, stored) = (nodes[node as usize], &self.problem.nodes[node as usize]);
            if self.is_own_limit(stored.level.as_str(), &stored.provider_id, &stored.node_id) {
                return Vec::new();
            }
            let price = self.price(node) - row.parent.map_or(0, |it| self.price(it));
            let is_full = self.flow[node as usize] >= row.capacity;
            let whole_day = format!("{} 00:00–24:00", stored.label);
            if let Some(slot) =
                rooms.last_mut().filter(|it| stored.level == "day" && it.change.label == whole_day)
                && nodes[slot.nodes[0] as usize].capacity == row.capacity
            {
                slot.nodes.push(node);
                (slot.change.kind, slot.change.label) = (Kind::DayCapacity, stored.label.clone());
                (slot.is_full, slot.price) = (slot.is_full || is_full, slot.price + price);
                continue;
            }
            let change = Change {
                kind: Kind::of_level(&stored.level),
                amount: 1,
                provider_id: Some(stored.provider_id.clone()),
                label: stored.label.clone(),
            };
            rooms.push(Room { nodes: vec![node], change, is_full, price });
        }
        rooms
    }

    /// Whether somebody wants no task at all there: nobody would ask them for one more.
    fn is_own_limit(&self, level: &str, provider_id: &str, node_id: &str) -> bool {
        let provider = self.stage.providers.get(provider_id);
        let given = match level {
            "slot" => {
                let own = self.stage.slots.partition_point(|it| it.provider_id.as_str() < provider_id);
                let own = self.stage.slots[own..].iter().take_while(|it| it.provider_id == provider_id);
                own.into_iter().find(|it| it.slot_id == node_id).map(|it| it.capacity)
            }
            "day" => provider.and_then(|it| it.max_per_day),
            _ => provider.and_then(|it| it.max_per_week),
        };
        given.is_some_and(|it| it <= 0)
    }

    /// Whether prices leave it open that a choice makes the plan cheaper: something it lets in
    /// costs less than its need pays, or a capacity it raises is worth something.
    ///
    /// By weak duality nothing else can: the run's prices still bound every plan from below.
    pub(super) fn may_help(&self, choice: &Choice) -> bool {
        let needs = &self.problem.solution.prices.need;
        let enters = |it: &Edge| it.cost + self.price(it.node) < needs[it.need as usize];
        let is_worth = |it: &u32| {
            let parent = self.node(*it).parent;
            self.price(*it) > parent.map_or(0, |it| self.price(it))
        };
        choice.patch.edges.iter().any(enters) || choice.patch.raised.iter().any(is_worth)
    }
}

/// One more task from somebody who could help already.
pub(super) fn room(nodes: &Nodes, need: u32) -> Vec<Choice> {
    let mut choices: BTreeMap<Vec<u32>, Choice> = BTreeMap::new();
    for (edge, rooms) in open_edges(nodes, need) {
        for it in rooms.into_iter().filter(|it| it.is_full) {
            add(&mut choices, need, edge.cost, &[it]);
        }
    }
    choices.into_values().collect()
}

/// Two more tasks of one provider, where both a slot and its day, or a day and its week, are full.
pub(super) fn two_rooms(nodes: &Nodes, need: u32) -> Vec<Choice> {
    let mut choices: BTreeMap<Vec<u32>, Choice> = BTreeMap::new();
    for (edge, rooms) in open_edges(nodes, need) {
        let full: Vec<Room> = rooms.into_iter().filter(|it| it.is_full).collect();
        if full.len() == 2 {
            add(&mut choices, need, edge.cost, &full);
        }
    }
    choices.into_values().collect()
}

/// A change that lets somebody in, and one more task where they have no room.
pub(super) fn with_room(nodes: &Nodes, choice: &Choice) -> Vec<Choice> {
    let mut found = BTreeMap::new();
    for edge in &choice.patch.edges {
        let rooms = nodes.rooms_of_any(edge.node);
        let full: Vec<&Room> = rooms.iter().filter(|it| it.is_full).collect();
        let [only] = full.as_slice() else { continue };
        let mut pair = choice.clone();
        pair.patch.raised.extend(&only.nodes);
        pair.changes.push(only.change.clone());
        found.entry(only.nodes.clone()).or_insert(pair);
    }
    found.into_values().collect()
}

impl Nodes<'_> {
    /// The same from a capacity that a change brought.
    fn rooms_of_any(&self, mut node: u32) -> Vec<Room> {
        let known = self.problem.parts().0.len();
        while node as usize >= known {
            match self.node(node).parent {
                Some(parent) => node = parent,
                None => return Vec::new(),
            }
        }
        self.rooms(node)
    }
}

/// The candidates of a need whose providers do not serve it already, with what would raise the
/// capacities above them.
fn open_edges(nodes: &Nodes, need: u32) -> Vec<(Edge, Vec<Room>)> {
    let (problem, arcs) = (nodes.problem, nodes.problem.parts().1);
    let own = || problem.edges.iter().zip(arcs).filter(|(it, _)| it.need == need);
    let serving: BTreeSet<&str> =
        own().filter(|(it, _)| it.chosen).map(|(it, _)| it.provider_id.as_str()).collect();
    own()
        .filter(|(it, _)| !serving.contains(it.provider_id.as_str()))
        .map(|(_, arc)| (*arc, nodes.rooms(arc.node)))
        .collect()
}

fn add(choices: &mut BTreeMap<Vec<u32>, Choice>, need: u32, cost: i64, rooms: &[Room]) {
    let raised: Vec<u32> = rooms.iter().flat_map(|it| it.nodes.clone()).collect();
    let choice = choices.entry(raised.clone()).or_insert_with(|| Choice {
        need,
        changes: rooms.iter().map(|it| it.change.clone()).collect(),
        patch: Patch { edges: Vec::new(), raised },
        served_by: Vec::new(),
        cost,
    });
    choice.cost = choice.cost.min(cost);
}

/// The nodes from one upward; a chain has no more of them than there are.
fn above(nodes: &[Node], from: u32) -> Vec<u32> {
    let mut chain = Vec::new();
    let mut next = Some(from).filter(|it| (*it as usize) < nodes.len());
    while let Some(node) = next {
        chain.push(node);
        next = nodes[node as usize].parent.filter(|_| chain.len() <= nodes.len());
    }
    chain
}
