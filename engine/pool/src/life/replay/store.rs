//! A replay as rows, so that SQL can ask and so that it can speak for the challenger later.

use linli_query::{Change, ParamValue, Params, Session, Snapshot};

use super::{Difference, ReplayReport};
use crate::book::{Cell, Page};
use crate::life::{Action, Event};
use crate::matching::ENGINE;
use crate::{Pool, Result, Witness};

impl Pool {
    /// Stores a replay with an event; one that is stored already changes nothing.
    pub(super) async fn store_replay(
        &self,
        latest: &Snapshot,
        session: &Session,
        report: &ReplayReport,
        witness: &Witness,
    ) -> Result<()> {
        let mut params = Params::default();
        params.set("replay", ParamValue::Text(report.replay_id.clone()));
        let sql = "SELECT replay_id FROM replay WHERE replay_id = $replay";
        if self.frame(session, sql, &params).await?.rows() > 0 {
            return Ok(());
        }
        let mut changes = pages(report)?;
        let event = Event {
            evidence: Some(report.replay_id.clone()),
            ..Event::new(Action::Replay, &report.name, &report.challenger, words(report))
        };
        changes.push(self.events(session, &[event], witness).await?);
        let note = self.note(witness, format!("plugin replay {}", report.name));
        self.store.commit(latest, changes, &note).await?;
        Ok(())
    }
}

fn words(it: &ReplayReport) -> linli_model::Text {
    let (runs, word) = (it.runs.len(), it.verdict);
    let named = it.worse_for.join(", ");
    let (lost, gained) = (it.total.changes.needs_lost, it.total.changes.needs_gained);
    linli_model::Text::new(
        format!("{runs} runs decided again: {word} {named}; {gained} needs gained, {lost} lost"),
        format!("重新决策 {runs} 个批次：结论 {word} {named}；新增满足 {gained} 项，失去满足 {lost} 项"),
    )
}

fn pages(it: &ReplayReport) -> Result<Vec<Change>> {
    let id = it.replay_id.as_str();
    let mut replay = Page::new("replay");
    replay.add([
        ("replay_id", id.into()),
        ("name", it.name.as_str().into()),
        ("challenger", it.challenger.as_str().into()),
        ("version", it.version.as_str().into()),
        ("engine", ENGINE.into()),
        ("seed", it.seed.into()),
        ("runs", Cell::List(it.runs.iter().map(|it| it.run_id.clone()).collect())),
        ("verdict", it.verdict.into()),
        ("stops", it.stops.into()),
        ("worse_for", Cell::List(it.worse_for.clone())),
    ]);
    replay.fill(difference(&it.total));
    let mut runs = Page::new("replay_run");
    for run in &it.runs {
        runs.add([
            ("replay_id", id.into()),
            ("run_id", run.run_id.as_str().into()),
            ("incumbent", run.incumbent.as_str().into()),
            ("as_stored", run.as_stored.into()),
        ]);
        runs.fill(difference(&run.difference));
    }
    Ok(vec![replay.append()?, runs.append()?, effects(it).append()?, cases(it).append()?])
}

fn difference(it: &Difference) -> [(&'static str, Cell); 11] {
    let (changes, objective) = (&it.changes, &it.objective);
    [
        ("pairs_before", changes.pairs_before.into()),
        ("pairs_after", changes.pairs_after.into()),
        ("pairs_kept", changes.pairs_kept.into()),
        ("needs_gained", changes.needs_gained.into()),
        ("needs_lost", changes.needs_lost.into()),
        ("units_gained", changes.units_gained.into()),
        ("units_lost", changes.units_lost.into()),
        ("before_by_incumbent", Cell::Decimal(objective.before_by_incumbent)),
        ("after_by_incumbent", Cell::Decimal(objective.after_by_incumbent)),
        ("before_by_challenger", Cell::Decimal(objective.before_by_challenger)),
        ("after_by_challenger", Cell::Decimal(objective.after_by_challenger)),
    ]
}

fn effects(report: &ReplayReport) -> Page {
    let mut page = Page::new("replay_effect");
    for it in &report.effects {
        page.add([
            ("replay_id", report.replay_id.as_str().into()),
            ("dimension", it.dimension.into()),
            ("value", it.value.as_str().into()),
            ("needs", it.needs.into()),
            ("units", it.units.into()),
            ("served_before", it.served_before.into()),
            ("served_after", it.served_after.into()),
            ("changed", (it.losers + it.gainers).into()),
            ("losers", it.losers.into()),
            ("gainers", it.gainers.into()),
            ("served_mean", it.served.mean.into()),
            ("served_lo", it.served.lo.into()),
            ("served_hi", it.served.hi.into()),
            ("score_mean", it.score.mean.into()),
            ("score_lo", it.score.lo.into()),
            ("score_hi", it.score.hi.into()),
            ("draws", it.draws.into()),
            ("verdict", it.verdict.into()),
            ("measure", it.measure.into()),
            ("rule", it.rule.into()),
        ]);
    }
    page
}

fn cases(report: &ReplayReport) -> Page {
    let mut page = Page::new("replay_case");
    for (rank, it) in (1_i64..).zip(&report.cases) {
        page.add([
            ("replay_id", report.replay_id.as_str().into()),
            ("rank", rank.into()),
            ("need_id", it.need_id.as_str().into()),
            ("run_id", it.run_id.as_str().into()),
            ("district_id", it.district_id.as_str().into()),
            ("target_group", it.target_group.as_str().into()),
            ("tier", it.tier.into()),
            ("units", it.units.into()),
            ("served_before", it.served_before.into()),
            ("served_after", it.served_after.into()),
            ("score_before", it.score_before.into()),
            ("score_after", it.score_after.into()),
        ]);
    }
    page
}
