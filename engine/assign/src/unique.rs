//! Whether another plan is as good.
//!
//! Two cheapest plans differ by cycles of residual arcs that cost nothing. Such a cycle lies
//! within a strongly connected component of the arcs whose reduced cost is zero; so an edge of
//! such an arc is in some cheapest plans and not in others if both its ends lie in one component,
//! and only then.
//!
//! **Source.** Tarjan 1972; Ahuja, Magnanti & Orlin, Network Flows, 1993, section 9.

use crate::forest::{Groups, NONE};
use crate::hands::share;
use crate::network::Network;

/// Arcs whose reduced cost is zero, by the vertex they leave.
pub(crate) struct ZeroArcs {
    start: Vec<u32>,
    to: Vec<u32>,
    /// The edge that an arc belongs to, or [`NONE`].
    edge: Vec<u32>,
}

impl ZeroArcs {
    /// **Cost.** One look at every arc.
    pub(crate) fn of(network: &Network, hands: usize) -> Self {
        let lists = share(hands, network.n_vertices(), |own| {
            let mut arcs =
                Self { start: Vec::with_capacity(own.len() + 1), to: Vec::new(), edge: Vec::new() };
            for from in own {
                arcs.start.push(arcs.to.len() as u32);
                network.arcs(from as u32, 1, |to, edge, reduced| {
                    if reduced == 0 {
                        arcs.to.push(to);
                        arcs.edge.push(edge);
                    }
                });
            }
            arcs
        });
        let mut all = Self { start: Vec::new(), to: Vec::new(), edge: Vec::new() };
        for own in lists {
            let before = all.to.len() as u32;
            all.start.extend(own.start.iter().map(|it| before + it));
            all.to.extend(own.to);
            all.edge.extend(own.edge);
        }
        all.start.push(all.to.len() as u32);
        all
    }

    /// Edges that some cheapest plans have and others not, ascending; the network is solved.
    ///
    /// **Cost.** O(vertices + arcs).
    pub(crate) fn undecided(&self) -> Vec<u32> {
        let component = self.components();
        let mut edges = Vec::new();
        for from in 0..component.len() {
            for at in self.leaving(from as u32) {
                let (to, edge) = (self.to[at], self.edge[at]);
                if edge != NONE && component[from] == component[to as usize] {
                    edges.push(edge);
                }
            }
        }
        edges.sort_unstable();
        edges
    }

    /// Vertices from which these arcs alone lead to `end`.
    pub(crate) fn leading_to(&self, end: u32) -> Vec<bool> {
        let n_vertices = self.start.len() - 1;
        let arriving = Groups::new(n_vertices, self.to.iter().copied());
        let mut from = vec![0_u32; self.to.len()];
        for vertex in 0..n_vertices as u32 {
            from[self.leaving(vertex)].fill(vertex);
        }
        let mut leads = vec![false; n_vertices];
        leads[end as usize] = true;
        let mut way = vec![end];
        while let Some(vertex) = way.pop() {
            for &arc in arriving.of(vertex) {
                let before = from[arc as usize];
                if !std::mem::replace(&mut leads[before as usize], true) {
                    way.push(before);
                }
            }
        }
        leads
    }

    fn leaving(&self, from: u32) -> std::ops::Range<usize> {
        self.start[from as usize] as usize..self.start[from as usize + 1] as usize
    }

    /// The strongly connected component of each vertex.
    fn components(&self) -> Vec<u32> {
        let n_vertices = self.start.len() - 1;
        let mut walk = Walk {
            arcs: self,
            entered: vec![NONE; n_vertices],
            lowest: vec![NONE; n_vertices],
            component: vec![NONE; n_vertices],
            open: Vec::new(),
            next: 0,
        };
        for vertex in 0..n_vertices as u32 {
            if walk.entered[vertex as usize] == NONE {
                walk.from(vertex);
            }
        }
        walk.component
    }
}

/// Tarjan's depth-first walk, with a stack of its own.
struct Walk<'a> {
    arcs: &'a ZeroArcs,
    /// When each vertex was entered, or [`NONE`].
    entered: Vec<u32>,
    /// The earliest entered vertex of an open component that each one leads to.
    lowest: Vec<u32>,
    /// The component, named by the vertex entered first; [`NONE`] while it is open.
    component: Vec<u32>,
    open: Vec<u32>,
    next: u32,
}

impl Walk<'_> {
    fn from(&mut self, first: u32) {
        // Vertices on the way, with the arc of each that is looked at next.
        let mut way = vec![(first, self.enter(first))];
        while let Some((vertex, at)) = way.last_mut() {
            let vertex = *vertex;
            if *at < self.arcs.leaving(vertex).end {
                let to = self.arcs.to[*at];
                *at += 1;
                if self.entered[to as usize] == NONE {
                    way.push((to, self.enter(to)));
                } else if self.component[to as usize] == NONE {
                    self.lower(vertex, self.entered[to as usize]);
                }
                continue;
            }
            way.pop();
            if let Some(&(before, _)) = way.last() {
                self.lower(before, self.lowest[vertex as usize]);
            }
            if self.lowest[vertex as usize] == self.entered[vertex as usize] {
                self.close(vertex);
            }
        }
    }

    /// Enters a vertex; its first arc.
    fn enter(&mut self, vertex: u32) -> usize {
        self.entered[vertex as usize] = self.next;
        self.lowest[vertex as usize] = self.next;
        self.next += 1;
        self.open.push(vertex);
        self.arcs.leaving(vertex).start
    }

    fn lower(&mut self, vertex: u32, to: u32) {
        let lowest = &mut self.lowest[vertex as usize];
        *lowest = to.min(*lowest);
    }

    /// Everything entered since `vertex` and still open is its component.
    fn close(&mut self, vertex: u32) {
        while let Some(member) = self.open.pop() {
            self.component[member as usize] = vertex;
            if member == vertex {
                break;
            }
        }
    }
}
