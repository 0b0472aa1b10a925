//! Publishing: the step that turns a plan into promises.

use linli_model::Text;
use linli_query::{Params, Session};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::book::{Cell, Page};
use crate::matching::{ENGINE, INPUT_TABLES, StoredRun, changed_tables, run_param};
use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};

/// What publishing did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishReport {
    /// The run.
    pub run_id: String,
    /// published.
    pub state: String,
    /// Its matches.
    pub matches: i64,
    /// The snapshot in which they are published.
    pub snapshot: u64,
}

impl Pool {
    /// Publishes a run's matches: they hold their providers' capacity from now on.
    ///
    /// Publishing the same run twice changes nothing the second time.
    ///
    /// **Errors.** [`Error::Stale`] when another run was published since this one was made: it
    /// would book somebody twice. [`Error::Outdated`] when a table that a match reads is no more
    /// what the run read: who withdrew consent since is not booked. [`Error::Unproven`] when the
    /// stored rows do not prove the run: a plan that was changed by hand binds nobody.
    /// **Cost.** That of [`Pool::verify`]: the run is derived again before it binds anybody. For
    /// a run of another version of linli, that of the certificate: one pass over its candidates.
    pub async fn publish(&self, run_id: &str, witness: &Witness) -> Result<PublishReport> {
        let base = self.latest().await?;
        let session = self.session(&base, &own_limits(witness)).await?;
        let run_id = self.resolve_run(&session, run_id).await?;
        let params = run_param(&run_id);
        let published = self.published_runs(&session).await?;
        let count =
            self.frame(&session, "SELECT count(*) AS n FROM match WHERE run_id = $run", &params).await?;
        let matches = count.integers("n")?.value(0);
        let mut snapshot = base.id;
        if !published.contains(&run_id) {
            let run = self.stored_run(&session, &run_id).await?;
            let seen = run.inputs.iter().find(|(kind, ..)| kind == PUBLISHED);
            if seen.is_none_or(|(_, _, digest, _)| *digest != published_digest(&published)) {
                let last = published.last().cloned().unwrap_or_default();
                return Err(Error::Stale { run_id, published: last });
            }
            let tables = changed_tables(&run.inputs, &base);
            if !tables.is_empty() {
                return Err(Error::Outdated { run_id, tables });
            }
            if let Some(finding) = self.proof_fault(&session, &run, witness).await? {
                return Err(Error::Unproven { run_id, finding });
            }
            let mut page = Page::new("publication");
            page.add([
                ("run_id", run_id.as_str().into()),
                ("at", Cell::Time(witness.at_us)),
                ("snapshot", Cell::Integer(base.id as i64)),
            ]);
            let note = self.note(witness, format!("publish {run_id}"));
            // Whoever changed a table meanwhile, say took consent back, comes first.
            snapshot = self.store.commit_on(&base, &INPUT_TABLES, vec![page.append()?], &note).await?.id;
        }
        Ok(PublishReport { run_id, state: "published".to_owned(), matches, snapshot })
    }

    /// What keeps the stored rows of a run from proving it; nothing if they do.
    ///
    /// The certificate reads only some of the columns, so a run of this version is verified too.
    async fn proof_fault(
        &self,
        session: &Session,
        run: &StoredRun,
        witness: &Witness,
    ) -> Result<Option<Text>> {
        let fault = self.certificate_fault(session, &run.run_id).await?;
        if fault.is_some() || run.engine != ENGINE {
            return Ok(fault);
        }
        Ok(self.verify(&run.run_id, witness).await?.findings.into_iter().next())
    }

    /// The runs published so far, oldest first.
    pub(crate) async fn published_runs(&self, session: &Session) -> Result<Vec<String>> {
        let sql = "SELECT run_id FROM publication ORDER BY at, run_id";
        let rows = self.frame(session, sql, &Params::default()).await?;
        Ok(rows.texts("run_id")?.iter().flatten().map(str::to_owned).collect())
    }
}

/// The kind of input under which a run names what was published before it.
pub(crate) const PUBLISHED: &str = "published";

/// Which runs were published, whatever the clock said.
pub(crate) fn published_digest(runs: &[String]) -> String {
    let mut runs = runs.to_vec();
    runs.sort();
    Sha256::digest(runs.join("\n").as_bytes()).iter().map(|it| format!("{it:02x}")).collect()
}
