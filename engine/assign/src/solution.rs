//! The answer: a plan, and the prices that prove it.

use crate::problem::{Edge, Problem};

/// A plan with its prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// Positions of the edges that carry a unit, ascending.
    pub chosen: Vec<u32>,
    /// Unserved units per need.
    pub unmet: Vec<u32>,
    /// The chosen edges that other plans of the same cost go without, ascending: what stands
    /// there was decided by a hash of the seed, not by cost.
    pub undecided: Vec<u32>,
    /// The proof; see [`certify`](crate::certify()).
    pub prices: Prices,
    /// Cost of the chosen edges plus the penalty of every unserved unit.
    pub objective: i128,
    pub status: Status,
}

impl Solution {
    /// Lowers the prices of needs as far as the proof allows, node prices as they are: a need that
    /// is served as often as it asks pays for its dearest unit and no more.
    ///
    /// An edge that is not in the problem improves no plan if its cost and the prices of node and
    /// pair are together no less than what its need pays; the highest prices would suspect more.
    ///
    /// **Cost.** O(edges chosen + pair prices).
    pub fn lower_need_prices(&mut self, problem: &Problem) {
        let mut dearest = vec![i64::MIN; problem.needs().len()];
        for &edge in &self.chosen {
            let edge = problem.edges()[edge as usize];
            let through = edge.cost + self.prices.node[edge.node as usize] + self.pair_price(&edge);
            dearest[edge.need as usize] = dearest[edge.need as usize].max(through);
        }
        let pays = |need: usize| match self.unmet[need] {
            0 if dearest[need] > i64::MIN => dearest[need].min(self.prices.need[need]),
            _ => self.prices.need[need],
        };
        let paid: Vec<i64> = (0..dearest.len()).map(pays).collect();
        for pair in &mut self.prices.pair {
            pair.price -= self.prices.need[pair.need as usize] - paid[pair.need as usize];
        }
        self.prices.pair.retain(|it| it.price > 0);
        self.prices.need = paid;
    }

    fn pair_price(&self, edge: &Edge) -> i64 {
        let Some(label) = edge.pair else { return 0 };
        let found = self.prices.pair.binary_search_by_key(&(edge.need, label), |it| (it.need, it.pair));
        found.map_or(0, |entry| self.prices.pair[entry].price)
    }

    /// What parts write their solutions into.
    pub(crate) fn nothing(problem: &Problem) -> Self {
        let (n_needs, n_nodes) = (problem.needs().len(), problem.nodes().len());
        Self {
            chosen: Vec::new(),
            unmet: vec![0; n_needs],
            undecided: Vec::new(),
            prices: Prices { need: vec![0; n_needs], node: vec![0; n_nodes], pair: Vec::new() },
            objective: 0,
            status: Status::Optimal,
        }
    }
}

/// Dual prices, in the unit of the costs. Of an optimal solution they are the highest that prove
/// it, and so depend on the problem alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// What one more unit of demand would cost, at most the need's penalty.
    pub need: Vec<i64>,
    /// What one more unit here would cost, its edge aside: where there is no room, by what it
    /// displaces. Its own price plus that of the parent: never negative, and never less than that.
    pub node: Vec<i64>,
    /// What the rule "once per label" costs, where it costs anything; ascending by need and
    /// label.
    pub pair: Vec<PairPrice>,
}

/// The price of one pair label of one need, above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairPrice {
    pub need: u32,
    pub pair: u32,
    pub price: i64,
}

/// How the solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// No plan is cheaper, and the prices prove it.
    Optimal,
    /// The step limit came first: the plan is feasible, the prices bound how far it is from
    /// the optimum, and the bound lies below the objective.
    Limit,
}
