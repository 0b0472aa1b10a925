//! Table `plugin_event`: what was done with a plugin, by whom, on which evidence. Only added to.

use linli_model::Text;
use linli_query::{Change, Params, Session};

use crate::book::{Cell, Page};
use crate::{Pool, Result, Witness};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// A component became the incumbent of its name without a replay.
    Add,
    /// A component left the pool.
    Remove,
    /// A challenger scores beside the incumbent.
    Shadow,
    /// Past runs were decided again.
    Replay,
    /// A challenger scores some districts.
    Canary,
    /// A challenger became the incumbent.
    Promote,
    /// The incumbent before is the incumbent again; nothing is tried any more.
    Rollback,
    /// A guard was crossed, or the canary failed, and it was taken back.
    Guard,
}

impl Action {
    /// As it is stored.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Shadow => "shadow",
            Self::Replay => "replay",
            Self::Canary => "canary",
            Self::Promote => "promote",
            Self::Rollback => "rollback",
            Self::Guard => "guard",
        }
    }
}

/// One row of the audit.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub action: Action,
    pub name: String,
    pub digest: String,
    /// The incumbent before, where it changed.
    pub replaced: Option<String>,
    pub district_id: Option<String>,
    /// A replay; for a guard the run.
    pub evidence: Option<String>,
    /// On whose word, if not that of the witness.
    pub actor: Option<String>,
    pub text: Text,
}

impl Event {
    pub(crate) fn new(action: Action, name: &str, digest: &str, text: Text) -> Self {
        Self {
            action,
            name: name.to_owned(),
            digest: digest.to_owned(),
            replaced: None,
            district_id: None,
            evidence: None,
            actor: None,
            text,
        }
    }
}

impl Pool {
    /// The events as an append.
    ///
    /// **Shape.** Ids count up from the events of the session's snapshot: whoever commits on it
    /// together with somebody else gets a conflict, so that no id comes twice.
    pub(crate) async fn events(
        &self,
        session: &Session,
        events: &[Event],
        witness: &Witness,
    ) -> Result<Change> {
        let sql = "SELECT count(*) AS n FROM plugin_event";
        let known = self.frame(session, sql, &Params::default()).await?.integers("n")?.value(0);
        let mut page = Page::new("plugin_event");
        for (number, it) in (known + 1..).zip(events) {
            page.add([
                ("event_id", format!("{number:08}").into()),
                ("at", Cell::Time(witness.at_us)),
                ("actor", it.actor.as_deref().unwrap_or(&witness.actor).into()),
                ("name", it.name.as_str().into()),
                ("digest", it.digest.as_str().into()),
                ("replaced", it.replaced.clone().into()),
                ("action", it.action.as_str().into()),
                ("district_id", it.district_id.clone().into()),
                ("evidence", it.evidence.clone().into()),
                ("text_zh", it.text.zh.as_str().into()),
                ("text_en", it.text.en.as_str().into()),
            ]);
        }
        page.append()
    }
}
