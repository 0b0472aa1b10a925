//! Lists: the rows of a table in the order of a key, page by page.
//!
//! A page is found by its key, not by counting rows: the token names the key of the next
//! page's first row and the snapshot, so that every page costs the same and loads in between
//! move nothing. The next page's first key is read before the page itself; so rows can be
//! sent in any form as they come.

mod key;

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use linli_model::{Catalog, Failure, FieldType, TableSchema, Text};
use linli_pool::query::{Error as QueryError, ParamValue, Params, Session};

use crate::app::{App, Reading, UNKNOWN_SNAPSHOT};
use crate::error::{Error, Result};
use crate::wire::{self, AsOf, Asked, Cursor, KeyPart, ROW_FORMATS, Reply, Shape, Tag, list_digest};

use key::{Key, quoted};

/// Rows of a page that says nothing else.
const PAGE_ROWS: u64 = 1000;

/// Rows of the largest page; who asks for more gets as many.
const PAGE_ROWS_MAX: u64 = 10_000;

/// Which rows, under which path.
pub(crate) struct List {
    /// The path that was asked for, for links and tokens.
    pub path: String,
    /// The table.
    pub table: String,
    /// Columns that must have these values.
    pub only: Vec<(&'static str, String)>,
    /// The run whose rows they are; tokens name it.
    pub run: Option<String>,
    /// The need whose rows they are; the snapshot that is read must know it.
    pub need: Option<String>,
    /// Whether the newest snapshots' rows come first: for tables of runs and evaluations.
    pub newest_first: bool,
}

impl List {
    /// All rows of a table by its primary key.
    pub(crate) fn new(path: impl Into<String>, table: impl Into<String>) -> Self {
        let (path, table) = (path.into(), table.into());
        Self { path, table, only: Vec::new(), run: None, need: None, newest_first: false }
    }

    /// Only rows with this value in a column.
    pub(crate) fn only(mut self, column: &'static str, value: impl Into<String>) -> Self {
        self.only.push((column, value.into()));
        self
    }

    /// Only rows of a run.
    pub(crate) fn of_run(mut self, run_id: String) -> Self {
        self.run = Some(run_id.clone());
        self.only("run_id", run_id)
    }

    /// Only rows of a need.
    pub(crate) fn of_need(mut self, need_id: String) -> Self {
        self.need = Some(need_id.clone());
        self.only("need_id", need_id)
    }

    /// Sorts by the column `snapshot`, descending, before the key.
    pub(crate) fn newest_first(mut self) -> Self {
        self.newest_first = true;
        self
    }

    /// Answers with one page.
    ///
    /// Takes `page_size`, `page_token`, `as_of` and `column=value` from the request. The token
    /// names a snapshot too, and wins.
    ///
    /// **Errors.** Parameters that make no sense; a token of another list; a snapshot that never
    /// was or is gone; a need that the snapshot does not know.
    /// **Cost.** Two scans of the table that stop at the page's length; of a need one point read
    /// more.
    pub(crate) async fn answer(
        self,
        app: &Arc<App>,
        headers: &HeaderMap,
        mut asked: Asked,
    ) -> Result<Response> {
        let format = wire::negotiate(headers, ROW_FORMATS)?;
        let schema = schema(&self.table, app).await?;
        let keys = Key::all(schema, self.newest_first);
        let page_rows = match asked.number("page_size")? {
            None | Some(0) => PAGE_ROWS,
            Some(rows) => rows.min(PAGE_ROWS_MAX),
        };
        let token = asked.text("page_token")?;
        let as_of = asked.as_of()?;
        let wanted = asked.rest();
        let zone = &app.pool.config().time_zone;
        let filter = self.filter(schema, &wanted, zone)?;
        let list = list_digest(&self.path, &wanted);
        let cursor = token.map(|it| Cursor::read(&it, &list, keys.len())).transpose()?;
        let mut page =
            Page { table: &self.table, keys: &keys, filter, params: Params::default(), wheres: Vec::new() };
        page.begin(cursor.as_ref().map(|it| it.from.as_slice()))?;
        let Reading { seat, snapshot, session } = match &cursor {
            Some(cursor) => app.read(Some(&AsOf::Snapshot(cursor.snapshot))).await.map_err(of_token)?,
            None => app.read(as_of.as_ref()).await?,
        };
        if let Some(need_id) = &self.need {
            known(&session, need_id).await?;
        }
        let tag = Tag::new(snapshot.id, format);
        if let Some(response) = tag.not_modified(headers) {
            return Ok(response);
        }
        let rows_at_most = snapshot.tables.get(&self.table).map_or(0, |it| it.rows);
        let next = if rows_at_most > page_rows { page.end(&session, page_rows).await? } else { None };
        let run = self.run.clone();
        let next = next.map(|from| Cursor { snapshot: snapshot.id, list, run, from }.token());
        let rows = session.own_rows(&page.select(), &page.params).await?;
        let shape = Shape::List { next: next.clone() };
        let reply = Reply { rows, format, shape, snapshot: snapshot.id, seat, limit_is_asked: false };
        let mut response = reply.into_tagged(app, &tag).await?;
        if let Some(token) = next {
            self.link(&mut response, page_rows, &wanted, &token);
        }
        Ok(response)
    }

    /// The filter as columns, operators and values: that of the path, then that of the caller.
    fn filter(
        &self,
        schema: &TableSchema,
        wanted: &[(String, String)],
        zone: &str,
    ) -> Result<Vec<(String, ParamValue)>> {
        let own = self.only.iter().map(|(name, value)| (*name, value.as_str()));
        let callers = wanted.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        own.chain(callers)
            .enumerate()
            .map(|(position, (name, value))| {
                let field = schema.field(name).ok_or_else(|| {
                    let expected = Text::new(
                        format!("page_size, page_token, as_of or a column of {}", self.table),
                        format!(" page_size、page_token、as_of 或表 {} 的列", self.table),
                    );
                    Error::argument(name, value, expected)
                })?;
                let column = quoted(name);
                let condition = match field.field_type {
                    FieldType::List => format!("array_has({column}, $f{position})"),
                    _ => format!("{column} = $f{position}"),
                };
                Ok((condition, typed(field.field_type, name, value, zone)?))
            })
            .collect()
    }

    /// RFC 8288: where the next page is.
    fn link(&self, response: &mut Response, page_rows: u64, wanted: &[(String, String)], token: &str) {
        let path: Vec<String> = self.path.split('/').map(escaped).collect();
        let mut link = format!("<{}?page_size={page_rows}", path.join("/"));
        for (name, value) in wanted {
            link.push_str(&format!("&{}={}", escaped(name), escaped(value)));
        }
        link.push_str(&format!("&page_token={token}>; rel=\"next\""));
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
}

/// The statement of a page.
struct Page<'a> {
    table: &'a str,
    keys: &'a [Key],
    filter: Vec<(String, ParamValue)>,
    params: Params,
    wheres: Vec<String>,
}

impl Page<'_> {
    /// Begins the page at a key, or at the first row.
    fn begin(&mut self, from: Option<&[KeyPart]>) -> Result<()> {
        for (position, (condition, value)) in self.filter.iter().enumerate() {
            self.wheres.push(condition.clone());
            self.params.set(format!("f{position}"), value.clone());
        }
        if let Some(from) = from {
            self.wheres.push(key::from(self.keys, "a"));
            self.set("a", from)?;
        }
        Ok(())
    }

    /// Ends the page before the row that comes after so many, whose key it returns.
    async fn end(&mut self, session: &Session, rows: u64) -> Result<Option<Vec<KeyPart>>> {
        let columns: Vec<String> =
            self.keys.iter().enumerate().map(|(it, key)| format!("{} AS key_{it}", key.sql)).collect();
        let sql = format!(
            "SELECT {} FROM {}{} ORDER BY {} LIMIT 1 OFFSET {rows}",
            columns.join(", "),
            quoted(self.table),
            self.conditions(),
            key::order(self.keys)
        );
        let (schema, batches) = session.internal(&sql, &self.params).await?;
        let frame = linli_pool::query::Frame::new(&schema, &batches)?;
        if frame.rows() == 0 {
            return Ok(None);
        }
        let next = key::read(self.keys, &frame)?;
        self.wheres.push(key::before(self.keys, "b"));
        self.set("b", &next)?;
        Ok(Some(next))
    }

    fn select(&self) -> String {
        format!(
            "SELECT * FROM {}{} ORDER BY {}",
            quoted(self.table),
            self.conditions(),
            key::order(self.keys)
        )
    }

    fn conditions(&self) -> String {
        if self.wheres.is_empty() { String::new() } else { format!(" WHERE {}", self.wheres.join(" AND ")) }
    }

    fn set(&mut self, prefix: &str, parts: &[KeyPart]) -> Result<()> {
        for (position, (key, part)) in self.keys.iter().zip(parts).enumerate() {
            self.params.set(format!("{prefix}{position}"), key.value(part)?);
        }
        Ok(())
    }
}

/// The schema of a table.
///
/// **Errors.** No such table, with the one that is spelt most like it.
async fn schema(name: &str, app: &App) -> Result<&'static TableSchema> {
    let catalog = Catalog::embedded().map_err(QueryError::Schema)?;
    if let Some(schema) = catalog.table(name) {
        return Ok(schema);
    }
    let newest = app.read(None).await?.snapshot;
    linli_pool::query::table(name, &newest, &app.pool.config().time_zone)?;
    Err(Error::Broken)
}

/// Looks for a need in a snapshot: for itself, or for a match of it that outlived it.
///
/// **Errors.** [`Error::UnknownNeed`].
async fn known(session: &Session, need_id: &str) -> Result<()> {
    let params: Params = [("need", ParamValue::Text(need_id.to_owned()))].into_iter().collect();
    for table in ["need", "match"] {
        let sql = format!("SELECT need_id FROM {} WHERE need_id = $need LIMIT 1", quoted(table));
        if !wire::objects(session.own_rows(&sql, &params).await?).await?.is_empty() {
            return Ok(());
        }
    }
    Err(Error::UnknownNeed { need_id: need_id.to_owned() })
}

/// A token that names a snapshot which never was is none of ours.
fn of_token(error: Error) -> Error {
    if error.code() == UNKNOWN_SNAPSHOT { Error::BadCursor { cause: "is not one of ours" } } else { error }
}

/// A caller's text as a value of a column.
fn typed(kind: FieldType, name: &str, text: &str, zone: &str) -> Result<ParamValue> {
    let wrong = || Error::argument(name, text, Text::new(kind.expected(), kind.expected_zh()));
    Ok(match kind {
        FieldType::String | FieldType::List => ParamValue::Text(text.to_owned()),
        FieldType::Integer | FieldType::Decimal => ParamValue::Integer(text.parse().map_err(|_| wrong())?),
        FieldType::Number => ParamValue::Number(text.parse().map_err(|_| wrong())?),
        FieldType::Boolean => ParamValue::Boolean(text.parse().map_err(|_| wrong())?),
        FieldType::Date => ParamValue::Date(wire::day(name, text)?),
        FieldType::Datetime => ParamValue::Timestamp(wire::instant(name, text, zone)?),
    })
}

/// Text as part of an address.
fn escaped(text: &str) -> String {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"-_.~".contains(&it);
    let escape = |it: u8| if is_plain(it) { char::from(it).to_string() } else { format!("%{it:02X}") };
    text.bytes().map(escape).collect()
}
