//! From stage to stage: shadow, canary, promote, rollback.

mod ground;

use linli_model::Text;
use serde::Serialize;

use super::{Action, Challenger, Event, Guard, Hindrance, short};
use crate::choice::Stage;
use crate::{Error, Pool, Result, Witness};
use ground::Step;

/// What a step did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepReport {
    /// The plugin.
    pub name: String,
    /// shadow, canary, promote or rollback.
    pub action: &'static str,
    /// The challenger; after a rollback the incumbent that is there again.
    pub digest: String,
    /// The incumbent before, where it changed.
    pub replaced: Option<String>,
    /// Where, in stage canary.
    pub districts: Vec<String>,
    /// What must be kept there.
    pub guards: Vec<Guard>,
    /// The replay that speaks for it.
    pub evidence: Option<String>,
    /// The reason that stands in place of one.
    pub forced: Option<String>,
    /// Digests that are not tried any more.
    pub ended: Vec<String>,
    /// The snapshot in which it holds.
    pub snapshot: u64,
}

impl Pool {
    /// Has a challenger score beside the incumbent from now on. It changes nothing.
    ///
    /// **Errors.** No scorer of that name; whatever `plugin add` refuses; a component that calls
    /// itself otherwise or is the incumbent already.
    pub async fn shadow(&self, name: &str, asked: &Challenger, witness: &Witness) -> Result<StepReport> {
        let mut step = Step::begin(self, name, witness).await?;
        let digest = self.challenger(name, asked)?.digest().to_owned();
        if digest == step.incumbent.digest {
            return Err(step.hindered(Hindrance::SamePlugin));
        }
        step.choices.retain(|it| it.name != name || it.stage != Stage::Shadow);
        step.put(Stage::Shadow, None, &digest);
        let text = Text::new(
            format!("{} scores beside {} and changes nothing", short(&digest), short(&step.incumbent.digest)),
            format!("{} 与现用 {} 同时评分，不影响结果", short(&digest), short(&step.incumbent.digest)),
        );
        let event = Event::new(Action::Shadow, name, &digest, text);
        let report = step.report(Action::Shadow, &digest);
        step.commit(report, vec![event], Vec::new()).await
    }

    /// Has the challenger score the needs of some districts in place of the incumbent.
    ///
    /// The challenger is the one in stage canary or shadow, else the one that was replayed last.
    /// `guards`, where there are any, take the place of earlier ones.
    ///
    /// **Errors.** An unknown district; no challenger; no replay that speaks for it, or one that
    /// speaks against it, unless a reason is given; too few signatures for a district, where the pool
    /// asks for some.
    pub async fn canary(
        &self,
        name: &str,
        districts: &[String],
        guards: &[Guard],
        forced: Option<&str>,
        witness: &Witness,
    ) -> Result<StepReport> {
        let mut step = Step::begin(self, name, witness).await?;
        let asked = linli_query::Scope { districts: districts.to_vec(), ..linli_query::Scope::default() };
        if let Some((district, nearest)) = asked.unknown_district(&step.session).await? {
            return Err(Error::UnknownDistrict { district, nearest });
        }
        let digest = step.challenger().await?;
        let plugin = self.scorer_by_digest(name, &digest)?;
        for district in districts {
            self.require_signed(&step.session, &plugin, Some(district)).await?;
        }
        let evidence = step.evidence(&digest, forced).await?;
        step.choices.retain(|it| {
            let is_here = it.district_id.as_ref().is_some_and(|it| districts.contains(it));
            // Two challengers of one name in canary would not be told apart by a guard.
            let is_other = it.digest != digest || is_here;
            it.name != name || it.stage != Stage::Canary || !is_other
        });
        let mut events = Vec::new();
        let mut sorted = districts.to_vec();
        sorted.sort();
        sorted.dedup();
        for district in &sorted {
            step.put(Stage::Canary, Some(district), &digest);
            let text = Text::new(
                format!("{} scores the needs of {district}{}", short(&digest), evidence.en()),
                format!("{} 为 {district} 的需求评分{}", short(&digest), evidence.zh()),
            );
            events.push(Event {
                district_id: Some(district.clone()),
                evidence: evidence.replay.clone(),
                ..Event::new(Action::Canary, name, &digest, text)
            });
        }
        let mut changes = Vec::new();
        if !guards.is_empty() {
            changes.push(self.guard_change(&step.session, name, &digest, guards).await?);
        }
        let report = StepReport {
            districts: sorted,
            guards: guards.to_vec(),
            evidence: evidence.replay,
            forced: evidence.forced,
            ..step.report(Action::Canary, &digest)
        };
        step.commit(report, events, changes).await
    }

    /// Makes the challenger the incumbent everywhere; nothing is tried any more.
    ///
    /// **Errors.** As for [`Pool::canary`].
    pub async fn promote(&self, name: &str, forced: Option<&str>, witness: &Witness) -> Result<StepReport> {
        let mut step = Step::begin(self, name, witness).await?;
        let digest = step.challenger().await?;
        self.require_signed(&step.session, &self.scorer_by_digest(name, &digest)?, None).await?;
        let evidence = step.evidence(&digest, forced).await?;
        let before = step.incumbent.digest.clone();
        let text = Text::new(
            format!("{} takes the place of {}{}", short(&digest), short(&before), evidence.en()),
            format!("{} 取代 {}{}", short(&digest), short(&before), evidence.zh()),
        );
        let event = Event {
            replaced: Some(before.clone()),
            evidence: evidence.replay.clone(),
            ..Event::new(Action::Promote, name, &digest, text)
        };
        let ended = step.end();
        let mut changes = vec![self.guard_change(&step.session, name, &digest, &[]).await?];
        changes.push(self.incumbent_change(&step.session, name, &digest).await?);
        let report = StepReport {
            replaced: Some(before),
            evidence: evidence.replay,
            forced: evidence.forced,
            ended,
            ..step.report(Action::Promote, &digest)
        };
        step.commit(report, vec![event], changes).await
    }

    /// Brings back the incumbent before, and ends whatever is tried. Where there was none before,
    /// only that.
    ///
    /// **Errors.** Nothing before, and nothing tried; the component before is gone.
    pub async fn rollback(&self, name: &str, witness: &Witness) -> Result<StepReport> {
        let mut step = Step::begin(self, name, witness).await?;
        let ended = step.end();
        let now = step.incumbent.digest.clone();
        let before = step.before().await?;
        if before.is_none() && ended.is_empty() {
            return Err(step.hindered(Hindrance::NothingBefore));
        }
        let digest = before.clone().unwrap_or_else(|| now.clone());
        let mut changes = vec![self.guard_change(&step.session, name, &digest, &[]).await?];
        if before.is_some() {
            changes.push(self.incumbent_change(&step.session, name, &digest).await?);
        }
        let (en, zh) = match &before {
            Some(it) => (
                format!("{} is the incumbent again, {} is not", short(it), short(&now)),
                format!("恢复 {}，停用 {}", short(it), short(&now)),
            ),
            None => (format!("{} stays", short(&now)), format!("仍用 {}", short(&now))),
        };
        let text = Text::new(
            format!("{en}; trials that ended: {}", ended.len()),
            format!("{zh}；结束试用 {} 项", ended.len()),
        );
        let replaced = before.map(|_| now);
        let event = Event { replaced: replaced.clone(), ..Event::new(Action::Rollback, name, &digest, text) };
        let report = StepReport { replaced, ended, ..step.report(Action::Rollback, &digest) };
        step.commit(report, vec![event], changes).await
    }
}
