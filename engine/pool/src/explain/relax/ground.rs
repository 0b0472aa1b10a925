//! The part of a run's problem that a need can touch, to be changed and solved again.
//!
//! Needs and capacities that no candidate joins to the need, however far along, keep their part
//! of the optimum whatever is changed here; so a trial solves the need's component alone.

use linli_assign::{COST_MAX, Edge, Limits, Need, Node, PENALTY_MAX, Problem, solve};
use linli_model::MILLION;

use crate::Result;
use crate::matching::StoredProblem;

/// What a change does to the problem, in positions of the stored problem; new nodes count on
/// behind its own.
#[derive(Debug, Clone, Default)]
pub(super) struct Patch {
    pub edges: Vec<Edge>,
    /// Capacities that take one more.
    pub raised: Vec<u32>,
}

/// What came of a trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    /// What the objective changes by.
    pub price: i64,
    /// Units of each need more (or less) than before, by position in the stored problem; needs
    /// without a change are left out.
    pub moved: Vec<(u32, i64)>,
    /// The edges of the patch that are used, by position in it.
    pub used: Vec<usize>,
    /// The stored edges of the asked need that are used now and were not.
    pub fresh: Vec<u32>,
}

/// The component of some needs, with its own numbering.
pub(super) struct Ground {
    needs: Vec<Need>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// Positions in the stored problem.
    need_of: Vec<u32>,
    edge_of: Vec<u32>,
    /// Positions here.
    need_at: Vec<Option<u32>>,
    node_at: Vec<Option<u32>>,
    /// Units served, and whether an edge was chosen.
    served: Vec<u32>,
    chosen: Vec<bool>,
    objective: i128,
}

impl Ground {
    /// Cuts out what these needs and patches touch.
    ///
    /// **Cost.** O(the stored problem).
    pub(super) fn new(problem: &StoredProblem, more: &[Node], needs: &[u32], patches: &[Patch]) -> Self {
        let (nodes, arcs) = problem.parts();
        let all: Vec<Node> = nodes.iter().copied().chain(more.iter().copied()).collect();
        let roots: Vec<u32> = (0..all.len()).map(|it| root(&all, it)).collect();
        let (in_need, in_root) = reached(problem.needs.len(), &roots, arcs, needs, patches);
        let mut ground = Self {
            needs: Vec::new(),
            nodes: Vec::new(),
            edges: Vec::new(),
            need_of: Vec::new(),
            edge_of: Vec::new(),
            need_at: vec![None; problem.needs.len()],
            node_at: vec![None; all.len()],
            served: Vec::new(),
            chosen: Vec::new(),
            objective: 0,
        };
        for (position, need) in problem.needs.iter().enumerate().filter(|(it, _)| in_need[*it]) {
            let unmet = problem.solution.unmet[position];
            ground.need_at[position] = Some(number(ground.needs.len()));
            ground.need_of.push(number(position));
            ground.needs.push(Need { demand: need.demand, penalty: need.penalty });
            ground.served.push(need.demand - unmet);
            ground.objective += i128::from(need.penalty) * i128::from(unmet);
        }
        let within = (0..all.len()).filter(|it| in_root[roots[*it] as usize]);
        for (count, position) in within.enumerate() {
            ground.node_at[position] = Some(number(count));
        }
        for node in all.iter().enumerate().filter(|(it, _)| ground.node_at[*it].is_some()).map(|it| it.1) {
            let parent = node.parent.and_then(|it| ground.node_at[it as usize]);
            ground.nodes.push(Node { parent, capacity: node.capacity });
        }
        for (position, arc) in arcs.iter().enumerate() {
            let Some(edge) = ground.edge(arc) else { continue };
            let chosen = problem.edges[position].chosen;
            ground.edges.push(edge);
            ground.edge_of.push(number(position));
            ground.chosen.push(chosen);
            ground.objective += if chosen { i128::from(arc.cost) } else { 0 };
        }
        ground
    }

    /// An edge in the numbering here; nothing where it lies elsewhere.
    fn edge(&self, arc: &Edge) -> Option<Edge> {
        let need = (*self.need_at.get(arc.need as usize)?)?;
        let node = (*self.node_at.get(arc.node as usize)?)?;
        Some(Edge { need, node, ..*arc })
    }

    /// A copy with a patch applied; costs and penalties are `scale` times what they are, and an
    /// edge that the run chose costs one less.
    fn patched(&self, patch: &Patch, scale: i64) -> (Vec<Need>, Vec<Node>, Vec<Edge>) {
        let (mut nodes, mut edges) = (self.nodes.clone(), self.edges.clone());
        for node in patch.raised.iter().filter_map(|it| self.node_at[*it as usize]) {
            nodes[node as usize].capacity += 1;
        }
        edges.extend(patch.edges.iter().filter_map(|it| self.edge(it)));
        let kept = self.chosen.iter().copied().chain(std::iter::repeat(false));
        for (edge, kept) in edges.iter_mut().zip(kept) {
            edge.cost = edge.cost * scale - i64::from(kept && scale > 1);
        }
        let needs = self.needs.iter().map(|it| Need { penalty: it.penalty.saturating_mul(scale), ..*it });
        (needs.collect(), nodes, edges)
    }

    /// By how much costs and penalties can be stretched so that, among plans that cost the same,
    /// the one with most of the run's choices is the cheapest; 1 where numbers are too large.
    fn scale(&self) -> i64 {
        let scale = self.chosen.iter().filter(|it| **it).count() as i64 + 1;
        let dearest = self.needs.iter().map(|it| it.penalty).max().unwrap_or(0);
        let fits =
            dearest.checked_mul(scale).is_some_and(|it| it <= PENALTY_MAX) && MILLION * scale <= COST_MAX;
        if fits { scale } else { 1 }
    }

    /// Applies a patch to a copy, solves it again and says what is different for `asked`, a
    /// position in the stored problem, and for everybody else. Of plans that cost the same, one
    /// that moves as little as possible is taken.
    pub(super) fn trial(&self, asked: u32, patch: &Patch) -> Result<Outcome> {
        let (needs, nodes, edges) = self.patched(patch, self.scale());
        let solution = solve(&Problem::new(needs, nodes, edges)?, &Limits::default())?;
        let (mut moved, mut objective) = (Vec::new(), 0);
        for (position, need) in self.needs.iter().enumerate() {
            let unmet = solution.unmet[position];
            objective += i128::from(need.penalty) * i128::from(unmet);
            let by = i64::from(need.demand) - i64::from(unmet) - i64::from(self.served[position]);
            if by != 0 {
                moved.push((self.need_of[position], by));
            }
        }
        let added: Vec<i64> =
            patch.edges.iter().filter(|it| self.edge(it).is_some()).map(|it| it.cost).collect();
        let (mut used, mut fresh) = (Vec::new(), Vec::new());
        for edge in solution.chosen.iter().map(|it| *it as usize) {
            let Some(own) = self.edges.get(edge) else {
                let position = edge - self.edges.len();
                objective += i128::from(added[position]);
                used.push(position);
                continue;
            };
            objective += i128::from(own.cost);
            if !self.chosen[edge] && self.need_of[own.need as usize] == asked {
                fresh.push(self.edge_of[edge]);
            }
        }
        let price = i64::try_from(objective - self.objective).unwrap_or(i64::MIN);
        Ok(Outcome { price, moved, used, fresh })
    }

    /// Whether every plan that is optimal after a patch serves `asked` more than before: without
    /// its further units the best plan costs more.
    pub(super) fn is_certain(&self, asked: u32, patch: &Patch, outcome: &Outcome) -> Result<bool> {
        let Some(position) = self.need_at[asked as usize].map(|it| it as usize) else { return Ok(false) };
        let (mut needs, nodes, edges) = self.patched(patch, 1);
        let open = needs[position].demand - self.served[position];
        needs[position].demand = self.served[position];
        let solution = solve(&Problem::new(needs, nodes, edges)?, &Limits::default())?;
        let without = solution.objective + i128::from(open) * i128::from(self.needs[position].penalty);
        Ok(without > self.objective + i128::from(outcome.price))
    }
}

/// The widest capacity above a node. A stored forest was checked when it was solved; a chain
/// longer than all nodes would be a circle, which the solver refuses.
fn root(nodes: &[Node], from: usize) -> u32 {
    let mut at = from;
    for _ in 0..nodes.len() {
        match nodes.get(at).and_then(|it| it.parent) {
            Some(parent) => at = parent as usize,
            None => break,
        }
    }
    number(at)
}

/// Which needs, and which roots, edges join to these needs and patches.
fn reached(
    n_needs: usize,
    roots: &[u32],
    arcs: &[Edge],
    needs: &[u32],
    patches: &[Patch],
) -> (Vec<bool>, Vec<bool>) {
    let (mut by_need, mut by_root) = (vec![Vec::new(); n_needs], vec![Vec::new(); roots.len()]);
    for arc in arcs {
        let Some(root) = roots.get(arc.node as usize) else { continue };
        if let Some(own) = by_need.get_mut(arc.need as usize) {
            own.push(*root);
            by_root[*root as usize].push(arc.need);
        }
    }
    let (mut in_need, mut in_root) = (vec![false; n_needs], vec![false; roots.len()]);
    let mut waiting: Vec<u32> = needs.to_vec();
    let touched = patches.iter().flat_map(|it| it.edges.iter().map(|it| it.node).chain(it.raised.clone()));
    for root in touched.filter_map(|it| roots.get(it as usize)) {
        in_root[*root as usize] = true;
        waiting.extend(&by_root[*root as usize]);
    }
    while let Some(need) = waiting.pop() {
        if std::mem::replace(&mut in_need[need as usize], true) {
            continue;
        }
        for root in &by_need[need as usize] {
            if !std::mem::replace(&mut in_root[*root as usize], true) {
                waiting.extend(&by_root[*root as usize]);
            }
        }
    }
    (in_need, in_root)
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
