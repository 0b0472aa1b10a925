//! `/v1/queries`: the SQL library, by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use linli_model::Text;
use linli_pool::query::{Format, Library, Param, ParamValue, Params, Query};
use serde::Serialize;
use utoipa::ToSchema;

use super::OK;
use crate::app::App;
use crate::error::{Error, Result};
use crate::wire::{self, Asked, ROW_FORMATS, Reply, Shape, Tag};

/// The queries that can be run by name.
#[derive(Serialize, ToSchema)]
pub(crate) struct Queries {
    items: Vec<Listed>,
    /// Always null: the list has one page.
    next_page_token: Option<String>,
    snapshot: u64,
}

/// One query.
#[derive(Serialize, ToSchema)]
struct Listed {
    name: String,
    /// indicator, report or practice.
    folder: String,
    /// The table function that runs it in SQL.
    function: String,
    #[schema(value_type = Object)]
    title: Text,
    #[serde(skip_serializing_if = "String::is_empty")]
    notes: String,
    params: Vec<ListedParam>,
    /// The columns it returns.
    returns: Vec<QueryColumn>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// SHA-256 of its file.
    digest: String,
}

/// A parameter of a query.
#[derive(Serialize, ToSchema)]
struct ListedParam {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    /// Whether it must be given.
    required: bool,
    description: String,
}

/// A column of a query's result.
#[derive(Serialize, ToSchema)]
struct QueryColumn {
    name: String,
    /// Its Arrow type.
    #[serde(rename = "type")]
    kind: String,
    /// Its unit or meaning.
    unit: String,
}

impl From<&Query> for Listed {
    fn from(query: &Query) -> Self {
        let column = |it: &linli_pool::query::Returned| QueryColumn {
            name: it.name.clone(),
            kind: it.kind.clone(),
            unit: it.unit.clone(),
        };
        let param = |it: &Param| ListedParam {
            name: it.name.clone(),
            kind: it.kind.name(),
            required: it.default.is_none(),
            description: it.description.clone(),
        };
        Self {
            name: query.name.clone(),
            folder: query.folder.clone(),
            function: query.function(),
            title: Text::new(&query.summary, &query.zh),
            notes: query.notes.clone(),
            params: query.params.iter().map(param).collect(),
            returns: query.returns.iter().map(column).collect(),
            source: query.source().map(str::to_owned),
            digest: query.digest.clone(),
        }
    }
}

/// Lists the queries of the library with their parameters.
#[utoipa::path(
    get, path = "/v1/queries", tag = "queries", operation_id = "list_queries",
    responses((status = 200, description = "The queries", body = Queries)),
    extensions(("x-summary-zh" = json!("列出查询库及其参数")))
)]
pub(crate) async fn list(State(app): State<Arc<App>>, headers: HeaderMap, asked: Asked) -> Result<Response> {
    asked.finish()?;
    let format = wire::negotiate(&headers, &[Format::Json])?;
    let snapshot = app.read(None).await?.snapshot;
    let tag = Tag::embedded(snapshot.id, format);
    if let Some(response) = tag.not_modified(&headers) {
        return Ok(response);
    }
    let items = Library::embedded()?.queries().filter(|it| it.is_callable()).map(Listed::from).collect();
    let mut response = wire::json(OK, &Queries { items, next_page_token: None, snapshot: snapshot.id })?;
    tag.set(&mut response);
    Ok(response)
}

/// Runs a query of the library over the newest snapshot.
///
/// Its parameters are the request's: `/v1/queries/provider_load?run=…&top=5`. Lists are split by `;`.
#[utoipa::path(
    get, path = "/v1/queries/{name}", tag = "queries", operation_id = "run_query",
    params(("name" = String, Path, description = "The query")),
    responses((status = 200, description = "The rows", body = super::sql::SqlAnswer)),
    extensions(("x-summary-zh" = json!("按名称执行查询库中的查询")))
)]
pub(crate) async fn run(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response> {
    let format = wire::negotiate(&headers, ROW_FORMATS)?;
    Library::embedded()?.query(&name)?;
    let mut given = BTreeMap::new();
    for (key, value) in asked.rest() {
        if let Some(ParamValue::Text(first)) = given.insert(key.clone(), ParamValue::Text(value)) {
            let expected = Text::new("one value", "一个值");
            return Err(Error::argument(key, format!("{first}, …"), expected));
        }
    }
    let mut params: Params = given.into_iter().collect();
    let seat = app.queries.enter().await?;
    let snapshot = app.snapshot(None).await?;
    let limits = app.query_limits(Some(app.config.limits.rows_max));
    // Starting it tells whether there is an answer at all.
    let session = app.pool.session(&snapshot, &limits).await?;
    app.pool.settle_run(&session, &name, &mut params).await?;
    let rows = session.query(&name, &params).await?;
    let tag = Tag::embedded(snapshot.id, format);
    if let Some(response) = tag.not_modified(&headers) {
        return Ok(response);
    }
    let (shape, snapshot) = (Shape::Table, snapshot.id);
    Reply { rows, format, shape, snapshot, seat, limit_is_asked: false }.into_tagged(&app, &tag).await
}
