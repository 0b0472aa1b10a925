//! What a plugin reported, and what was done with it.

use linli_plugin::{Said, listen};
use linli_query::{ParamValue, Params, text_at};
use serde::Serialize;

use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};

/// What is known of a plugin's doings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaidReport {
    /// Its name.
    pub name: String,
    /// What its bytes hash to.
    pub digest: String,
    /// What it says while it answers the made-up rows of the checks.
    pub calls: Vec<Said>,
    /// What was done with the name, oldest first.
    pub events: Vec<PluginEvent>,
}

/// One row of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PluginEvent {
    /// When, in the pool's local time.
    pub at: String,
    /// On whose word.
    pub actor: Option<String>,
    /// add, remove, canary, …
    pub action: String,
    /// Which component.
    pub digest: Option<String>,
    /// For which district; none for the whole pool.
    pub district_id: Option<String>,
    /// In words, English.
    pub text_en: Option<String>,
    /// In words, Chinese.
    pub text_zh: Option<String>,
}

impl Pool {
    /// What a plugin of the pool reports, and what was done with its name.
    ///
    /// Nothing a plugin says is stored: it says the same whenever it is asked the same.
    ///
    /// **Errors.** [`Error::UnknownPlugin`]; its file is gone, or another.
    /// **Cost.** That of loading, and four calls.
    pub async fn plugin_said(&self, name: &str, witness: &Witness) -> Result<SaidReport> {
        let session = self.session(&self.latest().await?, &own_limits(witness)).await?;
        let rows = self.plugin_rows(&session).await?;
        let Some(row) = rows.iter().find(|it| it.name == name) else {
            let known = rows.into_iter().map(|it| it.name).collect();
            return Err(Error::UnknownPlugin { name: name.to_owned(), known });
        };
        let calls = listen(&self.plugin_by_digest(name, &row.digest)?);
        let mut params = Params::default();
        params.set("name", ParamValue::Text(name.to_owned()));
        let found = self.frame(&session, EVENTS, &params).await?;
        let column = |name: &str| found.texts(name);
        let (actors, actions, digests) = (column("actor")?, column("action")?, column("digest")?);
        let (districts, en, zh) = (column("district_id")?, column("text_en")?, column("text_zh")?);
        let times = found.times("at")?;
        let zone = linli_query::Zone::parse(&self.config().time_zone);
        let text = |column, at| text_at(column, at).map(str::to_owned);
        let event = |at: usize| PluginEvent {
            at: zone.rfc3339(times.value(at)),
            actor: text(&actors, at),
            action: actions.value(at).to_owned(),
            digest: text(&digests, at),
            district_id: text(&districts, at),
            text_en: text(&en, at),
            text_zh: text(&zh, at),
        };
        let events = (0..found.rows()).map(event).collect();
        Ok(SaidReport { name: name.to_owned(), digest: row.digest.clone(), calls, events })
    }
}

const EVENTS: &str = "SELECT at, actor, action, digest, district_id, text_en, text_zh FROM plugin_event \
    WHERE name = $name ORDER BY event_id";
