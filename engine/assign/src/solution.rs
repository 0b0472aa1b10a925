//! The answer: a plan, and the prices that prove it.

/// A plan with its prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// Positions of the edges that carry a unit, ascending.
    pub chosen: Vec<u32>,
    /// Unserved units per need.
    pub unmet: Vec<u32>,
    /// The proof; see [`certify`](crate::certify()).
    pub prices: Prices,
    /// Cost of the chosen edges plus the penalty of every unserved unit.
    pub objective: i128,
    pub status: Status,
}

/// Dual prices, in the unit of the costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// What one more unit of demand would cost, at most the need's penalty.
    pub need: Vec<i64>,
    /// What a unit of room costs, its own price plus that of the parent: never negative, and
    /// never less than the parent's.
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
