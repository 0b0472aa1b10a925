//! The relaxation: teams may be served in part and budgets overdrawn, at a price.
//!
//! ```text
//! A member i of a free team pays π_i per unserved unit, Σ demand·π = G: who serves no member
//! pays what the plan pays, G, the penalties of team and needs together.
//! An edge costs μ·weight more for each budget it uses, and every budget pays back μ·most.
//! ```
//!
//! What is left is a flow, whose prices bound every plan: see `price.rs`.
//!
//! **Source.** Geoffrion 1974, Lagrangean relaxation for integer programming.

use super::model::Coupled;
use super::proof::Dual;
use super::setup::{dead_edges, labels, network, uses_by_edge};
use super::simplex::Simplex;

/// Prices are finer than costs by at most this factor.
const SCALE_MAX: i64 = 256;
/// The most a price may be. Sums of prices along a path need more bits, single ones do not.
pub(super) const PRICE_MAX: i64 = 1 << 60;

/// What has been decided: 1 yes, −1 no, 0 open.
#[derive(Clone)]
pub(super) struct State {
    pub(super) group: Vec<i8>,
    pub(super) edge: Vec<i8>,
}

/// What is varied to raise the bound.
#[derive(Clone)]
pub(super) struct Multipliers {
    /// π per need; of use for members of free teams only.
    pub(super) pay: Vec<i64>,
    /// μ per budget.
    pub(super) rate: Vec<i64>,
}

/// The relaxation of one part.
pub(super) struct Relaxation<'a> {
    pub(super) coupled: &'a Coupled,
    pub(super) scale: i64,
    /// What breaking a decision costs.
    pub(super) big: i64,
    /// What is enough for that whatever is decided; prices with it stay below [`PRICE_MAX`].
    pub(super) big_max: i64,
    pub(super) simplex: Simplex,
    /// Budgets by edge: `uses[start[e]..start[e + 1]]` are (budget, weight).
    pub(super) start: Vec<u32>,
    pub(super) uses: Vec<(u32, u32)>,
    /// Labels that several edges of a need share, by position: need and label.
    pub(super) labels: Vec<(u32, u32)>,
    /// The label of an edge, or [`NONE`].
    pub(super) label_of: Vec<u32>,
    /// Edges that lead under a node without room.
    is_dead: Vec<bool>,
    /// Reduced cost per edge, as of the last [`Self::solve`].
    pub(super) reduced: Vec<i128>,
    /// What is left of the limit: an exchange of arcs is a step, and so is each flow.
    pub(super) steps_left: u64,
}

impl<'a> Relaxation<'a> {
    pub(super) fn new(coupled: &'a Coupled, steps_left: u64) -> Self {
        let problem = coupled.problem();
        let n_edges = problem.edges().len();
        let (labels, label_of) = labels(coupled);
        let is_dead = dead_edges(coupled);
        let (start, uses) = uses_by_edge(coupled);
        let simplex = network(coupled, &labels, &label_of, &is_dead);
        let mut relaxation = Self {
            coupled,
            scale: 1,
            big: 0,
            big_max: 0,
            simplex,
            start,
            uses,
            labels,
            label_of,
            is_dead,
            reduced: vec![0; n_edges],
            steps_left,
        };
        // Flows cost from −reach·units to reach·units: whoever breaks a decision shall pay twice the
        // way between. Prices are at most two broken decisions and a few costs, which leaves room.
        let units: i128 = problem.needs().iter().map(|it| i128::from(it.demand)).sum();
        let (all, limit) = (relaxation.reach().saturating_mul(16 * (units + 1)), i128::from(PRICE_MAX));
        while relaxation.scale < SCALE_MAX && all.saturating_mul(2 * i128::from(relaxation.scale)) <= limit {
            relaxation.scale *= 2;
        }
        relaxation.big_max = (all.saturating_mul(i128::from(relaxation.scale)).min(limit) / 4) as i64;
        relaxation
    }

    /// The largest cost or penalty of a unit, at least one.
    fn reach(&self) -> i128 {
        let problem = self.coupled.problem();
        let costs = problem.edges().iter().map(|it| i128::from(it.cost.abs()));
        let needs = problem.needs().iter().map(|it| i128::from(it.penalty.abs()));
        let share = |group: &super::model::Group| {
            let least = group.needs.iter().map(|&it| problem.needs()[it as usize].demand).min();
            group.penalty.abs() / i128::from(least.unwrap_or(1).max(1)) + 1
        };
        costs.chain(needs).chain(self.coupled.groups().iter().map(share)).max().unwrap_or(0).max(1)
    }

    /// Nothing decided but what cannot be otherwise.
    pub(super) fn open_state(&self) -> State {
        let edge = self.is_dead.iter().map(|&it| -i8::from(it)).collect();
        State { group: vec![0; self.coupled.groups().len()], edge }
    }

    /// Payments in proportion to the demands.
    pub(super) fn even(&self) -> Multipliers {
        let needs = self.coupled.problem().needs();
        let mut pay = vec![0; needs.len()];
        for group in self.coupled.groups() {
            let units: i128 = group.needs.iter().map(|&it| i128::from(needs[it as usize].demand)).sum();
            let price = group.penalty * i128::from(self.scale) / units;
            let limit = i128::from(PRICE_MAX);
            group.needs.iter().for_each(|&it| pay[it as usize] = price.clamp(-limit, limit) as i64);
        }
        Multipliers { pay, rate: vec![0; self.coupled.budgets().len()] }
    }

    /// Draws the plain consequences of what is decided; false if the decisions contradict each
    /// other.
    pub(super) fn settle(&self, state: &mut State) -> bool {
        let edges = self.coupled.problem().edges();
        for (edge, _) in edges.iter().zip(&state.edge).filter(|it| *it.1 > 0) {
            if let Some(group) = self.coupled.group_of(edge.need) {
                if state.group[group as usize] < 0 {
                    return false;
                }
                state.group[group as usize] = 1;
            }
        }
        for (edge, decided) in edges.iter().zip(&mut state.edge) {
            let group = self.coupled.group_of(edge.need);
            if group.is_some_and(|it| state.group[it as usize] < 0) {
                *decided = -1;
            }
        }
        for budget in self.coupled.budgets() {
            let spent: u128 = budget
                .uses
                .iter()
                .filter(|it| state.edge[it.0 as usize] > 0)
                .map(|it| u128::from(it.1))
                .sum();
            let Some(left) = u128::from(budget.most).checked_sub(spent) else {
                return false;
            };
            for &(edge, weight) in &budget.uses {
                let decided = &mut state.edge[edge as usize];
                if *decided == 0 && u128::from(weight) > left {
                    *decided = -1;
                }
            }
        }
        true
    }

    /// The price of a unit that is not served.
    fn pay(&self, need: u32, state: &State, multipliers: &Multipliers) -> i128 {
        let own = i128::from(self.coupled.problem().needs()[need as usize].penalty * self.scale);
        let asked = i128::from(multipliers.pay[need as usize]);
        match self.coupled.group_of(need).map(|it| state.group[it as usize]) {
            Some(0) => asked,
            Some(1) => own.max(asked) + i128::from(self.big),
            _ => own,
        }
    }

    /// What an edge costs with what its budgets charge.
    pub(super) fn charged(&self, edge: usize, multipliers: &Multipliers) -> i128 {
        let uses = &self.uses[self.start[edge] as usize..self.start[edge + 1] as usize];
        let own = i128::from(self.coupled.problem().edges()[edge].cost * self.scale);
        uses.iter().fold(own, |cost, &(budget, weight)| {
            cost + i128::from(multipliers.rate[budget as usize]) * i128::from(weight)
        })
    }

    /// Solves the flow for these multipliers and returns the prices with their bound.
    pub(super) fn solve(&mut self, state: &State, multipliers: &Multipliers) -> (Dual, i128) {
        let problem = self.coupled.problem();
        let (n_needs, n_edges) = (problem.needs().len(), problem.edges().len());
        for at in 0..n_edges {
            let broken = i128::from(self.big) * i128::from(state.edge[at]);
            self.simplex.cost[at] = self.charged(at, multipliers) - broken;
        }
        for need in 0..n_needs {
            self.simplex.cost[n_edges + need] = self.pay(need as u32, state, multipliers);
        }
        self.steps_left = self.steps_left.saturating_sub(1);
        self.steps_left -= self.simplex.run(self.steps_left);
        self.dual(state, multipliers)
    }

    /// What the flow costs as of the last [`Self::solve`], with what breaking decisions costs.
    pub(super) fn flow_cost(&self) -> i128 {
        self.simplex.cost.iter().zip(&self.simplex.flow).map(|(cost, &flow)| cost * i128::from(flow)).sum()
    }

    pub(super) fn is_used(&self, edge: u32) -> bool {
        self.simplex.flow[edge as usize] > 0
    }

    pub(super) fn unserved(&self, need: u32) -> i64 {
        self.simplex.flow[self.coupled.problem().edges().len() + need as usize]
    }
}
