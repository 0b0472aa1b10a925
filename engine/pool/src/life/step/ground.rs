//! What a step stands on: the incumbent, what is tried, what speaks for a challenger.

use linli_query::{Change, ParamValue, Params, Session, Snapshot, text_at};

use super::StepReport;
use crate::choice::{PluginChoice, Stage, choice_page};
use crate::life::{Action, Event, Hindrance};
use crate::plugins::PluginRow;
use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};

/// A pool about to make a step with one plugin.
pub(super) struct Step<'a> {
    pub(super) pool: &'a Pool,
    pub(super) base: Snapshot,
    pub(super) session: Session,
    pub(super) incumbent: PluginRow,
    pub(super) choices: Vec<PluginChoice>,
    pub(super) witness: &'a Witness,
}

/// What speaks for a challenger.
pub(super) struct Evidence {
    pub(super) replay: Option<String>,
    pub(super) forced: Option<String>,
}

impl Evidence {
    pub(super) fn en(&self) -> String {
        match (&self.replay, &self.forced) {
            (_, Some(reason)) => format!(", forced: {reason}"),
            (Some(replay), None) => format!(", by replay {replay}"),
            (None, None) => String::new(),
        }
    }

    pub(super) fn zh(&self) -> String {
        match (&self.replay, &self.forced) {
            (_, Some(reason)) => format!("，强制执行，理由：{reason}"),
            (Some(replay), None) => format!("，依据回放 {replay}"),
            (None, None) => String::new(),
        }
    }
}

impl<'a> Step<'a> {
    pub(super) async fn begin(pool: &'a Pool, name: &str, witness: &'a Witness) -> Result<Self> {
        let base = pool.latest().await?;
        let session = pool.session(&base, &own_limits(witness)).await?;
        let incumbent = pool.incumbent(&session, name).await?;
        let choices = pool.choice_rows(&session).await?;
        Ok(Self { pool, base, session, incumbent, choices, witness })
    }

    pub(super) fn hindered(&self, why: Hindrance) -> Error {
        Error::Transition { name: self.incumbent.name.clone(), why }
    }

    pub(super) fn put(&mut self, stage: Stage, district: Option<&str>, digest: &str) {
        self.choices.push(PluginChoice {
            name: self.incumbent.name.clone(),
            stage,
            district_id: district.map(str::to_owned),
            digest: digest.to_owned(),
            since_us: self.witness.at_us,
            actor: Some(self.witness.actor.clone()),
        });
    }

    /// Ends all trials of the plugin; answers what was tried.
    pub(super) fn end(&mut self) -> Vec<String> {
        let name = &self.incumbent.name;
        let mut ended: Vec<String> =
            self.choices.iter().filter(|it| it.name == *name).map(|it| it.digest.clone()).collect();
        ended.sort();
        ended.dedup();
        self.choices.retain(|it| it.name != *name);
        ended
    }

    /// Who could take the incumbent's place: what is tried, the furthest first, else what was
    /// replayed last.
    pub(super) async fn challenger(&self) -> Result<String> {
        let name = &self.incumbent.name;
        let tried = self.choices.iter().filter(|it| it.name == *name).max_by_key(|it| it.stage);
        let digest = match tried {
            Some(it) => Some(it.digest.clone()),
            None => self.texts(REPLAYED_LAST, "digest", "").await?.pop(),
        };
        match digest {
            Some(it) if it == self.incumbent.digest => Err(self.hindered(Hindrance::SamePlugin)),
            Some(it) => {
                // Its file may have been changed or lost since.
                self.pool.plugin_by_digest(name, &it)?;
                Ok(it)
            }
            None => Err(self.hindered(Hindrance::NoChallenger)),
        }
    }

    /// What speaks for a challenger: a replay, where none speaks against it; or a reason.
    ///
    /// One that stops it is not outvoted by others: runs could be picked until one is silent.
    pub(super) async fn evidence(&self, digest: &str, forced: Option<&str>) -> Result<Evidence> {
        let stopped = self.texts(STOPPED, "replay_id", digest).await?.pop();
        let spoken = self.texts(SPOKEN, "replay_id", digest).await?.pop();
        if let Some(reason) = forced {
            let (replay, forced) = (stopped.or(spoken), Some(reason.to_owned()));
            return Ok(Evidence { replay, forced });
        }
        let digest = digest.to_owned();
        match (stopped, spoken) {
            (None, Some(it)) => Ok(Evidence { replay: Some(it), forced: None }),
            (None, None) => Err(self.hindered(Hindrance::NoReplay { digest })),
            (Some(replay_id), _) => {
                let sql = "SELECT worse_for FROM replay WHERE name = $name AND challenger = $digest \
                    AND stops ORDER BY replay_id";
                let rows = self.pool.frame(&self.session, sql, &self.params(&digest)).await?;
                let worse_for = rows.lists("worse_for")?.pop().unwrap_or_default();
                Err(self.hindered(Hindrance::Stopped { digest, replay_id, worse_for }))
            }
        }
    }

    /// The incumbent that this one replaced: steps that were rolled back are undone.
    pub(super) async fn before(&self) -> Result<Option<String>> {
        let rows = self.pool.frame(&self.session, REPLACED, &self.params("")).await?;
        let (actions, replaced) = (rows.texts("action")?, rows.texts("replaced")?);
        let mut before: Vec<String> = Vec::new();
        for row in 0..rows.rows() {
            match (actions.value(row), text_at(&replaced, row)) {
                // Who was taken out and brought in again begins anew.
                ("remove", _) => before.clear(),
                (_, None) => {}
                ("rollback", Some(_)) => drop(before.pop()),
                (_, Some(digest)) => before.push(digest.to_owned()),
            }
        }
        Ok(before.pop())
    }

    fn params(&self, digest: &str) -> Params {
        let mut params = Params::default();
        params.set("name", ParamValue::Text(self.incumbent.name.clone()));
        params.set("digest", ParamValue::Text(digest.to_owned()));
        params
    }

    async fn texts(&self, sql: &str, column: &str, digest: &str) -> Result<Vec<String>> {
        let rows = self.pool.frame(&self.session, sql, &self.params(digest)).await?;
        Ok(rows.texts(column)?.iter().flatten().map(str::to_owned).collect())
    }

    pub(super) fn report(&self, action: Action, digest: &str) -> StepReport {
        StepReport {
            name: self.incumbent.name.clone(),
            action: action.as_str(),
            digest: digest.to_owned(),
            replaced: None,
            districts: Vec::new(),
            guards: Vec::new(),
            evidence: None,
            forced: None,
            ended: Vec::new(),
            snapshot: self.base.id,
        }
    }

    /// Choices, events and whatever else changes, at once or not at all.
    pub(super) async fn commit(
        self,
        report: StepReport,
        events: Vec<Event>,
        mut changes: Vec<Change>,
    ) -> Result<StepReport> {
        changes.push(choice_page(&self.choices)?);
        changes.push(self.pool.events(&self.session, &events, self.witness).await?);
        let note = self.pool.note(self.witness, format!("plugin {} {}", report.action, report.name));
        let snapshot = self.pool.store.commit(&self.base, changes, &note).await?.id;
        Ok(StepReport { snapshot, ..report })
    }
}

const REPLAYED_LAST: &str = "SELECT digest FROM plugin_event WHERE name = $name AND action = 'replay' \
    AND $digest = '' ORDER BY event_id DESC LIMIT 1";

const STOPPED: &str =
    "SELECT replay_id FROM replay WHERE name = $name AND challenger = $digest AND stops ORDER BY replay_id";

const SPOKEN: &str = "SELECT replay_id FROM replay WHERE name = $name AND challenger = $digest AND NOT stops ORDER BY replay_id";

/// Where the same component was added again nothing was replaced.
const REPLACED: &str = "SELECT action, replaced FROM plugin_event WHERE name = $name AND $digest = '' \
    AND action IN ('add', 'promote', 'remove', 'rollback') AND (replaced IS NULL OR replaced <> digest) \
    ORDER BY event_id";
