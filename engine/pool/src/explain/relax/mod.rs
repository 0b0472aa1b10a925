//! The least that would have to change for a need that nobody serves.
//!
//! ```text
//! eased tables ─▶ candidates ─▶ scores ─▶ choices ─▶ trials: changed, solved again ─▶ relaxations
//! full capacities ───────────────────────────▲
//! ```
//!
//! A change counts only if it is proven: applied to a copy of the run's problem and solved again,
//! one more unit of the occurrence is served by every plan that is then optimal, and no need that
//! comes before it loses one. Prices of the run rule out most choices without a trial. Kinds and their order are in [`kind`].
//! Pairs are looked for only where no single change does.

mod gather;
mod ground;
mod kind;
mod option;
mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use linli_model::Text;
use linli_query::{Ease, Stage};
use serde::Serialize;

use super::Question;
use crate::Result;
use crate::matching::StoredProblem;
pub(crate) use store::CANDIDATES_MAX;

use gather::Gathering;
use ground::{Ground, Outcome};
use kind::{Kind, REACH_M_MAX};
use option::{Choice, room, two_rooms, with_room};

/// How many occurrences of a need are looked at, the earliest first.
const OCCURRENCES_MAX: usize = 7;

/// How many choices of one kind are tried, the least dear first.
const TRIES_MAX: usize = 16;

/// How many pairs of changes are listed.
const PAIRS_MAX: usize = 3;

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

/// The same with everything it takes.
pub(super) async fn of_need(question: &Question<'_>) -> Result<Vec<Relaxation>> {
    let problem = question.whole(None).await?.problem;
    relaxations(question, &question.stage().await?, &problem).await
}

/// The relaxations of a need, by occurrence and rank.
///
/// **Cost.** Four candidate queries over the need, one of them over a horizon of its own, and
/// some solves of the need's component.
pub(super) async fn relaxations(
    question: &Question<'_>,
    stage: &Stage,
    problem: &StoredProblem,
) -> Result<Vec<Relaxation>> {
    let unmet = &problem.solution.unmet;
    let mut open: Vec<u32> = (0..)
        .zip(&problem.needs)
        .filter(|(it, need)| unmet[*it as usize] > 0 && need.need_id == question.need_id)
        .map(|it| it.0)
        .collect();
    open.truncate(OCCURRENCES_MAX);
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let mut gathering = Gathering::new(question, stage, problem, open.clone())?;
    let proven = find(&mut gathering).await?;
    let mut found = Vec::new();
    for need in open {
        let mut own: Vec<_> = proven.iter().filter(|(it, _)| it.need == need).collect();
        own.sort_by_key(|(choice, outcome)| {
            let losers = outcome.moved.iter().filter(|it| it.1 < 0).count();
            (choice.effort(), losers, outcome.price, choice.changes.clone())
        });
        let ranked = (1..).zip(own);
        found.extend(ranked.map(|(rank, (choice, outcome))| worded(stage, problem, rank, choice, outcome)));
    }
    Ok(found)
}

/// Changes that are proven to help: of each kind the least dear.
async fn find(gathering: &mut Gathering<'_>) -> Result<Vec<(Choice, Outcome)>> {
    let singles = singles(gathering).await?;
    let mut proven = prove(gathering, &singles, |it| vec![it[0].kind], None)?;
    let served: BTreeSet<u32> = proven.iter().map(|(it, _)| it.need).collect();
    if gathering.open.iter().any(|it| !served.contains(it)) {
        gathering.open.retain(|it| !served.contains(it));
        let pairs = pairs(gathering, &singles).await?;
        let kinds = |it: &[kind::Change]| it.iter().map(|it| it.kind).collect();
        proven.extend(prove(gathering, &pairs, kinds, Some(PAIRS_MAX))?);
    }
    Ok(proven)
}

/// Every single change that the tables offer.
async fn singles(gathering: &mut Gathering<'_>) -> Result<Vec<Choice>> {
    let mut choices = Vec::new();
    for need in gathering.open.clone() {
        choices.extend(room(&gathering.nodes, need));
    }
    choices.extend(gathering.eased(Ease { reach_m: REACH_M_MAX, ..Ease::default() }).await?);
    choices.extend(gathering.eased(Ease { slot: true, ..Ease::default() }).await?);
    choices.extend(gathering.eased(Ease { skill: true, ..Ease::default() }).await?);
    choices.extend(gathering.next_week().await?);
    Ok(choices)
}

/// Pairs of changes for the occurrences that no single one serves.
async fn pairs(gathering: &mut Gathering<'_>, singles: &[Choice]) -> Result<Vec<Choice>> {
    let mut choices = Vec::new();
    for need in gathering.open.clone() {
        choices.extend(two_rooms(&gathering.nodes, need));
    }
    let open = gathering.open.clone();
    for single in singles.iter().filter(|it| open.contains(&it.need)) {
        choices.extend(with_room(&gathering.nodes, single));
    }
    for ease in [
        Ease { skill: true, reach_m: REACH_M_MAX, slot: false },
        Ease { skill: true, reach_m: 0, slot: true },
        Ease { skill: false, reach_m: REACH_M_MAX, slot: true },
    ] {
        choices.extend(gathering.eased(ease).await?);
    }
    Ok(choices)
}

/// Tries choices, the least dear first, until one of each kind is proven for each occurrence, or
/// `most` of whatever kinds.
fn prove(
    gathering: &Gathering<'_>,
    choices: &[Choice],
    kinds: impl Fn(&[kind::Change]) -> Vec<Kind>,
    most: Option<usize>,
) -> Result<Vec<(Choice, Outcome)>> {
    let mut hopeful: Vec<&Choice> = choices.iter().filter(|it| gathering.nodes.may_help(it)).collect();
    hopeful.sort_by(|a, b| (a.need, a.order()).cmp(&(b.need, b.order())));
    let patches: Vec<_> = hopeful.iter().map(|it| it.patch.clone()).collect();
    let ground = Ground::new(gathering.problem, &gathering.nodes.new, &gathering.open, &patches);
    let mut proven: Vec<(Choice, Outcome)> = Vec::new();
    let mut tried: BTreeMap<(u32, Vec<Kind>), usize> = BTreeMap::new();
    for choice in hopeful {
        let own = || proven.iter().filter(|(it, _)| it.need == choice.need);
        let group = (choice.need, kinds(&choice.changes));
        let is_listed = own().any(|(it, _)| kinds(&it.changes) == group.1);
        let count = tried.entry(group).or_default();
        if is_listed || *count >= TRIES_MAX || most.is_some_and(|it| own().count() >= it) {
            continue;
        }
        *count += 1;
        let outcome = ground.trial(choice.need, &choice.patch)?;
        if holds(gathering.problem, choice.need, &outcome)
            && ground.is_certain(choice.need, &choice.patch, &outcome)?
        {
            proven.push((choice.clone(), outcome));
        }
    }
    Ok(proven)
}

/// Whether a need is served more than before, and none that comes before it less.
fn holds(problem: &StoredProblem, need: u32, outcome: &Outcome) -> bool {
    let own = problem.needs[need as usize].penalty;
    let gains = outcome.moved.iter().any(|(it, by)| *it == need && *by > 0);
    let loses = |it: &(u32, i64)| it.1 < 0 && problem.needs[it.0 as usize].penalty > own;
    gains && !outcome.moved.iter().any(loses)
}

fn worded(
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
