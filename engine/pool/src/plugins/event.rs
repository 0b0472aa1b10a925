//! The audit of plugins: what came in and went out, on whose word.

use linli_query::{Change, Params, Session};

use crate::book::{Cell, Page};
use crate::{Pool, Result, Witness};

/// One row of table `plugin_event`.
pub(super) struct Event<'a> {
    /// add or remove.
    pub action: &'static str,
    pub name: &'a str,
    pub digest: &'a str,
    /// The incumbent before.
    pub replaced: Option<&'a str>,
    pub district_id: Option<&'a str>,
    /// On whose word.
    pub actor: &'a str,
    pub en: String,
    pub zh: String,
}

impl Pool {
    /// The events as rows behind those that are there.
    pub(super) async fn event_page(
        &self,
        session: &Session,
        events: &[Event<'_>],
        witness: &Witness,
    ) -> Result<Change> {
        let known = self.frame(session, COUNT, &Params::default()).await?.integers("n")?.value(0);
        let mut page = Page::new("plugin_event");
        for (number, it) in (known + 1..).zip(events) {
            page.add([
                ("event_id", format!("{number:08}").into()),
                ("at", Cell::Time(witness.at_us)),
                ("actor", it.actor.into()),
                ("name", it.name.into()),
                ("digest", it.digest.into()),
                ("replaced", it.replaced.into()),
                ("action", it.action.into()),
                ("district_id", it.district_id.into()),
                ("text_zh", it.zh.as_str().into()),
                ("text_en", it.en.as_str().into()),
            ]);
        }
        page.append()
    }
}

const COUNT: &str = "SELECT count(*) AS n FROM plugin_event";
