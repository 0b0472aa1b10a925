//! What a session says of its plan.

use std::collections::BTreeSet;

use super::Session;
use crate::certify::certify;
use crate::error::Error;
use crate::problem::{Edge, Need, Node, Problem, StepCost};
use crate::solution::Solution;

impl Session {
    /// Whether an edge carries a unit; one that is not there carries none.
    pub fn is_chosen(&self, edge: u32) -> bool {
        self.edge_at.get(edge as usize).is_some_and(|&at| self.network.is_used(at))
    }

    /// Units of a need that nobody serves; none of one that is not there.
    pub fn unmet(&self, need: u32) -> u32 {
        self.need_at.get(need as usize).map_or(0, |&at| self.network.unserved[at as usize])
    }

    /// Positions of the chosen edges, ascending.
    ///
    /// **Cost.** O(edges).
    pub fn chosen(&self) -> Vec<u32> {
        (0..self.edges.len() as u32).filter(|&it| self.is_chosen(it)).collect()
    }

    /// What the plan costs.
    ///
    /// **Cost.** O(needs + nodes + edges).
    pub fn objective(&self) -> i128 {
        let served: i128 = self.chosen().iter().map(|&it| i128::from(self.edges[it as usize].cost)).sum();
        let unserved = |(need, it): (u32, &Need)| i128::from(it.penalty) * i128::from(self.unmet(need));
        let unserved: i128 = (0_u32..).zip(&self.needs).map(unserved).sum();
        let graph = &self.network.graph;
        let through = |(node, &units): (u32, &u32)| graph.steps_cost(node, units);
        served + unserved + (0_u32..).zip(&self.network.flow).map(through).sum::<i128>()
    }

    /// The problem as it stands now, pins aside.
    ///
    /// **Errors.** None that an event would not have had.
    /// **Cost.** A copy.
    pub fn problem(&self) -> Result<Problem, Error> {
        let problem = Problem::new(self.needs.clone(), self.nodes.clone(), self.edges.clone())?;
        problem.with_steps(self.steps.clone())
    }

    /// What is left to decide, with the plan for it and prices that prove it; see
    /// [`certify`](crate::certify()). Pinned units are taken from demands and capacities, and
    /// neither they nor what is forbidden have an edge; the others stand in their order.
    ///
    /// **Cost.** A copy.
    pub fn left_open(&self) -> Result<(Problem, Solution), Error> {
        let mut needs = self.needs.clone();
        let mut edges: Vec<Edge> = Vec::new();
        let is_pinned = |it: &u32| self.is_frozen(*it) && self.is_chosen(*it);
        let labels: BTreeSet<(u32, Option<u32>)> = (0..self.edges.len() as u32)
            .filter(is_pinned)
            .map(|it| (self.edges[it as usize].need, self.edges[it as usize].pair))
            .filter(|it| it.1.is_some())
            .collect();
        let mut chosen = Vec::new();
        for (position, edge) in (0_u32..).zip(&self.edges) {
            let is_chosen = self.is_chosen(position);
            if self.is_frozen(position) {
                needs[edge.need as usize].demand -= u32::from(is_chosen);
                continue;
            }
            if is_chosen {
                chosen.push(edges.len() as u32);
            }
            // A pinned edge leaves nothing for the others with its label.
            if !labels.contains(&(edge.need, edge.pair)) {
                edges.push(*edge);
            }
        }
        let nodes = self.nodes.iter().zip(&self.held);
        let nodes = nodes.map(|(it, held)| Node { capacity: it.capacity - held, ..*it }).collect();
        let problem = Problem::new(needs, nodes, edges)?.with_steps(self.steps_left())?;
        let unmet = (0..self.needs.len() as u32).map(|it| self.unmet(it)).collect();
        let mut prices = self.prices();
        prices.pair.retain(|it| !labels.contains(&(it.need, Some(it.pair))));
        for &node in problem.top_down() {
            let above = problem.nodes()[node as usize].parent.map_or(0, |it| prices.node[it as usize]);
            let own = &mut prices.node[node as usize];
            *own = above.max(*own);
        }
        let mut solution = Solution { chosen, unmet, prices, ..Solution::nothing(&problem) };
        solution.objective = certify(&problem, &solution).primal;
        Ok((problem, solution))
    }

    /// Steps of the units that are not pinned, which come after those that are.
    fn steps_left(&self) -> Vec<StepCost> {
        let mut left: Vec<StepCost> = Vec::new();
        for step in &self.steps {
            let from = step.from.saturating_sub(self.held[step.node as usize]);
            let step = StepCost { from, ..*step };
            match left.last_mut().filter(|it| (it.node, it.from) == (step.node, from)) {
                Some(before) => *before = step,
                None => left.push(step),
            }
        }
        left
    }
}
