//! Shortest paths over reduced costs.
//!
//! Reduced costs are never negative, so this is Dijkstra's algorithm with two additions: arcs
//! of length zero, of which there are many, go to a stack instead of the heap, and the search
//! ends as soon as nothing unvisited can lead to a shorter way. If one were negative after all, it
//! would count as zero: the search ends, and the proof of the plan fails.
//!
//! **Source.** Dijkstra 1959; potentials after Edmonds & Karp 1972 and Tomizawa 1971.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::cost::Ranked;
use crate::forest::NONE;
use crate::network::Network;

/// Not reached.
pub(crate) const FAR: Ranked = Ranked::MAX;

/// What a search looks for.
#[derive(Clone, Copy)]
pub(crate) struct Goal {
    /// A vertex to reach, or [`NONE`].
    pub(crate) target: u32,
    /// The search ends at ways of length `distance(sink) + beyond` or more.
    pub(crate) beyond: Ranked,
    /// Whether it also ends at the first place that nobody has.
    pub(crate) takes_vacant: bool,
}

impl Goal {
    /// The nearest way to the sink.
    pub(crate) const SINK: Self = Self { target: NONE, beyond: 0, takes_vacant: true };
}

/// Buffers of a search, kept from one to the next.
pub(crate) struct Search {
    pub(crate) distance: Vec<Ranked>,
    /// Vertex and edge from which each reached vertex was reached.
    pub(crate) before: Vec<(u32, u32)>,
    /// What the last search was to find: the target, the sink, or a place that nobody has.
    pub(crate) nearest: u32,
    /// Vertices whose distance is final and below the end of the search, in order.
    pub(crate) settled: Vec<u32>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(Ranked, u32)>>,
    level: Vec<u32>,
}

impl Search {
    pub(crate) fn new(n_vertices: usize) -> Self {
        Self {
            distance: vec![FAR; n_vertices],
            before: vec![(NONE, NONE); n_vertices],
            nearest: NONE,
            settled: Vec::new(),
            touched: Vec::new(),
            heap: BinaryHeap::new(),
            level: Vec::new(),
        }
    }

    /// Finds shortest ways from `source`; returns false when the steps run out first.
    ///
    /// **Cost.** One step per settled vertex, taken from `steps_left`.
    pub(crate) fn run(&mut self, network: &Network, source: u32, goal: Goal, steps_left: &mut u64) -> bool {
        self.reset(source);
        let sink = network.sink();
        let mut end = FAR;
        let (mut now, mut nearest) = (0, NONE);
        while let Some(from) = self.next(&mut now) {
            if now >= end {
                break;
            }
            if *steps_left == 0 {
                return false;
            }
            *steps_left -= 1;
            self.settled.push(from);
            network.arcs(from, end.saturating_sub(now), |to, edge, reduced| {
                let reduced = reduced.max(0);
                let length = now + reduced;
                if length >= end || length >= self.distance[to as usize] {
                    return;
                }
                if to == sink {
                    (end, nearest) = (end.min(length.saturating_add(goal.beyond)), to);
                } else if to == goal.target || (goal.takes_vacant && network.is_vacant(to)) {
                    (end, nearest) = (length, to);
                } else if reduced == 0 {
                    self.level.push(to);
                } else {
                    self.heap.push(Reverse((length, to)));
                }
                self.reach(to, length, (from, edge));
            });
        }
        self.nearest = nearest;
        true
    }

    /// Finds the shortest way from the sink to a vertex, from its end: `before` of a vertex is
    /// what comes behind it. Returns false when the steps run out first.
    pub(crate) fn run_back(&mut self, network: &Network, target: u32, steps_left: &mut u64) -> bool {
        self.reset(target);
        let sink = network.sink();
        let (mut now, mut end) = (0, FAR);
        while let Some(to) = self.next(&mut now) {
            if now >= end {
                break;
            }
            if *steps_left == 0 {
                return false;
            }
            *steps_left -= 1;
            self.settled.push(to);
            network.arcs_into(to, end.saturating_sub(now), |from, edge, reduced| {
                let reduced = reduced.max(0);
                let length = now + reduced;
                if length >= end || length >= self.distance[from as usize] {
                    return;
                }
                if from == sink {
                    end = length;
                } else if reduced == 0 {
                    self.level.push(from);
                } else {
                    self.heap.push(Reverse((length, from)));
                }
                self.reach(from, length, (to, edge));
            });
        }
        true
    }

    fn reset(&mut self, source: u32) {
        for vertex in self.touched.drain(..) {
            self.distance[vertex as usize] = FAR;
        }
        self.settled.clear();
        self.heap.clear();
        self.level.clear();
        self.level.push(source);
        self.reach(source, 0, (NONE, NONE));
    }

    fn reach(&mut self, vertex: u32, length: Ranked, before: (u32, u32)) {
        if self.distance[vertex as usize] == FAR {
            self.touched.push(vertex);
        }
        self.distance[vertex as usize] = length;
        self.before[vertex as usize] = before;
    }

    /// The nearest vertex not yet settled; `now` becomes its distance.
    fn next(&mut self, now: &mut Ranked) -> Option<u32> {
        if let Some(vertex) = self.level.pop() {
            return Some(vertex);
        }
        while let Some(Reverse((length, vertex))) = self.heap.pop() {
            if length == self.distance[vertex as usize] {
                *now = length;
                return Some(vertex);
            }
        }
        None
    }

    /// The arcs of the way to `end`, first to last, as (from, to, edge).
    pub(crate) fn way(&self, end: u32) -> Vec<(u32, u32, u32)> {
        let mut way = Vec::new();
        let mut at = end;
        while self.before[at as usize].0 != NONE {
            let (from, edge) = self.before[at as usize];
            way.push((from, at, edge));
            at = from;
        }
        way.reverse();
        way
    }
}
