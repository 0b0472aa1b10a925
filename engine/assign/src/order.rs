//! The same problem with neighbours side by side, in parts that can be solved side by side.
//!
//! A bid or a search goes from a need to its nodes and from there to the needs that want them as
//! well. In the order of a file these lie anywhere in memory; in the order of a breadth-first
//! walk they lie together, which halves the time of large problems.

use std::ops::Range;

use crate::cost::Packing;
use crate::forest::{Groups, NONE};
use crate::hands::both;
use crate::problem::Problem;

/// Edges of a part, at least: smaller ones cost more to set up than to solve.
const PART_EDGES: usize = 256;

/// Where a component ends: needs and nodes.
pub(crate) type End = (usize, usize);

/// An order of needs and nodes, whole trees from the root down, and where it can be cut.
pub(crate) struct Order {
    /// Old positions by new ones.
    pub(crate) needs: Vec<u32>,
    pub(crate) nodes: Vec<u32>,
    /// New positions by old ones.
    pub(crate) new_node: Vec<u32>,
    pub(crate) parts: Vec<Part>,
    pub(crate) packing: Packing,
    of_need: EdgesOfNeeds,
}

/// A stretch of the order that has nothing to do with the others.
pub(crate) struct Part {
    pub(crate) needs: Range<usize>,
    pub(crate) nodes: Range<usize>,
    pub(crate) n_edges: usize,
    /// Where its components end, counted from its start.
    pub(crate) ends: Vec<End>,
}

impl Order {
    /// The order of a walk, cut where nothing leads across; what the parts are depends on the
    /// problem only.
    ///
    /// **Cost.** O(needs + nodes + edges).
    pub(crate) fn of(problem: &Problem, hands: usize) -> Self {
        Self::with_parts(problem, PART_EDGES, hands)
    }

    /// The same order as one part.
    pub(crate) fn whole(problem: &Problem) -> Self {
        Self::with_parts(problem, usize::MAX, 1)
    }

    /// The same order as one part, with room for costs of any size.
    pub(crate) fn for_changes(problem: &Problem) -> Self {
        Self { packing: Packing::ANY, ..Self::whole(problem) }
    }

    fn with_parts(problem: &Problem, edges_min: usize, hands: usize) -> Self {
        let (root, edges) = (roots(problem), problem.edges());
        let (of_need, of_root) = both(
            hands,
            || EdgesOfNeeds::new(problem),
            || Groups::new(problem.nodes().len(), edges.iter().map(|it| root[it.node as usize])),
        );
        let (needs, nodes, ends) = walk(problem, &root, &of_need, &of_root);
        let mut parts = Vec::new();
        let (mut need, mut node, mut first, mut n_edges) = (0, 0, 0, 0);
        let mut counted = 0;
        for (at, &(needs_end, nodes_end)) in ends.iter().enumerate() {
            n_edges += needs[counted..needs_end].iter().map(|&it| of_need.of(it).count()).sum::<usize>();
            counted = needs_end;
            if n_edges < edges_min && at + 1 < ends.len() {
                continue;
            }
            let own_ends = ends[first..=at].iter().map(|it| (it.0 - need, it.1 - node)).collect();
            parts.push(Part { needs: need..needs_end, nodes: node..nodes_end, n_edges, ends: own_ends });
            (need, node, first, n_edges) = (needs_end, nodes_end, at + 1, 0);
        }
        let new_node = inverse(&nodes);
        Self { needs, nodes, new_node, parts, packing: Packing::of(problem), of_need }
    }

    /// Edges of a need, both by old positions.
    pub(crate) fn edges_of(&self, need: u32) -> impl Iterator<Item = u32> {
        self.of_need.of(need)
    }
}

/// Edges by their need.
enum EdgesOfNeeds {
    /// Those of a need stand together, and needs in their order: where each begins.
    Together(Vec<u32>),
    Scattered(Groups),
}

impl EdgesOfNeeds {
    fn new(problem: &Problem) -> Self {
        let (n_needs, edges) = (problem.needs().len(), problem.edges());
        if !edges.is_sorted_by_key(|it| it.need) {
            return Self::Scattered(Groups::new(n_needs, edges.iter().map(|it| it.need)));
        }
        let mut start = vec![0; n_needs + 1];
        edges.iter().for_each(|it| start[it.need as usize + 1] += 1);
        for need in 0..n_needs {
            start[need + 1] += start[need];
        }
        Self::Together(start)
    }

    fn of(&self, need: u32) -> impl Iterator<Item = u32> {
        let (together, scattered) = match self {
            Self::Together(start) => (start[need as usize]..start[need as usize + 1], &[][..]),
            Self::Scattered(groups) => (0..0, groups.of(need)),
        };
        together.chain(scattered.iter().copied())
    }
}

/// Needs and nodes in the order of a breadth-first walk from the first need on, and where the
/// walk had seen all that belongs together.
fn walk(
    problem: &Problem,
    root: &[u32],
    of_need: &EdgesOfNeeds,
    of_root: &Groups,
) -> (Vec<u32>, Vec<u32>, Vec<End>) {
    let edges = problem.edges();
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
            for edge in of_need.of(needs[done]) {
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

pub(crate) fn inverse(order: &[u32]) -> Vec<u32> {
    let mut inverse = vec![0; order.len()];
    for (new, &old) in (0_u32..).zip(order) {
        inverse[old as usize] = new;
    }
    inverse
}
