//! Why not? What it would cost to force an edge into the plan, and where the cost comes from.
//!
//! Forcing an edge sends one unit around a cycle of the residual network: along the edge to
//! its node, then by whatever moves back to the need, which gives up what it has.
//!
//! ```text
//! need ──edge──▶ node (full) ──▶ displaced need ──▶ its next best node ──▶ … ──▶ need
//! ```
//!
//! No arc of that way is shorter than zero, so the shortest one is one search. What lies
//! between the sink and the need is the same for every question and is found once.

use crate::certify::certify;
use crate::cost::cost_of;
use crate::error::Error;
use crate::forest::NONE;
use crate::graph::Purpose;
use crate::network::{Network, Vertex};
use crate::order::inverse;
use crate::problem::Problem;
use crate::replay::replay;
use crate::search::{FAR, Goal, Search};
use crate::solution::Solution;

/// What forcing one edge costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regret {
    /// (optimum with the edge forced) − optimum; zero for a chosen edge. Also by how much its
    /// cost must fall before the edge is in some optimal plan.
    pub regret: i64,
    /// The edge's own part: its cost less what its need gives up for it. That is the penalty,
    /// if a unit of the need is unserved; otherwise the cost of an edge it has, plus the
    /// price of that place if a need on the path takes it over. Costs of units through nodes on
    /// the way are in it as well.
    pub own: i64,
    /// What the change crosses, in order; each price is zero or more.
    /// `regret = own + Σ price`, exactly.
    pub path: Vec<Step>,
}

/// One thing that stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A need whose units move: displaced to its next best edge, or left unserved. The price
    /// is what this costs beyond the prices of the nodes involved.
    Need { need: u32, price: i64 },
    /// A full capacity. The price is its own: `v − v(parent)`.
    Node { node: u32, price: i64 },
}

impl Step {
    /// This step's part of the regret.
    pub fn price(&self) -> i64 {
        match *self {
            Self::Need { price, .. } | Self::Node { price, .. } => price,
        }
    }
}

/// A solved problem, ready for questions.
pub struct Residual {
    network: Network,
    /// Positions in the graph by those in the problem.
    new_edge: Vec<u32>,
    from_sink: Search,
    search: Search,
}

/// One arc of the way back.
#[derive(Clone, Copy)]
struct Arc {
    from: u32,
    to: u32,
    price: i64,
}

impl Residual {
    /// Prepares for questions about a solution.
    ///
    /// **Errors.** [`Error::Unproven`] unless the solution is proven optimal: regrets compare
    /// with the optimum.
    /// **Cost.** One search over the whole network, O(E log V).
    pub fn new(problem: &Problem, solution: &Solution) -> Result<Self, Error> {
        let proof = certify(problem, solution);
        if !proof.is_proof() {
            return Err(Error::Unproven { gap: proof.gap, n_violations: proof.violations.len() });
        }
        let network = replay(problem, solution, Purpose::Ask);
        let mut from_sink = Search::new(network.n_vertices());
        let everything = Goal { target: NONE, beyond: FAR, takes_vacant: false };
        let mut unlimited = u64::MAX;
        from_sink.run(&network, network.sink(), everything, &mut unlimited);
        let search = Search::new(network.n_vertices());
        let new_edge = inverse(network.graph.old().2);
        Ok(Self { network, new_edge, from_sink, search })
    }

    /// What it would cost to force an edge into the plan.
    ///
    /// `None` if no plan can contain it (its need asks for nothing, or a capacity above it is
    /// zero) or if there is no such edge.
    ///
    /// **Cost.** One search that ends at the nearest way out, mostly a few vertices.
    pub fn regret(&mut self, edge: u32) -> Option<Regret> {
        let edge = *self.new_edge.get(edge as usize)?;
        let cost = cost_of(self.network.cost(edge));
        if self.network.is_used(edge) {
            return Some(Regret { regret: 0, own: 0, path: Vec::new() });
        }
        let (tail, head) = (self.network.graph.tail(edge), self.network.head(edge));
        let way = self.way_back(head, tail)?;
        let reduced = cost + self.price(head) - self.price(tail);
        let regret = reduced + way.iter().map(|it| it.price).sum::<i64>();
        let path = self.obstacles(head, &way);
        let own = regret - path.iter().map(Step::price).sum::<i64>();
        let (needs, nodes, _) = self.network.graph.old();
        let named = |it: Step| match it {
            Step::Need { need, price } => Step::Need { need: needs[need as usize], price },
            Step::Node { node, price } => Step::Node { node: nodes[node as usize], price },
        };
        Some(Regret { regret, own, path: path.into_iter().map(named).collect() })
    }

    /// The shortest way from a node back to a need or pair, around the sink or through it.
    fn way_back(&mut self, head: u32, tail: u32) -> Option<Vec<Arc>> {
        let rest = self.from_sink.distance[tail as usize];
        // One more than the way through the sink: a way around it is preferred when equal,
        // because two halves of equal length might cross.
        let goal = Goal { target: tail, beyond: rest.saturating_add(1), takes_vacant: false };
        let mut unlimited = u64::MAX;
        self.search.run(&self.network, head, goal, &mut unlimited);
        let sink = self.network.sink();
        let around = self.search.distance[tail as usize];
        let through = self.search.distance[sink as usize].saturating_add(rest);
        let arcs = match around.min(through) {
            FAR => return None,
            shortest if shortest == around => self.search.way(tail),
            _ => [self.search.way(sink), self.from_sink.way(tail)].concat(),
        };
        let price = |&(from, to, edge): &_| self.arc_cost(from, to, edge) + self.price(to) - self.price(from);
        Some(arcs.iter().map(|it| Arc { from: it.0, to: it.1, price: price(it) }).collect())
    }

    fn arc_cost(&self, from: u32, to: u32, edge: u32) -> i64 {
        let penalty = |need: u32| self.network.graph.needs[need as usize].penalty;
        match (self.network.vertex(from), self.network.vertex(to)) {
            (Vertex::Need(need), Vertex::Sink) => penalty(need),
            (Vertex::Sink, Vertex::Need(need)) => -penalty(need),
            (Vertex::Node(node), _) if edge == NONE && self.network.above(node) == to => {
                cost_of(self.network.next_step(node))
            }
            (_, Vertex::Node(node)) if edge == NONE => -cost_of(self.network.last_step(node)),
            _ if edge == NONE => 0,
            (Vertex::Node(_), _) => -cost_of(self.network.cost(edge)),
            _ => cost_of(self.network.cost(edge)),
        }
    }

    /// What stands in the way, first to last; the rest of the regret is the edge's own part.
    ///
    /// The way ends `top → … → place → need`: the need gives up its place, and everything
    /// between the place and `top` is freed with it. These arcs and the price of the need cancel.
    fn obstacles(&self, head: u32, way: &[Arc]) -> Vec<Step> {
        let is_place = |vertex| matches!(self.network.vertex(vertex), Vertex::Node(_) | Vertex::Sink);
        let mut top = way.iter().rposition(|it| is_place(it.from)).unwrap_or(0);
        while top > 0 && self.is_down(way[top - 1]) {
            top -= 1;
        }
        // From the head straight up and down again: the need only changes place under a
        // capacity that it already uses, so that capacity is no obstacle.
        let climbs = |it: &Arc| matches!(self.network.vertex(it.to), Vertex::Node(_));
        if way[..top].iter().all(climbs) {
            return Vec::new();
        }
        let mut path = self.full_above(head);
        self.follow(&way[..top], &mut path);
        path
    }

    /// The full capacities from a node upward: the first, and all that have a price.
    fn full_above(&self, head: u32) -> Vec<Step> {
        let parent = |node: u32| self.network.graph.forest.parent[node as usize];
        let mut steps = Vec::new();
        let Vertex::Node(mut node) = self.network.vertex(head) else {
            return steps;
        };
        while node != NONE {
            let price = self.own_price(node);
            if price > 0 || (steps.is_empty() && self.network.is_full(node)) {
                steps.push(Step::Node { node, price });
            }
            node = parent(node);
        }
        steps
    }

    /// Adds a step per need on the way, and per node that is left with a price.
    fn follow(&self, way: &[Arc], path: &mut Vec<Step>) {
        let mut inside = false;
        for arc in way {
            let entered = match self.network.vertex(arc.to) {
                Vertex::Need(need) => Some(need),
                Vertex::Pair(pair) => Some(self.network.graph.pairs[pair as usize].need),
                Vertex::Node(node) if !inside && arc.price > 0 => {
                    path.push(Step::Node { node, price: arc.price });
                    continue;
                }
                Vertex::Node(_) | Vertex::Sink => None,
            };
            match (path.last_mut(), entered) {
                (Some(Step::Need { price, .. }), _) if inside => *price += arc.price,
                (_, Some(need)) => path.push(Step::Need { need, price: arc.price }),
                _ => {}
            }
            inside = entered.is_some();
        }
    }

    fn price(&self, vertex: u32) -> i64 {
        cost_of(self.network.potential[vertex as usize])
    }

    fn own_price(&self, node: u32) -> i64 {
        let price = |node: u32| self.price(self.network.node_vertex(node));
        match self.network.graph.forest.parent[node as usize] {
            NONE => price(node),
            parent => price(node) - price(parent),
        }
    }

    /// Whether an arc goes from a parent, or the sink, to a child.
    fn is_down(&self, arc: Arc) -> bool {
        let Vertex::Node(child) = self.network.vertex(arc.to) else {
            return false;
        };
        match self.network.vertex(arc.from) {
            Vertex::Sink => true,
            Vertex::Node(node) => self.network.graph.forest.parent[child as usize] == node,
            Vertex::Need(_) | Vertex::Pair(_) => false,
        }
    }
}
