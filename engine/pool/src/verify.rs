//! Checks a stored run: are its inputs still what they were, would it write the same rows
//! again, is its proof sound?

mod finding;
mod rows;
#[cfg(test)]
mod tests;

use linli_model::{Catalog, Failure, Text};
use linli_query::{Change, Frame, QueryLimits, Session, Snapshot, text_at};
use serde::Serialize;

use crate::matching::{CANARY_INPUT, ENGINE, RunIdentity, StoredRun, run_param};
use crate::pool::own_limits;
use crate::publish::{PUBLISHED, published_digest};
use crate::{Error, Pool, Result, Witness};

/// The table that stands beside runs: when and where they were asked for.
const LOG: &str = "run_log";

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// The run.
    pub run_id: String,
    /// Tables, plugins, rules and what was published hash to what the run names, and the run
    /// is named by their digest.
    pub inputs_ok: bool,
    /// Deciding again from those inputs writes the same rows: matches, unmatched units,
    /// reasons, prices, candidates, scores and the run's own figures. False also where it
    /// could not be tried.
    pub rows_ok: bool,
    /// The certificate holds over the stored rows.
    pub certificate_ok: bool,
    /// All of it.
    pub verified: bool,
    /// What does not hold, in words.
    pub findings: Vec<Text>,
}

impl Pool {
    /// Derives a run again from its snapshot, with the plugins of its day, and compares every
    /// column of every row with what is stored.
    ///
    /// A run that another version of linli made is not derived again: the findings say so.
    ///
    /// **Cost.** That of the match itself, and a digest over every table it read and wrote.
    pub async fn verify(&self, run_id: &str, witness: &Witness) -> Result<VerifyReport> {
        let latest = self.latest().await?;
        let limits = own_limits(witness);
        let session = self.session(&latest, &limits).await?;
        let run = self.stored_run(&session, run_id).await?;
        let base = self.snapshot(run.snapshot).await?;
        let mut findings = self.changed_inputs(&run, &base, &limits).await?;
        let inputs_ok = findings.is_empty();
        let mut rows_ok = false;
        if run.engine != ENGINE {
            findings.push(finding::other_engine(&run.engine, ENGINE));
        } else if inputs_ok {
            let changed = self.changed_rows(&session, &run, &base, &limits, witness).await?;
            rows_ok = changed.is_empty();
            findings.extend(changed);
        }
        let fault = self.certificate_fault(&session, &run.run_id).await?;
        let certificate_ok = fault.is_none();
        findings.extend(fault.as_ref().map(finding::of_certificate));
        let verified = inputs_ok && rows_ok && certificate_ok;
        Ok(VerifyReport { run_id: run.run_id, inputs_ok, rows_ok, certificate_ok, verified, findings })
    }

    async fn changed_inputs(
        &self,
        run: &StoredRun,
        base: &Snapshot,
        limits: &QueryLimits,
    ) -> Result<Vec<Text>> {
        let then = self.session(base, limits).await?;
        let published = self.published_runs(&then).await?;
        let mut findings = Vec::new();
        for (kind, name, named, _) in &run.inputs {
            let found = match kind.as_str() {
                "table" => self.store.digest(base, name).await.map_err(Error::from),
                "plugin" | CANARY_INPUT => {
                    self.plugin_by_digest(name, named).map(|it| it.digest().to_owned())
                }
                PUBLISHED => Ok(published_digest(&published)),
                // Another version brings rules of its own; it cannot tell whether these changed.
                _ if run.engine != ENGINE => continue,
                _ => Ok(linli_query::rules_digest()),
            };
            match found {
                Ok(found) if found == *named => {}
                Ok(found) => findings.push(finding::input(kind, name, &found, named)),
                Err(it) => {
                    findings.push(finding::lost_input(kind, name, &Text::new(it.to_string(), it.zh())));
                }
            }
        }
        let recomputed = RunIdentity::digest_of(&run.engine, &run.inputs, &run.settings);
        if recomputed != run.run_id {
            findings.push(finding::identity(&run.run_id, &recomputed));
        }
        Ok(findings)
    }

    async fn changed_rows(
        &self,
        session: &Session,
        run: &StoredRun,
        base: &Snapshot,
        limits: &QueryLimits,
        witness: &Witness,
    ) -> Result<Vec<Text>> {
        let catalog = Catalog::embedded().map_err(linli_query::Error::Schema)?;
        let mut findings = Vec::new();
        for change in self.derive_again(run, base, limits, witness).await? {
            let (Change::Append { table, batches } | Change::Replace { table, batches }) = change;
            let (Some(schema), Some(first)) = (catalog.table(&table), batches.first()) else { continue };
            if table == LOG {
                continue;
            }
            let derived = Frame::new(&first.schema(), &batches)?;
            // As they were written, whatever was published since.
            let sql = format!("SELECT * FROM stored.{table} WHERE run_id = $run");
            let stored = self.frame(session, &sql, &run_param(&run.run_id)).await?;
            let found = rows::difference(schema, &stored, &derived)?;
            findings.extend(found.map(|it| finding::rows(&table, it)));
        }
        Ok(findings)
    }

    /// Proves a fresh run from the rows it is about to write, before anybody can see them.
    ///
    /// **Errors.** [`Error::Uncertified`]: our mistake.
    pub(crate) async fn prove(
        &self,
        base: &Snapshot,
        run_id: &str,
        pages: &[Change],
        limits: &QueryLimits,
    ) -> Result<()> {
        // A session of its own: what is registered takes the place of the stored tables.
        let session = self.session(base, limits).await?;
        for page in pages {
            let (Change::Append { table, batches } | Change::Replace { table, batches }) = page;
            if let Some(first) = batches.first() {
                session.register(table, first.schema(), batches.clone())?;
            }
        }
        match self.certificate_fault(&session, run_id).await? {
            None => Ok(()),
            Some(finding) => Err(Error::Uncertified { run_id: run_id.to_owned(), finding }),
        }
    }

    /// What `certificate.sql` finds wrong with a run's rows; nothing if they prove it.
    pub(crate) async fn certificate_fault(&self, session: &Session, run_id: &str) -> Result<Option<Text>> {
        let row = self.frame(session, "SELECT * FROM q_certificate($run)", &run_param(run_id)).await?;
        let (holds, findings) = (row.booleans("certified")?.value(0), row.texts("finding")?);
        let gap = row.decimals("gap")?.value(0);
        Ok((!holds).then(|| finding::certificate(text_at(&findings, 0), gap)))
    }
}
