//! What decides between plans that cost the same.
//!
//! Every edge has a hash, and among the cheapest plans the one whose hashes add up to least is
//! taken. The hash is made of what an edge *is*, not of where it stands: needs and nodes get names
//! from their numbers, their surroundings and the surroundings of those. So the plan does not
//! depend on the order of lists, and not on the numbering either where the problem itself tells
//! its parts apart. Where it does not, positions do.
//!
//! **Source.** Refinement of colours after Weisfeiler & Leman 1968; sums of random weights single
//! out one set almost surely, Mulmuley, Vazirani & Vazirani 1987.

use crate::graph::Graph;
use crate::hands::{share, share_mut};
use crate::order::End;

/// How often a name takes in its surroundings. Costs tell most apart after one.
const ROUNDS: usize = 3;

/// Names of the needs and nodes of a part.
pub(crate) struct Names {
    need: Vec<u64>,
    node: Vec<u64>,
}

impl Names {
    /// Names everything in a graph of which no node is folded yet; `packed` are costs only.
    ///
    /// **Cost.** A few looks at each edge.
    pub(crate) fn new(graph: &Graph, packed: &[u64], hands: usize) -> Self {
        let need = graph.needs.iter().map(|it| mix(it.demand.into(), it.penalty as u64));
        let node = graph.nodes.iter().map(|it| mix(NODE, it.capacity.into()));
        let mut names = Self { need: need.collect(), node: node.collect() };
        for step in &graph.steps {
            let name = &mut names.node[step.node as usize];
            *name = mix(*name, mix(step.from.into(), step.cost as u64));
        }
        for _ in 0..ROUNDS {
            names.refine(graph, packed, hands);
        }
        names
    }

    /// Takes in what is next to each: sums, since neighbours have no order.
    fn refine(&mut self, graph: &Graph, packed: &[u64], hands: usize) {
        let around = share(hands, packed.len(), |own| {
            let mut need = vec![0_u64; self.need.len()];
            let mut node = vec![0_u64; self.node.len()];
            for (edge, &packed) in (own.start as u32..).zip(&packed[own]) {
                let name = edge_name(graph, edge, packed);
                let (from, to) = (graph.need(edge) as usize, graph.place(edge) as usize);
                need[from] = need[from].wrapping_add(mix(name, self.node[to]));
                node[to] = node[to].wrapping_add(mix(name, self.need[from]));
            }
            (need, node)
        });
        let add = |all: &mut Vec<u64>, own: Vec<u64>| {
            all.iter_mut().zip(own).for_each(|(all, own)| *all = all.wrapping_add(own));
        };
        let mut around = around.into_iter();
        let (mut need, mut node) = around.next().unwrap_or_default();
        for own in around {
            add(&mut need, own.0);
            add(&mut node, own.1);
        }
        for (at, it) in graph.nodes.iter().enumerate() {
            if let Some(parent) = it.parent {
                let parent = parent as usize;
                node[at] = node[at].wrapping_add(mix(PARENT, self.node[parent]));
                node[parent] = node[parent].wrapping_add(mix(CHILD, self.node[at]));
            }
        }
        self.need.iter_mut().zip(need).for_each(|(own, around)| *own = mix(*own, around));
        self.node.iter_mut().zip(node).for_each(|(own, around)| *own = mix(*own, around));
    }

    /// Mixes positions in the problem into names that several have within one component.
    ///
    /// **Cost.** O(needs + nodes) log.
    pub(crate) fn tell_apart(&mut self, ends: &[End], graph: &Graph) {
        let (needs, nodes, _) = graph.old();
        let mut start = (0, 0);
        for &end in ends {
            tell_apart(&mut self.need[start.0..end.0], &needs[start.0..end.0]);
            tell_apart(&mut self.node[start.1..end.1], &nodes[start.1..end.1]);
            start = end;
        }
    }

    /// Packs a hash behind the cost of each edge. Edges that are the same stand side by side; of
    /// them the first comes first.
    pub(crate) fn hash(&self, graph: &Graph, packed: &mut [u64], salt: u64, hands: usize) {
        let n_needs = self.need.len();
        let start = |hand: usize| graph.first_edge(n_needs * hand / hands);
        let starts: Vec<usize> = (0..hands).map(start).collect();
        share_mut(packed, &starts, |start, own| self.hash_some(graph, start, own, salt));
    }

    /// The same for all edges of some needs, which begin at `first`.
    fn hash_some(&self, graph: &Graph, first: usize, packed: &mut [u64], salt: u64) {
        let mut start = 0;
        while start < packed.len() {
            let key =
                |at: usize| (graph.tail((first + at) as u32), graph.place((first + at) as u32), packed[at]);
            let mut end = start + 1;
            while end < packed.len() && key(end) == key(start) {
                end += 1;
            }
            let edge = (first + start) as u32;
            let ends = mix(self.need[graph.need(edge) as usize], self.node[graph.place(edge) as usize]);
            let own = mix(ends, edge_name(graph, edge, packed[start]));
            let cost = graph.packing.cost(packed[start]);
            for (nth, it) in (0_u64..).zip(&mut packed[start..end]) {
                *it = graph.packing.pack(cost, (mix(own, salt.wrapping_add(nth)) >> 32) as u32);
            }
            packed[start..end].sort_unstable();
            start = end;
        }
    }
}

const NODE: u64 = 1;
const PARENT: u64 = 2;
const CHILD: u64 = 3;

/// What an edge is, its ends aside.
fn edge_name(graph: &Graph, edge: u32, packed: u64) -> u64 {
    let label = graph.pair(edge).map_or(u64::MAX, |it| graph.pairs[it].label.into());
    mix(graph.packing.cost(packed) as u64, label)
}

fn tell_apart(names: &mut [u64], positions: &[u32]) {
    let mut order: Vec<(u64, u32)> = names.iter().copied().zip(0..).collect();
    order.sort_unstable();
    for same in order.chunk_by(|a, b| a.0 == b.0).filter(|it| it.len() > 1) {
        for &(name, at) in same {
            names[at as usize] = mix(name, positions[at as usize].into());
        }
    }
}

/// Two numbers as one of no pattern.
///
/// **Source.** The finalizer of MurmurHash3, Appleby 2011.
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut it = a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ b.rotate_left(32);
    it = (it ^ (it >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    it = (it ^ (it >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    it ^ (it >> 33)
}
