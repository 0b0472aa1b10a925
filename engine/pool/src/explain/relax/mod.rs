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

mod answer;
mod gather;
mod ground;
mod kind;
mod option;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use linli_query::{Ease, Stage};

use super::Question;
use crate::Result;
use crate::matching::StoredProblem;
pub use answer::{Displaced, Relaxation, RelaxedBy};

use answer::worded;

use gather::{Gathering, Later};
use ground::{Ground, Outcome};
use kind::{Kind, REACH_M_MAX};
use option::{Choice, room, two_rooms, with_room};

/// How many occurrences of a need are looked at, the earliest first.
const OCCURRENCES_MAX: usize = 7;

/// How many choices of one kind are tried, the least dear first.
const TRIES_MAX: usize = 16;

/// How many pairs of changes are listed.
const PAIRS_MAX: usize = 3;

/// The same with everything it takes.
pub(super) async fn of_need(question: &Question<'_>) -> Result<Vec<Relaxation>> {
    let problem = question.whole(None).await?.problem;
    if open(&problem, &question.need_id).is_empty() {
        return Ok(Vec::new());
    }
    relaxations(question, &question.stage().await?, &problem).await
}

/// The first occurrences of a need with unserved units, as positions in the stored problem.
pub(super) fn open(problem: &StoredProblem, need_id: &str) -> Vec<u32> {
    let rows = (0..).zip(&problem.needs).zip(&problem.solution.unmet);
    let own = rows.filter(|((_, it), unmet)| **unmet > 0 && it.need_id == need_id);
    own.map(|((position, _), _)| position).take(OCCURRENCES_MAX).collect()
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
    let open = open(problem, &question.need_id);
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let found = ranked(question, stage, problem, open).await?;
    Ok(found.into_iter().map(|it| it.1).collect())
}

/// The relaxations of some occurrences, each with its position in the stored problem.
pub(super) async fn ranked(
    question: &Question<'_>,
    stage: &Stage,
    problem: &StoredProblem,
    open: Vec<u32>,
) -> Result<Vec<(u32, Relaxation)>> {
    let later = Later::new(question, stage, problem, &open).await?;
    let mut gathering = Gathering::new(question, stage, problem, open.clone()).await?;
    let proven = find(&mut gathering, &later).await?;
    let mut found = Vec::new();
    for need in open {
        let mut own: Vec<_> = proven.iter().filter(|(it, _)| it.need == need).collect();
        own.sort_by_key(|(choice, outcome)| {
            let losers = outcome.moved.iter().filter(|it| it.1 < 0).count();
            (choice.effort(), losers, outcome.price, choice.changes.clone())
        });
        let ranked = (1..).zip(own);
        found.extend(
            ranked.map(|(rank, (choice, outcome))| (need, worded(stage, problem, rank, choice, outcome))),
        );
    }
    Ok(found)
}

/// Changes that are proven to help: of each kind the least dear.
async fn find(gathering: &mut Gathering<'_>, later: &Later) -> Result<Vec<(Choice, Outcome)>> {
    let singles = singles(gathering, later).await?;
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
async fn singles(gathering: &mut Gathering<'_>, later: &Later) -> Result<Vec<Choice>> {
    let mut choices = Vec::new();
    for need in gathering.open.clone() {
        choices.extend(room(&gathering.nodes, need));
    }
    choices.extend(gathering.eased(Ease { reach_m: REACH_M_MAX, ..Ease::default() }).await?);
    choices.extend(gathering.eased(Ease { slot: true, ..Ease::default() }).await?);
    choices.extend(gathering.eased(Ease { skill: true, ..Ease::default() }).await?);
    choices.extend(gathering.next_week(later)?);
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
    let mut proven: Vec<(Choice, Outcome)> = Vec::new();
    for own in hopeful.chunk_by(|a, b| a.need == b.need) {
        let need = own[0].need;
        let patches: Vec<_> = own.iter().map(|it| it.patch.clone()).collect();
        // The need's own component, whoever else is asked about: the answer is the same.
        let ground = Ground::new(gathering.problem, &gathering.nodes.new, &[need], &patches);
        let mut listed: Vec<Vec<Kind>> = Vec::new();
        let mut tried: BTreeMap<Vec<Kind>, usize> = BTreeMap::new();
        for choice in own {
            let group = kinds(&choice.changes);
            let count = tried.entry(group.clone()).or_default();
            if listed.contains(&group) || *count >= TRIES_MAX || most.is_some_and(|it| listed.len() >= it) {
                continue;
            }
            *count += 1;
            let outcome = ground.trial(need, &choice.patch)?;
            if holds(gathering.problem, need, &outcome) && ground.is_certain(need, &choice.patch, &outcome)? {
                proven.push(((*choice).clone(), outcome));
                listed.push(group);
            }
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
