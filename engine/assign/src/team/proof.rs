//! The answer to a problem with teams and budgets: a plan, and the tree that proves it.
//!
//! ```text
//!            Split on team 7
//!          served ╱   ╲ not served
//!              Fix      Leaf  bound 812
//!               │  edge 3 is out
//!        Split on edge 9
//!      chosen ╱   ╲ not chosen
//!  Leaf bound 809   Leaf bound 815
//! ```
//!
//! Every plan goes down to some leaf, and no plan that does costs less than the leaf's bound.

use crate::solution::{PairPrice, Status};

/// A plan with its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoupledSolution {
    /// Positions of the edges that carry a unit, ascending.
    pub chosen: Vec<u32>,
    /// Unserved units per need.
    pub unmet: Vec<u32>,
    /// Positions of the teams whose penalty is paid, ascending.
    pub teams_unserved: Vec<u32>,
    /// Cost of the chosen edges plus the penalty of every unserved unit and team.
    pub objective: i128,
    /// What every plan costs at least, as the proof shows.
    pub bound: i128,
    pub status: Status,
    /// The proof; see [`certify_coupled`](crate::certify_coupled()).
    pub proof: Proof,
}

/// One tree per part of the problem; their bounds add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    pub parts: Vec<Part>,
}

/// Needs and nodes that no edge, team or budget joins with the others, and their tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Positions of needs and of nodes, ascending.
    pub needs: Vec<u32>,
    pub nodes: Vec<u32>,
    /// How many units of price make one unit of cost; finer prices prove more.
    pub scale: i64,
    /// The root first, children after their parent. All positions are those of the problem.
    pub tree: Vec<Branch>,
}

/// A place in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Branch {
    /// Prices that bound every plan that keeps to the decisions on the way here.
    Leaf { dual: Dual },
    /// Whatever a plan does, one of the children allows it.
    Split { on: Choice, children: [u32; 2] },
    /// Prices show that no plan better than the one found decides otherwise.
    Fix { dual: Dual, decisions: Vec<Decision>, child: u32 },
}

/// What a split is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A group is served, or it is not.
    Group { group: u32 },
    /// An edge is chosen, or it is not.
    Edge { edge: u32 },
    /// Of two lists of edges the first is out, or the second: any two of them are more than the
    /// budget has.
    Apart { budget: u32, lists: [Vec<u32>; 2] },
}

/// What holds from here on downward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Group { group: u32, is_served: bool },
    Edge { edge: u32, is_chosen: bool },
}

/// Prices of a part, in its scale.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dual {
    /// One per need of the part: what a unit of demand costs, of either sign.
    pub need: Vec<i64>,
    /// One per node of the part, with that of its parents: never less than the parent's.
    pub node: Vec<i64>,
    /// Of labels that cost something, ascending by need and label.
    pub pair: Vec<PairPrice>,
    /// Budgets that cost something, ascending, with the price of a unit of weight.
    pub budget: Vec<(u32, i64)>,
}
