//! The shape of an explanation.

use linli_model::Text;
use serde::Serialize;

use super::Relaxation;

/// The answer to a question about a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Explanation {
    /// About a need.
    Need(Box<NeedExplanation>),
    /// About a need and a provider.
    Pair(Box<PairExplanation>),
}

/// What became of a need.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NeedExplanation {
    /// The run.
    pub run_id: String,
    /// The need.
    pub need_id: String,
    /// matched, partial or unmatched.
    pub status: String,
    /// Units asked for in the horizon.
    pub units: i64,
    /// Units that published matches held before the run, of the same occurrences; they are not
    /// among `units`.
    pub held_units: i64,
    /// Who helps, and when.
    pub matches: Vec<MatchLine>,
    /// What stays unserved, and why.
    pub unmatched: Vec<UnmatchedLine>,
    /// Candidates of all slots.
    pub candidates: i64,
    /// Candidates for the unserved units, of providers who do not serve them yet, whose room
    /// other tasks took.
    pub taken: i64,
    /// The same, where published matches or the providers' own limits leave no room at all.
    pub held: i64,
    /// The same, where a scorer vetoed.
    pub vetoed: i64,
    /// Why scorers vetoed candidates of this need, the most frequent reason first.
    pub vetoes: Vec<VetoLine>,
    /// The candidates that came closest, best first.
    pub runners_up: Vec<RunnerUp>,
    /// Which rules stand between the need and providers; only where units stay unserved, and of
    /// the occurrences to which these belong.
    pub rules: Vec<RuleLine>,
    /// What would have to change for one more unit to be served, by occurrence and rank; only
    /// where units stay unserved.
    pub relaxations: Vec<Relaxation>,
    /// The same in a sentence.
    pub sentence: Text,
}

/// One match.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MatchLine {
    /// Who.
    pub provider_id: String,
    /// When, as an id.
    pub slot_id: String,
    /// When it can begin, local time.
    pub starts_at: String,
    /// 0 to 1.
    pub score: f64,
    /// Metres; nothing where a place is unknown.
    pub distance_m: Option<i64>,
}

/// Units that stay unserved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnmatchedLine {
    /// The occurrence, local time.
    pub occurrence_start: String,
    /// How many.
    pub units: i64,
    /// How many more of the same occurrence published matches held before the run.
    pub held_units: i64,
    /// partial where others of the same occurrence are served, else unmatched.
    pub status: String,
    /// no_candidate, vetoed or full.
    pub reason: String,
}

/// A veto, and how many candidates it fell on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VetoLine {
    /// The plugin.
    pub scorer: String,
    /// The code.
    pub veto_code: i64,
    /// What the plugin says the code means; nothing for a code it does not describe.
    pub veto: Option<Text>,
    /// How many candidates.
    pub candidates: i64,
}

/// A candidate that was not chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunnerUp {
    /// Who.
    pub provider_id: String,
    /// When, as an id.
    pub slot_id: String,
    /// 0 to 1.
    pub score: f64,
    /// How much worse the whole plan would be, in millionths.
    pub regret: i64,
}

/// How one rule keeps providers from a need.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleLine {
    /// The rule.
    pub rule: String,
    /// What it says.
    #[serde(flatten)]
    pub text: Text,
    /// Providers that fail it in the slot where they fail fewest, at an occurrence with
    /// unserved units.
    pub failing: i64,
    /// Those of them that fail nothing else there: one change away.
    pub only_this: i64,
}

/// What became of a pair.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairExplanation {
    /// The run.
    pub run_id: String,
    /// The need.
    pub need_id: String,
    /// The provider.
    pub provider_id: String,
    /// The slot that is spoken of.
    pub slot_id: Option<String>,
    /// chosen, rule_failed, vetoed, beaten or no_such_pair.
    pub verdict: &'static str,
    /// Every hard rule.
    pub rules: Vec<RuleAnswer>,
    /// 0 to 1; nothing where no scorer was asked or one vetoed.
    pub score: Option<f64>,
    /// What each scorer said.
    pub parts: Vec<PartLine>,
    /// How much worse the whole plan would be with this pair, in millionths; nothing where no
    /// plan can hold it.
    pub regret: Option<i64>,
    /// The pair's own part of that, often below zero: its cost less what the need gives up for
    /// it. `regret = own + Σ price of path`.
    pub own: Option<i64>,
    /// The lowest score at which one of the pair's candidates would be chosen; nothing where
    /// even 1.0 would not do.
    pub score_to_enter: Option<f64>,
    /// What stands in the way, with its price.
    pub path: Vec<PathStep>,
    /// The same in a sentence.
    pub sentence: Text,
}

/// One rule's answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleAnswer {
    /// The rule.
    pub rule: String,
    /// Whether the pair passes.
    pub ok: bool,
    /// What it says.
    #[serde(flatten)]
    pub text: Text,
}

/// One scorer's opinion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartLine {
    /// The plugin.
    pub scorer: String,
    /// Its bytes: who spoke, also where a district brings a plugin of its own.
    pub digest: String,
    /// 0 to 1, as it counts.
    pub score: f64,
    /// What the plugin itself said, where the score was calibrated because the district brings it.
    pub raw: Option<f64>,
    /// Thousandths.
    pub weight: i64,
    /// The code, if it vetoed.
    pub veto_code: Option<i64>,
    /// What the plugin says the code means.
    pub veto: Option<Text>,
}

/// One obstacle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathStep {
    /// need, slot, day, week or term.
    pub level: String,
    /// Which one, for people.
    pub label: String,
    /// Its price in millionths; nothing where no price buys it, because nothing is left.
    pub price: Option<i64>,
    /// Of a capacity with nothing left: `published` matches took it, or it is the provider's
    /// `own_limit` to take nobody.
    pub held_by: Option<&'static str>,
}
