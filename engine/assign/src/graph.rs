//! A problem, or a part of one, as the solver walks it.
//!
//! Needs, nodes and edges have new positions: neighbours side by side, parents before their
//! children, and the edges of a need together, the cheapest first. Nodes that cannot bind are
//! folded away. Nothing in here changes while units flow.

mod build;

use std::ops::Range;

use crate::cost::Packing;
use crate::forest::{Forest, Groups};
use crate::hands::{joined, share};
use crate::problem::{Need, Node, StepCost};
use crate::solution::{PairPrice, Solution};

/// Edges of one need that share a label: one of them carries a unit at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) need: u32,
    pub(crate) label: u32,
}

/// What a graph is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be solved once: only nodes that can bind and labels that are shared count.
    Solve,
    /// To be asked about: each node stands for itself.
    Ask,
    /// To be changed: so many more needs, nodes and labels can come, and edges without end.
    Change { spare: usize },
}

/// An edge as the node sees it that it leads to; what a search asks of it stands together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) tail: u32,
    pub(crate) edge: u32,
    pub(crate) packed: u64,
}

/// The fixed side of a part.
#[derive(Clone)]
pub(crate) struct Graph {
    pub(crate) needs: Vec<Need>,
    /// Labels that two or more edges share; the others bind nothing.
    pub(crate) pairs: Vec<Pair>,
    pairs_of_need: Groups,
    pub(crate) forest: Forest,
    /// All nodes, every parent before its children.
    pub(crate) nodes: Vec<Node>,
    /// Costs of units through nodes, by node and first unit.
    pub(crate) steps: Vec<StepCost>,
    /// Edges by the need or pair they leave: needs first, then pairs.
    leaving: Vec<Range<u32>>,
    /// Whether they stay so: the cheapest of each first, hashes aside.
    pub(crate) is_sorted: bool,
    /// Edges by the forest node they lead to: where each node's end.
    arrivals: Vec<Arrival>,
    arrived: Vec<u32>,
    tail: Vec<u32>,
    place: Vec<u32>,
    /// Costs and hashes, see [`Packing`].
    pub(crate) packed: Vec<u64>,
    pub(crate) packing: Packing,
    old_needs: Vec<u32>,
    old_nodes: Vec<u32>,
    old_edges: Vec<u32>,
    pub(crate) later: Later,
}

/// What came to a graph after it was built; all lists are empty where nothing can.
#[derive(Clone, Default)]
pub(crate) struct Later {
    pub(crate) leaving: Vec<Vec<u32>>,
    pub(crate) arriving: Vec<Vec<Arrival>>,
    pub(crate) pairs_of_need: Vec<Vec<u32>>,
    pub(crate) children: Vec<Vec<u32>>,
}

fn listed(lists: &[Vec<u32>], at: u32) -> impl Iterator<Item = u32> {
    lists.get(at as usize).map_or(&[][..], Vec::as_slice).iter().copied()
}

impl Graph {
    pub(crate) fn n_edges(&self) -> usize {
        self.tail.len()
    }

    /// Where the edges of a need begin, or past all needs where all end; those of one need stand
    /// together.
    pub(crate) fn first_edge(&self, need: usize) -> usize {
        if need < self.needs.len() { self.leaving[need].start as usize } else { self.n_edges() }
    }

    /// The need, or past all needs the pair, from which an edge leaves.
    pub(crate) fn tail(&self, edge: u32) -> u32 {
        self.tail[edge as usize]
    }

    /// The forest node an edge leads to.
    pub(crate) fn place(&self, edge: u32) -> u32 {
        self.place[edge as usize]
    }

    /// The need an edge belongs to.
    pub(crate) fn need(&self, edge: u32) -> u32 {
        let tail = self.tail(edge);
        self.pair(edge).map_or(tail, |it| self.pairs[it].need)
    }

    /// The pair an edge leaves, if it is one of several with a label.
    pub(crate) fn pair(&self, edge: u32) -> Option<usize> {
        (self.tail(edge) as usize).checked_sub(self.needs.len())
    }

    /// What a unit through a node costs that comes after `units` others.
    pub(crate) fn step(&self, node: u32, units: u32) -> i64 {
        let after = self.steps.partition_point(|it| (it.node, it.from) <= (node, units));
        after.checked_sub(1).map_or(0, |at| if self.steps[at].node == node { self.steps[at].cost } else { 0 })
    }

    /// What the first `units` through a node cost together.
    pub(crate) fn steps_cost(&self, node: u32, units: u32) -> i128 {
        let start = self.steps.partition_point(|it| it.node < node);
        let own = || self.steps[start..].iter().take_while(|it| it.node == node);
        let ends = own().skip(1).map(|it| it.from).chain(std::iter::once(u32::MAX));
        let width = |from: u32, end: u32| end.min(units).saturating_sub(from);
        own().zip(ends).map(|(it, end)| i128::from(width(it.from, end)) * i128::from(it.cost)).sum()
    }

    /// Edges that leave a need or a pair, the cheapest first, and those that came later.
    pub(crate) fn leaving(&self, tail: u32) -> impl Iterator<Item = u32> {
        self.leaving[tail as usize].clone().chain(listed(&self.later.leaving, tail))
    }

    /// Edges that lead to a forest node; they have to be listed.
    pub(crate) fn arriving(&self, place: u32) -> impl Iterator<Item = &Arrival> {
        let place = place as usize;
        let later = self.later.arriving.get(place).map_or(&[][..], Vec::as_slice);
        self.arrivals[self.arrived[place] as usize..self.arrived[place + 1] as usize].iter().chain(later)
    }

    pub(crate) fn pairs_of(&self, need: u32) -> impl Iterator<Item = u32> {
        self.pairs_of_need.of(need).iter().copied().chain(listed(&self.later.pairs_of_need, need))
    }

    /// Lists the edges by the nodes they lead to.
    pub(crate) fn list_arrivals(&mut self, hands: usize) {
        let n_places = self.forest.len();
        let mut start = vec![0_u32; n_places + 1];
        self.place.iter().for_each(|&it| start[it as usize + 1] += 1);
        for place in 0..n_places {
            start[place + 1] += start[place];
        }
        let lists = share(hands, n_places, |own| {
            let first = start[own.start];
            let mut next: Vec<u32> = start[own.clone()].iter().map(|it| it - first).collect();
            let nothing = Arrival { tail: 0, edge: 0, packed: 0 };
            let mut arrivals = vec![nothing; (start[own.end] - first) as usize];
            for (edge, &place) in (0_u32..).zip(&self.place) {
                if own.contains(&(place as usize)) {
                    let at = &mut next[place as usize - own.start];
                    let (tail, packed) = (self.tail[edge as usize], self.packed[edge as usize]);
                    arrivals[*at as usize] = Arrival { tail, edge, packed };
                    *at += 1;
                }
            }
            arrivals
        });
        self.arrivals = joined(lists);
        self.arrived = start;
    }

    pub(crate) fn children(&self, place: u32) -> impl Iterator<Item = u32> {
        self.forest.children.of(place).iter().copied().chain(listed(&self.later.children, place))
    }

    /// All edges of a need.
    pub(crate) fn edges_of(&self, need: u32) -> impl Iterator<Item = u32> {
        let first_pair = self.needs.len() as u32;
        let pairs = self.pairs_of(need).flat_map(move |it| self.leaving(first_pair + it));
        self.leaving(need).chain(pairs)
    }

    /// The edges of a need in runs of one tail each, those aside that came later.
    pub(crate) fn runs(&self, need: u32) -> impl Iterator<Item = Range<u32>> {
        let pairs = self.pairs_of_need.of(need).iter();
        let first_pair = self.needs.len();
        let pairs = pairs.map(move |it| self.leaving[first_pair + *it as usize].clone());
        std::iter::once(self.leaving[need as usize].clone()).chain(pairs)
    }

    /// The pair that a run of edges leaves.
    pub(crate) fn pair_of(&self, run: &Range<u32>) -> Option<usize> {
        if run.is_empty() || self.pairs.is_empty() { None } else { self.pair(run.start) }
    }

    /// The positions of needs, nodes and edges in the problem.
    pub(crate) fn old(&self) -> (&[u32], &[u32], &[u32]) {
        (&self.old_needs, &self.old_nodes, &self.old_edges)
    }

    /// Writes the solution of this part into that of the problem.
    pub(crate) fn restore(&self, own: &Solution, whole: &mut Solution) {
        let edges = |own: &[u32]| own.iter().map(|&it| self.old_edges[it as usize]).collect::<Vec<u32>>();
        whole.chosen.extend(edges(&own.chosen));
        whole.undecided.extend(edges(&own.undecided));
        scatter(&own.unmet, &self.old_needs, &mut whole.unmet);
        scatter(&own.prices.need, &self.old_needs, &mut whole.prices.need);
        scatter(&own.prices.node, &self.old_nodes, &mut whole.prices.node);
        let pair = |it: &PairPrice| PairPrice { need: self.old_needs[it.need as usize], ..*it };
        whole.prices.pair.extend(own.prices.pair.iter().map(pair));
        whole.objective += own.objective;
    }
}

impl Graph {
    /// Adds an edge; its need, node and label are there.
    pub(crate) fn add_edge(&mut self, tail: u32, place: u32, cost: i64, old: u32) -> u32 {
        let edge = self.tail.len() as u32;
        self.tail.push(tail);
        self.place.push(place);
        self.packed.push(self.packing.pack(cost, 0));
        self.old_edges.push(old);
        self.later.leaving[tail as usize].push(edge);
        let packed = self.packing.pack(cost, 0);
        self.later.arriving[place as usize].push(Arrival { tail, edge, packed });
        edge
    }

    /// An edge costs something else.
    pub(crate) fn set_cost(&mut self, edge: u32, cost: i64) {
        let packed = self.packing.pack(cost, 0);
        self.packed[edge as usize] = packed;
        let place = self.place(edge) as usize;
        let own = &mut self.arrivals[self.arrived[place] as usize..self.arrived[place + 1] as usize];
        let later = self.later.arriving.get_mut(place).into_iter().flatten();
        own.iter_mut().chain(later).filter(|it| it.edge == edge).for_each(|it| it.packed = packed);
    }

    /// Names a spare need, node or edge by its position in the problem.
    pub(crate) fn name_need(&mut self, need: u32, old: u32) {
        self.old_needs[need as usize] = old;
    }

    pub(crate) fn name_node(&mut self, node: u32, old: u32) {
        self.old_nodes[node as usize] = old;
    }
}

fn scatter<T: Copy>(values: &[T], old: &[u32], into: &mut [T]) {
    for (&value, &old) in values.iter().zip(old) {
        into[old as usize] = value;
    }
}
