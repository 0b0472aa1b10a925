//! One component cut in parts that are worked on side by side, and joined exactly.
//!
//! Trees are cut in two in their order, and again while there are hands. A need whose edges all
//! lead to one part belongs there; those between two parts wait until both are done:
//!
//! ```text
//! near ────▶ first trees     one hand        ┐
//! far ─────▶ last trees      another hand    ┘ side by side, as if nobody else were there
//! between ─▶ all of them     one hand, once both are joined
//! ```
//!
//! Why that is exact: residual arcs lead from one part to the other through needs between them only.
//! So what keeps the reduced costs of either as they must be keeps those of both, and needs
//! between enter at the price that their edges then allow. Where the cut falls changes how long
//! it takes and nothing else: one plan is cheapest, and prices are read off it afterwards.
//!
//! **Source.** Own.

use std::ops::Range;
use std::sync::Arc;

use crate::forest::NONE;
use crate::graph::Graph;
use crate::network::Network;

/// Edges of a part that is cut in two, at least: for smaller ones it costs more than it saves.
const CUT_EDGES: usize = 40_000;

/// How many times as much work an edge between two parts is, since one hand does it alone.
const BETWEEN_WORK: usize = 2;

/// A part of a component, and how it is cut.
pub(crate) struct Cut {
    pub(crate) trees: Range<u32>,
    /// Needs of this part; where it is cut, those between its parts. Ascending.
    pub(crate) needs: Vec<u32>,
    pub(crate) parts: Option<Box<[Cut; 2]>>,
}

impl Cut {
    /// Cuts a graph into parts for so many hands, or fewer.
    ///
    /// **Cost.** A look at each edge for each time that the number of hands can be halved.
    pub(crate) fn of(graph: &Graph, hands: usize) -> Self {
        let needs = (0..graph.needs.len() as u32).collect();
        let whole = Self { needs, trees: 0..graph.forest.len() as u32, parts: None };
        if hands > 1 { whole.cut(graph, &roots(graph), hands) } else { whole }
    }

    fn cut(self, graph: &Graph, root: &[u32], hands: usize) -> Self {
        // The first and the last tree that a need could have a place in; what holds everything is
        // never full and belongs to both parts.
        let reach = |&need: &u32| {
            let own = graph.edges_of(need).map(|it| root[graph.place(it) as usize]);
            let own = own.filter(|&it| graph.forest.capacity[it as usize] != u32::MAX);
            own.fold((u32::MAX, 0), |(first, last), it| (first.min(it), last.max(it)))
        };
        let reach: Vec<(u32, u32)> = self.needs.iter().map(reach).collect();
        let Some(end) = self.best_cut(graph, root, &reach) else { return self };
        let (mut near, mut far, mut between) = (Vec::new(), Vec::new(), Vec::new());
        for (&need, &(first, last)) in self.needs.iter().zip(&reach) {
            match (last < end, first >= end) {
                (true, _) => near.push(need),
                (_, true) => far.push(need),
                _ => between.push(need),
            }
        }
        let part = |needs, trees, hands| {
            let part = Self { needs, trees, parts: None };
            if hands > 1 { part.cut(graph, root, hands) } else { part }
        };
        let near = part(near, self.trees.start..end, hands - hands / 2);
        let far = part(far, end..self.trees.end, hands / 2);
        Self { needs: between, parts: Some(Box::new([near, far])), ..self }
    }

    /// The tree before which a cut leaves least to do: the larger part, and all that lies between.
    /// None where that is no less than the whole.
    fn best_cut(&self, graph: &Graph, root: &[u32], reach: &[(u32, u32)]) -> Option<u32> {
        let start = self.trees.start;
        // Edges of needs whose last tree is the one before, and of those whose first it is.
        let mut ended = vec![0_usize; self.trees.len() + 1];
        let mut begun = vec![0_usize; self.trees.len() + 1];
        let mut n_edges = 0;
        for (&need, &(first, last)) in self.needs.iter().zip(reach).filter(|it| it.1.0 != u32::MAX) {
            let own = graph.edges_of(need).count();
            ended[(last - start) as usize + 1] += own;
            begun[(first - start) as usize] += own;
            n_edges += own;
        }
        if n_edges < CUT_EDGES {
            return None;
        }
        let (mut near, mut far, mut best) = (0, n_edges, (n_edges, None));
        for (tree, (ended, begun)) in (start..).zip(ended.iter().zip(&begun)) {
            near += ended;
            let between = n_edges - near - far;
            // Trees stay whole.
            if root.get(tree as usize) == Some(&tree) {
                best = best.min((near.max(far) + between * BETWEEN_WORK, Some(tree)));
            }
            far -= begun;
        }
        best.1
    }

    /// Visits the needs of this part, those of its parts included.
    pub(crate) fn each_need(&self, visit: &mut impl FnMut(u32)) {
        let mut waiting = vec![self];
        while let Some(part) = waiting.pop() {
            part.needs.iter().for_each(|&it| visit(it));
            waiting.extend(part.parts.iter().flat_map(|it| it.iter()));
        }
    }

    /// Takes over what another network has of this part; `before` is what flowed through the nodes
    /// when they were parted.
    pub(crate) fn join(&self, network: &mut Network, other: &Network, before: &[u32]) {
        let graph = Arc::clone(&network.graph);
        self.each_need(&mut |need| {
            network.unserved[need as usize] = other.unserved[need as usize];
            network.potential[need as usize] = other.potential[need as usize];
            for pair in graph.pairs_of(need) {
                let vertex = network.pair_vertex(pair) as usize;
                network.potential[vertex] = other.potential[vertex];
            }
        });
        // The last node is the one that holds everything.
        let last = graph.forest.len() as u32 - 1;
        for node in self.trees.clone().chain((last >= self.trees.end).then_some(last)) {
            let vertex = network.node_vertex(node) as usize;
            network.potential[vertex] = other.potential[vertex];
            let at = node as usize;
            network.flow[at] = network.flow[at] + other.flow[at] - before[at];
            other.users(node).iter().for_each(|&it| network.fill(it));
        }
    }
}

/// The root above each forest node; parents stand before their children.
fn roots(graph: &Graph) -> Vec<u32> {
    let mut root: Vec<u32> = Vec::with_capacity(graph.forest.len());
    for (node, &parent) in (0_u32..).zip(&graph.forest.parent) {
        root.push(if parent == NONE { node } else { root[parent as usize] });
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Purpose;
    use crate::order::Order;
    use crate::problem::{Edge, Need, Node, Problem};

    /// A street of providers with two slots each, needs want those next to them; of `n_far` needs
    /// nobody knows where.
    fn street(n_far: u32) -> Graph {
        let (n_needs, n_nodes) = (4_000, 3 * 1_000_u32);
        let needs = vec![Need { demand: 1, penalty: 100 }; n_needs];
        let node = |at| if at % 3 == 0 { (None, 2) } else { (Some(at - at % 3), 1) };
        let node = |at| Node { parent: node(at).0, capacity: node(at).1 };
        let nodes = (0..n_nodes).map(node).collect();
        let node = |need: u32, nth: u32| {
            let far = need.wrapping_mul(0x9e37_79b9) >> 8;
            if need < n_far { far.wrapping_mul(1 + nth) % n_nodes } else { (need * 3 / 4 + nth) % n_nodes }
        };
        let edges = (0..n_needs as u32).flat_map(|need| {
            (0..20).map(move |nth| Edge { need, node: node(need, nth), cost: nth.into(), pair: None })
        });
        let problem = Problem::new(needs, nodes, edges.collect()).expect("a problem");
        let order = Order::whole(&problem);
        Graph::new(&problem, &order, &order.parts[0], Purpose::Solve, (0, 0), 1)
    }

    #[test]
    fn a_street_is_cut_across() {
        let graph = street(0);
        let cut = Cut::of(&graph, 2);
        let [near, far] = *cut.parts.expect("two parts");
        assert_eq!(near.needs.len() + far.needs.len() + cut.needs.len(), graph.needs.len());
        assert!(cut.needs.len() < 100, "{} needs between", cut.needs.len());
        assert!(near.needs.len().abs_diff(far.needs.len()) < 200);
        for (part, trees) in [(&near, near.trees.clone()), (&far, far.trees.clone())] {
            let parents = trees.clone().map(|it| graph.forest.parent[it as usize]);
            assert!(parents.filter(|&it| it != NONE).all(|it| trees.contains(&it)));
            for &need in &part.needs {
                assert!(graph.edges_of(need).all(|it| trees.contains(&graph.place(it))));
            }
        }
    }

    #[test]
    fn where_everything_hangs_together_nothing_is_cut() {
        assert!(Cut::of(&street(4_000), 2).parts.is_none());
        assert!(Cut::of(&street(0), 1).parts.is_none());
    }

    #[test]
    fn more_hands_get_smaller_parts() {
        let graph = street(0);
        let cut = Cut::of(&graph, 4);
        let mut needs = Vec::new();
        cut.each_need(&mut |need| needs.push(need));
        needs.sort_unstable();
        assert!(needs.into_iter().eq(0..graph.needs.len() as u32));
        let parts = cut.parts.expect("two parts");
        assert_eq!(parts.iter().filter(|it| it.parts.is_some()).count(), 0, "each has 40,000 edges at most");
    }
}
