//! Says why: for a match, for a pair that is none, for a need that nobody serves.
//!
//! Nothing is told from two sources: rules are evaluated by the files that decided, scores and
//! vetoes are those of the plugins of the run's day, regret is the residual of the problem that
//! was solved, over all its candidates.

mod need;
mod opinion;
mod pair;
mod relax;
mod sentence;
mod store;
mod whole;
mod words;

pub use relax::{Displaced, Relaxation, RelaxedBy};
pub(crate) use store::CANDIDATES_MAX as REASONED_CANDIDATES_MAX;
pub use words::{
    Explanation, MatchLine, NeedExplanation, PairExplanation, PartLine, PathStep, RuleAnswer, RuleLine,
    RunnerUp, UnmatchedLine, VetoLine,
};

use linli_query::{Frame, ParamValue, Params, Session, Stage};

use crate::matching::{StoredRun, run_param};
use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};

/// What every question about a run needs.
pub(crate) struct Question<'a> {
    pub pool: &'a Pool,
    pub session: Session,
    pub run: StoredRun,
    pub need_id: String,
    witness: &'a Witness,
}

impl Pool {
    /// Explains what became of a need in a run, or of one pair.
    ///
    /// **Errors.** An unknown run, or a need that took no part in it. An unknown provider is an
    /// answer (`no_such_pair`), not an error. A scorer that fails on a candidate which the run
    /// could do without.
    /// **Cost.** One scoring pass over the candidates that the run did not score.
    pub async fn explain(
        &self,
        run_id: &str,
        need_id: &str,
        provider_id: Option<&str>,
        witness: &Witness,
    ) -> Result<Explanation> {
        let question = self.question(run_id, need_id, witness).await?;
        Ok(match provider_id {
            Some(provider) => Explanation::Pair(Box::new(pair::explain(&question, provider).await?)),
            None => Explanation::Need(Box::new(need::explain(&question).await?)),
        })
    }
}

impl Pool {
    /// The least that would have to change for a need that nobody serves, by occurrence and rank;
    /// nothing for a need that is served.
    ///
    /// **Errors.** Those of [`Pool::explain`].
    /// **Cost.** Reads what was stored of it; else one scoring pass over the candidates that the
    /// run did not score, four candidate queries over the need, and a few solves.
    pub async fn relaxations(
        &self,
        run_id: &str,
        need_id: &str,
        witness: &Witness,
    ) -> Result<Vec<Relaxation>> {
        relax::of_need(&self.question(run_id, need_id, witness).await?).await
    }

    /// A question about a need in a run.
    ///
    /// **Errors.** An unknown run, or a need that took no part in it.
    async fn question<'a>(
        &'a self,
        run_id: &str,
        need_id: &str,
        witness: &'a Witness,
    ) -> Result<Question<'a>> {
        let latest = self.latest().await?;
        let session = self.session(&latest, &own_limits(witness)).await?;
        let run = self.stored_run(&session, run_id).await?;
        let question = Question { pool: self, session, run, need_id: need_id.to_owned(), witness };
        let sql =
            "SELECT need_id FROM price WHERE run_id = $run AND level = 'need' AND need_id = $need LIMIT 1";
        if question.frame(sql).await?.rows() == 0 {
            return Err(Error::UnknownNeed { need_id: need_id.to_owned(), run_id: question.run.run_id });
        }
        Ok(question)
    }
}

impl Question<'_> {
    /// `$run` and `$need`.
    fn params(&self) -> Params {
        let mut params = run_param(&self.run.run_id);
        params.set("need", ParamValue::Text(self.need_id.clone()));
        params
    }

    /// The rows of a query over `$run` and `$need`.
    async fn frame(&self, sql: &str) -> Result<Frame> {
        self.pool.frame(&self.session, sql, &self.params()).await
    }

    /// The tables as the run found them.
    async fn before(&self) -> Result<Session> {
        let base = self.pool.snapshot(self.run.snapshot).await?;
        self.pool.session(&base, &own_limits(self.witness)).await
    }

    /// The stage of the run: the same needs, providers and slots.
    async fn stage(&self) -> Result<Stage> {
        let base = self.pool.snapshot(self.run.snapshot).await?;
        Ok(Stage::new(&self.pool.store, &base, &self.run.scope, &own_limits(self.witness)).await?)
    }
}
