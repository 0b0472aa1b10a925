//! Checks a plan that people made, and says how far it is from the optimum.
//!
//! ```text
//! lines ─▶ ids, rules, vetoes ─▶ occurrences ─▶ room ─▶ lines that hold ─▶ objective ─┐
//! tables ─▶ the same match as ever ─▶ optimum ─────────────────────────────────────────┴▶ distance
//! ```
//!
//! The model is that of a match: the same candidates, scorers, capacities and penalties. A line
//! that breaks something is struck out, so that what is left can be carried out and has a cost
//! whatever the lines say. Who comes first in the file keeps a place that two ask for.

mod attribute;
mod report;
mod room;
mod standing;
mod words;

use std::path::Path;

use linli_query::{Params, PlanLine, read_plan};

pub use report::{MissedNeed, PlanReport, PlanTier, PlanViolation};

use crate::matching::{Decision, Scored, Scorers, offices};
use crate::pool::own_limits;
use crate::{Error, MatchRequest, Pool, Result, Witness};
use standing::Standing;

/// What breaks a line, in names and words.
struct Finding {
    /// The line's position in the plan.
    line: usize,
    /// The occurrence it was checked at, where there is one.
    occurrence_start: Option<i64>,
    rule: String,
    text: linli_model::Text,
    /// The scorer that vetoed, and its code.
    veto: Option<(String, u16)>,
}

impl Pool {
    /// Checks the lines of a plan and compares its cost with that of the optimum: what a match
    /// with this request finds. Nothing is stored.
    ///
    /// **Units.** Millionths, as in a run: Σ cost of the lines that hold + Σ penalty of the units
    /// that they leave unserved.
    /// **Errors.** Those of [`read_plan`] and of [`Pool::match_run`]. A plan that cannot be
    /// carried out is an answer.
    /// **Cost.** That of a match, and a pass of rules and scorers over the lines.
    pub async fn check_plan(
        &self,
        file: &Path,
        encoding: Option<&str>,
        request: &MatchRequest,
        witness: &Witness,
    ) -> Result<PlanReport> {
        let lines = read_plan(&self.store, file, encoding).await?;
        let base = self.snapshot_or(request.snapshot, &self.latest().await?).await?;
        let limits = own_limits(witness);
        let session = self.session(&base, &limits).await?;
        let scorers = Scorers::load(self, &session, request).await?;
        let identity = self.identity(request, &base, &session, &scorers).await?;
        let settings = self.plan_settings(request.seed);
        let mut decision = self.decide(&base, &identity.scope, &scorers, settings, &limits).await?;
        if let Some(finding) = decision.fault() {
            return Err(Error::Uncertified { run_id: identity.run_id, finding });
        }
        let checks = decision.stage.check_lines(&lines).await?;
        let mut standing = Standing::new(&decision, &lines, &checks)?;
        if standing.names_stranger() {
            let needs = self.frame(&session, "SELECT need_id FROM need", &Params::default()).await?;
            standing.place_strangers(&lines, &needs.texts("need_id")?);
        }
        score(&mut decision, &scorers, &standing)?;
        standing.veto(&decision, &scorers);
        let rows = attribute::attribute(&decision, &lines, &mut standing)?;
        let held = room::take(&decision, &lines, rows, &mut standing.findings);
        let zone = decision.stage.zone;
        let violations = violations(&lines, standing.findings, |at| zone.rfc3339(at));
        Ok(report::report(&identity, &decision, lines.len(), &held, violations))
    }
}

/// Asks the scorers about candidates of the plan that the match could do without.
fn score(decision: &mut Decision, scorers: &Scorers, standing: &Standing) -> Result<()> {
    let scored = &decision.plan.scored;
    let mut rows: Vec<u32> = standing.options.iter().flatten().copied().collect();
    rows.retain(|it| scored[*it as usize].is_none());
    rows.sort_unstable();
    rows.dedup();
    let whose = offices(&decision.stage, &decision.plan.places, scorers);
    let office = |row: u32| whose.get(row as usize).copied().flatten();
    let batch = decision.candidates.rows.batch();
    let opinions: Vec<Scored> = scorers.judge(batch, &rows, office, &decision.plan.maps)?;
    for (row, it) in rows.into_iter().zip(opinions) {
        decision.plan.scored[row as usize] = Some(it);
    }
    Ok(())
}

/// By line; of one line as they were found.
fn violations(
    lines: &[PlanLine],
    mut findings: Vec<Finding>,
    shown: impl Fn(i64) -> String,
) -> Vec<PlanViolation> {
    findings.sort_by_key(|it| it.line);
    let violation = |it: Finding| {
        let line = &lines[it.line];
        let (scorer, veto_code) = it.veto.unzip();
        PlanViolation {
            line: line.line,
            rule: it.rule,
            need_id: line.need_id.clone(),
            provider_id: line.provider_id.clone(),
            slot_id: line.slot_id.clone(),
            occurrence_start: it.occurrence_start.or(line.occurrence_start).map(&shown),
            scorer,
            veto_code,
            text: it.text,
        }
    };
    findings.into_iter().map(violation).collect()
}
