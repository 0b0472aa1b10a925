//! Exact assignment of needs to capacities, with prices that prove it.
//!
//! A min-cost flow with laminar capacities, solved in integers:
//!
//! ```text
//! minimise    Σ_edges cost·x  +  Σ_needs penalty·unmet  +  Σ_nodes steps of the units through it
//! so that     Σ_edges of a need x  +  unmet  =  demand
//!             Σ_edges of a need with one pair label x  ≤  1
//!             Σ_edges into a node and its descendants x  ≤  capacity
//!             x ∈ {0, 1},  unmet ≥ 0
//!
//!                      slot        day        week
//!   need ──▶ [pair] ──▶ node ──▶ parent ──▶ root ──▶ served
//!     └─────────────── penalty per unit ───────────▶ unserved
//! ```
//!
//! ```
//! use linli_assign::{Edge, Limits, Need, Node, Problem, certify, solve};
//!
//! let needs = vec![Need { demand: 1, penalty: 100 }, Need { demand: 1, penalty: 100 }];
//! let nodes = vec![Node { parent: None, capacity: 1 }];
//! let edge = |need, cost| Edge { need, node: 0, cost, pair: None };
//! let problem = Problem::new(needs, nodes, vec![edge(0, 7), edge(1, 3)])?;
//! let solution = solve(&problem, &Limits::default())?;
//! assert_eq!(solution.chosen, [1]);
//! assert!(certify(&problem, &solution).is_proof());
//! # Ok::<(), linli_assign::Error>(())
//! ```
//!
//! Teams that come whole or not at all, deputies and budgets lie beyond the flow: [`Coupled`] adds
//! them to a problem, [`solve_coupled`] finds the best plan, and a tree of prices proves it.
//!
//! Deliberately absent: people, places, time and scores (costs are all it sees), floating
//! point, clocks, threads that decide, maps whose order is not fixed, recursion.
//!
//! Of several plans of the same cost one is the answer, whatever the order of lists and the number
//! of threads, and prices depend on the problem alone (`tie.rs`, `unique.rs`, `price.rs`). What
//! changes afterwards is mended where it happened: [`Session`].
//!
//! Read on in `problem.rs` (what is asked), `solution.rs` (what is answered), `certify.rs`
//! (why to believe it), `reason.rs` (why not otherwise). `solve.rs` names the steps in which it
//! is done: `order.rs`, `auction.rs`, `repair.rs`, `level.rs`, `price.rs`, over `graph.rs`, `network.rs`
//! and `search.rs`; `team/mod.rs` those of coupled problems, `session.rs` those of changes.

mod auction;
mod certify;
mod cost;
mod cut;
mod error;
mod forest;
mod graph;
mod hands;
mod lbm;
mod level;
mod network;
mod order;
mod orlib;
mod price;
mod problem;
mod reason;
mod repair;
mod replay;
mod scale;
mod search;
mod session;
mod solution;
mod solve;
mod team;
mod tie;
mod tier;
mod unique;

pub use certify::{Certificate, Violation, certify};
pub use error::Error;
pub use lbm::{LbmFile, read_lbm};
pub use orlib::read_orlib;
pub use problem::{COST_MAX, Edge, Need, Node, PENALTY_MAX, Problem, StepCost, UNITS_MAX};
pub use reason::{Regret, Residual, Step};
pub use session::Session;
pub use solution::{PairPrice, Prices, Solution, Status};
pub use solve::{Limits, Phase, solve, solve_watched};
pub use team::{
    Branch, Budget, Choice, Coupled, CoupledCertificate, CoupledSolution, CoupledViolation, Decision, Dual,
    Group, Part, Proof, Team, TeamFile, certify_coupled, deputies, read_team, read_team_shared,
    solve_coupled,
};
pub use tier::tier_penalty;
