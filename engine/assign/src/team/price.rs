//! Prices of a relaxation: read off the flow, mended, added up.
//!
//! ```text
//! bound = Σ_teams min(Σ demand·u, G)  +  Σ_other needs demand·min(u, penalty)
//!       + Σ_edges min(0, cost + Σ μ·weight + v + w − u)
//!       − Σ_nodes capacity·(v − v(parent))  −  Σ_labels w  −  Σ_budgets μ·most
//! ```
//!
//! Decisions replace a minimum by the side decided on: that is what makes a bound rise.

use crate::forest::NONE;
use crate::solution::PairPrice;

use super::proof::{Decision, Dual};
use super::relax::{Multipliers, PRICE_MAX, Relaxation, State};

impl Relaxation<'_> {
    /// Reads the prices off the flow, mends them where that costs nothing, and adds them up.
    pub(super) fn dual(&mut self, state: &State, multipliers: &Multipliers) -> (Dual, i128) {
        let problem = self.coupled.problem();
        let (n_needs, n_labels) = (problem.needs().len(), self.labels.len());
        // Any prices are a bound: cutting off those that do not fit is fair.
        let fit = |it: &i128| (*it).clamp(-i128::from(PRICE_MAX), i128::from(PRICE_MAX)) as i64;
        let price: Vec<i64> = self.simplex.price.iter().map(fit).collect();
        let mut dual = Dual { need: price[..n_needs].to_vec(), ..Dual::default() };
        // An empty node may cost less than its parent; lifting it changes nothing that is used.
        dual.node = price[n_needs + n_labels..n_needs + n_labels + problem.nodes().len()].to_vec();
        for &node in problem.top_down() {
            let above = problem.nodes()[node as usize].parent.map_or(0, |it| dual.node[it as usize]);
            dual.node[node as usize] = dual.node[node as usize].max(above);
        }
        let mut of_label = vec![0; n_labels];
        for (at, &(need, pair)) in self.labels.iter().enumerate() {
            of_label[at] = (dual.need[need as usize] - price[n_needs + at]).max(0);
            if of_label[at] > 0 {
                dual.pair.push(PairPrice { need, pair, price: of_label[at] });
            }
        }
        let rates = (0..).zip(&multipliers.rate).filter(|it| *it.1 > 0);
        dual.budget = rates.map(|(at, &rate)| (at, rate)).collect();
        self.price_edges(&dual, multipliers, &of_label);
        if self.steps_left == 0 {
            self.lower_needs(state, &mut dual);
        } else {
            self.raise_unserved(state, &mut dual);
        }
        let bound = self.bound(state, &dual, multipliers);
        (dual, bound)
    }

    fn price_edges(&mut self, dual: &Dual, multipliers: &Multipliers, of_label: &[i64]) {
        for (at, edge) in self.coupled.problem().edges().iter().enumerate() {
            let cost = self.charged(at, multipliers);
            let label = self.label_of[at];
            let label = if label == NONE { 0 } else { of_label[label as usize] };
            let (need, node) = (dual.need[edge.need as usize], dual.node[edge.node as usize]);
            self.reduced[at] = cost + i128::from(node) + i128::from(label) - i128::from(need);
        }
    }

    /// Where the flow was cut short, needs pay no more than as many edges as they ask for cost.
    fn lower_needs(&mut self, state: &State, dual: &mut Dual) {
        let problem = self.coupled.problem();
        let mut order: Vec<usize> = (0..self.reduced.len()).filter(|&it| state.edge[it] == 0).collect();
        order.sort_by_key(|&it| (problem.edges()[it].need, self.reduced[it]));
        let mut lower = vec![0; problem.needs().len()];
        for own in order.chunk_by(|&a, &b| problem.edges()[a].need == problem.edges()[b].need) {
            let need = problem.edges()[own[0]].need as usize;
            let last = own.get((problem.needs()[need].demand as usize).saturating_sub(1));
            lower[need] = last.map_or(0, |&it| self.reduced[it].clamp(-i128::from(PRICE_MAX), 0));
            dual.need[need] += lower[need] as i64;
        }
        for (reduced, edge) in self.reduced.iter_mut().zip(problem.edges()) {
            *reduced -= lower[edge.need as usize];
        }
    }

    /// A member of a team that is not served at all may offer more until its best edge is worth it:
    /// the bound stays, and the price shows what serving the team would cost.
    fn raise_unserved(&mut self, state: &State, dual: &mut Dual) {
        let problem = self.coupled.problem();
        let n_edges = problem.edges().len();
        let mut room = vec![PRICE_MAX; problem.needs().len()];
        for (at, edge) in problem.edges().iter().enumerate().filter(|it| state.edge[it.0] >= 0) {
            let least = &mut room[edge.need as usize];
            *least = self.reduced[at].clamp(0, i128::from(*least)) as i64;
        }
        let mut raise = vec![0; problem.needs().len()];
        for (group, _) in self.coupled.groups().iter().zip(&state.group).filter(|it| *it.1 == 0) {
            let demand = |need: u32| i64::from(problem.needs()[need as usize].demand);
            if group.needs.iter().any(|&it| self.simplex.flow[n_edges + it as usize] < demand(it)) {
                continue;
            }
            for at in group.needs.iter().map(|&it| it as usize) {
                raise[at] = room[at].min(PRICE_MAX.saturating_sub(dual.need[at])).max(0);
                dual.need[at] += raise[at];
            }
        }
        for (reduced, edge) in self.reduced.iter_mut().zip(problem.edges()) {
            *reduced -= i128::from(raise[edge.need as usize]);
        }
    }

    fn bound(&self, state: &State, dual: &Dual, multipliers: &Multipliers) -> i128 {
        let problem = self.coupled.problem();
        let mut bound: i128 = 0;
        for (at, need) in (0..).zip(problem.needs()).filter(|it| self.coupled.group_of(it.0).is_none()) {
            let most = need.penalty * self.scale;
            bound += i128::from(need.demand) * i128::from(dual.need[at as usize].min(most));
        }
        for (at, decided) in state.group.iter().enumerate() {
            let (served, unserved) = self.sides(at as u32, dual);
            bound += match decided {
                1 => served,
                -1 => unserved,
                _ => served.min(unserved),
            };
        }
        for (&reduced, decided) in self.reduced.iter().zip(&state.edge) {
            bound += match decided {
                1 => reduced,
                -1 => 0,
                _ => reduced.min(0),
            };
        }
        for (node, price) in problem.nodes().iter().zip(&dual.node) {
            let above = node.parent.map_or(0, |it| dual.node[it as usize]);
            bound -= i128::from(node.capacity) * i128::from(price - above);
        }
        bound -= dual.pair.iter().map(|it| i128::from(it.price)).sum::<i128>();
        let rates = self.coupled.budgets().iter().zip(&multipliers.rate);
        bound - rates.map(|it| i128::from(it.0.most) * i128::from(*it.1)).sum::<i128>()
    }

    /// What a team costs by these prices, served and unserved.
    pub(super) fn sides(&self, group: u32, dual: &Dual) -> (i128, i128) {
        let group = &self.coupled.groups()[group as usize];
        let needs = self.coupled.problem().needs();
        let served = |&it: &u32| i128::from(needs[it as usize].demand) * i128::from(dual.need[it as usize]);
        (group.needs.iter().map(served).sum(), group.penalty * i128::from(self.scale))
    }

    /// Decisions that no plan below `target` takes otherwise, as of the last [`Self::solve`].
    pub(super) fn forced(&self, state: &State, dual: &Dual, bound: i128, target: i128) -> Vec<Decision> {
        let mut decisions = Vec::new();
        for (at, _) in state.group.iter().enumerate().filter(|it| *it.1 == 0) {
            let (served, unserved) = self.sides(at as u32, dual);
            if bound + (served - unserved).abs() > target {
                decisions.push(Decision::Group { group: at as u32, is_served: served < unserved });
            }
        }
        for (at, &reduced) in self.reduced.iter().enumerate().filter(|it| state.edge[it.0] == 0) {
            if bound + reduced.abs() > target {
                decisions.push(Decision::Edge { edge: at as u32, is_chosen: reduced < 0 });
            }
        }
        decisions
    }
}
