//! A network simplex that starts where the last one ended.
//!
//! The relaxation is solved thousands of times with other costs and nothing else changed. A
//! spanning tree that fits the capacities keeps fitting them whatever the costs are, so each
//! solve needs a few exchanges of arcs only.
//!
//! ```text
//! need ──edge──▶ [label] ──▶ node ──▶ parent ──▶ sink
//!   └────────── unserved ──────────────────────▶ sink
//! ```
//!
//! The tree is kept strongly feasible: from every vertex a unit could still go to the sink along
//! the tree. That rules out endless exchanges that move nothing.
//!
//! **Source.** Cunningham 1976, a network simplex method; Ahuja, Magnanti & Orlin 1993, ch. 11.

use crate::forest::NONE;

/// Where an arc outside the tree stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Empty,
    InTree,
    Full,
}

/// An arc from one vertex to another, as it is set up.
pub(super) struct Arc {
    pub(super) tail: u32,
    pub(super) head: u32,
    pub(super) capacity: i64,
}

/// A network with a spanning tree and a flow.
pub(super) struct Simplex {
    arcs: Vec<Arc>,
    pub(super) cost: Vec<i128>,
    pub(super) flow: Vec<i64>,
    state: Vec<State>,
    /// The vertex next to each on its way to the sink, and the arc that leads there.
    parent: Vec<u32>,
    above: Vec<u32>,
    depth: Vec<u32>,
    first_child: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    /// What a unit costs from each vertex to the sink, along the tree.
    pub(super) price: Vec<i128>,
    sink: u32,
    scan: usize,
    stack: Vec<u32>,
}

/// An exchange: how much goes around, and which vertex is cut off from its parent.
struct Cycle {
    join: u32,
    units: i64,
    /// The vertex below the arc that leaves, and whether it lies before the entering arc.
    cut: Option<(u32, bool)>,
}

impl Simplex {
    /// Starts from a tree given by the arc above every vertex but the sink, the last one; these
    /// arcs lead toward the sink and have room.
    pub(super) fn new(arcs: Vec<Arc>, above: Vec<u32>, flow: Vec<i64>) -> Self {
        let (n, n_arcs) = (above.len() + 1, arcs.len());
        let sink = n as u32 - 1;
        let mut state = vec![State::Empty; n_arcs];
        above.iter().for_each(|&arc| state[arc as usize] = State::InTree);
        let mut simplex = Self {
            arcs,
            cost: vec![0; n_arcs],
            flow,
            state,
            parent: vec![NONE; n],
            above: [above, vec![NONE]].concat(),
            depth: vec![0; n],
            first_child: vec![NONE; n],
            next: vec![NONE; n],
            previous: vec![NONE; n],
            price: vec![0; n],
            sink,
            scan: 0,
            stack: Vec::new(),
        };
        for vertex in 0..sink {
            let parent = simplex.arcs[simplex.above[vertex as usize] as usize].head;
            simplex.link(vertex, parent);
        }
        simplex
    }

    /// Finds a cheapest flow for the costs as they are now, unless it takes more exchanges than
    /// allowed; then flow and tree fit the capacities all the same.
    ///
    /// Returns how many arcs were exchanged.
    pub(super) fn run(&mut self, exchanges_max: u64) -> u64 {
        self.price_below(self.sink);
        let mut exchanges = 0;
        while exchanges < exchanges_max {
            let Some(arc) = self.entering() else { break };
            self.exchange(arc);
            exchanges += 1;
        }
        exchanges
    }

    /// What a unit more on an arc would save or cost.
    pub(super) fn reduced(&self, arc: usize) -> i128 {
        let Arc { tail, head, .. } = self.arcs[arc];
        self.cost[arc] + self.price[head as usize] - self.price[tail as usize]
    }

    /// The most rewarding arc of the first block that has one.
    fn entering(&mut self) -> Option<u32> {
        let n_arcs = self.arcs.len();
        let block = (n_arcs.isqrt()).max(20);
        let (mut best, mut reward, mut left) = (None, 0, block);
        for _ in 0..n_arcs {
            let arc = self.scan;
            self.scan = if arc + 1 == n_arcs { 0 } else { arc + 1 };
            let gain = match self.state[arc] {
                State::InTree => 0,
                State::Empty => -self.reduced(arc),
                State::Full => self.reduced(arc),
            };
            if gain > reward && self.arcs[arc].capacity > 0 {
                (best, reward) = (Some(arc as u32), gain);
            }
            left -= 1;
            if left == 0 {
                if best.is_some() {
                    return best;
                }
                left = block;
            }
        }
        best
    }

    fn exchange(&mut self, entering: u32) {
        let at = entering as usize;
        let Arc { tail, head, .. } = self.arcs[at];
        let is_empty = self.state[at] == State::Empty;
        let (first, second) = if is_empty { (tail, head) } else { (head, tail) };
        let cycle = self.cycle(first, second, self.arcs[at].capacity);
        if cycle.units > 0 {
            self.flow[at] += if is_empty { cycle.units } else { -cycle.units };
            self.push(first, cycle.join, -cycle.units);
            self.push(second, cycle.join, cycle.units);
        }
        let Some((cut, is_before)) = cycle.cut else {
            self.state[at] = if is_empty { State::Full } else { State::Empty };
            return;
        };
        let leaving = self.above[cut as usize] as usize;
        self.state[leaving] = if self.flow[leaving] == 0 { State::Empty } else { State::Full };
        self.state[at] = State::InTree;
        let (inner, outer) = if is_before { (first, second) } else { (second, first) };
        self.rehang(inner, outer, entering, cut);
        self.price_below(inner);
    }

    /// Goes around from the join to `first`, over the entering arc to `second` and back, and
    /// finds the arc with the least room. Of equals it is the last one on that way, which keeps
    /// the tree strongly feasible.
    fn cycle(&self, first: u32, second: u32, room: i64) -> Cycle {
        let (mut a, mut b) = (first, second);
        while a != b {
            if self.depth[a as usize] >= self.depth[b as usize] {
                a = self.parent[a as usize];
            } else {
                b = self.parent[b as usize];
            }
        }
        let mut cycle = Cycle { join: a, units: room, cut: None };
        let mut at = first;
        while at != cycle.join {
            let room = self.room(at, false);
            if room < cycle.units {
                (cycle.units, cycle.cut) = (room, Some((at, true)));
            }
            at = self.parent[at as usize];
        }
        at = second;
        while at != cycle.join {
            let room = self.room(at, true);
            if room <= cycle.units {
                (cycle.units, cycle.cut) = (room, Some((at, false)));
            }
            at = self.parent[at as usize];
        }
        cycle
    }

    /// How much more can go along the tree between a vertex and its parent.
    fn room(&self, vertex: u32, is_upward: bool) -> i64 {
        let arc = self.above[vertex as usize] as usize;
        let leads_up = self.arcs[arc].tail == vertex;
        if leads_up == is_upward { self.arcs[arc].capacity - self.flow[arc] } else { self.flow[arc] }
    }

    /// Moves units upward along the tree.
    fn push(&mut self, mut at: u32, join: u32, units: i64) {
        while at != join {
            let arc = self.above[at as usize] as usize;
            self.flow[arc] += if self.arcs[arc].tail == at { units } else { -units };
            at = self.parent[at as usize];
        }
    }

    /// Hangs the part below `cut` onto `outer`, by the arc that leads from it to `inner`.
    fn rehang(&mut self, inner: u32, outer: u32, arc: u32, cut: u32) {
        let (mut at, mut parent, mut above) = (inner, outer, arc);
        loop {
            let (old_parent, old_above) = (self.parent[at as usize], self.above[at as usize]);
            self.unlink(at);
            self.above[at as usize] = above;
            self.link(at, parent);
            if at == cut {
                return;
            }
            (parent, above, at) = (at, old_above, old_parent);
        }
    }

    fn link(&mut self, vertex: u32, parent: u32) {
        let (at, above) = (vertex as usize, parent as usize);
        self.parent[at] = parent;
        self.previous[at] = NONE;
        self.next[at] = self.first_child[above];
        if self.next[at] != NONE {
            self.previous[self.next[at] as usize] = vertex;
        }
        self.first_child[above] = vertex;
    }

    fn unlink(&mut self, vertex: u32) {
        let at = vertex as usize;
        let (previous, next) = (self.previous[at], self.next[at]);
        if previous == NONE {
            self.first_child[self.parent[at] as usize] = next;
        } else {
            self.next[previous as usize] = next;
        }
        if next != NONE {
            self.previous[next as usize] = previous;
        }
    }

    /// Prices and depths from a vertex downward.
    fn price_below(&mut self, top: u32) {
        self.stack.push(top);
        while let Some(vertex) = self.stack.pop() {
            let at = vertex as usize;
            let arc = self.above[at];
            if arc != NONE {
                let parent = self.parent[at] as usize;
                let cost = self.cost[arc as usize];
                let leads_up = self.arcs[arc as usize].tail == vertex;
                self.price[at] = self.price[parent] + if leads_up { cost } else { -cost };
                self.depth[at] = self.depth[parent] + 1;
            }
            let mut child = self.first_child[at];
            while child != NONE {
                self.stack.push(child);
                child = self.next[child as usize];
            }
        }
    }
}
