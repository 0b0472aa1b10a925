//! Checks a stored run: are its inputs still what they were, would it decide the same again,
//! is its proof sound?

use linli_query::{Params, Session, Stage};
use serde::Serialize;

use crate::matching::{Scorers, Tree, plan, run_param};
use crate::pool::own_limits;
use crate::publish::{PUBLISHED, published_digest};
use crate::{Pool, Result, Witness};

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// The run.
    pub run_id: String,
    /// Tables, plugins and rules hash to what the run names.
    pub inputs_ok: bool,
    /// Deciding again from those inputs gives the same matches.
    pub rows_ok: bool,
    /// The certificate holds over the stored rows.
    pub certificate_ok: bool,
    /// All of it.
    pub verified: bool,
    /// What does not hold, in words.
    pub findings: Vec<String>,
}

/// What `queries/report/certificate.sql` says of a run.
pub(crate) struct Verdict {
    pub holds: bool,
    pub finding: String,
}

impl Pool {
    /// Derives a run again from its snapshot, with the plugins of its day.
    ///
    /// **Cost.** That of the match itself, and a digest over every table it read.
    pub async fn verify(&self, run_id: &str, witness: &Witness) -> Result<VerifyReport> {
        let latest = self.latest().await?;
        let limits = own_limits(witness);
        let session = self.session(&latest, &limits).await?;
        let run = self.stored_run(&session, run_id).await?;
        let base = self.snapshot(run.snapshot).await?;
        let then = self.session(&base, &limits).await?;
        let published = self.published_runs(&then).await?;
        let mut findings = Vec::new();
        for (kind, name, digest) in &run.inputs {
            let found = match kind.as_str() {
                "table" => self.store.digest(&base, name).await?,
                "plugin" => self
                    .plugin_by_digest(name, digest)
                    .map_or_else(|it| it.to_string(), |it| it.digest().to_owned()),
                PUBLISHED => published_digest(&published),
                _ => linli_query::rules_digest(),
            };
            if found != *digest {
                findings.push(format!("{kind} {name}: found {found}, the run names {digest}"));
            }
        }
        let inputs_ok = findings.is_empty();
        let mut rows_ok = false;
        if inputs_ok {
            let scorers = Scorers::by_digest(self, &run.scorers)?;
            let stage = Stage::new(&self.store, &base, &run.scope, &limits).await?;
            let candidates = stage.candidates().await?;
            let tree = Tree::new(&stage, &candidates)?;
            let again = plan(&stage, &candidates, &tree, &scorers, run.working_set)?;
            let stored = self.stored_matches(&session, &run.run_id).await?;
            let (needs, providers) =
                (candidates.rows.texts("need_id")?, candidates.rows.texts("provider_id")?);
            let (starts, slots) =
                (candidates.rows.times("occurrence_start")?, candidates.rows.texts("slot_id")?);
            let mut derived: Vec<Row> = again
                .solution
                .chosen
                .iter()
                .map(|edge| {
                    let row = again.rows[*edge as usize] as usize;
                    let cost = again.scored[row].as_ref().map_or(0, |it| it.cost);
                    let text = |it: &arrow_array::StringArray| it.value(row).to_owned();
                    (text(&needs), starts.value(row), text(&providers), text(&slots), cost)
                })
                .collect();
            derived.sort();
            rows_ok = derived == stored;
            if !rows_ok {
                let (found, expected) = (stored.len(), derived.len());
                findings.push(format!("matches: stored {found}, derived again {expected}, and they differ"));
            }
        }
        let verdict = self.certificate(&session, &run.run_id).await?;
        if !verdict.holds {
            findings.push(format!("certificate: {}", verdict.finding));
        }
        Ok(VerifyReport {
            run_id: run.run_id,
            inputs_ok,
            rows_ok,
            certificate_ok: verdict.holds,
            verified: inputs_ok && rows_ok && verdict.holds,
            findings,
        })
    }

    /// Runs `certificate.sql` over a run's rows.
    pub(crate) async fn certificate(&self, session: &Session, run_id: &str) -> Result<Verdict> {
        let (schema, batches) = session.query("certificate", &run_param(run_id)).await?.collect().await?;
        let row = linli_query::Frame::new(&schema, &batches)?;
        let finding = row.texts("finding")?;
        let gap = row.decimals("gap")?.value(0);
        Ok(Verdict {
            holds: row.booleans("certified")?.value(0),
            finding: linli_query::text_at(&finding, 0).map_or_else(|| format!("gap {gap}"), str::to_owned),
        })
    }

    async fn stored_matches(&self, session: &Session, run_id: &str) -> Result<Vec<Row>> {
        let params: Params = run_param(run_id);
        let sql =
            "SELECT need_id, occurrence_start, provider_id, slot_id, cost FROM match WHERE run_id = $run";
        let rows = self.frame(session, sql, &params).await?;
        let (needs, providers, slots) =
            (rows.texts("need_id")?, rows.texts("provider_id")?, rows.texts("slot_id")?);
        let (starts, costs) = (rows.times("occurrence_start")?, rows.integers("cost")?);
        let mut all: Vec<Row> = (0..rows.rows())
            .map(|row| {
                let text = |it: &arrow_array::StringArray| it.value(row).to_owned();
                (text(&needs), starts.value(row), text(&providers), text(&slots), costs.value(row))
            })
            .collect();
        all.sort();
        Ok(all)
    }
}

/// need, occurrence, provider, slot, cost.
type Row = (String, i64, String, String, i64);
