//! The forest of capacities, as the network sees it.
//!
//! Most capacities can never bind: a day with room for eight whose only slot has room for
//! one, or the slot of a provider whose whole week has room for one. Nodes that cannot bind
//! are folded into the nearest ancestor that can, which also makes long chains short.

use crate::error::Error;
use crate::problem::{Node, StepCost};

/// No such position.
pub(crate) const NONE: u32 = u32::MAX;

/// Positions grouped by owner: `items[start[i]..start[i + 1]]` belong to `i`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups {
    start: Vec<u32>,
    items: Vec<u32>,
}

impl Groups {
    /// Groups `0..owner_of.len()` by owner, ascending within a group; [`NONE`] has no group.
    pub(crate) fn new(n_owners: usize, owner_of: impl Iterator<Item = u32> + Clone) -> Self {
        let mut start = vec![0_u32; n_owners + 1];
        for owner in owner_of.clone().filter(|&it| it != NONE) {
            start[owner as usize + 1] += 1;
        }
        for owner in 0..n_owners {
            start[owner + 1] += start[owner];
        }
        let mut next = start.clone();
        let mut items = vec![0; start[n_owners] as usize];
        for (item, owner) in owner_of.enumerate().filter(|&(_, it)| it != NONE) {
            let at = &mut next[owner as usize];
            items[*at as usize] = item as u32;
            *at += 1;
        }
        Self { start, items }
    }

    pub(crate) fn of(&self, owner: u32) -> &[u32] {
        let owner = owner as usize;
        &self.items[self.start[owner] as usize..self.start[owner + 1] as usize]
    }
}

/// Orders nodes so that every parent stands before its children.
///
/// **Errors.** [`Error::ParentCycle`] with a node that lies on a cycle.
/// **Cost.** O(nodes), by a queue instead of recursion: a chain may be a million long.
pub(crate) fn top_down(nodes: &[Node]) -> Result<Vec<u32>, Error> {
    let parent = |node: usize| nodes[node].parent.unwrap_or(NONE);
    let children = Groups::new(nodes.len(), (0..nodes.len()).map(parent));
    let mut order: Vec<u32> = (0..nodes.len()).filter(|&it| parent(it) == NONE).map(|it| it as u32).collect();
    let mut done = 0;
    while done < order.len() {
        order.extend_from_slice(children.of(order[done]));
        done += 1;
    }
    if order.len() < nodes.len() {
        return Err(Error::ParentCycle { node: on_a_cycle(nodes, &order) });
    }
    Ok(order)
}

/// Finds a node on a cycle, given all nodes that are not below one.
fn on_a_cycle(nodes: &[Node], reached: &[u32]) -> u32 {
    let mut seen = vec![false; nodes.len()];
    for &node in reached {
        seen[node as usize] = true;
    }
    // Every unreached node has an unreached parent, so the walk ends by meeting itself.
    let mut at = seen.iter().position(|&it| !it).unwrap_or(0);
    while !seen[at] {
        seen[at] = true;
        at = nodes[at].parent.map_or(at, |parent| parent as usize);
    }
    at as u32
}

/// A forest whose nodes stand for those of a problem.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forest {
    /// Parent per forest node, [`NONE`] at a root.
    pub(crate) parent: Vec<u32>,
    pub(crate) capacity: Vec<u32>,
    /// The forest node that stands for each node of the problem.
    pub(crate) place: Vec<u32>,
    pub(crate) children: Groups,
    steps: Steps,
}

/// Costs of units through forest nodes: where each begins, and what units cost from there on.
#[derive(Clone, Debug, Default)]
struct Steps {
    start: Vec<u32>,
    step: Vec<(u32, i64)>,
}

impl Forest {
    /// Every node stands for itself.
    pub(crate) fn whole(nodes: &[Node], steps: &[StepCost]) -> Self {
        let parent = nodes.iter().map(|it| it.parent.unwrap_or(NONE)).collect();
        let capacity = nodes.iter().map(|it| it.capacity).collect();
        Self::with_children(parent, capacity, (0..nodes.len() as u32).collect(), steps)
    }

    /// Keeps the nodes that can bind; an unbounded root, the last node, stands for those
    /// that have no such ancestor. Parents stand before their children.
    ///
    /// Nodes with steps are kept as well, where anything can enter. A node cannot bind where a kept ancestor has no more capacity than it, or where no more
    /// edges than its capacity can reach it; `heads` are the nodes that edges lead to. The
    /// optimum stays the same, and so does every price: a node that cannot bind costs what its
    /// parent costs.
    pub(crate) fn binding(nodes: &[Node], heads: &[u32], steps: &[StepCost]) -> Self {
        let inflow = inflow_max(nodes, heads);
        let mut has_steps = vec![false; nodes.len()];
        steps.iter().for_each(|it| has_steps[it.node as usize] = true);
        // Tightest capacity kept at or above, and nearest node kept at or above. What was folded
        // must not set the ceiling: its own bound may come from below.
        let mut ceiling = vec![u32::MAX; nodes.len()];
        let mut keeper = vec![NONE; nodes.len()];
        for (at, node) in nodes.iter().enumerate() {
            if let Some(parent) = node.parent {
                ceiling[at] = ceiling[parent as usize];
                keeper[at] = keeper[parent as usize];
            }
            let binds = node.capacity < ceiling[at] && u64::from(node.capacity) < inflow[at];
            if binds || (has_steps[at] && ceiling[at] > 0) {
                ceiling[at] = ceiling[at].min(node.capacity);
                keeper[at] = at as u32;
            }
        }
        let kept: Vec<u32> = (0..nodes.len() as u32).filter(|&it| keeper[it as usize] == it).collect();
        let free_root = kept.len() as u32;
        let mut name = vec![free_root; nodes.len()];
        for (new, &old) in kept.iter().enumerate() {
            name[old as usize] = new as u32;
        }
        let rename = |keeper: u32| {
            if keeper == NONE { free_root } else { name[keeper as usize] }
        };
        let above = |old: u32| {
            let keeper_above = nodes[old as usize].parent.map_or(NONE, |it| keeper[it as usize]);
            if keeper_above == NONE { NONE } else { name[keeper_above as usize] }
        };
        let mut parent: Vec<u32> = kept.iter().map(|&old| above(old)).collect();
        let mut capacity: Vec<u32> = kept.iter().map(|&it| nodes[it as usize].capacity).collect();
        parent.push(NONE);
        capacity.push(u32::MAX);
        let place = keeper.into_iter().map(rename).collect();
        Self::with_children(parent, capacity, place, steps)
    }

    fn with_children(parent: Vec<u32>, capacity: Vec<u32>, place: Vec<u32>, steps: &[StepCost]) -> Self {
        let children = Groups::new(parent.len(), parent.iter().copied());
        let mut named: Vec<(u32, u32, i64)> =
            steps.iter().map(|it| (place[it.node as usize], it.from, it.cost)).collect();
        named.sort_unstable();
        let start = |node: u32| named.partition_point(|it| it.0 < node) as u32;
        let steps = if named.is_empty() {
            Steps::default()
        } else {
            Steps {
                start: (0..=parent.len() as u32).map(start).collect(),
                step: named.iter().map(|it| (it.1, it.2)).collect(),
            }
        };
        Self { parent, capacity, place, children, steps }
    }

    /// What a unit through a node costs that comes after `units` others.
    pub(crate) fn step(&self, node: u32, units: u32) -> i64 {
        if self.steps.step.is_empty() {
            return 0;
        }
        let node = node as usize;
        let own = &self.steps.step[self.steps.start[node] as usize..self.steps.start[node + 1] as usize];
        let after = own.partition_point(|it| it.0 <= units);
        after.checked_sub(1).map_or(0, |at| own[at].1)
    }

    pub(crate) fn len(&self) -> usize {
        self.parent.len()
    }
}

/// How many units could reach each node at most, from itself and from below.
fn inflow_max(nodes: &[Node], heads: &[u32]) -> Vec<u64> {
    let mut inflow = vec![0_u64; nodes.len()];
    for &node in heads {
        inflow[node as usize] += 1;
    }
    for (at, &Node { parent, capacity }) in nodes.iter().enumerate().rev() {
        if let Some(parent) = parent {
            inflow[parent as usize] += inflow[at].min(capacity.into());
        }
    }
    inflow
}
