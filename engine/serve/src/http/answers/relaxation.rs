//! What would have to change for a need that nobody serves.

use serde::Serialize;
use utoipa::ToSchema;

/// The relaxations of a need.
#[derive(Serialize, ToSchema)]
pub(crate) struct Relaxations {
    /// By occurrence and rank; none where every unit is served.
    items: Vec<Relaxation>,
    /// Always null: there is one page.
    next_page_token: Option<String>,
    /// The snapshot that was read.
    snapshot: u64,
}

/// One way to have one more unit of a need served, proven by solving again.
#[derive(Serialize, ToSchema)]
pub(crate) struct Relaxation {
    /// Local time.
    occurrence_start: String,
    /// From 1, the least effort first.
    rank: i64,
    /// slot_capacity, day_capacity, week_capacity, reach, next_week, slot or skill; of a pair both,
    /// joined by `+`.
    kind: String,
    changes: Vec<RelaxedBy>,
    /// Who would help.
    provider_id: Option<String>,
    /// When.
    slot_id: Option<String>,
    /// How dear it is beside changes of other kinds; no unit.
    effort: i64,
    /// What the objective of the whole plan would change by, in millionths.
    price: i64,
    /// Who would be served less.
    displaced: Vec<Displaced>,
    en: String,
    zh: String,
}

/// One change.
#[derive(Serialize, ToSchema)]
struct RelaxedBy {
    kind: String,
    /// Tasks, metres, days, slots or skills.
    amount: i64,
    /// Whose; null where the need itself is changed.
    provider_id: Option<String>,
    /// Which slot, day, week or skill; from when on.
    label: String,
}

/// A need that would lose.
#[derive(Serialize, ToSchema)]
struct Displaced {
    need_id: String,
    /// Local time.
    occurrence_start: String,
    tier: i64,
    units: i64,
}
