//! Takes a plugin out of a pool, unless somebody needs it.

use linli_model::Text;
use linli_query::{ParamValue, Params, Session};
use serde::Serialize;

use super::PluginRow;
use crate::life::{Action, Event};
use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};

/// What removing a plugin did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemoveReport {
    /// Its name.
    pub name: String,
    /// What its bytes hash to.
    pub digest: String,
    /// Runs and evaluations that name the digest.
    pub named_by: i64,
    /// Whether the file stays: it does while anything names it.
    pub file_kept: bool,
    /// The snapshot without it.
    pub snapshot: u64,
}

impl Pool {
    /// Takes a plugin out of the pool. Its file stays while a run or an evaluation names it, so
    /// that a past decision can be derived again; older snapshots list it still.
    ///
    /// **Errors.** [`Error::UnknownPlugin`]; [`Error::PluginNeeded`] while the pool's own matches
    /// or evaluations ask for it, or a district tries another version of it. Then the pool stays
    /// as it was.
    pub async fn remove_plugin(&self, name: &str, witness: &Witness) -> Result<RemoveReport> {
        let base = self.latest().await?;
        let session = self.session(&base, &own_limits(witness)).await?;
        let mut rows = self.plugin_rows(&session).await?;
        let Some(at) = rows.iter().position(|it| it.name == name) else {
            let known = rows.into_iter().map(|it| it.name).collect();
            return Err(Error::UnknownPlugin { name: name.to_owned(), known });
        };
        if let Some(by) = self.needed_by(&session, &rows[at]).await? {
            return Err(Error::PluginNeeded { name: name.to_owned(), by });
        }
        let gone = rows.remove(at);
        let text = Text::new(
            format!("{} {name} {} left the pool", gone.kind, gone.version),
            format!("插件 {name} {} 已从资源池移除", gone.version),
        );
        let event = Event::new(Action::Remove, name, &gone.digest, text);
        let changes = vec![super::page(&rows)?, self.events(&session, &[event], witness).await?];
        let note = self.note(witness, format!("plugin remove {name}"));
        // Whoever began to try it meanwhile comes first.
        let snapshot = self.store.commit_on(&base, &["plugin_choice"], changes, &note).await?.id;
        // After the commit: a file too many harms nobody, a file too few does.
        let latest = self.session(&self.latest().await?, &own_limits(witness)).await?;
        let named_by = self.count(&latest, NAMED, &gone.digest).await?;
        let file_kept = named_by > 0 || self.count(&latest, LISTED, &gone.digest).await? > 0;
        if !file_kept {
            self.drop_component(&gone.digest)?;
        }
        Ok(RemoveReport { name: gone.name, digest: gone.digest, named_by, file_kept, snapshot })
    }

    /// Who asks for a plugin by its name without being told to.
    async fn needed_by(&self, session: &Session, row: &PluginRow) -> Result<Option<Text>> {
        if self.config().scorers.iter().any(|it| it.name == row.name) {
            return Ok(Some(Text::new(
                "every match that names no scorer asks for it (scorers of pool.json)",
                "未指定评分插件的匹配都会使用它（pool.json 的 scorers）",
            )));
        }
        if self.config().evaluator == row.name {
            return Ok(Some(Text::new(
                "every evaluation that names no evaluator asks for it (evaluator of pool.json)",
                "未指定评价插件的评价都会使用它（pool.json 的 evaluator）",
            )));
        }
        let params = texts([("name", &row.name), ("digest", &row.digest)]);
        let tried = self.frame(session, TRIED, &params).await?;
        let places: Vec<String> = tried.texts("place")?.iter().flatten().map(str::to_owned).collect();
        if places.is_empty() {
            return Ok(None);
        }
        Ok(Some(Text::new(
            format!("it or another version of it is tried: {}", places.join(", ")),
            format!("它或它的其他版本正在试用：{}", places.join("、")),
        )))
    }

    async fn count(&self, session: &Session, sql: &str, digest: &str) -> Result<i64> {
        Ok(self.frame(session, sql, &texts([("digest", digest)])).await?.integers("n")?.value(0))
    }
}

fn texts<const N: usize>(values: [(&str, &str); N]) -> Params {
    let mut params = Params::default();
    for (name, value) in values {
        params.set(name, ParamValue::Text(value.to_owned()));
    }
    params
}

/// Where a plugin, or another version of it, stands beside an incumbent.
const TRIED: &str = "SELECT DISTINCT coalesce(stage || ' ' || district_id, stage) AS place \
    FROM plugin_choice WHERE name = $name OR digest = $digest ORDER BY place";

/// How many runs and evaluations name a digest.
const NAMED: &str = "SELECT count(*) AS n FROM ( \
    SELECT run_id FROM run_input WHERE digest = $digest \
    UNION SELECT run_id FROM candidate_score WHERE digest = $digest \
    UNION SELECT evaluation_id FROM evaluation WHERE digest = $digest)";

/// How many rows would miss its file.
const LISTED: &str = "SELECT count(*) AS n FROM ( \
    SELECT name FROM plugin WHERE digest = $digest \
    UNION ALL SELECT name FROM plugin_choice WHERE digest = $digest)";
