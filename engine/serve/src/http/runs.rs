//! `/v1/runs`: decisions, from the request to the certificate.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use linli_model::Failure;
use linli_pool::MatchReport;
use linli_pool::query::{Format, ParamValue, Params};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::OK;
use super::answers::{Certificate, Publication, RunAnswer};
use super::records::Page;
use super::run_order::RunOrder;
use crate::app::{App, Reading};
use crate::error::{Error, Result};
use crate::keys::{Kept, Turn};
use crate::listing::List;
use crate::problem::Problem;
use crate::runs::{Runs, State as Made};
use crate::wire::{self, Asked, Cursor, JsonBody, Tag};

/// The run that was made last.
pub(super) const NEWEST: &str = "latest";

/// A run that is stored: its whole id, and the newest snapshot.
pub(super) struct Stored {
    pub run_id: String,
    pub reading: Reading,
}

/// What there is of a run that may have been asked for here.
enum Found {
    Stored(Stored),
    Running,
    Failed(Box<Problem>),
}

/// Where a run stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Standing {
    run_id: String,
    /// running, done or failed.
    state: &'static str,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    problem: Option<Value>,
}

/// A run that is done.
#[derive(Serialize)]
struct Done {
    state: &'static str,
    published: bool,
    #[serde(flatten)]
    report: MatchReport,
}

/// Lists the runs that are done, those of the newest snapshot first.
#[utoipa::path(
    get, path = "/v1/runs", tag = "runs", operation_id = "list_runs",
    responses((status = 200, description = "A page of runs", body = Page)),
    extensions(("x-summary-zh" = json!("列出已完成的匹配批次")))
)]
pub(crate) async fn list(State(app): State<Arc<App>>, headers: HeaderMap, asked: Asked) -> Result<Response> {
    List::new("/v1/runs", "run").newest_first().answer(&app, &headers, asked).await
}

/// Matches needs with providers.
///
/// Answers at once with the run's id, which is a digest of all that goes into it; the run is
/// made in the background and found at `Location`. Asking for the same again is the same run.
/// With an `Idempotency-Key`, the same key and payload get the same answer for 24 hours or until
/// the server restarts; the same key with another payload is refused.
#[utoipa::path(
    post, path = "/v1/runs", tag = "runs", operation_id = "start_run",
    params(("Idempotency-Key" = Option<String>, Header, description = "A quoted text of the caller's choice")),
    request_body = RunOrder,
    responses(
        (status = 202, description = "The run is on its way, or done", body = Standing),
        (status = 409, description = "The first request with this key is still being answered"),
        (status = 422, description = "The key came with another payload"),
        (status = 503, description = "Too many runs are being made"),
    ),
    extensions(("x-summary-zh" = json!("发起一次匹配")))
)]
pub(crate) async fn start(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    JsonBody(order): JsonBody<RunOrder>,
) -> Result<Response> {
    let request = order.request(&app.pool.config().time_zone)?;
    let payload = serde_json::to_string(&order).map_err(|_| Error::Broken)?;
    let ticket = match app.keys.begin("/v1/runs", &headers, &payload, (app.config.clock)())? {
        Turn::Again(kept) => return answered(&kept, true),
        Turn::First(ticket) => ticket,
    };
    let (asked, witness) = (request.clone(), app.witness());
    let identify =
        move |pool: Arc<linli_pool::Pool>| async move { pool.identify_run(&asked, &witness).await };
    let run_id = app.answer(&app.reads, identify).await?;
    let is_stored = match find(&app, &run_id).await {
        Ok(found) => matches!(found, Found::Stored(_)),
        Err(error) if error.code() == UNKNOWN_RUN => false,
        Err(error) => return Err(error),
    };
    if !is_stored {
        Runs::start(&app, &run_id, request)?;
    }
    let state = if is_stored { "done" } else { "running" };
    let location = Some(format!("/v1/runs/{run_id}"));
    let standing = Standing { run_id, state, problem: None };
    let body = serde_json::to_string(&standing).map_err(|_| Error::Broken)?;
    let kept = Kept { status: StatusCode::ACCEPTED.as_u16(), location, body };
    ticket.keep(&kept);
    answered(&kept, false)
}

/// Reads a run: its report, or where it stands.
///
/// `latest` and the beginning of an id do too.
#[utoipa::path(
    get, path = "/v1/runs/{run_id}", tag = "runs", operation_id = "get_run",
    params(("run_id" = String, Path, description = "The run")),
    responses((status = 200, description = "The report, or where the run stands", body = RunAnswer)),
    extensions(("x-summary-zh" = json!("查看一个匹配批次")))
)]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    Path(run_id): Path<String>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response> {
    asked.finish()?;
    let format = wire::negotiate(&headers, &[Format::Json])?;
    let Stored { run_id, reading } = match find(&app, &run_id).await? {
        Found::Stored(it) => it,
        Found::Running => return standing(Standing { run_id, state: "running", problem: None }),
        Found::Failed(problem) => {
            return standing(Standing { run_id, state: "failed", problem: Some(problem.to_json()) });
        }
    };
    let tag = Tag::embedded(reading.snapshot.id, format);
    if let Some(response) = tag.not_modified(&headers) {
        return Ok(response);
    }
    let report = app.pool.match_report(&reading.session, &run_id).await?;
    let sql = "SELECT run_id FROM publication WHERE run_id = $run";
    let rows = reading.session.own_rows(sql, &run_param(&run_id)).await?;
    let published = !wire::objects(rows).await?.is_empty();
    let mut response = wire::json(OK, &Done { state: "done", published, report })?;
    tag.set(&mut response);
    Ok(response)
}

/// Lists a run's matches.
#[utoipa::path(
    get, path = "/v1/runs/{run_id}/matches", tag = "runs", operation_id = "list_matches",
    params(("run_id" = String, Path, description = "The run; pages stay with the run of the first")),
    responses((status = 200, description = "A page of matches", body = Page)),
    extensions(("x-summary-zh" = json!("列出一个批次的匹配结果")))
)]
pub(crate) async fn matches(
    State(app): State<Arc<App>>,
    Path(run_id): Path<String>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response> {
    let run_id = listed(&app, &run_id, &asked).await?;
    let list = List::new(format!("/v1/runs/{run_id}/matches"), "match");
    list.of_run(run_id).answer(&app, &headers, asked).await
}

/// Lists the needs that a run leaves unserved, each with the reason.
#[utoipa::path(
    get, path = "/v1/runs/{run_id}/unmatched", tag = "runs", operation_id = "list_unmatched",
    params(("run_id" = String, Path, description = "The run; pages stay with the run of the first")),
    responses((status = 200, description = "A page of needs", body = Page)),
    extensions(("x-summary-zh" = json!("列出一个批次未满足的需求及原因")))
)]
pub(crate) async fn unmatched(
    State(app): State<Arc<App>>,
    Path(run_id): Path<String>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response> {
    let run_id = listed(&app, &run_id, &asked).await?;
    let list = List::new(format!("/v1/runs/{run_id}/unmatched"), "unmatched");
    list.of_run(run_id).answer(&app, &headers, asked).await
}

/// Proves a run optimal, or not, from its stored rows.
///
/// What `queries/report/certificate.sql` says of it; anybody may run the same SQL.
#[utoipa::path(
    get, path = "/v1/runs/{run_id}/certificate", tag = "runs", operation_id = "get_certificate",
    params(("run_id" = String, Path, description = "The run")),
    responses((status = 200, description = "Objective, bound, gap and findings", body = Certificate)),
    extensions(("x-summary-zh" = json!("查看一个批次的最优性证明")))
)]
pub(crate) async fn certificate(
    State(app): State<Arc<App>>,
    Path(run_id): Path<String>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response> {
    asked.finish()?;
    let format = wire::negotiate(&headers, &[Format::Json])?;
    let Stored { run_id, reading: Reading { seat, snapshot, session } } = finished(&app, &run_id).await?;
    let tag = Tag::embedded(snapshot.id, format);
    if let Some(response) = tag.not_modified(&headers) {
        return Ok(response);
    }
    drop(seat);
    let _seat = app.queries.enter().await?;
    let rows = session.query("certificate", &run_param(&run_id)).await?;
    let mut row = wire::objects(rows).await?.into_iter().next().ok_or(Error::Broken)?;
    if let Some(fields) = row.as_object_mut() {
        fields.insert("run_id".to_owned(), run_id.into());
        fields.insert("snapshot".to_owned(), snapshot.id.into());
    }
    let mut response = wire::json(OK, &row)?;
    tag.set(&mut response);
    Ok(response)
}

/// Publishes a run: its matches hold their providers from now on.
///
/// Publishing the same run twice changes nothing the second time.
#[utoipa::path(
    post, path = "/v1/runs/{run_id}/publish", tag = "runs", operation_id = "publish_run",
    params(("run_id" = String, Path, description = "The run")),
    responses(
        (status = 200, description = "The run is published", body = Publication),
        (status = 409, description = "Another run was published or a table was changed since, or this one is not done"),
    ),
    extensions(("x-summary-zh" = json!("发布一个匹配批次")))
)]
pub(crate) async fn publish(State(app): State<Arc<App>>, Path(run_id): Path<String>) -> Result<Response> {
    let Stored { run_id, .. } = finished(&app, &run_id).await?;
    let witness = app.witness();
    let publish = move |pool: Arc<linli_pool::Pool>| async move { pool.publish(&run_id, &witness).await };
    wire::json(OK, &app.answer(&app.reads, publish).await?)
}

/// A stored run, read from the newest snapshot.
pub(super) async fn stored(app: &App, run_id: &str) -> Result<Stored> {
    let reading = app.read(None).await?;
    let run_id = app.pool.resolve_run(&reading.session, run_id).await?;
    Ok(Stored { run_id, reading })
}

/// A run that may have been asked for here. What failed may have been made since, here or by
/// somebody else: the pool is right, and the note of the failure goes.
async fn find(app: &App, run_id: &str) -> Result<Found> {
    let state = app.runs.state(run_id);
    let stored_as = match &state {
        Some(Made::Running) => return Ok(Found::Running),
        Some(Made::StoredAs(other)) => other.as_str(),
        Some(Made::Failed(_)) | None => run_id,
    };
    match (stored(app, stored_as).await, state) {
        (Ok(it), _) => {
            app.runs.forget_failure(run_id);
            Ok(Found::Stored(it))
        }
        (Err(error), Some(Made::Failed(problem))) if error.code() == UNKNOWN_RUN => {
            Ok(Found::Failed(problem))
        }
        (Err(error), _) => Err(error),
    }
}

/// The code of a run that nobody made.
const UNKNOWN_RUN: &str = "unknown-run";

/// The same, for those who need it stored.
async fn finished(app: &App, run_id: &str) -> Result<Stored> {
    let unfinished = |state| Error::RunUnfinished { run_id: run_id.to_owned(), state };
    match find(app, run_id).await? {
        Found::Stored(it) => Ok(it),
        Found::Running => Err(unfinished("running")),
        Found::Failed(_) => Err(unfinished("failed")),
    }
}

/// The run of a list. Pages after the first stay with the run of the first, whatever `latest`
/// or the beginning of an id means by then.
async fn listed(app: &App, run_id: &str, asked: &Asked) -> Result<String> {
    let paged = asked.peek("page_token").and_then(Cursor::run_of);
    match paged.filter(|it| run_id == NEWEST || it.starts_with(run_id)) {
        Some(it) => Ok(it),
        None => Ok(finished(app, run_id).await?.run_id),
    }
}

/// `$run`.
pub(super) fn run_param(run_id: &str) -> Params {
    [("run", ParamValue::Text(run_id.to_owned()))].into_iter().collect()
}

/// Where a run stands that is not stored: true for this moment only.
fn standing(standing: Standing) -> Result<Response> {
    let mut response = wire::json(OK, &standing)?;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if standing.state == "running" {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(1));
    }
    Ok(response)
}

fn answered(kept: &Kept, is_again: bool) -> Result<Response> {
    const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
    let mut response = Response::new(Body::from(kept.body.clone()));
    *response.status_mut() = StatusCode::from_u16(kept.status).map_err(|_| Error::Broken)?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Format::Json.content_type()));
    if let Some(location) = kept.location.as_ref().and_then(|it| HeaderValue::from_str(it).ok()) {
        headers.insert(header::LOCATION, location);
    }
    if is_again {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}
