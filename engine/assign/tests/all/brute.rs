//! Tries every set of edges: slow and obviously right.

use linli_assign::Problem;

/// A feasible plan: one bit per edge, and what it costs.
pub struct Plan {
    pub edges: u32,
    pub cost: i128,
}

impl Plan {
    pub fn has(&self, edge: u32) -> bool {
        self.edges >> edge & 1 == 1
    }
}

/// Every feasible plan of a problem with few edges.
pub fn plans(problem: &Problem) -> Vec<Plan> {
    let n_edges = problem.edges().len();
    assert!(n_edges <= 14, "{n_edges} edges are too many to try everything");
    (0..1_u32 << n_edges).filter_map(|edges| cost(problem, edges).map(|cost| Plan { edges, cost })).collect()
}

/// The least cost among plans.
pub fn cheapest<'a>(plans: impl IntoIterator<Item = &'a Plan>) -> Option<i128> {
    plans.into_iter().map(|it| it.cost).min()
}

/// What a set of edges costs, if it is a plan.
fn cost(problem: &Problem, edges: u32) -> Option<i128> {
    let chosen = || (0..).zip(problem.edges()).filter(|(at, _)| edges >> at & 1 == 1).map(|it| it.1);
    let mut labels: Vec<(u32, u32)> = chosen().filter_map(|it| it.pair.map(|pair| (it.need, pair))).collect();
    labels.sort_unstable();
    if labels.windows(2).any(|it| it[0] == it[1]) {
        return None;
    }
    let mut total: i128 = chosen().map(|it| i128::from(it.cost)).sum();
    for (at, need) in (0_u32..).zip(problem.needs()) {
        let served = chosen().filter(|it| it.need == at).count() as u32;
        total += i128::from(need.penalty) * i128::from(need.demand.checked_sub(served)?);
    }
    for (at, node) in (0..).zip(problem.nodes()) {
        let units = chosen().filter(|it| lies_under(problem, it.node, at)).count() as u32;
        if units > node.capacity {
            return None;
        }
        total += (0..units).map(|it| i128::from(step_cost(problem, at, it))).sum::<i128>();
    }
    Some(total)
}

/// What a unit through a node costs that comes after `units` others.
fn step_cost(problem: &Problem, node: u32, units: u32) -> i64 {
    let begun = problem.steps().iter().filter(|it| it.node == node && it.from <= units);
    begun.max_by_key(|it| it.from).map_or(0, |it| it.cost)
}

fn lies_under(problem: &Problem, node: u32, ancestor: u32) -> bool {
    let mut at = Some(node);
    while let Some(node) = at {
        if node == ancestor {
            return true;
        }
        at = problem.nodes()[node as usize].parent;
    }
    false
}
