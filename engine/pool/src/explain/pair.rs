//! Why this provider, or why not.

use linli_assign::{Residual, Step};
use linli_model::MILLION;
use linli_query::{Frame, ParamValue, Params, integer_at, text_at};

use super::{PairExplanation, PartLine, PathStep, Question, RuleAnswer, sentence};
use crate::Result;
use crate::matching::{Scorers, StoredEdge, StoredProblem};

/// The best of a pair's candidates and what it would cost to choose it.
struct Closest {
    slot_id: String,
    occurrence_start: i64,
    cost: i64,
    regret: i64,
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
        candidate(question, &rows, &params, &mut answer).await?;
    }
    answer.sentence = sentence::pair(&answer);
    Ok(answer)
}

/// The pair passed every rule: what did scorers and solver make of it?
async fn candidate(
    question: &Question<'_>,
    rows: &Frame,
    params: &Params,
    answer: &mut PairExplanation,
) -> Result<()> {
    let mut problem = question.pool.stored_problem(&question.session, &question.run.run_id).await?;
    let Some(closest) = closest(question, rows, &mut problem, &answer.provider_id)? else {
        answer.verdict = "vetoed";
        answer.parts = parts(question, params, None).await?;
        return Ok(());
    };
    answer.slot_id = Some(closest.slot_id.clone());
    answer.score = Some(score(closest.cost));
    answer.parts = parts(question, params, Some(&closest)).await?;
    answer.regret = Some(closest.regret);
    let chosen = problem.edges.iter().any(|it| {
        it.chosen
            && it.slot_id == closest.slot_id
            && problem.needs[it.need as usize].need_id == answer.need_id
    });
    answer.verdict = if chosen { "chosen" } else { "beaten" };
    if !chosen {
        let needed = closest.cost - closest.regret - 1;
        answer.score_to_enter = (needed >= 0).then(|| score(needed));
        answer.path = closest.path;
    }
    Ok(())
}

/// The chosen candidate of the pair, else the one with the least regret.
fn closest(
    question: &Question<'_>,
    rows: &Frame,
    problem: &mut StoredProblem,
    provider_id: &str,
) -> Result<Option<Closest>> {
    add_unscored(question, rows, problem, provider_id)?;
    let graph = problem.problem()?;
    let mut residual = Residual::new(&graph, &problem.solution)?;
    let mut best: Option<Closest> = None;
    for (position, edge) in problem.edges.iter().enumerate() {
        let need = &problem.needs[edge.need as usize];
        if edge.provider_id != provider_id || need.need_id != question.need_id {
            continue;
        }
        let Some(regret) = residual.regret(u32::try_from(position).unwrap_or(u32::MAX)) else { continue };
        let found = Closest {
            slot_id: edge.slot_id.clone(),
            occurrence_start: need.occurrence_start,
            cost: edge.cost,
            regret: regret.regret,
            path: regret.path.iter().map(|it| step(it, problem)).collect(),
        };
        if edge.chosen {
            return Ok(Some(found));
        }
        if best.as_ref().is_none_or(|it| found.regret < it.regret) {
            best = Some(found);
        }
    }
    Ok(best)
}

/// Scores the pair's candidates that the run could do without, with the plugins of its day.
fn add_unscored(
    question: &Question<'_>,
    rows: &Frame,
    problem: &mut StoredProblem,
    provider_id: &str,
) -> Result<()> {
    let scored = rows.booleans("scored")?;
    let open: Vec<u32> = (0..rows.rows())
        .filter(|row| !scored.value(*row))
        .filter_map(|row| u32::try_from(row).ok())
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let scorers = Scorers::by_digest(question.pool, &question.run.scorers)?;
    let (starts, slots, nodes) =
        (rows.times("occurrence_start")?, rows.texts("slot_id")?, rows.texts("node_id")?);
    for (row, scored) in open.iter().zip(scorers.score(rows.batch(), &open)?) {
        let row = *row as usize;
        let need = problem
            .needs
            .iter()
            .position(|it| it.need_id == question.need_id && it.occurrence_start == starts.value(row));
        if let (Some(need), true) = (need, scored.vetoes.is_empty()) {
            let edge = StoredEdge {
                need: u32::try_from(need).unwrap_or(u32::MAX),
                provider_id: provider_id.to_owned(),
                slot_id: slots.value(row).to_owned(),
                cost: scored.cost,
                chosen: false,
            };
            problem.add(edge, nodes.value(row));
        }
    }
    Ok(())
}

/// An obstacle in words.
pub(super) fn step(step: &Step, problem: &StoredProblem) -> PathStep {
    match step {
        Step::Need { need, price } => PathStep {
            level: "need".to_owned(),
            label: problem.needs[*need as usize].need_id.clone(),
            price: *price,
        },
        Step::Node { node, price } => {
            let node = &problem.nodes[*node as usize];
            PathStep {
                level: node.level.clone(),
                label: format!("{} {}", node.provider_id, node.label),
                price: *price,
            }
        }
    }
}

async fn parts(question: &Question<'_>, params: &Params, closest: Option<&Closest>) -> Result<Vec<PartLine>> {
    let rows = question.pool.frame(&question.session, PARTS, params).await?;
    let (starts, slots) = (rows.times("occurrence_start")?, rows.texts("slot_id")?);
    let (names, digests, scores) = (rows.texts("scorer")?, rows.texts("digest")?, rows.numbers("score")?);
    let (weights, codes) = (rows.integers("weight")?, rows.integers("veto_code")?);
    // Of a vetoed pair, the first slot's opinions.
    let first = (rows.rows() > 0).then(|| (starts.value(0), slots.value(0).to_owned()));
    let wanted = closest.map(|it| (it.occurrence_start, it.slot_id.clone())).or(first);
    Ok((0..rows.rows())
        .filter(|row| Some((starts.value(*row), slots.value(*row).to_owned())) == wanted)
        .map(|row| PartLine {
            scorer: names.value(row).to_owned(),
            digest: text_at(&digests, row).unwrap_or_default().to_owned(),
            score: scores.value(row),
            weight: weights.value(row),
            veto_code: integer_at(&codes, row),
        })
        .collect())
}

/// A cost as the score that makes it.
pub(super) fn score(cost: i64) -> f64 {
    (MILLION - cost) as f64 / 1e6
}

const PAIR: &str = "SELECT * FROM candidate WHERE run_id = $run AND need_id = $need AND provider_id = $provider \
    ORDER BY occurrence_start, slot_id";
const PARTS: &str = "SELECT s.occurrence_start, s.slot_id, s.scorer, s.digest, s.score, s.veto_code, i.weight \
    FROM candidate_score s JOIN run_input i ON i.run_id = s.run_id AND i.kind = 'plugin' AND i.name = s.scorer \
    WHERE s.run_id = $run AND s.need_id = $need AND s.provider_id = $provider \
    ORDER BY s.occurrence_start, s.slot_id, s.scorer";
