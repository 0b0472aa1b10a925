//! Proves a coupled plan optimal, or bounds its loss, from its tree of prices alone.
//!
//! ```text
//! objective = Σ_chosen cost + Σ_needs penalty·unmet + Σ_unserved teams penalty
//! bound     = Σ_parts  min over the leaves of the part's tree
//! ```
//!
//! The plan is counted in `rules.rs`, the trees in `tree.rs`, their leaves in `leaf.rs`. None of these
//! shares code with the solver: a mistake there cannot hide here.

use super::model::Coupled;
use super::proof::{CoupledSolution, Part};
use super::rules::{CoupledViolation, check_plan};
use super::tree::Checker;

/// What a tree proves about a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoupledCertificate {
    /// What the plan costs, counted again.
    pub objective: i128,
    /// What every plan costs at least, if there are no violations.
    pub bound: i128,
    /// `objective − bound`: how far the plan can be from the optimum.
    pub gap: i128,
    /// Whether plan and tree keep all rules.
    pub feasible: bool,
    pub violations: Vec<CoupledViolation>,
}

impl CoupledCertificate {
    /// Whether the plan is proven optimal.
    pub fn is_proof(&self) -> bool {
        self.feasible && self.gap == 0
    }
}

/// Checks a plan and its tree against the problem.
///
/// **Errors.** None: whatever is wrong is listed, and the bound is one only if nothing is.
/// **Cost.** O(needs + nodes + edges + uses) per leaf of a part.
pub fn certify_coupled(coupled: &Coupled, solution: &CoupledSolution) -> CoupledCertificate {
    let mut violations = Vec::new();
    let objective = check_plan(coupled, solution, &mut violations);
    let mut bound = 0;
    let parts = &solution.proof.parts;
    if let Some(place) = places(coupled, parts, &mut violations) {
        let mut edges = vec![Vec::new(); parts.len()];
        for (at, edge) in (0..).zip(coupled.problem().edges()) {
            edges[place.need[edge.need as usize].0].push(at);
        }
        for (at, (part, edges)) in parts.iter().zip(&edges).enumerate() {
            match Checker::new(coupled, part, &place, edges, at).bound() {
                Ok(least) => bound += least,
                Err(branch) => violations.push(CoupledViolation::Branch { part: at, branch }),
            }
        }
        if bound != solution.bound {
            violations.push(CoupledViolation::Bound);
        }
    }
    let feasible = violations.is_empty();
    CoupledCertificate { objective, bound, gap: objective - bound, feasible, violations }
}

/// Part and position in it, of every need and node.
pub(super) struct Places {
    pub(super) need: Vec<(usize, usize)>,
    pub(super) node: Vec<(usize, usize)>,
}

/// Finds where everything is, and that parts have nothing to do with each other.
fn places(coupled: &Coupled, parts: &[Part], broken: &mut Vec<CoupledViolation>) -> Option<Places> {
    let problem = coupled.problem();
    let before = broken.len();
    let need = spread(problem.needs().len(), parts.iter().map(|it| it.needs.as_slice()));
    let node = spread(problem.nodes().len(), parts.iter().map(|it| it.nodes.as_slice()));
    let (need, node) = match (need, node) {
        (Ok(need), Ok(node)) => (need, node),
        (Err(need), _) => {
            broken.push(CoupledViolation::NeedOfParts { need });
            return None;
        }
        (_, Err(node)) => {
            broken.push(CoupledViolation::NodeOfParts { node });
            return None;
        }
    };
    let part = |it: u32| need[it as usize].0;
    for (at, row) in (0..).zip(problem.nodes()) {
        let is_apart = row.parent.is_some_and(|it| node[it as usize].0 != node[at as usize].0);
        broken.extend(is_apart.then_some(CoupledViolation::ParentApart { node: at }));
    }
    for (at, edge) in (0..).zip(problem.edges()) {
        let is_across = part(edge.need) != node[edge.node as usize].0;
        broken.extend(is_across.then_some(CoupledViolation::EdgeAcross { edge: at }));
    }
    for group in coupled.groups() {
        let is_across = group.needs.iter().any(|&it| part(it) != part(group.needs[0]));
        broken.extend(is_across.then_some(CoupledViolation::TeamAcross { team: group.teams[0] }));
    }
    for (at, budget) in (0..).zip(coupled.budgets()) {
        let of_use = |it: &(u32, u32)| part(problem.edges()[it.0 as usize].need);
        let is_across = budget.uses.iter().any(|it| of_use(it) != of_use(&budget.uses[0]));
        broken.extend(is_across.then_some(CoupledViolation::BudgetAcross { budget: at }));
    }
    (broken.len() == before).then_some(Places { need, node })
}

/// The list and place of every position below `n`; an error names one that is missing, double or
/// out of order.
fn spread<'a>(n: usize, lists: impl Iterator<Item = &'a [u32]>) -> Result<Vec<(usize, usize)>, u32> {
    let nowhere = (usize::MAX, 0);
    let mut place = vec![nowhere; n];
    for (list_at, list) in lists.enumerate() {
        for (at, &it) in list.iter().enumerate() {
            let slot = place.get_mut(it as usize).filter(|slot| **slot == nowhere).ok_or(it)?;
            if at > 0 && list[at - 1] >= it {
                return Err(it);
            }
            *slot = (list_at, at);
        }
    }
    place.iter().position(|it| *it == nowhere).map_or(Ok(place), |it| Err(it as u32))
}
