//! Whether a coupled plan keeps all rules, counted from its chosen edges. Part of the proof: no
//! code is shared with the solver.

use super::model::Coupled;
use super::proof::CoupledSolution;

/// A rule that a coupled solution breaks, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoupledViolation {
    /// The chosen edges are not ascending positions of edges; first at this entry.
    Chosen { entry: usize },
    /// Not one entry of unserved units per need.
    Length,
    /// A need is served more often than it asks.
    OverServed { need: u32 },
    /// Served and unmet units are not the demand together.
    Unmet { need: u32 },
    /// More units than capacity.
    OverFull { node: u32 },
    /// Two chosen edges of a need share a label.
    PairTwice { need: u32, pair: u32 },
    /// A team is served in part.
    Torn { team: u32 },
    /// The list of unserved teams is not right about this one, or about none that exists.
    Unserved { team: u32 },
    /// More is spent than the budget has.
    OverBudget { budget: u32 },
    /// The objective is not the cost of the plan.
    Objective,
    /// The bound is not the one that the tree proves.
    Bound,
    /// A need is not in exactly one part, or not in ascending order.
    NeedOfParts { need: u32 },
    /// A node is not in exactly one part, or not in ascending order.
    NodeOfParts { node: u32 },
    /// A node lies in another part than its parent.
    ParentApart { node: u32 },
    /// An edge leads from one part to another.
    EdgeAcross { edge: u32 },
    /// A team has needs in several parts.
    TeamAcross { team: u32 },
    /// A budget has edges in several parts.
    BudgetAcross { budget: u32 },
    /// Prices, decisions or children at this place of a tree do not have their form, or leave
    /// something out.
    Branch { part: usize, branch: u32 },
}

/// Counts what the plan costs and lists what it breaks. With edges that do not exist nothing can
/// be added up, and the cost is zero.
pub(super) fn check_plan(
    coupled: &Coupled,
    solution: &CoupledSolution,
    broken: &mut Vec<CoupledViolation>,
) -> i128 {
    let problem = coupled.problem();
    let chosen = &solution.chosen;
    let end = problem.edges().len();
    let fits = |at: &usize| (chosen[*at] as usize) < end && (*at == 0 || chosen[at - 1] < chosen[*at]);
    if let Some(entry) = (0..chosen.len()).find(|it| !fits(it)) {
        broken.push(CoupledViolation::Chosen { entry });
        return 0;
    }
    if solution.unmet.len() != problem.needs().len() {
        broken.push(CoupledViolation::Length);
        return 0;
    }
    let mut cost: i128 = chosen.iter().map(|&it| i128::from(problem.edges()[it as usize].cost)).sum();
    let mut served = vec![0_u64; problem.needs().len()];
    chosen.iter().for_each(|&it| served[problem.edges()[it as usize].need as usize] += 1);
    for (need, row) in (0..).zip(problem.needs()) {
        let served = served[need as usize];
        let left = u64::from(row.demand).saturating_sub(served);
        cost += i128::from(row.penalty) * i128::from(left);
        if served > u64::from(row.demand) {
            broken.push(CoupledViolation::OverServed { need });
        } else if left != u64::from(solution.unmet[need as usize]) {
            broken.push(CoupledViolation::Unmet { need });
        }
    }
    check_room(coupled, chosen, broken);
    check_budgets(coupled, chosen, broken);
    cost += check_teams(coupled, solution, &served, broken);
    if cost != solution.objective {
        broken.push(CoupledViolation::Objective);
    }
    cost
}

/// Labels at most once per need; every unit counts at its node and at all above.
fn check_room(coupled: &Coupled, chosen: &[u32], broken: &mut Vec<CoupledViolation>) {
    let problem = coupled.problem();
    let (edges, nodes) = (problem.edges(), problem.nodes());
    let chosen = || chosen.iter().map(|&it| edges[it as usize]);
    let mut labels: Vec<(u32, u32)> = chosen().filter_map(|it| Some((it.need, it.pair?))).collect();
    labels.sort_unstable();
    let twice = labels.windows(2).filter(|it| it[0] == it[1]).map(|it| it[0]);
    broken.extend(twice.map(|(need, pair)| CoupledViolation::PairTwice { need, pair }));
    // From the leaves: a node is complete once all its children are.
    let (mut units, mut waiting) = (vec![0_u64; nodes.len()], vec![0_u32; nodes.len()]);
    chosen().for_each(|it| units[it.node as usize] += 1);
    nodes.iter().filter_map(|it| it.parent).for_each(|it| waiting[it as usize] += 1);
    let mut ready: Vec<usize> = (0..nodes.len()).filter(|&it| waiting[it] == 0).collect();
    while let Some(node) = ready.pop() {
        if units[node] > u64::from(nodes[node].capacity) {
            broken.push(CoupledViolation::OverFull { node: node as u32 });
        }
        if let Some(parent) = nodes[node].parent.map(|it| it as usize) {
            units[parent] += units[node];
            waiting[parent] -= 1;
            ready.extend((waiting[parent] == 0).then_some(parent));
        }
    }
}

fn check_budgets(coupled: &Coupled, chosen: &[u32], broken: &mut Vec<CoupledViolation>) {
    let mut is_chosen = vec![false; coupled.problem().edges().len()];
    chosen.iter().for_each(|&it| is_chosen[it as usize] = true);
    for (at, budget) in (0..).zip(coupled.budgets()) {
        let uses = budget.uses.iter().filter(|it| is_chosen[it.0 as usize]);
        if uses.map(|it| u128::from(it.1)).sum::<u128>() > u128::from(budget.most) {
            broken.push(CoupledViolation::OverBudget { budget: at });
        }
    }
}

/// Each team as it was given, whatever others it shares needs with. Returns what is paid for
/// those unserved.
fn check_teams(
    coupled: &Coupled,
    solution: &CoupledSolution,
    served: &[u64],
    broken: &mut Vec<CoupledViolation>,
) -> i128 {
    let needs = coupled.problem().needs();
    let mut listed = solution.teams_unserved.iter().peekable();
    let mut paid = 0;
    for (at, team) in (0..).zip(coupled.teams()) {
        let missing = team.needs.iter().any(|&it| served[it as usize] < u64::from(needs[it as usize].demand));
        if missing && team.needs.iter().any(|&it| served[it as usize] > 0) {
            broken.push(CoupledViolation::Torn { team: at });
        }
        if listed.next_if(|it| **it == at).is_some() != missing {
            broken.push(CoupledViolation::Unserved { team: at });
        }
        paid += if missing { i128::from(team.penalty) } else { 0 };
    }
    broken.extend(listed.next().map(|&team| CoupledViolation::Unserved { team }));
    paid
}
