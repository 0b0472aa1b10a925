//! Relaxations as rows, so that SQL can ask which change would help most.

use linli_query::ParamValue;

use super::answer::Relaxation;
use super::{open, ranked};
use crate::book::{Cell, Page};
use crate::explain::Question;
use crate::matching::run_param;
use crate::pool::own_limits;
use crate::{Pool, Result, Witness};

/// How many needs of a run have their relaxations stored, the most urgent first. The others are
/// told when somebody asks.
const NEEDS_MAX: i64 = 30;

/// A run with more candidates stores none: finding them would take longer than the match.
pub(crate) const CANDIDATES_MAX: usize = 5_000;

impl Pool {
    /// Finds and stores the relaxations of a run's most urgent unserved needs.
    ///
    /// They stand beside the run and are no part of it: its plan and its proof do not depend on
    /// them.
    ///
    /// **Errors.** Those of a question; then nothing is stored.
    /// **Cost.** A few candidate queries over all these needs, and some solves for each.
    pub(crate) async fn store_relaxations(&self, run_id: &str, witness: &Witness) -> Result<()> {
        let latest = self.latest().await?;
        let session = self.session(&latest, &own_limits(witness)).await?;
        let mut params = run_param(run_id);
        params.set("most", ParamValue::Integer(NEEDS_MAX));
        let urgent = self.frame(&session, URGENT, &params).await?;
        if urgent.rows() == 0 {
            return Ok(());
        }
        let needs = urgent.texts("need_id")?;
        let run = self.stored_run(&session, run_id).await?;
        let question = Question { pool: self, session, run, need_id: String::new(), witness };
        let (problem, stage) = (question.whole(None).await?.problem, question.stage().await?);
        let all = needs.iter().flatten().flat_map(|it| open(&problem, it)).collect();
        let found = ranked(&question, &stage, &problem, all).await?;
        let mut page = Page::new("relaxation");
        for (need, it) in found {
            add(&mut page, run_id, &problem.needs[need as usize].need_id, it);
        }
        let note = self.note(witness, format!("relax {run_id}"));
        self.store.commit(&latest, vec![page.append()?], &note).await?;
        Ok(())
    }
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
