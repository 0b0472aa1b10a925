//! A solved problem that changes: each event is mended where it happened, exactly.
//!
//! ```text
//! a need comes        its units take the cheapest way from it to the sink
//! a need goes         its places are filled by whoever saves most, or given back
//! costs or demand     what prices no longer justify gives up its place and is seated anew
//! room grows          the new place is filled by whoever saves most
//! room shrinks        a unit too many takes the cheapest way from there
//! ```
//!
//! Reduced costs are never negative before an event nor after it, so that every plan on the way is
//! the cheapest for what is known by then. Pairs move only where that saves something; pinned
//! ones never do.
//!
//! **Source.** Successive shortest paths from both ends, as in [`crate::repair`].

mod event;
mod read;

use crate::error::Error;
use crate::forest::NONE;
use crate::graph::Purpose;
use crate::network::Network;
use crate::order::inverse;
use crate::problem::{Edge, Need, Node, Problem, StepCost};
use crate::replay::replay;
use crate::search::Search;
use crate::solution::{Prices, Solution};
use crate::solve::{Limits, solve};

/// A problem with its cheapest plan, open to changes.
///
/// Needs, nodes and edges keep their positions for ever, and new ones get the next. A need that is
/// cancelled is one without demand; a provider who leaves is a node without capacity.
///
/// ```
/// use linli_assign::{Edge, Limits, Need, Node, Problem, Session};
///
/// let nodes = vec![Node { parent: None, capacity: 1 }];
/// let problem = Problem::new(Vec::new(), nodes, Vec::new())?;
/// let mut session = Session::new(&problem, &Limits::default())?;
/// let first = session.add_need(Need { demand: 1, penalty: 50 })?;
/// let far = session.add_edge(Edge { need: first, node: 0, cost: 30, pair: None })?;
/// assert!(session.is_chosen(far));
/// let second = session.add_need(Need { demand: 1, penalty: 50 })?;
/// let near = session.add_edge(Edge { need: second, node: 0, cost: 5, pair: None })?;
/// assert!(session.is_chosen(near) && !session.is_chosen(far));
/// session.set_demand(second, 0)?;
/// assert!(session.is_chosen(far));
/// # Ok::<(), linli_assign::Error>(())
/// ```
pub struct Session {
    needs: Vec<Need>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    steps: Vec<StepCost>,
    /// Units of pinned edges through each node.
    held: Vec<u32>,
    network: Network,
    search: Search,
    /// Positions in the graph.
    need_at: Vec<u32>,
    node_at: Vec<u32>,
    edge_at: Vec<u32>,
    /// Spare positions of the graph that are taken.
    taken: Taken,
}

/// The first position that is still spare, by kind.
struct Taken {
    need: u32,
    node: u32,
    pair: u32,
}

/// Needs, nodes and labels that can come before everything is numbered anew, at least.
const SPARE_MIN: usize = 64;

impl Session {
    /// Solves a problem and keeps it open.
    ///
    /// **Errors.** As [`solve`]; a step limit has no meaning here and is left aside.
    /// **Cost.** That of solving, and of reading the answer once.
    pub fn new(problem: &Problem, limits: &Limits) -> Result<Self, Error> {
        let solution = solve(problem, &Limits { steps_max: None, ..*limits })?;
        Ok(Self::of(problem, &solution))
    }

    fn of(problem: &Problem, solution: &Solution) -> Self {
        let spare = SPARE_MIN.max(problem.needs().len().max(problem.nodes().len()) / 8);
        let mut network = replay(problem, solution, Purpose::Change { spare });
        network.frozen = vec![false; problem.edges().len()];
        let (needs, nodes, edges) = network.graph.old();
        let named = |old: &[u32], len: usize| inverse(&old[..len]);
        let (n_needs, n_nodes) = (problem.needs().len(), problem.nodes().len());
        let n_pairs = network.graph.pairs.len() - spare;
        Self {
            needs: problem.needs().to_vec(),
            nodes: problem.nodes().to_vec(),
            edges: problem.edges().to_vec(),
            steps: problem.steps().to_vec(),
            held: vec![0; n_nodes],
            need_at: named(needs, n_needs),
            node_at: named(nodes, n_nodes),
            edge_at: inverse(edges),
            taken: Taken { need: n_needs as u32, node: n_nodes as u32, pair: n_pairs as u32 },
            search: Search::new(network.n_vertices()),
            network,
        }
    }

    /// Numbers everything anew where nothing is spare; plan and prices stay.
    ///
    /// **Cost.** O(edges log), once in as many events as an eighth of the needs.
    fn make_room(&mut self) -> Result<(), Error> {
        let graph = &self.network.graph;
        let is_spare = (self.taken.need as usize) < graph.needs.len()
            && (self.taken.node as usize) < graph.nodes.len()
            && (self.taken.pair as usize) < graph.pairs.len();
        if is_spare {
            return Ok(());
        }
        let problem = Problem::new(self.needs.clone(), self.nodes.clone(), self.edges.clone())?;
        let problem = problem.with_steps(self.steps.clone())?;
        let solution = Solution {
            chosen: (0..self.edges.len() as u32).filter(|&it| self.is_chosen(it)).collect(),
            unmet: self.need_at.iter().map(|&it| self.network.unserved[it as usize]).collect(),
            prices: self.prices(),
            ..Solution::nothing(&problem)
        };
        let pinned: Vec<u32> = (0..self.edges.len() as u32).filter(|&it| self.is_frozen(it)).collect();
        let held = std::mem::take(&mut self.held);
        *self = Self::of(&problem, &solution);
        self.held = held;
        for edge in pinned {
            self.network.frozen[self.edge_at[edge as usize] as usize] = true;
        }
        Ok(())
    }

    fn is_frozen(&self, edge: u32) -> bool {
        self.network.is_frozen(self.edge_at[edge as usize])
    }

    /// Prices as they stand: valid, though not the highest.
    fn prices(&self) -> Prices {
        let cost = |vertex: u32| crate::cost::cost_of(self.network.potential[vertex as usize]);
        let node = |&it: &u32| cost(self.network.node_vertex(it));
        let mut pairs = Vec::new();
        for (at, pair) in (0_u32..).zip(&self.network.graph.pairs).filter(|it| it.1.need != NONE) {
            let price = cost(pair.need) - cost(self.network.pair_vertex(at));
            let need = self.network.graph.old().0[pair.need as usize];
            if price > 0 {
                pairs.push(crate::solution::PairPrice { need, pair: pair.label, price });
            }
        }
        pairs.sort_unstable_by_key(|it| (it.need, it.pair));
        Prices {
            need: self.need_at.iter().map(|&it| cost(it)).collect(),
            node: self.node_at.iter().map(node).collect(),
            pair: pairs,
        }
    }
}
