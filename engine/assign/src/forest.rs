//! The forest of capacities, as the network sees it.
//!
//! Most capacities can never bind: a day with room for eight whose only slot has room for
//! one, or the slot of a provider whose whole week has room for one. Nodes that cannot bind
//! are folded into the nearest ancestor that can, which also makes long chains short.

use crate::error::Error;
use crate::problem::{Node, Problem};

/// No such position.
pub(crate) const NONE: u32 = u32::MAX;

/// Positions grouped by owner: `items[start[i]..start[i + 1]]` belong to `i`.
#[derive(Debug)]
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
#[derive(Debug)]
pub(crate) struct Forest {
    /// Parent per forest node, [`NONE`] at a root.
    pub(crate) parent: Vec<u32>,
    pub(crate) capacity: Vec<u32>,
    /// The forest node that stands for each node of the problem.
    pub(crate) place: Vec<u32>,
    pub(crate) children: Groups,
}

impl Forest {
    /// Every node stands for itself.
    pub(crate) fn whole(problem: &Problem) -> Self {
        let parent = problem.nodes().iter().map(|it| it.parent.unwrap_or(NONE)).collect();
        let capacity = problem.nodes().iter().map(|it| it.capacity).collect();
        let place = (0..problem.nodes().len() as u32).collect();
        Self::with_children(parent, capacity, place)
    }

    /// Keeps the nodes that can bind; an unbounded root, the last node, stands for those
    /// that have no such ancestor.
    ///
    /// A node cannot bind where a kept ancestor has no more capacity than it, or where no more
    /// edges than its capacity can reach it. The optimum stays the same, and so does every
    /// price: a node that cannot bind costs what its parent costs.
    pub(crate) fn binding(problem: &Problem) -> Self {
        let nodes = problem.nodes();
        let inflow = inflow_max(problem);
        // Tightest capacity kept at or above, and nearest node kept at or above. What was folded
        // must not set the ceiling: its own bound may come from below.
        let mut ceiling = vec![u32::MAX; nodes.len()];
        let mut keeper = vec![NONE; nodes.len()];
        for &node in problem.top_down() {
            let at = node as usize;
            if let Some(parent) = nodes[at].parent {
                ceiling[at] = ceiling[parent as usize];
                keeper[at] = keeper[parent as usize];
            }
            let capacity = nodes[at].capacity;
            if capacity < ceiling[at] && u64::from(capacity) < inflow[at] {
                ceiling[at] = capacity;
                keeper[at] = node;
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
        Self::with_children(parent, capacity, place)
    }

    fn with_children(parent: Vec<u32>, capacity: Vec<u32>, place: Vec<u32>) -> Self {
        let children = Groups::new(parent.len(), parent.iter().copied());
        Self { parent, capacity, place, children }
    }

    pub(crate) fn len(&self) -> usize {
        self.parent.len()
    }
}

/// How many units could reach each node at most.
fn inflow_max(problem: &Problem) -> Vec<u64> {
    let mut inflow = vec![0_u64; problem.nodes().len()];
    for edge in problem.edges() {
        inflow[edge.node as usize] += u64::from(problem.needs()[edge.need as usize].demand > 0);
    }
    for &node in problem.top_down().iter().rev() {
        let Node { parent, capacity } = problem.nodes()[node as usize];
        if let Some(parent) = parent {
            inflow[parent as usize] += inflow[node as usize].min(capacity.into());
        }
    }
    inflow
}
