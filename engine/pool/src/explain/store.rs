//! Reasons as rows beside a run, so that SQL can ask what was nearly chosen and which change would
//! help most.

use linli_assign::Residual;
use linli_model::{Failure as _, Kind};
use linli_query::{Change, ParamValue, Stage};

use super::Question;
use super::pair::{cost_to_enter, score};
use super::relax::{Relaxation, open, ranked};
use crate::book::{Cell, Page};
use crate::matching::{StoredProblem, run_param};
use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};

/// How many needs of a run have their relaxations stored, the most urgent first. The others are
/// told when somebody asks.
const NEEDS_MAX: i64 = 30;

/// A run with more candidates stores no reasons: finding them would take longer than the match.
pub(crate) const CANDIDATES_MAX: usize = 5_000;

impl Pool {
    /// Finds and stores what each candidate that was not chosen would have cost, and the relaxations
    /// of a run's most urgent unserved needs.
    ///
    /// They stand beside the run and are no part of it: its plan and its proof do not depend on
    /// them. A scorer that fails on what would be a candidate or a limit do not undo it: who asks for
    /// reasons finds them, or is told why not.
    ///
    /// **Errors.** Those of a question, these aside; then nothing is stored.
    /// **Cost.** One scoring pass over the candidates that the run did not score, a search for each
    /// candidate, a few candidate queries over the needs, and some solves for each.
    pub(crate) async fn store_reasons(&self, run_id: &str, witness: &Witness) -> Result<()> {
        self.try_store(run_id, witness).await.or_else(told_when_asked)
    }

    async fn try_store(&self, run_id: &str, witness: &Witness) -> Result<()> {
        let latest = self.latest().await?;
        let session = self.session(&latest, &own_limits(witness)).await?;
        let run = self.stored_run(&session, run_id).await?;
        let question = Question { pool: self, session, run, need_id: String::new(), witness };
        let problem = question.whole(None).await?.problem;
        let mut changes = vec![regrets(&problem, run_id)?];
        match relaxations(&question, &problem).await {
            Ok(found) => changes.extend(found),
            Err(error) => told_when_asked(error)?,
        }
        let note = self.note(witness, format!("reasons {run_id}"));
        self.add_rows(&latest, &changes, &note).await
    }
}

fn told_when_asked(error: Error) -> Result<()> {
    match error.kind() {
        Kind::Plugin | Kind::Limit => Ok(()),
        _ => Err(error),
    }
}

/// What each candidate that was not chosen would have cost the whole plan.
fn regrets(problem: &StoredProblem, run_id: &str) -> Result<Change> {
    let mut residual = Residual::new(&problem.problem()?, &problem.solution)?;
    let mut page = Page::new("regret");
    for (position, edge) in (0..).zip(&problem.edges).filter(|it| !it.1.chosen) {
        let need = &problem.needs[edge.need as usize];
        let regret = residual.regret(position).map(|it| it.regret);
        let enters = regret.and_then(|it| cost_to_enter(edge.cost, it));
        page.add([
            ("run_id", run_id.into()),
            ("need_id", need.need_id.as_str().into()),
            ("occurrence_start", Cell::Time(need.occurrence_start)),
            ("provider_id", edge.provider_id.as_str().into()),
            ("slot_id", edge.slot_id.as_str().into()),
            ("score", score(edge.cost).into()),
            ("regret", regret.into()),
            ("score_to_enter", enters.map(score).into()),
        ]);
    }
    page.append()
}

async fn relaxations(question: &Question<'_>, problem: &StoredProblem) -> Result<Option<Change>> {
    let run_id = &question.run.run_id;
    let mut params = run_param(run_id);
    params.set("most", ParamValue::Integer(NEEDS_MAX));
    let urgent = question.pool.frame(&question.session, URGENT, &params).await?;
    let needs = urgent.texts("need_id")?;
    let all: Vec<u32> = needs.iter().flatten().flat_map(|it| open(problem, it)).collect();
    if all.is_empty() {
        return Ok(None);
    }
    let stage: Stage = question.stage().await?;
    let mut page = Page::new("relaxation");
    for (need, it) in ranked(question, &stage, problem, all).await? {
        add(&mut page, run_id, &problem.needs[need as usize].need_id, it);
    }
    Ok(Some(page.append()?))
}

fn add(page: &mut Page, run: &str, need: &str, it: Relaxation) {
    let labels: Vec<&str> =
        it.changes.iter().map(|it| it.label.as_str()).filter(|it| !it.is_empty()).collect();
    page.add([
        ("run_id", run.into()),
        ("need_id", need.into()),
        ("occurrence_start", Cell::Time(it.occurrence_us)),
        ("rank", it.rank.into()),
        ("kind", it.kind.into()),
        ("provider_id", it.provider_id.into()),
        ("slot_id", it.slot_id.into()),
        ("label", Some(labels.join("; ")).filter(|it| !it.is_empty()).into()),
        ("amount", it.changes.first().map(|it| it.amount).into()),
        ("effort", it.effort.into()),
        ("price", it.price.into()),
        ("displaced", Cell::List(it.displaced.iter().map(|it| it.need_id.clone()).collect())),
        ("displaced_tier", it.displaced.iter().map(|it| it.tier).max().into()),
        ("text_zh", it.text.zh.into()),
        ("text_en", it.text.en.into()),
    ]);
}

const URGENT: &str = "SELECT need_id, max(tier) AS tier FROM unmatched WHERE run_id = $run \
    GROUP BY need_id ORDER BY tier DESC, need_id LIMIT $most";
