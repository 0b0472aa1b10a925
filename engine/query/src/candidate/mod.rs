//! From tables to candidates: everything that could help, and nothing that may not.
//!
//! ```text
//! located.sql ─▶ need.sql, provider.sql
//!
//! need.sql ──expand──▶ need_occurrence ─┐
//! availability ─expand──▶ slot ─────────┼─ block.sql + with_offer.sql + with_history.sql
//! provider.sql ──▶ provider ────────────┤  + rule_*.sql + features.sql ─▶ candidates
//! offer.sql ──▶ best_offer ─────────────┤
//! meeting.sql, point_speciality.sql, ───┘
//! recent_work.sql, time_account.sql
//! ```
//!
//! What published runs hold (`held.sql`) is taken from the needs' demand and counted against
//! slots, days and weeks.
//!
//! A hard rule is one SQL file and is coded nowhere else: the same file decides who is a
//! candidate, answers "why not" for one pair, and counts who fails for a need nobody serves.

mod eased;
mod expand;
mod held;
mod horizon;
mod layout;
mod line;
#[cfg(test)]
mod located;
pub(crate) mod recurrence;
mod rule;
mod stage;
mod why;

pub use eased::{Ease, Eased};
pub use line::LineCheck;
pub use rule::{Rule, digest as rules_digest, rules};
pub use stage::{Candidates, Stage};
pub use why::{PairCheck, RuleCheck, RuleCount};

/// Which needs a match is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Needs received later are not known; nothing: all are.
    pub as_of: Option<i64>,
    /// Where the horizon begins; nothing: at `as_of`, else with the first date of an open need.
    pub from: Option<i64>,
    /// Where it ends; nothing: with the last date of an open need, and at least a week on.
    pub to: Option<i64>,
    /// Only needs of these districts; empty: all.
    pub districts: Vec<String>,
    /// How far a provider may be from a need that does not say, in metres.
    pub reach_m: i64,
}

/// The stretch of time a match plans, half-open, in microseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// The instant of the decision.
    pub as_of: i64,
    /// First instant.
    pub start: i64,
    /// First instant no longer in it.
    pub end: i64,
}

impl Horizon {
    /// Whether a stretch of time, half-open, lies in it at least partly.
    pub fn overlaps(self, start: i64, end: i64) -> bool {
        start < self.end && end > self.start
    }
}

/// One occurrence of a need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The need.
    pub need_id: String,
    /// When this occurrence's window begins.
    pub occurrence_start: i64,
    /// Urgency, 0 to 3, 3 most urgent.
    pub tier: u8,
    /// Units still asked for: the demand less what published runs hold.
    pub demand: u32,
    /// Where it belongs.
    pub district_id: Option<String>,
    /// Where it belongs, more closely.
    pub community_id: Option<String>,
    /// A provider was fixed for it: it comes before every tier.
    pub pinned: bool,
}

/// Who can help, as far as limits go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Tasks a day; nothing: as many as the slots hold.
    pub max_per_day: Option<i64>,
    /// Tasks a week; nothing: as many as the days hold.
    pub max_per_week: Option<i64>,
}

/// A stretch of time in which a provider takes tasks: at most a day. No two of a provider overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Provider, local start and length in minutes (in seconds, `…s`, where there are some left
    /// over): the same slot has the same id in every run.
    pub slot_id: String,
    /// Whose time it is.
    pub provider_id: String,
    /// First instant; it may lie before the horizon.
    pub start: i64,
    /// First instant no longer in it; it may lie behind the horizon.
    pub end: i64,
    /// The local day it begins on, from 1970-01-01.
    pub day: i64,
    /// The local week it begins in, from Monday.
    pub week: i64,
    /// Tasks it takes.
    pub capacity: i64,
}

/// What earlier published runs hold.
///
/// A task counts against every slot of its provider that it overlaps, whatever the slot was
/// called when it was published, and against the day and week of the slot it was booked in, or,
/// where that is there no more, of the first that it overlaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// Tasks per slot.
    pub by_slot: std::collections::BTreeMap<String, i64>,
    /// Tasks per provider and local day.
    pub by_day: std::collections::BTreeMap<(String, i64), i64>,
    /// Tasks per provider and local week.
    pub by_week: std::collections::BTreeMap<(String, i64), i64>,
}
