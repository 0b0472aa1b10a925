//! From a problem to the graph of a part.

use std::ops::Range;

use super::{Graph, Later, Pair, Purpose};
use crate::cost::Packing;
use crate::forest::{Forest, Groups, NONE};
use crate::hands::share;
use crate::order::{Order, Part};
use crate::problem::{Need, Node, Problem, StepCost};
use crate::tie::{Names, mix};

impl Graph {
    /// Builds a part. `seed` decides between plans of equal cost; another `attempt` is for hashes
    /// that could not.
    ///
    /// **Cost.** O(edges log edges of a need).
    pub(crate) fn new(
        problem: &Problem,
        order: &Order,
        part: &Part,
        purpose: Purpose,
        (seed, attempt): (u64, u32),
        hands: usize,
    ) -> Self {
        let mut old_needs = order.needs[part.needs.clone()].to_vec();
        let mut old_nodes = order.nodes[part.nodes.clone()].to_vec();
        let new_node = |old: u32| order.new_node[old as usize] - part.nodes.start as u32;
        let node = |&old: &u32| {
            let Node { parent, capacity } = problem.nodes()[old as usize];
            Node { parent: parent.map(new_node), capacity }
        };
        let mut needs: Vec<Need> = old_needs.iter().map(|&it| problem.needs()[it as usize]).collect();
        let mut nodes: Vec<Node> = old_nodes.iter().map(node).collect();
        let own_steps = |&node: &u32| {
            let start = problem.steps().partition_point(|it| it.node < node);
            problem.steps()[start..].iter().take_while(move |it| it.node == node)
        };
        let steps =
            old_nodes.iter().flat_map(own_steps).map(|it| StepCost { node: new_node(it.node), ..*it });
        let steps = if problem.steps().is_empty() { Vec::new() } else { steps.collect() };
        let listed = share(hands, old_needs.len(), |own| {
            let mut lists = Lists::new(order.packing, part.n_edges / hands);
            lists.are_all_pairs = matches!(purpose, Purpose::Change { .. });
            for &need in &old_needs[own] {
                lists.add(problem, order.edges_of(need), new_node);
            }
            lists
        });
        let Lists { mut pairs, mut of_pairs, mut leaving, mut tail, node, mut packed, old_edges, .. } =
            Lists::joined(listed);
        if let Purpose::Change { spare } = purpose {
            needs.resize(needs.len() + spare, Need { demand: 0, penalty: 0 });
            old_needs.resize(needs.len(), NONE);
            leaving.resize(needs.len(), 0..0);
            nodes.resize(nodes.len() + spare, Node { parent: None, capacity: 0 });
            old_nodes.resize(nodes.len(), NONE);
            pairs.resize(pairs.len() + spare, Pair { need: NONE, label: 0 });
            of_pairs.resize(pairs.len(), 0..0);
        }
        let first_pair = needs.len() as u32;
        leaving.extend(of_pairs);
        for (pair, edges) in (first_pair..).zip(&leaving[needs.len()..]) {
            tail[edges.start as usize..edges.end as usize].fill(pair);
        }
        let mut graph = Self {
            pairs_of_need: Groups::new(needs.len(), pairs.iter().map(|it| it.need)),
            forest: Forest::default(),
            nodes,
            steps,
            is_sorted: !matches!(purpose, Purpose::Change { .. }),
            arrivals: Vec::new(),
            arrived: Vec::new(),
            place: node,
            packed: Vec::new(),
            needs,
            pairs,
            leaving,
            tail,
            packing: order.packing,
            old_needs,
            old_nodes,
            old_edges,
            later: Later::default(),
        };
        let mut names = Names::new(&graph, &packed, hands);
        names.tell_apart(&part.ends, &graph);
        names.hash(&graph, &mut packed, mix(seed, attempt.into()), hands);
        graph.packed = packed;
        graph.forest = match purpose {
            Purpose::Solve => Forest::binding(&graph.nodes, &graph.place, &graph.steps),
            Purpose::Ask | Purpose::Change { .. } => Forest::whole(&graph.nodes, &graph.steps),
        };
        for place in &mut graph.place {
            *place = graph.forest.place[*place as usize];
        }
        // The auction does without them, and has large lists of its own.
        if purpose != Purpose::Solve {
            graph.list_arrivals(hands);
        }
        if let Purpose::Change { .. } = purpose {
            let lists = |len: usize| vec![Vec::new(); len];
            let (n_needs, n_nodes) = (graph.needs.len(), graph.forest.len());
            graph.later = Later {
                leaving: lists(n_needs + graph.pairs.len()),
                arriving: vec![Vec::new(); n_nodes],
                pairs_of_need: lists(n_needs),
                children: lists(n_nodes),
            };
        }
        graph
    }
}

/// The lists of a graph while they grow, need by need.
struct Lists {
    packing: Packing,
    /// Whether a label is a pair even where nothing shares it yet.
    are_all_pairs: bool,
    pairs: Vec<Pair>,
    of_pairs: Vec<Range<u32>>,
    leaving: Vec<Range<u32>>,
    tail: Vec<u32>,
    node: Vec<u32>,
    packed: Vec<u64>,
    old_edges: Vec<u32>,
    own: Vec<Own>,
}

/// An edge of the need at hand, in the order in which it will stand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Own {
    /// A label that it shares with others.
    shared: Option<u32>,
    cost: i64,
    node: u32,
    label: Option<u32>,
    old: u32,
}

impl Lists {
    fn new(packing: Packing, n_edges: usize) -> Self {
        Self {
            packing,
            are_all_pairs: false,
            pairs: Vec::new(),
            of_pairs: Vec::new(),
            leaving: Vec::new(),
            tail: Vec::with_capacity(n_edges),
            node: Vec::with_capacity(n_edges),
            packed: Vec::with_capacity(n_edges),
            old_edges: Vec::with_capacity(n_edges),
            own: Vec::new(),
        }
    }

    /// The lists of several stretches of needs as one.
    fn joined(mut lists: Vec<Self>) -> Self {
        let mut all = lists.remove(0);
        for own in lists {
            let (needs, edges) = (all.leaving.len() as u32, all.end());
            let moved = |it: &Range<u32>| it.start + edges..it.end + edges;
            all.leaving.extend(own.leaving.iter().map(moved));
            all.of_pairs.extend(own.of_pairs.iter().map(moved));
            all.pairs.extend(own.pairs.iter().map(|it| Pair { need: it.need + needs, ..*it }));
            all.tail.extend(own.tail.iter().map(|it| it + needs));
            all.node.extend(own.node);
            all.packed.extend(own.packed);
            all.old_edges.extend(own.old_edges);
        }
        all
    }

    /// Adds the edges of the next need: those without a shared label, then each pair's.
    fn add(&mut self, problem: &Problem, edges: impl Iterator<Item = u32>, new_node: impl Fn(u32) -> u32) {
        let need = self.leaving.len() as u32;
        let mut own = std::mem::take(&mut self.own);
        own.clear();
        own.extend(edges.map(|old| {
            let edge = problem.edges()[old as usize];
            Own { shared: edge.pair, cost: edge.cost, node: edge.node, label: edge.pair, old }
        }));
        let has_labels = own.iter().any(|it| it.shared.is_some());
        if !has_labels {
            own.sort_unstable_by_key(|it| (it.cost, it.node, it.old));
        } else {
            own.sort_unstable();
        }
        if !self.are_all_pairs && has_labels {
            for alone in own.chunk_by_mut(|a, b| a.shared == b.shared).filter(|it| it.len() == 1) {
                alone[0].shared = None;
            }
            own.sort_unstable();
        }
        self.leaving.push(self.end()..self.end());
        for run in own.chunk_by(|a, b| a.shared == b.shared) {
            let start = self.end();
            for it in run {
                self.tail.push(need);
                self.node.push(new_node(it.node));
                self.packed.push(self.packing.pack(it.cost, 0));
                self.old_edges.push(it.old);
            }
            let edges = start..self.end();
            match run[0].shared {
                None => self.leaving[need as usize] = edges,
                Some(label) => {
                    self.pairs.push(Pair { need, label });
                    self.of_pairs.push(edges);
                }
            }
        }
        self.own = own;
    }

    fn end(&self) -> u32 {
        self.tail.len() as u32
    }
}
