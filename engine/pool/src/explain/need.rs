//! What became of a need, and what stands in its way.

use linli_assign::Residual;
use linli_query::{Stage, integer_at};

use super::pair::score;
use super::{MatchLine, NeedExplanation, Question, RuleLine, RunnerUp, UnmatchedLine, sentence};
use crate::Result;

/// How many runners-up are shown.
const RUNNERS_UP: usize = 3;

pub(super) async fn explain(question: &Question<'_>) -> Result<NeedExplanation> {
    let params = question.params();
    let frame = async |sql: &str| question.pool.frame(&question.session, sql, &params).await;
    let zone = linli_query::Zone::parse(&question.pool.config().time_zone);
    let rows = frame(MATCHES).await?;
    let (providers, slots) = (rows.texts("provider_id")?, rows.texts("slot_id")?);
    let (starts, scores, distances) =
        (rows.times("starts_at")?, rows.numbers("score")?, rows.integers("distance_m")?);
    let matches: Vec<MatchLine> = (0..rows.rows())
        .map(|row| MatchLine {
            provider_id: providers.value(row).to_owned(),
            slot_id: slots.value(row).to_owned(),
            starts_at: zone.rfc3339(starts.value(row)),
            score: scores.value(row),
            distance_m: integer_at(&distances, row),
        })
        .collect();
    let rows = frame(UNMATCHED).await?;
    let (starts, units, reasons) =
        (rows.times("occurrence_start")?, rows.integers("units")?, rows.texts("reason")?);
    let unmatched: Vec<UnmatchedLine> = (0..rows.rows())
        .map(|row| UnmatchedLine {
            occurrence_start: zone.rfc3339(starts.value(row)),
            units: units.value(row),
            reason: reasons.value(row).to_owned(),
        })
        .collect();
    let rows = frame(COUNTS).await?;
    let (asked, candidates) = (rows.integers("units")?.value(0), rows.integers("candidates")?.value(0));
    let open: i64 = unmatched.iter().map(|it| it.units).sum();
    let status = match open {
        0 => "matched",
        it if it < asked => "partial",
        _ => "unmatched",
    };
    let mut answer = NeedExplanation {
        run_id: question.run.run_id.clone(),
        need_id: question.need_id.clone(),
        status: status.to_owned(),
        units: asked,
        matches,
        unmatched,
        candidates,
        runners_up: runners_up(question).await?,
        rules: Vec::new(),
        sentence: linli_model::Text::new("", ""),
    };
    if open > 0 {
        answer.rules = rules(&question.stage().await?, &question.need_id).await?;
    }
    answer.sentence = sentence::need(&answer);
    Ok(answer)
}

async fn rules(stage: &Stage, need_id: &str) -> Result<Vec<RuleLine>> {
    let mut rules: Vec<RuleLine> = stage
        .count_rules(need_id)
        .await?
        .into_iter()
        .filter(|it| it.failing > 0)
        .map(|it| RuleLine { rule: it.rule, text: it.text, failing: it.failing, only_this: it.only_this })
        .collect();
    rules.sort_by(|a, b| (b.only_this, b.failing, &a.rule).cmp(&(a.only_this, a.failing, &b.rule)));
    Ok(rules)
}

/// The candidates of the need that cost the plan least to choose instead.
async fn runners_up(question: &Question<'_>) -> Result<Vec<RunnerUp>> {
    let problem = question.pool.stored_problem(&question.session, &question.run.run_id).await?;
    let graph = problem.problem()?;
    let mut residual = Residual::new(&graph, &problem.solution)?;
    let mut all: Vec<RunnerUp> = problem
        .edges
        .iter()
        .enumerate()
        .filter(|(_, it)| !it.chosen && problem.needs[it.need as usize].need_id == question.need_id)
        .filter_map(|(position, it)| {
            Some(RunnerUp {
                provider_id: it.provider_id.clone(),
                slot_id: it.slot_id.clone(),
                score: score(it.cost),
                regret: residual.regret(u32::try_from(position).ok()?)?.regret,
            })
        })
        .collect();
    all.sort_by(|a, b| (a.regret, &a.provider_id, &a.slot_id).cmp(&(b.regret, &b.provider_id, &b.slot_id)));
    // One line per provider: the other slots of the same person say little more.
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|it| seen.insert(it.provider_id.clone()));
    all.truncate(RUNNERS_UP);
    Ok(all)
}

const MATCHES: &str = "SELECT m.provider_id, m.slot_id, m.starts_at, m.score, c.distance_m FROM match m \
    LEFT JOIN candidate c ON c.run_id = m.run_id AND c.need_id = m.need_id \
    AND c.occurrence_start = m.occurrence_start AND c.provider_id = m.provider_id AND c.slot_id = m.slot_id \
    WHERE m.run_id = $run AND m.need_id = $need ORDER BY m.starts_at, m.provider_id";
const UNMATCHED: &str = "SELECT occurrence_start, units, reason FROM unmatched \
    WHERE run_id = $run AND need_id = $need ORDER BY occurrence_start";
const COUNTS: &str = "SELECT (SELECT coalesce(sum(quantity), 0) FROM price \
    WHERE run_id = $run AND level = 'need' AND need_id = $need) AS units, \
    (SELECT count(*) FROM candidate WHERE run_id = $run AND need_id = $need) AS candidates";
