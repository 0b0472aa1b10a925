//! The shapes of documents that others write, for the OpenAPI document only: reports and
//! explanations of the pool, rows of library queries.

use std::collections::BTreeMap;

use linli_model::Text;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

mod relaxation;

pub(crate) use relaxation::{Relaxation, Relaxations};

/// A run: where it stands and, once it is done, its report.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunAnswer {
    run_id: String,
    /// running, done or failed. All that follows but `problem` stands there when it is done.
    state: String,
    /// Why it failed.
    #[schema(value_type = Option<Object>)]
    problem: Option<Value>,
    published: Option<bool>,
    /// The snapshot it read.
    snapshot: Option<i64>,
    /// Needs that took part; a recurring one counts once.
    needs: Option<i64>,
    /// Units of demand, over all occurrences.
    units: Option<i64>,
    /// Open needs that took no part: no occurrence of theirs falls into the horizon.
    outside_horizon: Option<i64>,
    /// Need × provider × slot that passed every hard rule.
    candidates: Option<i64>,
    /// Candidates that scorers saw; the others were proven unable to improve the plan.
    scored: Option<i64>,
    /// How often it was solved until no candidate could enter.
    rounds: Option<i64>,
    /// Needs fully served.
    matched: Option<i64>,
    /// Needs partly served.
    partial: Option<i64>,
    /// Needs not served at all.
    unmatched: Option<i64>,
    /// Needs with unserved units, by reason: no_candidate, vetoed, full.
    unmatched_by_reason: Option<BTreeMap<String, i64>>,
    by_tier: Option<Vec<TierCount>>,
    /// Σ cost of matches + Σ penalty of unserved units, in millionths; text beyond 2^53.
    #[schema(value_type = Value, required = false)]
    objective: Option<Value>,
    /// The bound that no plan can beat; text beyond 2^53.
    #[schema(value_type = Value, required = false)]
    dual: Option<Value>,
    /// Their difference; 0 proves the plan optimal.
    #[schema(value_type = Value, required = false)]
    gap: Option<Value>,
    /// Whether the proof holds.
    certified: Option<bool>,
    /// Part of the run's identity.
    seed: Option<i64>,
    scorers: Option<Vec<ScorerShare>>,
}

/// Needs of one tier.
#[derive(Serialize, ToSchema)]
struct TierCount {
    /// 0 to 3, 3 most urgent.
    tier: i64,
    /// Needs that took part.
    needs: i64,
    /// Needs fully served.
    served: i64,
}

/// A scorer's part in a run.
#[derive(Serialize, ToSchema)]
struct ScorerShare {
    name: String,
    /// SHA-256 of the component.
    digest: String,
    /// Thousandths.
    weight: i64,
    /// Who speaks under its name in districts that bring a plugin of their own.
    districts: Vec<DistrictScorer>,
}

/// The plugin of one district.
#[derive(Serialize, ToSchema)]
struct DistrictScorer {
    district_id: String,
    /// SHA-256 of the component.
    digest: String,
}

/// What the stored rows of a run prove.
#[derive(Serialize, ToSchema)]
pub(crate) struct Certificate {
    run_id: String,
    /// The snapshot that was read.
    snapshot: u64,
    /// Units asked for.
    demand: i64,
    /// Units matched.
    served: i64,
    /// Units accounted for as unmatched.
    unserved: i64,
    /// Σ cost of matches + Σ penalty of unserved units, in millionths.
    objective: String,
    /// The bound that no plan can beat.
    dual: String,
    /// Their difference.
    gap: String,
    /// Broken rules of feasibility.
    violations: i64,
    /// The first kind of violation.
    finding: Option<String>,
    /// gap = 0 and no violation.
    certified: bool,
}

/// A run that is published.
#[derive(Serialize, ToSchema)]
pub(crate) struct Publication {
    run_id: String,
    /// published.
    state: String,
    /// Its matches.
    matches: i64,
    /// The snapshot in which they are published.
    snapshot: u64,
}

/// What became of a need or, if a provider was asked about, of the pair.
#[derive(Serialize, ToSchema)]
pub(crate) struct WhyNot {
    run_id: String,
    need_id: String,
    /// The same in a sentence.
    #[schema(value_type = Object)]
    sentence: Text,
    /// Rules: of a pair all, of a need those that keep providers from it.
    rules: Vec<RuleLine>,
    /// Of a need: matched, partial or unmatched.
    status: Option<String>,
    /// Of a need: units asked for.
    units: Option<i64>,
    /// Of a need: units that earlier published runs hold besides.
    held_units: Option<i64>,
    /// Of a need: who helps, and when.
    matches: Option<Vec<MatchLine>>,
    /// Of a need: what stays unserved, and why.
    unmatched: Option<Vec<UnmatchedLine>>,
    /// Of a need: candidates of all slots.
    candidates: Option<i64>,
    /// Of a need: candidates for its unserved units whose room other tasks took.
    taken: Option<i64>,
    /// Of a need: the same, where there was no room to begin with.
    held: Option<i64>,
    /// Of a need: the same, where a scorer vetoed.
    vetoed: Option<i64>,
    /// Of a need: why scorers vetoed, the most frequent reason first.
    vetoes: Option<Vec<VetoLine>>,
    /// Of a need: the candidates that came closest, best first.
    runners_up: Option<Vec<RunnerUp>>,
    /// Of a need with unserved units: what would have to change for one more to be served.
    relaxations: Option<Vec<Relaxation>>,
    /// Of a pair.
    provider_id: Option<String>,
    /// Of a pair: the slot that is spoken of.
    slot_id: Option<String>,
    /// Of a pair: chosen, rule_failed, vetoed, beaten or no_such_pair.
    verdict: Option<String>,
    /// Of a pair: 0 to 1.
    score: Option<f64>,
    /// Of a pair: what each scorer said.
    parts: Option<Vec<PartLine>>,
    /// Of a pair: how much worse the whole plan would be with it, in millionths.
    regret: Option<i64>,
    /// Of a pair: the score at which it would be chosen; null where even 1.0 would not do.
    score_to_enter: Option<f64>,
    /// Of a pair: its own part of the regret, in millionths; with the prices in the way it makes the whole.
    own: Option<i64>,
    /// Of a pair: what stands in the way.
    path: Option<Vec<PathStep>>,
}

/// One match of a need.
#[derive(Serialize, ToSchema)]
struct MatchLine {
    provider_id: String,
    slot_id: String,
    /// When it can begin, local time.
    starts_at: String,
    /// 0 to 1.
    score: f64,
    /// Metres; null where a place is unknown.
    distance_m: Option<i64>,
}

/// Units of a need that stay unserved.
#[derive(Serialize, ToSchema)]
struct UnmatchedLine {
    /// Local time.
    occurrence_start: String,
    units: i64,
    /// Units of it that earlier published runs hold besides.
    held_units: i64,
    /// partial or unmatched.
    status: String,
    /// no_candidate, vetoed or full.
    reason: String,
}

/// Why a scorer vetoed candidates of a need.
#[derive(Serialize, ToSchema)]
struct VetoLine {
    scorer: String,
    veto_code: i64,
    /// What the plugin says the code means.
    #[schema(value_type = Option<Object>)]
    veto: Option<Text>,
    candidates: i64,
}

/// A candidate that was not chosen.
#[derive(Serialize, ToSchema)]
struct RunnerUp {
    provider_id: String,
    slot_id: String,
    /// 0 to 1.
    score: f64,
    /// How much worse the whole plan would be, in millionths.
    regret: i64,
}

/// One hard rule.
#[derive(Serialize, ToSchema)]
struct RuleLine {
    rule: String,
    en: String,
    zh: String,
    /// Of a pair: whether it passes.
    ok: Option<bool>,
    /// Of a need: providers that fail it in the slot where they fail fewest.
    failing: Option<i64>,
    /// Of a need: providers that fail nothing else.
    only_this: Option<i64>,
}

/// One scorer's opinion of a pair.
#[derive(Serialize, ToSchema)]
struct PartLine {
    scorer: String,
    /// SHA-256 of the component.
    digest: String,
    /// 0 to 1, as it counts.
    score: f64,
    /// What the plugin itself said, where the score was calibrated because its district brings it.
    raw: Option<f64>,
    /// Thousandths.
    weight: i64,
    /// The code, if it vetoed.
    veto_code: Option<i64>,
    /// What the plugin says the code means.
    #[schema(value_type = Option<Object>)]
    veto: Option<Text>,
}

/// One obstacle.
#[derive(Serialize, ToSchema)]
struct PathStep {
    /// need, slot, day, week or term.
    level: String,
    /// Which one, for people.
    label: String,
    /// Its price in millionths; null for a capacity with nothing left.
    price: Option<i64>,
    /// Of a capacity with nothing left: published or own_limit.
    held_by: Option<String>,
}
