//! What a place of the tree may be split on, and how much in doubt it is.
//!
//! **Source.** Beale & Tomlin 1970, special facilities for non-convex problems, for splitting a
//! budget into two lists of edges of which only one can be used.

use std::cmp::Reverse;

use super::ascend::ONE;
use super::branch::Open;
use super::model::{Budget, Coupled};
use super::proof::{Choice, Decision};

/// What holds on either side of a choice.
pub(super) fn sides(choice: &Choice) -> [Vec<Decision>; 2] {
    match choice {
        Choice::Group { group } => {
            [true, false].map(|is_served| vec![Decision::Group { group: *group, is_served }])
        }
        Choice::Edge { edge } => {
            [true, false].map(|is_chosen| vec![Decision::Edge { edge: *edge, is_chosen }])
        }
        Choice::Apart { lists, .. } => {
            let out = |list: &Vec<u32>| {
                list.iter().map(|&edge| Decision::Edge { edge, is_chosen: false }).collect()
            };
            [out(&lists[0]), out(&lists[1])]
        }
    }
}

/// The choices that the average flow is least sure of, the least sure first.
pub(super) fn doubtful(coupled: &Coupled, open: &Open) -> Vec<(i64, Choice)> {
    let mut choices = Vec::new();
    for (at, group) in (0..).zip(coupled.groups()).filter(|it| open.state.group[it.0 as usize] == 0) {
        let sum: i64 = group.needs.iter().map(|&it| open.average.unserved[it as usize]).sum();
        let share = sum / group.needs.len() as i64;
        choices.push((2 * share.min(ONE - share), Choice::Group { group: at }));
    }
    let budgets = (0..).zip(coupled.budgets());
    choices.extend(budgets.filter_map(|(at, budget)| split(coupled, open, at, budget)));
    choices.sort_by_key(|it| Reverse(it.0));
    choices
}

/// How to split a budget that may still be overdrawn.
fn split(coupled: &Coupled, open: &Open, at: u32, budget: &Budget) -> Option<(i64, Choice)> {
    let left = budget.uses.iter().filter(|it| open.state.edge[it.0 as usize] >= 0);
    if left.map(|it| u128::from(it.1)).sum::<u128>() <= u128::from(budget.most) {
        return None;
    }
    let free: Vec<(u32, u32)> =
        budget.uses.iter().copied().filter(|it| it.1 > 0 && open.state.edge[it.0 as usize] == 0).collect();
    let need = |edge: u32| coupled.problem().edges()[edge as usize].need;
    let first = need(free.first()?.0);
    let (a, b): (Vec<_>, Vec<_>) = free.iter().partition(|it| need(it.0) == first);
    let least = |list: &[(u32, u32)]| list.iter().map(|it| u64::from(it.1)).min();
    let flow = |list: &[(u32, u32)]| list.iter().map(|it| open.average.edge[it.0 as usize]).sum::<i64>();
    if let (Some(x), Some(y)) = (least(&a), least(&b))
        && x + y > budget.most
    {
        let lists = [a.iter().map(|it| it.0).collect(), b.iter().map(|it| it.0).collect()];
        return Some((2 * flow(&a).min(flow(&b)), Choice::Apart { budget: at, lists }));
    }
    let doubt = |edge: u32| {
        let flow = open.average.edge[edge as usize];
        flow.min(ONE - flow)
    };
    let (score, edge) = free.iter().map(|it| (doubt(it.0), Reverse(it.0))).max()?;
    Some((score, Choice::Edge { edge: edge.0 }))
}
