//! Lists of what linli keeps book of: rows it refused, plugins, evaluations.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::Result;
use crate::listing::List;
use crate::wire::Asked;

/// A page of rows. `/v1/tables` describes their columns.
///
/// Only for the documentation: pages are written as they are read.
#[derive(Serialize, ToSchema)]
pub(crate) struct Page {
    /// The rows, as objects of their columns.
    items: Vec<serde_json::Map<String, serde_json::Value>>,
    /// What asks for the next page; null on the last.
    next_page_token: Option<String>,
    /// The snapshot that the list reads.
    snapshot: u64,
}

/// The best rows, all at once.
///
/// Only for the documentation.
#[derive(Serialize, ToSchema)]
pub(crate) struct Shortlist {
    /// The rows, as objects of their columns.
    items: Vec<serde_json::Map<String, serde_json::Value>>,
    /// Always null: ask for more with `limit`.
    next_page_token: Option<String>,
    /// The snapshot that the list reads.
    snapshot: u64,
}

/// Lists the rows that could not be kept, with what was found and what was expected.
#[utoipa::path(
    get, path = "/v1/quarantine", tag = "tables", operation_id = "list_quarantine",
    params(
        ("table" = Option<String>, Query, description = "Only rows meant for this table"),
        ("state" = Option<String>, Query, description = "open, mended or dropped")
    ),
    responses((status = 200, description = "A page of rows", body = Page)),
    extensions(("x-summary-zh" = json!("列出未能入库的行及原因")))
)]
pub(crate) async fn quarantine(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response> {
    List::new("/v1/quarantine", "quarantine").answer(&app, &headers, asked).await
}

/// Lists the plugins of the pool.
#[utoipa::path(
    get, path = "/v1/plugins", tag = "plugins", operation_id = "list_plugins",
    params(("kind" = Option<String>, Query, description = "scorer or evaluator")),
    responses((status = 200, description = "A page of plugins", body = Page)),
    extensions(("x-summary-zh" = json!("列出插件")))
)]
pub(crate) async fn plugins(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response> {
    List::new("/v1/plugins", "plugin").answer(&app, &headers, asked).await
}

/// Lists the evaluations, those of the newest snapshot first.
#[utoipa::path(
    get, path = "/v1/evaluations", tag = "evaluations", operation_id = "list_evaluations",
    responses((status = 200, description = "A page of evaluations", body = Page)),
    extensions(("x-summary-zh" = json!("列出评价")))
)]
pub(crate) async fn evaluations(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response> {
    List::new("/v1/evaluations", "evaluation").newest_first().answer(&app, &headers, asked).await
}
