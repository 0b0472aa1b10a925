//! Raises the bound of the relaxation by moving payments and rates.
//!
//! Whoever is left out while the rest of the team is served pays more, the others less; a budget
//! that is overdrawn gets dearer, one that is not gets cheaper. The direction is a running
//! average of what the flows do wrong, which also says how a fractional optimum would look:
//!
//! ```text
//! f ← f + (violation − f)/16        step = t·(target − bound) / (violation · direction)
//! ```
//!
//! **Source.** Held, Wolfe & Crowder 1974; Barahona & Anbil 2000, the volume algorithm.

use super::plan::Plan;
use super::proof::Dual;
use super::relax::{Multipliers, PRICE_MAX, Relaxation, State};

/// One, as far as averages are concerned.
pub(super) const ONE: i64 = 1 << 16;
/// How fast averages forget.
const MEMORY: i64 = 16;
/// After so many steps that lead nowhere, steps get shorter.
const FAILURES: u32 = 5;
/// Full step length.
pub(super) const STEP_ONE: i128 = 1 << 10;

/// What the flows do on average, in parts of [`ONE`].
#[derive(Clone)]
pub(super) struct Average {
    /// Unserved share per need.
    pub(super) unserved: Vec<i64>,
    /// What is spent beyond the budget, in units of its largest weight.
    pub(super) overdrawn: Vec<i64>,
    /// Flow per edge.
    pub(super) edge: Vec<i64>,
}

/// The best bound found, with what it took.
pub(super) struct Ascent {
    pub(super) bound: i128,
    pub(super) dual: Dual,
    pub(super) multipliers: Multipliers,
    pub(super) average: Average,
    /// How long steps were at last, in parts of [`STEP_ONE`].
    pub(super) length: i128,
}

/// How long to go on.
pub(super) struct Patience {
    pub(super) rounds_max: u32,
    /// A bound above this is as good as any.
    pub(super) target: i128,
    /// How long steps are at first.
    pub(super) length: i128,
}

/// Raises the bound from the multipliers given.
pub(super) fn ascend(
    relaxation: &mut Relaxation<'_>,
    state: &State,
    start: &Multipliers,
    patience: &Patience,
    incumbent: &mut Plan,
) -> Ascent {
    let mut multipliers = start.clone();
    still(relaxation, state, &mut multipliers);
    let (dual, bound) = relaxation.solve(state, &multipliers);
    incumbent.offer(relaxation);
    let now = observe(relaxation, state);
    let mut best =
        Ascent { bound, dual, multipliers: multipliers.clone(), average: now, length: patience.length };
    let (mut length, mut failures) = (patience.length.clamp(64, STEP_ONE), 0);
    let scale = i128::from(relaxation.scale);
    for _ in 1..patience.rounds_max {
        if best.bound > patience.target || relaxation.steps_left == 0 || length < 8 {
            break;
        }
        let direction = direction(relaxation, state, &best);
        let gap = patience.target - best.bound + scale;
        if !step(relaxation, state, &best, &direction, gap * length, &mut multipliers) {
            break;
        }
        let (dual, bound) = relaxation.solve(state, &multipliers);
        incumbent.offer(relaxation);
        let now = observe(relaxation, state);
        blend(&mut best.average, &now);
        if bound > best.bound {
            best.bound = bound;
            best.dual = dual;
            best.multipliers = multipliers.clone();
            failures = 0;
            length = (length * 9 / 8).min(STEP_ONE);
        } else {
            failures += 1;
            if failures >= FAILURES {
                (length, failures) = (length * 2 / 3, 0);
            }
        }
    }
    best.length = length.max(8);
    best
}

/// Takes back rates of budgets that can no longer be overdrawn.
fn still(relaxation: &Relaxation<'_>, state: &State, multipliers: &mut Multipliers) {
    for (budget, rate) in relaxation.coupled.budgets().iter().zip(&mut multipliers.rate) {
        let left = budget.uses.iter().filter(|it| state.edge[it.0 as usize] >= 0);
        if left.map(|it| u128::from(it.1)).sum::<u128>() <= u128::from(budget.most) {
            *rate = 0;
        }
    }
}

fn observe(relaxation: &Relaxation<'_>, state: &State) -> Average {
    let problem = relaxation.coupled.problem();
    let share = |(at, need): (u32, &crate::problem::Need)| {
        let is_free = relaxation.coupled.group_of(at).is_some_and(|it| state.group[it as usize] == 0);
        if is_free { relaxation.unserved(at) * ONE / i64::from(need.demand) } else { 0 }
    };
    let unserved = (0..).zip(problem.needs()).map(share).collect();
    let edge = (0..problem.edges().len() as u32).map(|it| i64::from(relaxation.is_used(it)) * ONE).collect();
    let spent = |budget: &super::model::Budget| {
        let used = budget.uses.iter().filter(|it| relaxation.is_used(it.0));
        let spent: i128 = used.map(|it| i128::from(it.1)).sum();
        let unit = i128::from(unit(budget));
        ((spent - i128::from(budget.most)) * i128::from(ONE) / unit) as i64
    };
    let overdrawn = relaxation.coupled.budgets().iter().map(spent).collect();
    Average { unserved, overdrawn, edge }
}

/// The largest weight of a budget.
fn unit(budget: &super::model::Budget) -> u32 {
    budget.uses.iter().map(|it| it.1).max().unwrap_or(1).max(1)
}

fn blend(average: &mut Average, now: &Average) {
    let lists = [
        (&mut average.unserved, &now.unserved),
        (&mut average.overdrawn, &now.overdrawn),
        (&mut average.edge, &now.edge),
    ];
    for (old, new) in lists {
        old.iter_mut().zip(new).for_each(|(old, new)| *old += (new - *old) / MEMORY);
    }
}

/// Where to go, and how steep it is there.
struct Direction {
    pay: Vec<i64>,
    rate: Vec<i64>,
    slope: i128,
}

fn direction(relaxation: &Relaxation<'_>, state: &State, best: &Ascent) -> Direction {
    let coupled = relaxation.coupled;
    let demand = |need: u32| i128::from(coupled.problem().needs()[need as usize].demand);
    let mut pay = vec![0; coupled.problem().needs().len()];
    let mut slope = 0;
    for (group, _) in coupled.groups().iter().zip(&state.group).filter(|it| *it.1 == 0) {
        let units: i128 = group.needs.iter().map(|&it| demand(it)).sum();
        let share = |need: u32| i128::from(best.average.unserved[need as usize]);
        let mean = group.needs.iter().map(|&it| demand(it) * share(it)).sum::<i128>() / units;
        for &need in &group.needs {
            let way = share(need) - mean;
            pay[need as usize] = way as i64;
            slope += demand(need) * way * way;
        }
    }
    let way = |(&way, &rate): (&i64, &i64)| if rate == 0 { way.max(0) } else { way };
    let rate: Vec<i64> = best.average.overdrawn.iter().zip(&best.multipliers.rate).map(way).collect();
    slope += rate.iter().map(|&it| i128::from(it) * i128::from(it)).sum::<i128>();
    Direction { pay, rate, slope }
}

/// Moves from the best multipliers; false if there is nowhere to go.
fn step(
    relaxation: &Relaxation<'_>,
    state: &State,
    best: &Ascent,
    direction: &Direction,
    push: i128,
    multipliers: &mut Multipliers,
) -> bool {
    if direction.slope == 0 {
        return false;
    }
    let limit = i128::from(PRICE_MAX);
    let moved = |way: i64| {
        (push * i128::from(way) * i128::from(ONE) / direction.slope / STEP_ONE).clamp(-limit, limit)
    };
    let mut changed = false;
    for (at, &way) in direction.rate.iter().enumerate() {
        let budget = &relaxation.coupled.budgets()[at];
        let old = best.multipliers.rate[at];
        let unit = i128::from(unit(budget));
        let new = (i128::from(old) + moved(way) / unit).clamp(0, limit / unit) as i64;
        multipliers.rate[at] = new;
        changed |= new != old;
    }
    let needs = relaxation.coupled.problem().needs();
    for (group, _) in relaxation.coupled.groups().iter().zip(&state.group).filter(|it| *it.1 == 0) {
        let mut excess = -group.penalty * i128::from(relaxation.scale);
        let mut units = 0;
        for at in group.needs.iter().map(|&it| it as usize) {
            let old = best.multipliers.pay[at];
            let new = (i128::from(old) + moved(direction.pay[at])).clamp(-limit, limit) as i64;
            multipliers.pay[at] = new;
            changed |= new != old;
            let demand = i128::from(needs[at].demand);
            excess += i128::from(new) * demand;
            units += demand;
        }
        balance(needs, group, &mut multipliers.pay, excess, units, limit);
    }
    changed
}

/// Takes from the members what they pay too much together.
fn balance(
    needs: &[crate::problem::Need],
    group: &super::model::Group,
    pay: &mut [i64],
    mut excess: i128,
    units: i128,
    limit: i128,
) {
    let each = excess / units;
    for at in group.needs.iter().map(|&it| it as usize) {
        let demand = i128::from(needs[at].demand);
        let rest = (excess - each * units) / demand;
        let new = (i128::from(pay[at]) - each - rest).clamp(-limit, limit) as i64;
        excess -= rest * demand;
        pay[at] = new;
    }
}
