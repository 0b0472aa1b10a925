//! Which target group a need belongs to, as a code: what people wrote about somebody stays in its
//! table.

use std::collections::BTreeMap;

use linli_model::Catalog;
use linli_query::{Params, Session, text_at};

use crate::{Pool, Result};

/// Need → code.
pub(super) struct Groups(BTreeMap<String, String>);

impl Groups {
    /// Reads the groups of a snapshot. The codes are those that a scorer may see.
    pub(super) async fn read(pool: &Pool, session: &Session) -> Result<Self> {
        let catalog = Catalog::embedded().map_err(linli_query::Error::Schema)?;
        let field = catalog.table("candidate").and_then(|it| it.field("target_group"));
        let codes = field.and_then(|it| it.constraints.one_of.clone()).unwrap_or_default();
        let sql = "SELECT need_id, \"group\" FROM need WHERE \"group\" IS NOT NULL ORDER BY need_id";
        let rows = pool.frame(session, sql, &Params::default()).await?;
        let (needs, groups) = (rows.texts("need_id")?, rows.texts("group")?);
        let code = |row: usize| {
            let written = text_at(&groups, row)?;
            let code = if codes.iter().any(|it| it == written) { written } else { "other" };
            Some((needs.value(row).to_owned(), code.to_owned()))
        };
        Ok(Self((0..rows.rows()).filter_map(code).collect()))
    }

    /// The code of a need; empty where it says nothing.
    pub(super) fn code(&self, need_id: &str) -> &str {
        self.0.get(need_id).map_or("", String::as_str)
    }
}
