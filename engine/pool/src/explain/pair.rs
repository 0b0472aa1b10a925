//! Why this provider, or why not.

use linli_assign::{Regret, Residual, Step};
use linli_model::MILLION;
use linli_query::{ParamValue, Params, Stage};

use super::opinion::{Opinion, opinions};
use super::whole::Whole;
use super::{PairExplanation, PathStep, Question, RuleAnswer, sentence};
use crate::Result;
use crate::matching::StoredProblem;

/// The best of a pair's candidates that scorers let pass.
struct Closest {
    /// Its position in the problem.
    edge: u32,
    /// What choosing it would cost; nothing where no plan can hold it.
    regret: Option<i64>,
    /// The pair's own part of that.
    own: Option<i64>,
    /// The lowest score at which one of the pair's candidates would be chosen.
    score_to_enter: Option<f64>,
    path: Vec<PathStep>,
}

pub(super) async fn explain(question: &Question<'_>, provider_id: &str) -> Result<PairExplanation> {
    let mut params = question.params();
    params.set("provider", ParamValue::Text(provider_id.to_owned()));
    let rows = question.pool.frame(&question.session, PAIR, &params).await?;
    let mut answer = PairExplanation {
        run_id: question.run.run_id.clone(),
        need_id: question.need_id.clone(),
        provider_id: provider_id.to_owned(),
        slot_id: None,
        verdict: "no_such_pair",
        rules: Vec::new(),
        score: None,
        parts: Vec::new(),
        regret: None,
        own: None,
        score_to_enter: None,
        path: Vec::new(),
        sentence: linli_model::Text::new("", ""),
    };
    let stage = question.stage().await?;
    if let Some(check) = stage.check_pair(&question.need_id, provider_id).await? {
        answer.slot_id = check.slot_id;
        answer.rules = check
            .rules
            .into_iter()
            .map(|it| RuleAnswer { rule: it.rule, ok: it.ok, text: it.text })
            .collect();
        answer.verdict = "rule_failed";
    }
    if rows.rows() > 0 {
        candidate(question, &stage, &params, &mut answer).await?;
    }
    answer.sentence = sentence::pair(&answer);
    Ok(answer)
}

/// The pair passed every rule: what did scorers and solver make of it?
async fn candidate(
    question: &Question<'_>,
    stage: &Stage,
    params: &Params,
    answer: &mut PairExplanation,
) -> Result<()> {
    let Whole { problem, opinions: fresh } = question.whole(Some(&answer.provider_id)).await?;
    let opinions = opinions(question, params, fresh).await?;
    let Some(closest) = closest(&problem, stage, &answer.need_id, &answer.provider_id)? else {
        // Every candidate that no scorer vetoed is in the problem, so they vetoed them all.
        answer.verdict = "vetoed";
        say(answer, opinions.into_iter().next());
        return Ok(());
    };
    let edge = &problem.edges[closest.edge as usize];
    let occurrence = problem.needs[edge.need as usize].occurrence_start;
    let is_it = |it: &Opinion| (it.occurrence_start, &it.slot_id) == (occurrence, &edge.slot_id);
    say(answer, opinions.into_iter().find(is_it));
    answer.verdict = if edge.chosen { "chosen" } else { "beaten" };
    answer.score = Some(score(edge.cost));
    answer.regret = closest.regret;
    answer.own = closest.own;
    answer.score_to_enter = closest.score_to_enter;
    answer.path = closest.path;
    Ok(())
}

/// Speaks of one candidate of the pair.
fn say(answer: &mut PairExplanation, opinion: Option<Opinion>) {
    if let Some(it) = opinion {
        answer.slot_id = Some(it.slot_id);
        answer.parts = it.parts;
    }
}

/// The chosen candidate of the pair, else the one with the least regret, else one that no plan
/// can hold; nothing where scorers vetoed them all.
fn closest(
    problem: &StoredProblem,
    stage: &Stage,
    need_id: &str,
    provider_id: &str,
) -> Result<Option<Closest>> {
    let graph = problem.problem()?;
    let mut residual = Residual::new(&graph, &problem.solution)?;
    let mut best: Option<(u32, Regret)> = None;
    let mut shut: Option<u32> = None;
    let mut enters: Option<i64> = None;
    for (position, row) in (0..).zip(&problem.edges) {
        if row.provider_id != provider_id || problem.needs[row.need as usize].need_id != need_id {
            continue;
        }
        let Some(found) = residual.regret(position) else {
            shut = shut.or(Some(position));
            continue;
        };
        if row.chosen {
            let (regret, own) = (Some(found.regret), Some(found.own));
            let path = Vec::new();
            return Ok(Some(Closest { edge: position, regret, own, score_to_enter: None, path }));
        }
        enters = enters.max(cost_to_enter(row.cost, found.regret));
        if best.as_ref().is_none_or(|(_, it)| found.regret < it.regret) {
            best = Some((position, found));
        }
    }
    if let Some((edge, found)) = best {
        let path = found.path.iter().map(|it| step(it, problem)).collect();
        let (regret, own, score_to_enter) = (Some(found.regret), Some(found.own), enters.map(score));
        return Ok(Some(Closest { edge, regret, own, score_to_enter, path }));
    }
    Ok(shut.map(|edge| Closest {
        edge,
        regret: None,
        own: None,
        score_to_enter: None,
        path: nothing_left(edge, problem, stage),
    }))
}

/// The highest cost at which a candidate would be chosen; nothing where even 0 would not do.
pub(super) fn cost_to_enter(cost: i64, regret: i64) -> Option<i64> {
    Some(cost - regret - 1).filter(|it| *it >= 0)
}

/// An obstacle in words.
fn step(step: &Step, problem: &StoredProblem) -> PathStep {
    match step {
        Step::Need { need, price } => PathStep {
            level: "need".to_owned(),
            label: problem.needs[*need as usize].need_id.clone(),
            price: Some(*price),
            held_by: None,
        },
        Step::Node { node, price } => {
            let node = &problem.nodes[*node as usize];
            PathStep {
                level: node.level.clone(),
                label: format!("{} {}", node.provider_id, node.label),
                price: Some(*price),
                held_by: None,
            }
        }
    }
}

/// The capacities that keep a candidate out of every plan. A capacity that takes nobody was
/// either given none, or published matches hold all it was given.
fn nothing_left(edge: u32, problem: &StoredProblem, stage: &Stage) -> Vec<PathStep> {
    let mut path = Vec::new();
    for node in problem.closed_above(edge) {
        let provider = stage.providers.get(&node.provider_id);
        let given = match node.level.as_str() {
            "slot" => stage.slots.iter().find(|it| it.slot_id == node.node_id).map(|it| it.capacity),
            "day" => provider.and_then(|it| it.max_per_day),
            _ => provider.and_then(|it| it.max_per_week),
        };
        path.push(PathStep {
            level: node.level.clone(),
            label: format!("{} {}", node.provider_id, node.label),
            price: None,
            held_by: Some(if given.is_some_and(|it| it <= 0) { "own_limit" } else { "published" }),
        });
    }
    path
}

/// A cost as the score that makes it.
pub(super) fn score(cost: i64) -> f64 {
    (MILLION - cost) as f64 / 1e6
}

const PAIR: &str = "SELECT slot_id FROM candidate \
    WHERE run_id = $run AND need_id = $need AND provider_id = $provider LIMIT 1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_candidate_with_the_least_regret_need_not_be_the_first_to_enter() {
        // Cost and regret of two candidates of one pair.
        let (near, far) = ((500_000, 50), (900_000, 100_000));
        let enters = [near, far].map(|(cost, regret)| cost_to_enter(cost, regret));
        assert_eq!(enters, [Some(499_949), Some(799_999)]);
        let lowest = enters.into_iter().max().flatten().map(score);
        assert_eq!(lowest, Some(0.200_001));
    }

    #[test]
    fn where_even_the_best_score_is_beaten_no_score_is_named() {
        assert_eq!(cost_to_enter(300, 299), Some(0));
        assert_eq!(cost_to_enter(300, 300), None);
    }
}
