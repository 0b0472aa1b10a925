//! The network of a relaxation, as it is set up once.

use crate::forest::NONE;

use super::model::Coupled;
use super::simplex::{Arc, Simplex};

/// Edges below a node without room; nobody can use them.
pub(super) fn dead_edges(coupled: &Coupled) -> Vec<bool> {
    let problem = coupled.problem();
    let mut is_shut = vec![false; problem.nodes().len()];
    for &node in problem.top_down() {
        let node_at = problem.nodes()[node as usize];
        is_shut[node as usize] =
            node_at.capacity == 0 || node_at.parent.is_some_and(|it| is_shut[it as usize]);
    }
    problem.edges().iter().map(|it| is_shut[it.node as usize]).collect()
}

pub(super) fn uses_by_edge(coupled: &Coupled) -> (Vec<u32>, Vec<(u32, u32)>) {
    let n_edges = coupled.problem().edges().len();
    let mut start = vec![0_u32; n_edges + 1];
    let all = || {
        let budgets = (0_u32..).zip(coupled.budgets());
        budgets.flat_map(|(at, budget)| budget.uses.iter().map(move |it| (it.0 as usize, (at, it.1))))
    };
    all().for_each(|(edge, _)| start[edge + 1] += 1);
    for edge in 0..n_edges {
        start[edge + 1] += start[edge];
    }
    let mut next = start.clone();
    let mut uses = vec![(0, 0); start[n_edges] as usize];
    for (edge, it) in all() {
        uses[next[edge] as usize] = it;
        next[edge] += 1;
    }
    (start, uses)
}

/// Labels that more than one edge of a need carries.
pub(super) fn labels(coupled: &Coupled) -> (Vec<(u32, u32)>, Vec<u32>) {
    let edges = coupled.problem().edges();
    let mut all: Vec<(u32, u32, usize)> =
        (0..).zip(edges).filter_map(|(at, it)| it.pair.map(|pair| (it.need, pair, at))).collect();
    all.sort_unstable();
    let (mut labels, mut label_of) = (Vec::new(), vec![NONE; edges.len()]);
    for shared in all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|it| it.len() > 1) {
        shared.iter().for_each(|it| label_of[it.2] = labels.len() as u32);
        labels.push((shared[0].0, shared[0].1));
    }
    (labels, label_of)
}

/// Arcs in the order edges, unserved, nodes, labels; vertices needs, labels, nodes, sink.
pub(super) fn network(
    coupled: &Coupled,
    labels: &[(u32, u32)],
    label_of: &[u32],
    is_dead: &[bool],
) -> Simplex {
    let problem = coupled.problem();
    let (needs, nodes, edges) = (problem.needs(), problem.nodes(), problem.edges());
    let (n_needs, n_labels) = (needs.len() as u32, labels.len() as u32);
    let node_vertex = |node: u32| n_needs + n_labels + node;
    let sink = node_vertex(nodes.len() as u32);
    let mut arcs = Vec::with_capacity(edges.len() + needs.len() + nodes.len() + labels.len());
    let mut above = vec![NONE; sink as usize];
    for (at, edge) in edges.iter().enumerate() {
        let tail = if label_of[at] == NONE { edge.need } else { n_needs + label_of[at] };
        // A label hangs by an edge, by one that is alive if it has any.
        if label_of[at] != NONE && (above[tail as usize] == NONE || !is_dead[at]) {
            above[tail as usize] = at as u32;
        }
        arcs.push(Arc { tail, head: node_vertex(edge.node), capacity: i64::from(!is_dead[at]) });
    }
    for need in 0..n_needs {
        above[need as usize] = arcs.len() as u32;
        arcs.push(Arc { tail: need, head: sink, capacity: i64::MAX });
    }
    for (at, node) in (0..).zip(nodes) {
        above[node_vertex(at) as usize] = arcs.len() as u32;
        let head = node.parent.map_or(sink, node_vertex);
        // Nothing reaches a node without room; with one, the tree to start from has no dead end.
        arcs.push(Arc { tail: node_vertex(at), head, capacity: i64::from(node.capacity.max(1)) });
    }
    for (at, label) in (0..).zip(labels) {
        arcs.push(Arc { tail: label.0, head: n_needs + at, capacity: 1 });
    }
    let mut flow = vec![0; arcs.len()];
    for (at, need) in needs.iter().enumerate() {
        flow[edges.len() + at] = i64::from(need.demand);
    }
    Simplex::new(arcs, above, flow)
}
