//! The same problem with neighbours side by side.
//!
//! A bid or a search goes from a need to its nodes and from there to the needs that want them as
//! well. In the order of a file these lie anywhere in memory; in the order of a breadth-first
//! walk they lie together, which halves the time of large problems.

use crate::forest::{Groups, NONE};
use crate::problem::{Edge, Node, Problem};
use crate::solution::{PairPrice, Prices, Solution};

/// A problem in another order, and the way back.
pub(crate) struct Ordered {
    pub(crate) problem: Problem,
    /// Old positions by new ones.
    needs: Vec<u32>,
    nodes: Vec<u32>,
    edges: Vec<u32>,
}

impl Ordered {
    /// Puts needs and whole trees in the order of the walk, and the edges of a need by cost.
    ///
    /// **Cost.** O(needs + nodes + edges log).
    pub(crate) fn new(problem: &Problem) -> Self {
        let (needs, nodes) = walk(problem);
        let (new_need, new_node) = (inverse(&needs), inverse(&nodes));
        let edges = edges(problem, &new_need);
        let moved = |&edge: &u32| {
            let edge = problem.edges()[edge as usize];
            Edge { need: new_need[edge.need as usize], node: new_node[edge.node as usize], ..edge }
        };
        let moved_edges = edges.iter().map(moved).collect();
        let moved_needs = needs.iter().map(|&it| problem.needs()[it as usize]).collect();
        let moved_node = |&it: &u32| {
            let Node { parent, capacity } = problem.nodes()[it as usize];
            Node { parent: parent.map(|it| new_node[it as usize]), capacity }
        };
        let moved_nodes: Vec<Node> = nodes.iter().map(moved_node).collect();
        // Trees are numbered from the root down.
        let top_down = (0..nodes.len() as u32).collect();
        Self { problem: Problem::of(moved_needs, moved_nodes, moved_edges, top_down), needs, nodes, edges }
    }

    /// A solution of the ordered problem as one of the first.
    pub(crate) fn restore(&self, solution: Solution) -> Solution {
        let mut chosen: Vec<u32> = solution.chosen.iter().map(|&it| self.edges[it as usize]).collect();
        chosen.sort_unstable();
        let pair = |it: &PairPrice| PairPrice { need: self.needs[it.need as usize], ..*it };
        let mut pairs: Vec<PairPrice> = solution.prices.pair.iter().map(pair).collect();
        pairs.sort_unstable_by_key(|it| (it.need, it.pair));
        Solution {
            chosen,
            unmet: scatter(&solution.unmet, &self.needs),
            prices: Prices {
                need: scatter(&solution.prices.need, &self.needs),
                node: scatter(&solution.prices.node, &self.nodes),
                pair: pairs,
            },
            ..solution
        }
    }
}

/// Needs and nodes in the order of a breadth-first walk from the first need on.
fn walk(problem: &Problem) -> (Vec<u32>, Vec<u32>) {
    let root = roots(problem);
    let edges = problem.edges();
    let of_need = Groups::new(problem.needs().len(), edges.iter().map(|it| it.need));
    let of_root = Groups::new(problem.nodes().len(), edges.iter().map(|it| root[it.node as usize]));
    // A stable grouping of nodes that stand top down leaves each tree top down.
    let tree = Groups::new(problem.nodes().len(), problem.top_down().iter().map(|&it| root[it as usize]));
    let (mut needs, mut nodes) = (Vec::with_capacity(problem.needs().len()), Vec::new());
    let mut seen_need = vec![false; problem.needs().len()];
    let mut seen_root = vec![false; problem.nodes().len()];
    let mut done = 0;
    for first in 0..problem.needs().len() as u32 {
        if !std::mem::replace(&mut seen_need[first as usize], true) {
            needs.push(first);
        }
        while done < needs.len() {
            for &edge in of_need.of(needs[done]) {
                let own = root[edges[edge as usize].node as usize];
                if std::mem::replace(&mut seen_root[own as usize], true) {
                    continue;
                }
                nodes.extend(tree.of(own).iter().map(|&it| problem.top_down()[it as usize]));
                for &edge in of_root.of(own) {
                    let need = edges[edge as usize].need;
                    if !std::mem::replace(&mut seen_need[need as usize], true) {
                        needs.push(need);
                    }
                }
            }
            done += 1;
        }
    }
    // Trees that nobody wants.
    nodes.extend(problem.top_down().iter().copied().filter(|&it| !seen_root[root[it as usize] as usize]));
    (needs, nodes)
}

/// The root above each node.
fn roots(problem: &Problem) -> Vec<u32> {
    let mut root = vec![NONE; problem.nodes().len()];
    for &node in problem.top_down() {
        let parent = problem.nodes()[node as usize].parent;
        root[node as usize] = parent.map_or(node, |it| root[it as usize]);
    }
    root
}

/// Old positions of the edges by their new needs, each need's by cost.
fn edges(problem: &Problem, new_need: &[u32]) -> Vec<u32> {
    let of_need = Groups::new(new_need.len(), problem.edges().iter().map(|it| new_need[it.need as usize]));
    let mut order = Vec::with_capacity(problem.edges().len());
    for need in 0..new_need.len() as u32 {
        let from = order.len();
        order.extend_from_slice(of_need.of(need));
        order[from..].sort_unstable_by_key(|&it| (problem.edges()[it as usize].cost, it));
    }
    order
}

fn inverse(order: &[u32]) -> Vec<u32> {
    let mut inverse = vec![0; order.len()];
    for (new, &old) in (0_u32..).zip(order) {
        inverse[old as usize] = new;
    }
    inverse
}

fn scatter<T: Copy + Default>(values: &[T], old: &[u32]) -> Vec<T> {
    let mut scattered = vec![T::default(); values.len()];
    for (&value, &old) in values.iter().zip(old) {
        scattered[old as usize] = value;
    }
    scattered
}
