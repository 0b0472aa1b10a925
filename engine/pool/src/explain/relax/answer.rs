//! What is told of a change that helps.

use linli_model::Text;
use linli_query::Stage;
use serde::Serialize;

use super::ground::Outcome;
use super::option::Choice;
use crate::matching::StoredProblem;

/// One way to have one more unit of a need served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Relaxation {
    /// The occurrence, local time.
    pub occurrence_start: String,
    /// The same in microseconds since 1970 UTC.
    #[serde(skip)]
    pub occurrence_us: i64,
    /// Its place among those of the occurrence, from 1: less effort first.
    pub rank: i64,
    /// slot_capacity, day_capacity, week_capacity, reach, next_week, slot or skill; of a pair
    /// both, joined by `+`.
    pub kind: String,
    /// What is changed; two of a pair.
    pub changes: Vec<RelaxedBy>,
    /// Who would help.
    pub provider_id: Option<String>,
    /// When, as an id.
    pub slot_id: Option<String>,
    /// How dear it is beside other kinds of changes: a number without unit.
    pub effort: i64,
    /// What the objective of the whole plan would change by, in millionths; below zero.
    pub price: i64,
    /// Who would be served less than now: never a need that comes before this one.
    pub displaced: Vec<Displaced>,
    /// The same in a sentence.
    #[serde(flatten)]
    pub text: Text,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RelaxedBy {
    /// Its kind.
    pub kind: &'static str,
    /// Tasks, metres, days, slots or skills, by its kind.
    pub amount: i64,
    /// Whose; nothing where the need itself is changed.
    pub provider_id: Option<String>,
    /// Which slot, day, week or skill; from when on. Empty for a reach.
    pub label: String,
}

/// A need that would lose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Displaced {
    /// The need.
    pub need_id: String,
    /// The occurrence, local time.
    pub occurrence_start: String,
    /// 0 to 3.
    pub tier: i64,
    /// How many units.
    pub units: i64,
}

/// A choice that was proven, in words.
pub(super) fn worded(
    stage: &Stage,
    problem: &StoredProblem,
    rank: i64,
    choice: &Choice,
    outcome: &Outcome,
) -> Relaxation {
    let need = &problem.needs[choice.need as usize];
    let fresh = outcome.fresh.iter().map(|it| &problem.edges[*it as usize]);
    let used = outcome.used.first().and_then(|it| choice.served_by.get(*it)).cloned();
    let served = used.or_else(|| fresh.map(|it| (it.provider_id.clone(), it.slot_id.clone())).next());
    let displaced: Vec<Displaced> = outcome
        .moved
        .iter()
        .filter(|it| it.1 < 0)
        .map(|(position, by)| {
            let it = &problem.needs[*position as usize];
            Displaced {
                need_id: it.need_id.clone(),
                occurrence_start: stage.zone.rfc3339(it.occurrence_start),
                tier: it.tier,
                units: -by,
            }
        })
        .collect();
    let (provider_id, slot_id) = served.unzip();
    let text = sentence(choice, &need.need_id, provider_id.as_deref().unwrap_or_default(), &displaced);
    let names: Vec<&str> = choice.changes.iter().map(|it| it.kind.name()).collect();
    Relaxation {
        occurrence_start: stage.zone.rfc3339(need.occurrence_start),
        occurrence_us: need.occurrence_start,
        rank,
        kind: names.join("+"),
        changes: choice
            .changes
            .iter()
            .map(|it| RelaxedBy {
                kind: it.kind.name(),
                amount: it.amount,
                provider_id: it.provider_id.clone(),
                label: it.label.clone(),
            })
            .collect(),
        provider_id,
        slot_id,
        effort: choice.effort(),
        price: outcome.price,
        displaced,
        text,
    }
}

/// What would be done, and at whose cost.
fn sentence(choice: &Choice, need: &str, served_by: &str, displaced: &[Displaced]) -> Text {
    let (mut en, mut zh) = (Vec::new(), Vec::new());
    for text in choice.changes.iter().map(|it| it.words(need, served_by)) {
        en.push(text.en);
        zh.push(text.zh);
    }
    let (mut en, mut zh) = (en.join(" and "), zh.join("，且 "));
    if !displaced.is_empty() {
        let tiers = displaced.iter().map(|it| format!("{} (tier {})", it.need_id, it.tier));
        let tiers_zh = displaced.iter().map(|it| format!("{}（{} 级）", it.need_id, it.tier));
        en += &format!("; less is then served of {}", tiers.collect::<Vec<_>>().join(", "));
        zh += &format!("；届时减少满足：{}", tiers_zh.collect::<Vec<_>>().join("、"));
    }
    Text::new(en, zh)
}
