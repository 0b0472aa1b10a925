//! "Once per label": the pair vertices between a need and its nodes.

use crate::forest::Groups;
use crate::problem::Problem;

/// The labels that two or more edges of a need share; the others bind nothing.
pub(crate) struct Pairs {
    pub(crate) need: Vec<u32>,
    pub(crate) label: Vec<u32>,
    /// Need or pair vertex from which each edge leaves.
    pub(crate) tail: Vec<u32>,
    of_need: Groups,
}

impl Pairs {
    pub(crate) fn new(problem: &Problem) -> Self {
        let (edges, n_needs) = (problem.edges(), problem.needs().len());
        let mut tail: Vec<u32> = edges.iter().map(|it| it.need).collect();
        let mut labelled: Vec<(u32, u32, u32)> = (0_u32..)
            .zip(edges)
            .filter_map(|(at, edge)| edge.pair.map(|label| (edge.need, label, at)))
            .collect();
        labelled.sort_unstable();
        let (mut need, mut label) = (Vec::new(), Vec::new());
        for group in labelled.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|it| it.len() > 1) {
            for &(_, _, edge) in group {
                tail[edge as usize] = (n_needs + need.len()) as u32;
            }
            need.push(group[0].0);
            label.push(group[0].1);
        }
        let of_need = Groups::new(n_needs, need.iter().copied());
        Self { need, label, tail, of_need }
    }

    pub(crate) fn of_need(&self, need: u32) -> &[u32] {
        self.of_need.of(need)
    }
}
