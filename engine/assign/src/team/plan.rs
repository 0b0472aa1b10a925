//! Plans that keep all rules, found on the way.

use super::ascend::{Average, ONE};
use super::relax::{Multipliers, Relaxation, State};

/// The best plan so far.
pub(super) struct Plan {
    pub(super) cost: i128,
    pub(super) chosen: Vec<u32>,
}

impl Plan {
    /// Nobody is served: always a plan.
    pub(super) fn nobody(relaxation: &Relaxation<'_>) -> Self {
        let problem = relaxation.coupled.problem();
        let alone = (0..).zip(problem.needs()).filter(|it| relaxation.coupled.group_of(it.0).is_none());
        let cost = alone.map(|(_, it)| i128::from(it.penalty) * i128::from(it.demand)).sum::<i128>();
        let groups: i128 = relaxation.coupled.groups().iter().map(|it| it.penalty).sum();
        Self { cost: cost + groups, chosen: Vec::new() }
    }

    /// Takes the flow of the relaxation if it is a plan and a cheaper one. Returns whether it is
    /// a plan.
    pub(super) fn offer(&mut self, relaxation: &Relaxation<'_>) -> bool {
        let coupled = relaxation.coupled;
        let overdrawn =
            coupled.budgets().iter().any(|budget| spent(relaxation, budget) > u128::from(budget.most));
        if overdrawn || (0..coupled.groups().len() as u32).any(|it| is_torn(relaxation, it)) {
            return false;
        }
        let problem = coupled.problem();
        let used = (0..problem.edges().len() as u32).filter(|&it| relaxation.is_used(it));
        let mut cost: i128 = used.clone().map(|it| i128::from(problem.edges()[it as usize].cost)).sum();
        for (at, need) in (0..).zip(problem.needs()).filter(|it| coupled.group_of(it.0).is_none()) {
            cost += i128::from(need.penalty) * i128::from(relaxation.unserved(at));
        }
        let unserved = coupled.groups().iter().filter(|it| relaxation.unserved(it.needs[0]) > 0);
        cost += unserved.map(|it| it.penalty).sum::<i128>();
        if cost < self.cost {
            *self = Self { cost, chosen: used.collect() };
        }
        true
    }
}

fn spent(relaxation: &Relaxation<'_>, budget: &super::model::Budget) -> u128 {
    budget.uses.iter().filter(|it| relaxation.is_used(it.0)).map(|it| u128::from(it.1)).sum()
}

/// Whether a team is served in part.
fn is_torn(relaxation: &Relaxation<'_>, group: u32) -> bool {
    let needs = relaxation.coupled.problem().needs();
    let of_group = || relaxation.coupled.groups()[group as usize].needs.iter();
    let any = of_group().any(|&it| relaxation.unserved(it) > 0);
    any && of_group().any(|&it| relaxation.unserved(it) < i64::from(needs[it as usize].demand))
}

/// Goes down from a state to a plan: one torn team is decided at a time, and of every overdrawn
/// budget the edge that flows use least is given up.
pub(super) fn dive(
    relaxation: &mut Relaxation<'_>,
    state: &State,
    multipliers: &Multipliers,
    average: &Average,
    incumbent: &mut Plan,
) {
    let mut state = state.clone();
    // Every round decides a team or an edge, or gives up a team.
    let rounds_max = 2 * state.group.len() + state.edge.len();
    for _ in 0..rounds_max {
        if relaxation.steps_left == 0 || !relaxation.settle(&mut state) {
            return;
        }
        relaxation.solve(&state, multipliers);
        if incumbent.offer(relaxation) || !decide(relaxation, &mut state, average) {
            return;
        }
    }
}

fn decide(relaxation: &Relaxation<'_>, state: &mut State, average: &Average) -> bool {
    let coupled = relaxation.coupled;
    let mut changed = false;
    for budget in coupled.budgets().iter().filter(|it| spent(relaxation, it) > u128::from(it.most)) {
        let open = budget.uses.iter().filter(|it| it.1 > 0 && state.edge[it.0 as usize] == 0);
        let used = open.filter(|it| relaxation.is_used(it.0));
        if let Some(least) = used.min_by_key(|it| (average.edge[it.0 as usize], it.0)) {
            state.edge[least.0 as usize] = -1;
            changed = true;
        }
    }
    let torn = |group: &u32| is_torn(relaxation, *group);
    let share = |group: u32| {
        let needs = &coupled.groups()[group as usize].needs;
        needs.iter().map(|&it| average.unserved[it as usize]).sum::<i64>() / needs.len() as i64
    };
    let mut best: Option<(i64, u32)> = None;
    for group in (0..state.group.len() as u32).filter(torn) {
        match state.group[group as usize] {
            // Even at any price not all of it can be served.
            1 => (state.group[group as usize], changed) = (-1, true),
            0 => {
                // The surest first.
                let doubt = share(group).min(ONE - share(group));
                best = best.min(Some((doubt, group))).or(Some((doubt, group)));
            }
            _ => {}
        }
    }
    if let Some((_, group)) = best {
        state.group[group as usize] = if share(group) * 2 <= ONE { 1 } else { -1 };
        changed = true;
    }
    changed
}
