//! Turns tables into a run: who helps whom, and the proof that nothing better exists.
//!
//! ```text
//! identity ─▶ candidates ─▶ working set ─▶ scores ─▶ problem ─▶ solution ─▶ tables ─▶ report
//!                              ▲                                   │
//!                              └── candidates that could still enter, priced at score 1.0 ──┘
//! ```
//!
//! Invariant: the run depends on the tables, plugins, rules, settings and seed, and on nothing
//! else; its id is their digest, so that running twice is the same run.

mod calibration;
mod decision;
mod identity;
mod key;
mod office;
mod problem;
mod report;
mod rounds;
mod scoring;
mod stored;
mod tables;
mod tree;

use linli_model::{Failure as _, Kind};
use linli_query::{Change, Scope, ScorerChoice, Session, Snapshot};

pub(crate) use calibration::Maps;
pub(crate) use decision::{Decision, PlanSettings};
pub(crate) use identity::{ENGINE, INPUT_TABLES, RunIdentity, changed_tables};
pub(crate) use key::Key;
pub(crate) use office::{CANARY_INPUT, Office};
pub use report::{DistrictScorer, MatchReport, ScorerShare, TierCount};
pub(crate) use report::{exact, run_param};
pub(crate) use rounds::{Plan, offices, plan};
pub(crate) use scoring::{Scored, Scorer, Scorers};
pub(crate) use stored::{StoredEdge, StoredProblem, StoredRun};
pub(crate) use tree::{Limit, Tree, stretch};

use crate::explain::REASONED_CANDIDATES_MAX;
use crate::life::Decided;
use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};

/// What a match is asked for. Nothing chosen means: the pool's scorers, every open need.
#[derive(Debug, Clone, Default)]
pub struct MatchRequest {
    /// Read the tables as they were in this snapshot; nothing: as they are now.
    pub snapshot: Option<u64>,
    /// Scorers and weights; empty: the pool's.
    pub scorers: Vec<ScorerChoice>,
    /// Only needs of these districts; empty: all.
    pub districts: Vec<String>,
    /// The instant of the decision; nothing: everything known counts.
    pub as_of: Option<i64>,
    /// The horizon's first instant; nothing: `as_of`, else the first date of an open need.
    pub from: Option<i64>,
    /// The horizon's end; nothing: the last date of an open need, and at least a week on.
    pub to: Option<i64>,
    /// Decides between plans that cost the same.
    pub seed: i64,
}

impl Pool {
    /// Matches needs with providers, proves the match optimal and stores it as a run.
    ///
    /// Publishing is a step of its own: a run changes nothing for anybody until then.
    ///
    /// Asking for the same run again makes no other: it is only noted, so that `latest` means
    /// the run that was asked for last.
    ///
    /// Where a plugin fails that a district brings, the match goes on with the incumbents, and what
    /// districts bring to it is taken back.
    ///
    /// **Errors.** An unknown scorer or district, an incumbent that fails, a horizon too large, a
    /// plan that one of the two proofs refuses; then nothing is stored.
    /// **Cost.** Candidates dominate: needs × providers in reach × slots.
    pub async fn match_run(&self, request: &MatchRequest, witness: &Witness) -> Result<MatchReport> {
        let latest = self.latest().await?;
        let base = self.snapshot_or(request.snapshot, &latest).await?;
        let limits = own_limits(witness);
        let session = self.session(&base, &limits).await?;
        let mut scorers = Scorers::load(self, &session, request).await?;
        // What was read may be old; what is written goes on top of what is.
        let now = self.session(&latest, &limits).await?;
        let mut failed = None;
        let identity = loop {
            let identity = self.identity(request, &base, &session, &scorers).await?;
            if self.knows_run(&now, &identity.run_id).await? {
                self.log_again(&latest, &now, &identity.run_id, witness).await?;
                break identity;
            }
            let settings = self.plan_settings(request.seed);
            match self.decide(&base, &identity.scope, &scorers, settings, &limits).await {
                Ok(decision) => {
                    let decided =
                        Decided { identity: &identity, decision: &decision, scorers: &scorers, settings };
                    self.store_run(&latest, &base, &decided, witness).await?;
                    break identity;
                }
                Err(error) if !scorers.offices.is_empty() && is_of_a_plugin(&error) => {
                    failed = Some((scorers.canaries(), error));
                    scorers = scorers.without_offices();
                }
                // Who fails without them as well is an incumbent.
                Err(error) => return Err(failed.map_or(error, |it| it.1)),
            }
        };
        if let Some((canaries, error)) = failed {
            self.take_back(&canaries, &identity.run_id, error, witness).await?;
        }
        let snapshot = self.latest().await?;
        let session = self.session(&snapshot, &limits).await?;
        report::read(self, &session, &identity.run_id).await
    }

    /// Proves a run and stores it, with what stands beside it.
    async fn store_run(
        &self,
        latest: &Snapshot,
        base: &Snapshot,
        decided: &Decided<'_>,
        witness: &Witness,
    ) -> Result<()> {
        let Decided { identity, decision, scorers, .. } = decided;
        let run_id = identity.run_id.as_str();
        if let Some(finding) = decision.fault() {
            return Err(Error::Uncertified { run_id: run_id.to_owned(), finding });
        }
        let pages = tables::write(identity, decision, scorers, witness)?;
        // The second proof: from the rows alone, in SQL that anybody can run again.
        self.prove(base, run_id, &pages, &own_limits(witness)).await?;
        if !self.append_run(latest, run_id, &pages, witness).await? {
            return Ok(());
        }
        self.watch(decided, witness).await?;
        if decision.candidates.rows.rows() <= REASONED_CANDIDATES_MAX {
            self.store_reasons(run_id, witness).await?;
        }
        Ok(())
    }

    /// Adds the rows of a run to those of all others. Districts match at the same time, and a run is
    /// of the snapshot that it read whatever was added since; who comes second adds to what the first
    /// left, unless that is this very run. Whether it was added.
    async fn append_run(
        &self,
        latest: &Snapshot,
        run_id: &str,
        pages: &[Change],
        witness: &Witness,
    ) -> Result<bool> {
        let note = self.note(witness, format!("match {run_id}"));
        let mut top = latest.clone();
        loop {
            match self.store.commit(&top, pages.to_vec(), &note).await {
                // Each round means that another writer finished, so this ends when they do.
                Err(linli_query::Error::Conflict { .. }) => top = self.latest().await?,
                done => return Ok(done.map(|_| true)?),
            }
            let now = self.session(&top, &own_limits(witness)).await?;
            if self.knows_run(&now, run_id).await? {
                self.log_again(&top, &now, run_id, witness).await?;
                return Ok(false);
            }
        }
    }

    /// The id a match would have, without making it.
    ///
    /// **Cost.** Loads the scorers; one aggregate over the open needs.
    pub async fn identify_run(&self, request: &MatchRequest, witness: &Witness) -> Result<String> {
        let base = self.snapshot_or(request.snapshot, &self.latest().await?).await?;
        let session = self.session(&base, &own_limits(witness)).await?;
        let scorers = Scorers::load(self, &session, request).await?;
        Ok(self.identity(request, &base, &session, &scorers).await?.run_id)
    }

    pub(crate) async fn identity(
        &self,
        request: &MatchRequest,
        base: &Snapshot,
        session: &Session,
        scorers: &Scorers,
    ) -> Result<RunIdentity> {
        let asked = Scope {
            as_of: request.as_of,
            from: request.from,
            to: request.to,
            districts: sorted(&request.districts),
            reach_m: self.config().reach_m,
        };
        if let Some((district, nearest)) = asked.unknown_district(session).await? {
            return Err(Error::UnknownDistrict { district, nearest });
        }
        let horizon = asked.horizon(&self.store, base, session).await?;
        let (as_of, from, to) = (Some(horizon.as_of), Some(horizon.start), Some(horizon.end));
        let scope = Scope { as_of, from, to, ..asked };
        let published = self.published_runs(session).await?;
        Ok(RunIdentity::new(base, &published, scorers, &scope, request.seed, self.config()))
    }

    async fn knows_run(&self, session: &Session, run_id: &str) -> Result<bool> {
        let runs = self.run_ids(session, run_id).await?;
        Ok(!runs.is_empty())
    }

    /// The report of a run as it was stored.
    pub async fn match_report(&self, session: &Session, run_id: &str) -> Result<MatchReport> {
        let run_id = self.resolve_run(session, run_id).await?;
        report::read(self, session, &run_id).await
    }
}

/// Whether an error may be the fault of what a district brought: also where it does not take the
/// settings that the incumbent takes.
pub(crate) fn is_of_a_plugin(error: &Error) -> bool {
    let refuses_settings = |it: &linli_plugin::Error| {
        matches!(it, linli_plugin::Error::BadSettings { .. } | linli_plugin::Error::SettingsRefused { .. })
    };
    let refuses = match error {
        Error::Plugin(it) => refuses_settings(it),
        Error::Scoring { source, .. } => refuses_settings(source),
        _ => false,
    };
    refuses || matches!(error.kind(), Kind::Plugin | Kind::Limit)
}

fn sorted(texts: &[String]) -> Vec<String> {
    let mut texts = texts.to_vec();
    texts.sort();
    texts.dedup();
    texts
}

#[cfg(test)]
mod tests {
    use linli_model::Text;

    use super::*;

    #[test]
    fn a_district_is_taken_back_for_settings_as_for_any_other_fault() {
        let words = || Text::new("x", "某");
        let settings =
            || linli_plugin::Error::BadSettings { plugin: "p".to_owned(), found: words(), expected: words() };
        let refused =
            || linli_plugin::Error::SettingsRefused { plugin: "p".to_owned(), text: "no".to_owned() };
        assert!(is_of_a_plugin(&Error::from(settings())) && is_of_a_plugin(&Error::from(refused())));
        let limit = linli_plugin::Error::Busy { plugin: "p".to_owned(), sessions_max: 1 };
        assert!(is_of_a_plugin(&Error::from(limit)));
        let request = Error::BadRequest { what: words(), found: "x".to_owned(), expected: words() };
        assert!(!is_of_a_plugin(&request), "whoever asks has to mend that");
    }
}
