//! Type [`Pool`]: the order of the steps, and nothing else.
//!
//! ```text
//! load ─▶ match ─▶ publish          tables ─▶ candidates ─▶ scores ─▶ problem ─▶ solution ─▶ run tables
//!           └──▶ explain, verify    tables ─▶ indicators ─▶ index ─▶ intervals ─▶ evaluation tables
//! ```
//!
//! What makes a pair possible is SQL (`queries/candidate`), what makes it good is a plugin,
//! which pairs win is `linli-assign`: this crate calls them in order and keeps the book.
//!
//! Reads no clock, no environment and no home directory: the doors say what time it is and on
//! which host. Where to start reading: [`matching`](Pool::match_run), step by step.

pub mod assign;
mod book;
mod check_plan;
mod choice;
mod error;
mod evaluate;
mod explain;
mod life;
mod matching;
mod plugins;
mod pool;
mod publish;
mod verify;

pub use check_plan::{MissedNeed, PlanReport, PlanTier, PlanViolation};
pub use choice::Stage;
pub use error::{Error, Result};
pub use evaluate::{EvaluateRequest, EvaluationReport, Figure, PlaceReport};
pub use explain::{Displaced, Explanation, NeedExplanation, PairExplanation, Relaxation, RelaxedBy};
pub use life::{
    Case, Challenger, Changes, Difference, Effect, Guard, Hindrance, Interval, Objectives, PluginStanding,
    ReplayReport, ReplayRequest, RunReplay, StepReport, Trial,
};
pub use matching::{DistrictScorer, MatchReport, MatchRequest, ScorerShare, TierCount};
pub use plugins::{
    AddReport, Addition, BundleReport, PluginEvent, PluginRow, RemoveReport, SaidReport, SignerRow,
};
pub use pool::{Pool, Witness};
pub use publish::PublishReport;
pub use verify::VerifyReport;

pub use linli_assign as solver;
pub use linli_plugin as plugin;
pub use linli_query as query;
