//! The bound that prices prove under what is decided.
//!
//! ```text
//! leaf = Σ_teams min(Σ demand·u, G)  +  Σ_other needs demand·min(u, penalty)
//!      + Σ_edges min(0, cost + Σ μ·weight + v + w − u)
//!      − Σ_nodes capacity·(v − v(parent))  −  Σ_labels w  −  Σ_budgets μ·most
//! ```
//!
//! Every minimum is over what the decisions leave open; `G` is what a team pays if it is not
//! served, its own penalty and those of its needs.
//!
//! **Source.** Weak duality; Geoffrion 1974, Lagrangean relaxation for integer programming.

use crate::solution::PairPrice;

use super::proof::{Decision, Dual};
use super::tree::{Checker, INFINITE};

impl Checker<'_> {
    /// The bound of prices under what is decided; none if the prices do not have their form.
    pub(super) fn leaf(&mut self, dual: &Dual) -> Option<i128> {
        if self.decided.is_contradiction {
            return Some(INFINITE);
        }
        let (problem, scale) = (self.coupled.problem(), i128::from(self.part.scale));
        if dual.need.len() != self.part.needs.len() || dual.node.len() != self.part.nodes.len() {
            return None;
        }
        let mut bound = 0;
        for (&need, &price) in self.part.needs.iter().zip(&dual.need) {
            if self.coupled.group_of(need).is_none() {
                let need = problem.needs()[need as usize];
                let most = i128::from(need.penalty) * scale;
                bound += i128::from(need.demand) * i128::from(price).min(most);
            }
        }
        for (&node, &price) in self.part.nodes.iter().zip(&dual.node) {
            let row = problem.nodes()[node as usize];
            let above = row.parent.map_or(0, |it| dual.node[self.place.node[it as usize].1]);
            let own = i128::from(price) - i128::from(above);
            bound -= (own >= 0).then_some(own)? * i128::from(row.capacity);
        }
        bound -= self.spend(dual)?;
        for &group in &self.groups {
            let (served, unserved) = self.group_sides(dual, group);
            bound += match self.decided.group[group as usize] {
                1 => served,
                -1 => unserved,
                _ => served.min(unserved),
            };
        }
        for &edge in self.edges {
            let reduced = self.reduced(dual, edge);
            bound += match self.decided.edge[edge as usize] {
                1 => reduced,
                -1 => 0,
                _ => reduced.min(0),
            };
        }
        Some(bound)
    }

    /// Adds up what budgets charge each edge, and returns what budgets and labels pay back.
    fn spend(&mut self, dual: &Dual) -> Option<i128> {
        self.edges.iter().for_each(|&it| self.spent[it as usize] = 0);
        let mut back = 0;
        for (entry, &(budget, price)) in dual.budget.iter().enumerate() {
            let rises = entry == 0 || dual.budget[entry - 1].0 < budget;
            if !rises || price < 0 || self.budgets.binary_search(&budget).is_err() {
                return None;
            }
            let budget = &self.coupled.budgets()[budget as usize];
            back += i128::from(budget.most) * i128::from(price);
            for &(edge, weight) in &budget.uses {
                self.spent[edge as usize] += i128::from(weight) * i128::from(price);
            }
        }
        for (entry, pair) in dual.pair.iter().enumerate() {
            let key = |it: &PairPrice| (it.need, it.pair);
            let rises = entry == 0 || key(&dual.pair[entry - 1]) < key(pair);
            if !rises || pair.price < 0 {
                return None;
            }
            back += i128::from(pair.price);
        }
        Some(back)
    }

    /// What an edge costs beyond what its need pays.
    fn reduced(&self, dual: &Dual, edge: u32) -> i128 {
        let row = self.coupled.problem().edges()[edge as usize];
        let need = dual.need[self.place.need[row.need as usize].1];
        let node = dual.node[self.place.node[row.node as usize].1];
        let label = row.pair.and_then(|label| {
            let key = |it: &PairPrice| (it.need, it.pair);
            dual.pair.binary_search_by_key(&(row.need, label), key).ok()
        });
        let label = label.map_or(0, |entry| i128::from(dual.pair[entry].price));
        let cost = i128::from(row.cost) * i128::from(self.part.scale) + self.spent[edge as usize];
        cost + i128::from(node) + label - i128::from(need)
    }

    /// What a team costs, served and unserved.
    fn group_sides(&self, dual: &Dual, group: u32) -> (i128, i128) {
        let group = &self.coupled.groups()[group as usize];
        let served = |&need: &u32| {
            let demand = self.coupled.problem().needs()[need as usize].demand;
            i128::from(demand) * i128::from(dual.need[self.place.need[need as usize].1])
        };
        (group.needs.iter().map(served).sum(), group.penalty * i128::from(self.part.scale))
    }

    /// The bound if one open decision were taken the other way.
    pub(super) fn otherwise(&self, dual: &Dual, bound: i128, decision: &Decision) -> Option<i128> {
        if self.decided.is_contradiction {
            return Some(INFINITE);
        }
        let (decided, now, then) = match *decision {
            Decision::Group { group, is_served } => {
                self.groups.binary_search(&group).ok()?;
                let (served, unserved) = self.group_sides(dual, group);
                let other = if is_served { unserved } else { served };
                (self.decided.group[group as usize], served.min(unserved), other)
            }
            Decision::Edge { edge, is_chosen } => {
                self.edges.binary_search(&edge).ok()?;
                let reduced = self.reduced(dual, edge);
                let other = if is_chosen { 0 } else { reduced };
                (self.decided.edge[edge as usize], reduced.min(0), other)
            }
        };
        (decided == 0).then_some(bound - now + then)
    }
}
