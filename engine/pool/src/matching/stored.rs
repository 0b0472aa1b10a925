//! A run read back from its rows: what it was asked, and what it would decide again.

mod problem;

use linli_query::{
    Change, Frame, Library, ParamValue, Params, QueryLimits, Scope, ScorerChoice, Session, Snapshot,
};
use serde::Deserialize;

pub(crate) use problem::{StoredEdge, StoredProblem};

use super::{PlanSettings, RunIdentity, Scorers, run_param, tables};
use crate::{Error, Pool, Result, Witness};

/// What a run was asked for, as it was stored.
#[derive(Debug, Clone)]
pub(crate) struct StoredRun {
    pub run_id: String,
    pub snapshot: u64,
    /// Which linli decided.
    pub engine: String,
    /// Scope, scorers and seed as the run's digest covers them.
    pub settings: String,
    pub seed: i64,
    pub scope: Scope,
    pub working_set: u32,
    /// kind, name, digest and weight of every input.
    pub inputs: Vec<(String, String, String, Option<i64>)>,
    /// Scorers with the digests of the run's day.
    pub scorers: Vec<(ScorerChoice, String)>,
}

#[derive(Deserialize)]
struct Settings {
    as_of: Option<i64>,
    districts: Vec<String>,
    from: Option<i64>,
    reach_m: i64,
    scorers: Vec<ScorerChoice>,
    seed: i64,
    to: Option<i64>,
    working_set: u32,
}

impl Pool {
    /// The full id of a run, from its beginning (at least 4 digits) or `latest`: the run that
    /// was asked for last, also where it had been made before.
    ///
    /// **Errors.** No such run, or several that begin so.
    pub async fn resolve_run(&self, session: &Session, run_id: &str) -> Result<String> {
        let runs = if run_id == "latest" {
            let sql = "SELECT run_id FROM run_log WHERE action = 'match' ORDER BY at DESC, run_id LIMIT 1";
            texts(&self.frame(session, sql, &run_param("")).await?, "run_id")?
        } else {
            self.run_ids(session, run_id).await?
        };
        match runs.as_slice() {
            [] => Err(Error::UnknownRun { run_id: run_id.to_owned() }),
            [one] => Ok(one.clone()),
            several => Err(Error::AmbiguousRun { run_id: run_id.to_owned(), count: several.len() }),
        }
    }

    /// Puts the full id of a run where a query of the library asks for one: `latest` and the
    /// beginning of an id do, as everywhere.
    ///
    /// **Errors.** No such run, or several that begin so. A query that is not there is left to
    /// whoever runs it.
    pub async fn settle_run(&self, session: &Session, query: &str, params: &mut Params) -> Result<()> {
        let takes_run = Library::embedded()?
            .query(query)
            .is_ok_and(|it| it.folder == "report" && it.params.iter().any(|it| it.name == "run"));
        if let (true, Some(ParamValue::Text(given))) = (takes_run, params.get("run").cloned()) {
            params.set("run", ParamValue::Text(self.resolve_run(session, &given).await?));
        }
        Ok(())
    }

    /// The runs whose id is this, or begins so.
    pub(crate) async fn run_ids(&self, session: &Session, run_id: &str) -> Result<Vec<String>> {
        let rows = self.frame(session, "SELECT run_id FROM run ORDER BY run_id", &run_param("")).await?;
        let all = texts(&rows, "run_id")?;
        if all.iter().any(|it| it == run_id) {
            return Ok(vec![run_id.to_owned()]);
        }
        Ok(all.into_iter().filter(|it| run_id.len() >= 4 && it.starts_with(run_id)).collect())
    }

    /// Notes that a run was asked for which is there already, so that `latest` means it.
    ///
    /// Asking for the same run twice in a row changes nothing, unless two ask at once.
    pub(super) async fn log_again(
        &self,
        base: &Snapshot,
        session: &Session,
        run_id: &str,
        witness: &Witness,
    ) -> Result<()> {
        if self.resolve_run(session, "latest").await? != run_id {
            let note = self.note(witness, format!("match {run_id} again"));
            self.add_rows(base, &[tables::log_page(run_id, witness).append()?], &note).await?;
        }
        Ok(())
    }

    /// What a run was asked for.
    pub(crate) async fn stored_run(&self, session: &Session, run_id: &str) -> Result<StoredRun> {
        let run_id = self.resolve_run(session, run_id).await?;
        let params = run_param(&run_id);
        let sql = "SELECT snapshot, engine, settings FROM run WHERE run_id = $run";
        let run = self.frame(session, sql, &params).await?;
        let text = run.texts("settings")?.value(0).to_owned();
        let settings: Settings = serde_json::from_str(&text).map_err(|it| linli_query::Error::Damaged {
            path: format!("run {run_id}, settings"),
            cause: it.to_string(),
        })?;
        let inputs = self.stored_inputs(session, &run_id).await?;
        let digest_of = |name: &str| inputs.iter().find(|(kind, it, ..)| kind == "plugin" && it == name);
        let scorers = settings
            .scorers
            .into_iter()
            .filter_map(|it| digest_of(&it.name).map(|(_, _, digest, _)| (it.clone(), digest.clone())))
            .collect();
        Ok(StoredRun {
            snapshot: u64::try_from(run.integers("snapshot")?.value(0)).unwrap_or(0),
            engine: run.texts("engine")?.value(0).to_owned(),
            settings: text,
            seed: settings.seed,
            scope: Scope {
                as_of: settings.as_of,
                from: settings.from,
                to: settings.to,
                districts: settings.districts,
                reach_m: settings.reach_m,
            },
            working_set: settings.working_set,
            inputs,
            scorers,
            run_id,
        })
    }

    async fn stored_inputs(
        &self,
        session: &Session,
        run_id: &str,
    ) -> Result<Vec<(String, String, String, Option<i64>)>> {
        let sql = "SELECT kind, name, digest, weight FROM run_input WHERE run_id = $run ORDER BY kind, name";
        let rows = self.frame(session, sql, &run_param(run_id)).await?;
        let (kinds, names, digests) = (texts(&rows, "kind")?, texts(&rows, "name")?, texts(&rows, "digest")?);
        let weights = rows.integers("weight")?;
        let inputs = kinds.into_iter().zip(names).zip(digests).zip(weights.iter());
        Ok(inputs.map(|(((kind, name), digest), weight)| (kind, name, digest, weight)).collect())
    }

    /// Everything the run would write if it were made again, from the snapshot it read and
    /// with the plugins of its day.
    ///
    /// **Errors.** Those of a match.
    pub(crate) async fn derive_again(
        &self,
        run: &StoredRun,
        base: &Snapshot,
        limits: &QueryLimits,
        witness: &Witness,
    ) -> Result<Vec<Change>> {
        let scorers = Scorers::of_run(self, run)?;
        let settings = PlanSettings { working_set: run.working_set, seed: run.seed };
        let decision = self.decide(base, &run.scope, &scorers, settings, limits).await?;
        let identity = RunIdentity {
            run_id: run.run_id.clone(),
            snapshot: run.snapshot,
            inputs: run.inputs.clone(),
            settings: run.settings.clone(),
            seed: run.seed,
            scope: run.scope.clone(),
        };
        tables::write(&identity, &decision, &scorers, witness)
    }
}

fn texts(rows: &Frame, name: &str) -> Result<Vec<String>> {
    Ok(rows.texts(name)?.iter().map(|it| it.unwrap_or_default().to_owned()).collect())
}
