//! What became of a need, and what stands in its way.

use std::collections::BTreeSet;

use linli_assign::Residual;
use linli_query::{Stage, Zone, integer_at, text_at};

use super::opinion::wording;
use super::pair::score;
use super::{MatchLine, NeedExplanation, Question, RuleLine, RunnerUp, UnmatchedLine, VetoLine, sentence};
use crate::Result;
use crate::matching::{StoredEdge, StoredProblem};

/// How many runners-up are shown.
const RUNNERS_UP: usize = 3;

pub(super) async fn explain(question: &Question<'_>) -> Result<NeedExplanation> {
    let problem = question.whole(None).await?.problem;
    let demand = demand(question).await?;
    let unmatched = unmatched(question, demand).await?;
    let counts = question.frame(COUNTS).await?;
    let count = |name: &str| Ok::<i64, crate::Error>(counts.integers(name)?.value(0));
    let (units, occurrences) = (count("units")?, count("occurrences")?);
    let (candidates, vetoed) = (count("candidates")?, count("vetoed")?);
    let held_units = demand.map_or(0, |it| it * occurrences - units).max(0);
    let open: i64 = unmatched.iter().map(|it| it.units).sum();
    let status = match open {
        0 => "matched",
        it if it < units => "partial",
        _ => "unmatched",
    };
    let runners_up = runners_up(&problem, &question.need_id)?;
    let (taken, held) = without_room(&problem, &question.need_id);
    let mut answer = NeedExplanation {
        run_id: question.run.run_id.clone(),
        need_id: question.need_id.clone(),
        status: status.to_owned(),
        units,
        held_units,
        matches: matches(question).await?,
        unmatched,
        candidates,
        taken,
        held,
        vetoed,
        vetoes: vetoes(question).await?,
        runners_up,
        rules: Vec::new(),
        relaxations: Vec::new(),
        sentence: linli_model::Text::new("", ""),
    };
    if open > 0 {
        let stage = question.stage().await?;
        answer.rules = rules(question, &stage, &problem).await?;
        answer.relaxations = super::relax::relaxations(question, &stage, &problem).await?;
    }
    answer.sentence = sentence::need(&answer);
    Ok(answer)
}

async fn matches(question: &Question<'_>) -> Result<Vec<MatchLine>> {
    let zone = Zone::parse(&question.pool.config().time_zone);
    let rows = question.frame(MATCHES).await?;
    let (providers, slots) = (rows.texts("provider_id")?, rows.texts("slot_id")?);
    let (starts, scores) = (rows.times("starts_at")?, rows.numbers("score")?);
    let distances = rows.integers("distance_m")?;
    let line = |row: usize| MatchLine {
        provider_id: providers.value(row).to_owned(),
        slot_id: slots.value(row).to_owned(),
        starts_at: zone.rfc3339(starts.value(row)),
        score: scores.value(row),
        distance_m: integer_at(&distances, row),
    };
    Ok((0..rows.rows()).map(line).collect())
}

/// What the need asks for at each occurrence, before published matches are taken from it.
async fn demand(question: &Question<'_>) -> Result<Option<i64>> {
    let before = question.before().await?;
    let rows = question.pool.frame(&before, DEMAND, &question.params()).await?;
    let demands = rows.integers("demand")?;
    Ok(if rows.rows() == 0 { None } else { integer_at(&demands, 0) })
}

/// What stays unserved. What the run left of the demand is what published matches do not hold.
async fn unmatched(question: &Question<'_>, demand: Option<i64>) -> Result<Vec<UnmatchedLine>> {
    let zone = Zone::parse(&question.pool.config().time_zone);
    let rows = question.frame(UNMATCHED).await?;
    let (starts, units) = (rows.times("occurrence_start")?, rows.integers("units")?);
    let (statuses, reasons) = (rows.texts("status")?, rows.texts("reason")?);
    let left = rows.integers("quantity")?;
    let held = |row: usize| Some(demand? - integer_at(&left, row)?);
    let line = |row: usize| UnmatchedLine {
        occurrence_start: zone.rfc3339(starts.value(row)),
        units: units.value(row),
        held_units: held(row).unwrap_or(0).max(0),
        status: statuses.value(row).to_owned(),
        reason: reasons.value(row).to_owned(),
    };
    Ok((0..rows.rows()).map(line).collect())
}

async fn vetoes(question: &Question<'_>) -> Result<Vec<VetoLine>> {
    let rows = question.frame(VETOES).await?;
    let (scorers, digests) = (rows.texts("scorer")?, rows.texts("digest")?);
    let (codes, candidates) = (rows.integers("veto_code")?, rows.integers("candidates")?);
    let mut vetoes = Vec::new();
    for row in 0..rows.rows() {
        let (scorer, code) = (scorers.value(row), codes.value(row));
        let digest = text_at(&digests, row).unwrap_or_default();
        vetoes.push(VetoLine {
            scorer: scorer.to_owned(),
            veto_code: code,
            veto: wording(question.pool, scorer, digest, code)?,
            candidates: candidates.value(row),
        });
    }
    Ok(vetoes)
}

async fn rules(question: &Question<'_>, stage: &Stage, problem: &StoredProblem) -> Result<Vec<RuleLine>> {
    let unserved: Vec<i64> = problem
        .needs
        .iter()
        .zip(&problem.solution.unmet)
        .filter(|(it, unmet)| **unmet > 0 && it.need_id == question.need_id)
        .map(|(it, _)| it.occurrence_start)
        .collect();
    let mut rules: Vec<RuleLine> = stage
        .count_rules(&question.need_id, &unserved)
        .await?
        .into_iter()
        .filter(|it| it.failing > 0)
        .map(|it| RuleLine { rule: it.rule, text: it.text, failing: it.failing, only_this: it.only_this })
        .collect();
    rules.sort_by(|a, b| (b.only_this, b.failing, &a.rule).cmp(&(a.only_this, a.failing, &b.rule)));
    Ok(rules)
}

/// The candidates of the need that cost the plan least to choose instead.
fn runners_up(problem: &StoredProblem, need_id: &str) -> Result<Vec<RunnerUp>> {
    let graph = problem.problem()?;
    let mut residual = Residual::new(&graph, &problem.solution)?;
    let mut all: Vec<RunnerUp> = (0..)
        .zip(&problem.edges)
        .filter(|(_, it)| !it.chosen && problem.needs[it.need as usize].need_id == need_id)
        .filter_map(|(position, it)| {
            Some(RunnerUp {
                provider_id: it.provider_id.clone(),
                slot_id: it.slot_id.clone(),
                score: score(it.cost),
                regret: residual.regret(position)?.regret,
            })
        })
        .collect();
    all.sort_by(|a, b| (a.regret, &a.provider_id, &a.slot_id).cmp(&(b.regret, &b.provider_id, &b.slot_id)));
    // One line per provider: other slots of the same person, or of one who serves this need
    // already, say little more.
    let serves = |it: &&StoredEdge| it.chosen && problem.needs[it.need as usize].need_id == need_id;
    let mut seen: BTreeSet<String> =
        problem.edges.iter().filter(serves).map(|it| it.provider_id.clone()).collect();
    all.retain(|it| seen.insert(it.provider_id.clone()));
    all.truncate(RUNNERS_UP);
    Ok(all)
}

/// Candidates for the unserved units of a need, of providers who do not serve them yet: those
/// whose room other tasks took, and those where there was none to begin with.
fn without_room(problem: &StoredProblem, need_id: &str) -> (i64, i64) {
    let is_open = |need: u32| {
        problem.needs[need as usize].need_id == need_id && problem.solution.unmet[need as usize] > 0
    };
    let serving: BTreeSet<(u32, &str)> = problem
        .edges
        .iter()
        .filter(|it| it.chosen && is_open(it.need))
        .map(|it| (it.need, it.provider_id.as_str()))
        .collect();
    let (mut taken, mut held) = (0, 0);
    for (position, it) in (0..).zip(&problem.edges) {
        if is_open(it.need) && !serving.contains(&(it.need, it.provider_id.as_str())) {
            if problem.closed_above(position).is_empty() {
                taken += 1;
            } else {
                held += 1;
            }
        }
    }
    (taken, held)
}

const MATCHES: &str = "SELECT m.provider_id, m.slot_id, m.starts_at, m.score, c.distance_m FROM match m \
    LEFT JOIN candidate c ON c.run_id = m.run_id AND c.need_id = m.need_id \
    AND c.occurrence_start = m.occurrence_start AND c.provider_id = m.provider_id AND c.slot_id = m.slot_id \
    WHERE m.run_id = $run AND m.need_id = $need ORDER BY m.starts_at, m.provider_id";
const UNMATCHED: &str = "SELECT u.occurrence_start, u.units, u.status, u.reason, p.quantity FROM unmatched u \
    LEFT JOIN price p ON p.run_id = u.run_id AND p.need_id = u.need_id \
    AND p.occurrence_start = u.occurrence_start AND p.level = 'need' \
    WHERE u.run_id = $run AND u.need_id = $need ORDER BY u.occurrence_start";
const DEMAND: &str = "SELECT coalesce(demand, 1) AS demand FROM need WHERE need_id = $need";
const COUNTS: &str = "SELECT (SELECT coalesce(sum(quantity), 0) FROM price \
    WHERE run_id = $run AND level = 'need' AND need_id = $need) AS units, \
    (SELECT count(*) FROM price \
    WHERE run_id = $run AND level = 'need' AND need_id = $need) AS occurrences, \
    (SELECT count(*) FROM candidate WHERE run_id = $run AND need_id = $need) AS candidates, \
    (SELECT count(*) FROM candidate c JOIN unmatched u ON u.run_id = c.run_id AND u.need_id = c.need_id \
    AND u.occurrence_start = c.occurrence_start WHERE c.run_id = $run AND c.need_id = $need AND c.vetoed) AS vetoed";
const VETOES: &str = "SELECT scorer, digest, veto_code, count(*) AS candidates FROM candidate_score \
    WHERE run_id = $run AND need_id = $need AND veto_code IS NOT NULL \
    GROUP BY scorer, digest, veto_code ORDER BY candidates DESC, scorer, digest, veto_code";
