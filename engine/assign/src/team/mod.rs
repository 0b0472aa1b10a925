//! Beyond the flow: teams that come whole or not at all, deputies that are not the same person,
//! budgets over edges.
//!
//! ```text
//! problem ─▶ pieces ─▶ relaxation ─▶ ascent ─▶ branch ─▶ plan and tree ─▶ proof
//! ```
//!
//! What teams and budgets leave alone is a flow and solved as one. For the rest, `relax.rs` turns
//! rules into prices, which leaves a flow again; `ascend.rs` finds the prices; where prices alone
//! are not enough, `branch.rs` decides and asks again. `certify.rs` checks all of it afterwards.

mod ascend;
mod branch;
mod certify;
mod choice;
mod leaf;
mod model;
mod part;
mod plan;
mod price;
mod proof;
mod read;
mod relax;
mod rules;
mod setup;
mod simplex;
mod tree;

pub use certify::{CoupledCertificate, certify_coupled};
pub use model::{Budget, Coupled, Group, Team, deputies};
pub use proof::{Branch, Choice, CoupledSolution, Decision, Dual, Part, Proof};
pub use read::{TeamFile, read_team, read_team_shared};
pub use rules::CoupledViolation;

use crate::error::Error;
use crate::solution::Status;
use crate::solve::{Limits, solve};

use part::{Piece, pieces};

/// Finds a cheapest plan that keeps teams whole and budgets kept, and the tree that proves it.
///
/// **Shape.** See [`CoupledSolution`]; ids are positions in the problem's lists.
/// **Units.** Costs, penalties and bounds share one unit, integers throughout; prices are parts of
/// it, by the scale of their part.
/// **Limits.** A step is a flow or an exchange of two arcs in one. What no team or budget touches
/// is solved first, by [`solve`] with the same limit. Whatever the limit, the plan keeps all rules
/// and the bound holds; it is below the objective if the steps ran out too early.
/// **Errors.** [`Error::Unproven`] if the answer does not pass [`certify_coupled`], which no input
/// should bring about.
/// Where numbers reach the ends of their ranges, prices may lack the room to prove what is left;
/// then the status is [`Status::Limit`] as well. Threads are not used.
/// **Cost.** Exponential at worst. 60 teams among 280 needs take 30 ms, 300 teams among 1,300 needs
/// in one part 2 s (one core, November 2026).
/// **Determinism.** The answer depends on the problem and the limits only, and not on the order
/// of teams and budgets.
pub fn solve_coupled(coupled: &Coupled, limits: &Limits) -> Result<CoupledSolution, Error> {
    let mut steps_left = limits.steps_max.unwrap_or(u64::MAX);
    let (mut chosen, mut proof) = (Vec::new(), Proof::default());
    for piece in pieces(coupled)? {
        let is_flow = piece.coupled.groups().is_empty() && piece.coupled.budgets().is_empty();
        let (own, part) = if is_flow { flow(piece, limits)? } else { search(piece, &mut steps_left) };
        chosen.extend(own);
        proof.parts.push(part);
    }
    chosen.sort_unstable();
    let mut solution = tally(coupled, chosen, proof);
    let first = certify_coupled(coupled, &solution);
    solution.bound = first.bound;
    let proof = certify_coupled(coupled, &solution);
    if proof.gap > 0 {
        solution.status = Status::Limit;
    }
    if !proof.feasible || proof.gap < 0 {
        return Err(Error::Unproven { gap: proof.gap, n_violations: proof.violations.len() });
    }
    Ok(solution)
}

/// Solves a piece without teams and budgets.
fn flow(piece: Piece, limits: &Limits) -> Result<(Vec<u32>, Part), Error> {
    let solution = solve(piece.coupled.problem(), limits)?;
    let prices = solution.prices;
    let dual = Dual { need: prices.need, node: prices.node, pair: prices.pair, budget: Vec::new() };
    let chosen = solution.chosen.iter().map(|&it| piece.edges[it as usize]).collect();
    Ok((chosen, piece.translate(1, vec![Branch::Leaf { dual }])))
}

fn search(piece: Piece, steps_left: &mut u64) -> (Vec<u32>, Part) {
    let outcome = branch::search(&piece.coupled, *steps_left);
    *steps_left = outcome.steps_left;
    let chosen = outcome.plan.chosen.iter().map(|&it| piece.edges[it as usize]).collect();
    (chosen, piece.translate(outcome.scale, outcome.tree))
}

/// Counts what a plan serves and costs.
fn tally(coupled: &Coupled, chosen: Vec<u32>, proof: Proof) -> CoupledSolution {
    let problem = coupled.problem();
    let mut unmet: Vec<u32> = problem.needs().iter().map(|it| it.demand).collect();
    let mut objective = 0_i128;
    for edge in chosen.iter().map(|&it| problem.edges()[it as usize]) {
        unmet[edge.need as usize] -= 1;
        objective += i128::from(edge.cost);
    }
    for (need, &units) in problem.needs().iter().zip(&unmet) {
        objective += i128::from(need.penalty) * i128::from(units);
    }
    let mut teams_unserved = Vec::new();
    for (at, team) in (0_u32..).zip(coupled.teams()) {
        if team.needs.iter().any(|&it| unmet[it as usize] > 0) {
            teams_unserved.push(at);
            objective += i128::from(team.penalty);
        }
    }
    let (bound, status) = (objective, Status::Optimal);
    CoupledSolution { chosen, unmet, teams_unserved, objective, bound, status, proof }
}
