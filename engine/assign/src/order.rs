//! The same problem with neighbours side by side, in parts that can be solved side by side.
//!
//! A bid or a search goes from a need to its nodes and from there to the needs that want them as
//! well. In the order of a file these lie anywhere in memory; in the order of a breadth-first
//! walk they lie together, which halves the time of large problems.

use crate::forest::{Groups, NONE};
use crate::problem::{Edge, Node, Problem};
use crate::solution::{PairPrice, Prices, Solution, Status};

/// Edges of a part, at least: smaller ones cost more to set up than to solve.
const PART_EDGES: usize = 256;

/// A part of a problem that has nothing to do with the others, in the order of the walk.
pub(crate) struct Part {
    pub(crate) problem: Problem,
    /// Old positions by new ones.
    needs: Vec<u32>,
    nodes: Vec<u32>,
    edges: Vec<u32>,
}

/// Where parts end in the order of the walk: needs and nodes.
type End = (usize, usize);

/// Puts needs and whole trees in the order of the walk, the edges of a need by cost, and cuts
/// where nothing leads across.
///
/// **Shape.** Every need and node is in one part; what the parts are depends on the problem only.
/// **Cost.** O(needs + nodes + edges log).
pub(crate) fn parts(problem: &Problem) -> Vec<Part> {
    let (needs, nodes, ends) = walk(problem);
    let (new_need, new_node) = (inverse(&needs), inverse(&nodes));
    let (edges, first_edge) = edges(problem, &new_need);
    let mut parts = Vec::new();
    let (mut need, mut node) = (0, 0);
    let last = ends.len() - 1;
    for (at, &(needs_end, nodes_end)) in ends.iter().enumerate() {
        let n_edges = (first_edge[needs_end] - first_edge[need]) as usize;
        if n_edges < PART_EDGES && at < last {
            continue;
        }
        let own_edges = &edges[first_edge[need] as usize..first_edge[needs_end] as usize];
        let moved_edge = |&edge: &u32| {
            let edge = problem.edges()[edge as usize];
            Edge {
                need: new_need[edge.need as usize] - need as u32,
                node: new_node[edge.node as usize] - node as u32,
                ..edge
            }
        };
        let moved_node = |&it: &u32| {
            let Node { parent, capacity } = problem.nodes()[it as usize];
            Node { parent: parent.map(|it| new_node[it as usize] - node as u32), capacity }
        };
        let (own_needs, own_nodes) = (&needs[need..needs_end], &nodes[node..nodes_end]);
        let problem = Problem::of(
            own_needs.iter().map(|&it| problem.needs()[it as usize]).collect(),
            own_nodes.iter().map(moved_node).collect(),
            own_edges.iter().map(moved_edge).collect(),
            // Trees are numbered from the root down.
            (0..own_nodes.len() as u32).collect(),
        );
        let (needs, nodes, edges) = (own_needs.to_vec(), own_nodes.to_vec(), own_edges.to_vec());
        parts.push(Part { problem, needs, nodes, edges });
        (need, node) = (needs_end, nodes_end);
    }
    parts
}

/// The solutions of all parts as one of the whole.
pub(crate) fn restore(problem: &Problem, parts: &[Part], solutions: &[Solution]) -> Solution {
    let mut whole = Solution {
        chosen: Vec::new(),
        unmet: vec![0; problem.needs().len()],
        prices: Prices {
            need: vec![0; problem.needs().len()],
            node: vec![0; problem.nodes().len()],
            pair: Vec::new(),
        },
        objective: 0,
        status: Status::Optimal,
    };
    for (part, solution) in parts.iter().zip(solutions) {
        whole.chosen.extend(solution.chosen.iter().map(|&it| part.edges[it as usize]));
        scatter(&solution.unmet, &part.needs, &mut whole.unmet);
        scatter(&solution.prices.need, &part.needs, &mut whole.prices.need);
        scatter(&solution.prices.node, &part.nodes, &mut whole.prices.node);
        let pair = |it: &PairPrice| PairPrice { need: part.needs[it.need as usize], ..*it };
        whole.prices.pair.extend(solution.prices.pair.iter().map(pair));
        whole.objective += solution.objective;
    }
    whole.chosen.sort_unstable();
    whole.prices.pair.sort_unstable_by_key(|it| (it.need, it.pair));
    whole
}

/// Needs and nodes in the order of a breadth-first walk from the first need on, and where the
/// walk had seen all that belongs together.
fn walk(problem: &Problem) -> (Vec<u32>, Vec<u32>, Vec<End>) {
    let root = roots(problem);
    let edges = problem.edges();
    let of_need = Groups::new(problem.needs().len(), edges.iter().map(|it| it.need));
    let of_root = Groups::new(problem.nodes().len(), edges.iter().map(|it| root[it.node as usize]));
    // A stable grouping of nodes that stand top down leaves each tree top down.
    let tree = Groups::new(problem.nodes().len(), problem.top_down().iter().map(|&it| root[it as usize]));
    let (mut needs, mut nodes) = (Vec::with_capacity(problem.needs().len()), Vec::new());
    let mut seen_need = vec![false; problem.needs().len()];
    let mut seen_root = vec![false; problem.nodes().len()];
    let (mut done, mut ends) = (0, Vec::new());
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
        if ends.last().is_none_or(|&(needs_end, _)| needs_end < needs.len()) {
            ends.push((needs.len(), nodes.len()));
        }
    }
    // Trees that nobody wants.
    nodes.extend(problem.top_down().iter().copied().filter(|&it| !seen_root[root[it as usize] as usize]));
    ends.push((needs.len(), nodes.len()));
    (needs, nodes, ends)
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

/// Old positions of the edges by their new needs, each need's by cost, and where each need's begin.
fn edges(problem: &Problem, new_need: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let of_need = Groups::new(new_need.len(), problem.edges().iter().map(|it| new_need[it.need as usize]));
    let mut order = Vec::with_capacity(problem.edges().len());
    let mut first = vec![0];
    for need in 0..new_need.len() as u32 {
        let from = order.len();
        order.extend_from_slice(of_need.of(need));
        order[from..].sort_unstable_by_key(|&it| (problem.edges()[it as usize].cost, it));
        first.push(order.len() as u32);
    }
    (order, first)
}

fn inverse(order: &[u32]) -> Vec<u32> {
    let mut inverse = vec![0; order.len()];
    for (new, &old) in (0_u32..).zip(order) {
        inverse[old as usize] = new;
    }
    inverse
}

fn scatter<T: Copy>(values: &[T], old: &[u32], into: &mut [T]) {
    for (&value, &old) in values.iter().zip(old) {
        into[old as usize] = value;
    }
}
