//! What a replay is asked for, and what it says.

use serde::Serialize;

use super::{Case, Effect};
use crate::life::{Challenger, Changes, Objectives};

/// What to replay.
#[derive(Debug, Clone)]
pub struct ReplayRequest {
    /// The scorer whose place is taken.
    pub name: String,
    /// Who takes it.
    pub challenger: Challenger,
    /// These runs; empty: the last ones that used the scorer.
    pub runs: Vec<String>,
    /// How many of the last ones.
    pub last: u32,
    /// Decides the draws behind the intervals.
    pub seed: i64,
}

/// What a challenger would have changed.
#[derive(Debug, Clone, Serialize)]
pub struct ReplayReport {
    /// The digest of plugin, challenger, runs and seed.
    pub replay_id: String,
    /// The scorer whose place is taken.
    pub name: String,
    /// The digest of who takes it.
    pub challenger: String,
    /// Its own version.
    pub version: String,
    /// Decides the draws.
    pub seed: i64,
    /// better, `no_worse`, worse or `worse_for`.
    pub verdict: &'static str,
    /// Whether the challenger needs a reason to go on.
    pub stops: bool,
    /// The groups that are worse off, `dimension:value`.
    pub worse_for: Vec<String>,
    /// All runs together.
    pub total: Difference,
    /// Each run, the newest first.
    pub runs: Vec<RunReplay>,
    /// What happens to everybody, districts, target groups and tiers.
    pub effects: Vec<Effect>,
    /// The needs that lose, the most urgent and then the hardest hit first; at most 50.
    pub cases: Vec<Case>,
    /// How many needs lose.
    pub cases_total: i64,
}

/// How two plans differ, in matches and in millionths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// In matches.
    #[serde(flatten)]
    pub changes: Changes,
    /// By both rules.
    pub objective: Objectives,
}

/// One run, decided twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunReplay {
    /// The run.
    pub run_id: String,
    /// The snapshot it read.
    pub snapshot: u64,
    /// The scorer's digest of the run's day.
    pub incumbent: String,
    /// Whether deciding it again with the scorers of its day gave the matches that are stored.
    pub as_stored: bool,
    /// What the challenger changes.
    #[serde(flatten)]
    pub difference: Difference,
}
