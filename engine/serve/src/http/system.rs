//! How the server is, what it offers, and what its problems mean.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use linli_model::Kind;
use serde::Serialize;
use utoipa::ToSchema;

use super::OK;
use crate::app::App;
use crate::error::{Error, Result};
use crate::problem::{entry, status, who};
use crate::wire;

/// How the server is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// ok or ready.
    status: &'static str,
    /// The newest snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<u64>,
}

/// What a problem means.
#[derive(Serialize, ToSchema)]
pub(crate) struct Explained {
    code: &'static str,
    title: &'static str,
    title_zh: &'static str,
    #[schema(value_type = String)]
    kind: Kind,
    /// The HTTP status it comes with.
    status: u16,
    /// Who must act.
    who: String,
    who_zh: String,
}

/// Says that the server answers at all.
#[utoipa::path(
    get, path = "/healthz", tag = "system", operation_id = "healthz",
    responses((status = 200, description = "It answers", body = Health)),
    extensions(("x-summary-zh" = json!("存活检查")))
)]
pub(crate) async fn healthz() -> Result<Response> {
    wire::json(OK, &Health { status: "ok", snapshot: None })
}

/// Says that the pool can be read.
#[utoipa::path(
    get, path = "/readyz", tag = "system", operation_id = "readyz",
    responses((status = 200, description = "The pool can be read", body = Health)),
    extensions(("x-summary-zh" = json!("就绪检查")))
)]
pub(crate) async fn readyz(State(app): State<Arc<App>>) -> Result<Response> {
    let snapshot = Some(app.snapshot(None).await?.id);
    wire::json(OK, &Health { status: "ready", snapshot })
}

/// Counts requests and errors since the server started, as Prometheus text.
#[utoipa::path(
    get, path = "/metrics", tag = "system", operation_id = "metrics",
    responses((status = 200, description = "The counts", body = String, content_type = "text/plain")),
    extensions(("x-summary-zh" = json!("运行指标")))
)]
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> Response {
    let text = app.metrics.text(app.queries.taken(), app.runs.running());
    typed("text/plain; version=0.0.4; charset=utf-8", text)
}

/// Describes every route, as OpenAPI 3.1.
#[utoipa::path(
    get, path = "/openapi.json", tag = "system", operation_id = "openapi",
    responses((status = 200, description = "The description")),
    extensions(("x-summary-zh" = json!("接口说明（OpenAPI 3.1）")))
)]
pub(crate) async fn openapi(State(app): State<Arc<App>>) -> Response {
    typed("application/json", app.openapi.clone())
}

/// Explains a kind of problem: the target of a problem document's `type`.
#[utoipa::path(
    get, path = "/problems/{code}", tag = "system", operation_id = "explain_problem",
    params(("code" = String, Path, description = "The problem's code")),
    responses((status = 200, description = "What it means and who must act", body = Explained)),
    extensions(("x-summary-zh" = json!("解释一种问题")))
)]
pub(crate) async fn problem(Path(code): Path<String>) -> Result<Response> {
    let entry = entry(&code).ok_or(Error::UnknownProblem { code })?;
    let who = who(entry.kind);
    let (status, who, who_zh) = (status(entry.kind, entry.code), who.en, who.zh);
    let (title, title_zh) = (entry.title, entry.title_zh);
    wire::json(OK, &Explained { code: entry.code, title, title_zh, kind: entry.kind, status, who, who_zh })
}

/// A text of a media type.
pub(super) fn typed(media: &'static str, text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}
