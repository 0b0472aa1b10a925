//! Past runs decided again with a challenger in the place of one scorer.
//!
//! ```text
//! run ─▶ its snapshot ─▶ candidates ─┬─ scorers of its day ──▶ plan before ─┐
//!                                    └─ with the challenger ─▶ plan after ──┴─▶ both by both rules
//! needs of all runs ─▶ by district, target group, tier ─▶ paired intervals ─▶ verdict
//! ```
//!
//! Both plans are made anew, so what is compared are decisions and not columns of scores; whether
//! the first is what was stored is told as well.

mod cases;
mod effect;
mod report;
mod store;
mod verdict;

use std::collections::BTreeMap;

use linli_plugin::Plugin;
use linli_query::{Session, text_at};
use serde_json::json;
use sha2::{Digest, Sha256};

pub use cases::Case;
pub use effect::{Effect, Interval};
pub use report::{Difference, ReplayReport, ReplayRequest, RunReplay};

use super::Hindrance;
use super::compare::{Comparison, Outcome, compare};
use super::groups::Groups;
use crate::matching::{ENGINE, Key, PlanSettings, Scorers, StoredRun, plan, run_param};
use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};
use linli_model::MILLION;

/// A need in all runs that it took part in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Voice {
    need_id: String,
    tier: u8,
    /// Empty where it says none.
    district_id: String,
    target_group: String,
    units: i64,
    served: [i64; 2],
    score: [i64; 2],
    /// Where it loses most: units, then score.
    worst_run: String,
    worst: (i64, i64),
}

impl Voice {
    /// Served share and score, after less before, in millionths.
    fn differences(&self) -> [i64; 2] {
        let units = self.units.max(1);
        [(self.served[1] - self.served[0]) * MILLION / units, (self.score[1] - self.score[0]) / units]
    }

    fn hear(&mut self, run_id: &str, it: &Outcome, group: &str) {
        let change = (it.served[1] - it.served[0], it.score[1] - it.score[0]);
        if self.worst_run.is_empty() || change < self.worst {
            (self.worst_run, self.worst) = (run_id.to_owned(), change);
        }
        self.tier = self.tier.max(it.tier);
        // A need that moved or was told otherwise counts where it was in the newest run.
        if self.units == 0 {
            self.district_id = it.district_id.clone().unwrap_or_default();
            self.target_group = group.to_owned();
        }
        self.units += it.units;
        for side in [0, 1] {
            self.served[side] += it.served[side];
            self.score[side] += it.score[side];
        }
    }
}

impl Pool {
    /// Decides past runs of a scorer again, with a challenger in its place, and says who would
    /// have gained and lost.
    ///
    /// The challenger's file is kept and the replay stored, so that it can speak for the
    /// challenger later; asking again changes nothing.
    ///
    /// **Errors.** An unknown scorer, a challenger that `plugin add` would refuse or that calls
    /// itself otherwise, no past run; a scorer that fails. Then nothing is stored.
    /// **Cost.** For each run that of a match, and once more its scoring and solving.
    pub async fn replay(&self, request: &ReplayRequest, witness: &Witness) -> Result<ReplayReport> {
        let latest = self.latest().await?;
        let session = self.session(&latest, &own_limits(witness)).await?;
        let name = &request.name;
        self.incumbent(&session, name).await?;
        let runs = self.runs_to_replay(&session, request).await?;
        let challenger = self.challenger(name, &request.challenger)?;
        let mut voices: BTreeMap<String, Voice> = BTreeMap::new();
        let (mut replayed, mut total) = (Vec::new(), Difference::default());
        for run in &runs {
            let (it, comparison, groups) = self.replay_run(&session, run, name, &challenger, witness).await?;
            total.changes.add(it.difference.changes);
            total.objective.add(it.difference.objective);
            for (need_id, outcome) in &comparison.outcomes {
                let voice = voices.entry(need_id.clone()).or_insert_with(|| Voice::of(need_id));
                voice.hear(&run.run_id, outcome, groups.code(need_id));
            }
            replayed.push(it);
        }
        let voices: Vec<Voice> = voices.into_values().collect();
        let effects = effect::effects(&voices, request.seed);
        let (verdict, worse_for) = verdict::verdict(&effects);
        let (cases, cases_total) = cases::cases(&voices);
        let report = ReplayReport {
            replay_id: replay_id(name, challenger.digest(), &runs, request.seed),
            name: name.clone(),
            challenger: challenger.digest().to_owned(),
            version: challenger.description().version.clone(),
            seed: request.seed,
            verdict,
            stops: verdict::stops(verdict),
            worse_for,
            total,
            runs: replayed,
            effects,
            cases,
            cases_total,
        };
        self.store_replay(&latest, &session, &report, witness).await?;
        Ok(report)
    }

    async fn runs_to_replay(&self, session: &Session, request: &ReplayRequest) -> Result<Vec<StoredRun>> {
        let hindrance = |why| Error::Transition { name: request.name.clone(), why };
        let mut runs: Vec<StoredRun> = Vec::new();
        if request.runs.is_empty() {
            let mut params = run_param("");
            params.set("name", linli_query::ParamValue::Text(request.name.clone()));
            params.set("most", linli_query::ParamValue::Integer(i64::from(request.last)));
            let rows = self.frame(session, LAST_RUNS, &params).await?;
            for run_id in rows.texts("run_id")?.iter().flatten() {
                runs.push(self.stored_run(session, run_id).await?);
            }
        }
        for run_id in &request.runs {
            let run = self.stored_run(session, run_id).await?;
            if !run.scorers.iter().any(|(it, _)| it.name == request.name) {
                return Err(hindrance(Hindrance::UnusedIn { run_id: run.run_id }));
            }
            // A run counts once however often it is named.
            if runs.iter().all(|it| it.run_id != run.run_id) {
                runs.push(run);
            }
        }
        // The newest first, in whatever order they were named.
        runs.sort_by(|a, b| b.snapshot.cmp(&a.snapshot).then_with(|| a.run_id.cmp(&b.run_id)));
        if runs.is_empty() { Err(hindrance(Hindrance::NoPastRun)) } else { Ok(runs) }
    }

    async fn replay_run(
        &self,
        session: &Session,
        run: &StoredRun,
        name: &str,
        challenger: &Plugin,
        witness: &Witness,
    ) -> Result<(RunReplay, Comparison, Groups)> {
        let limits = own_limits(witness);
        let base = self.snapshot(run.snapshot).await?;
        let settings = PlanSettings { working_set: run.working_set, seed: run.seed };
        let before = Scorers::of_run(self, run)?;
        let after = before.with(name, Some(challenger));
        let decision = self.decide(&base, &run.scope, &before, settings, &limits).await?;
        let other = plan(&decision.stage, &decision.candidates, &decision.tree, &after, settings)?;
        if let Some(finding) = decision.fault().or_else(|| other.fault()) {
            return Err(Error::Uncertified { run_id: run.run_id.clone(), finding });
        }
        let comparison = compare(&decision, [&decision.plan, &other], [&before, &after])?;
        let incumbent = run.scorers.iter().find(|(it, _)| it.name == name);
        let replayed = RunReplay {
            run_id: run.run_id.clone(),
            snapshot: run.snapshot,
            incumbent: incumbent.map(|it| it.1.clone()).unwrap_or_default(),
            as_stored: self.is_as_stored(session, run, &decision).await?,
            difference: Difference { changes: comparison.changes, objective: comparison.objectives },
        };
        let then = self.session(&base, &limits).await?;
        Ok((replayed, comparison, Groups::read(self, &then).await?))
    }

    /// Whether the matches that a run stored are those of a plan.
    async fn is_as_stored(
        &self,
        session: &Session,
        run: &StoredRun,
        decision: &crate::matching::Decision,
    ) -> Result<bool> {
        let sql = "SELECT need_id, occurrence_start, provider_id, slot_id FROM stored.match \
            WHERE run_id = $run";
        let stored = Key::new(&self.frame(session, sql, &run_param(&run.run_id)).await?)?;
        let key = Key::new(&decision.candidates.rows)?;
        let plan = &decision.plan;
        let chosen: std::collections::BTreeSet<u32> =
            plan.solution.chosen.iter().map(|edge| plan.rows[*edge as usize]).collect();
        let row = |at: usize| {
            let (need, provider) = (text_at(&stored.needs, at)?, text_at(&stored.providers, at)?);
            key.row((need, stored.occurrences.value(at), provider, text_at(&stored.slots, at)?))
        };
        let n_stored = stored.needs.iter().count();
        Ok(n_stored == chosen.len() && (0..n_stored).all(|at| row(at).is_some_and(|it| chosen.contains(&it))))
    }
}

impl Voice {
    fn of(need_id: &str) -> Self {
        Self {
            need_id: need_id.to_owned(),
            tier: 0,
            district_id: String::new(),
            target_group: String::new(),
            units: 0,
            served: [0, 0],
            score: [0, 0],
            worst_run: String::new(),
            worst: (0, 0),
        }
    }
}

fn replay_id(name: &str, challenger: &str, runs: &[StoredRun], seed: i64) -> String {
    let mut runs: Vec<&str> = runs.iter().map(|it| it.run_id.as_str()).collect();
    runs.sort_unstable();
    let text =
        json!({ "engine": ENGINE, "name": name, "challenger": challenger, "runs": runs, "seed": seed })
            .to_string();
    let digest: String = Sha256::digest(text.as_bytes()).iter().map(|it| format!("{it:02x}")).collect();
    digest[..32].to_owned()
}

/// The runs that used a scorer, the one that was asked for last first.
const LAST_RUNS: &str = "SELECT i.run_id, max(l.at) AS at FROM run_input i \
    JOIN run_log l ON l.run_id = i.run_id AND l.action = 'match' \
    WHERE i.kind = 'plugin' AND i.name = $name GROUP BY i.run_id ORDER BY at DESC, i.run_id LIMIT $most";
