//! `/v1/needs`: one need, who helps, who could, and why not.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use linli_pool::query::{Format, ParamValue, Params, Session};
use serde_json::{Value, json};

use super::OK;
use super::answers::{Relaxations, WhyNot};
use super::records::{Page, Shortlist};
use super::runs::{NEWEST, Stored, run_param, stored};
use crate::app::{App, Reading};
use crate::error::{Error, Result};
use crate::listing::List;
use crate::wire::{self, Asked, ROW_FORMATS, Reply, Shape, Tag};

/// Candidates that are shown when nobody says how many.
const CANDIDATES: u64 = 3;

/// Candidates that are shown at most.
const CANDIDATES_MAX: u64 = 10_000;

/// Reads a need.
#[utoipa::path(
    get, path = "/v1/needs/{need_id}", tag = "needs", operation_id = "get_need",
    params(("need_id" = String, Path, description = "The need")),
    responses((status = 200, description = "The need, as an object of its columns")),
    extensions(("x-summary-zh" = json!("查看一个需求")))
)]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    Path(need_id): Path<String>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response> {
    asked.finish()?;
    let format = wire::negotiate(&headers, &[Format::Json])?;
    let reading = app.read(None).await?;
    let need = find(&reading.session, &need_id).await?;
    let tag = Tag::new(reading.snapshot.id, format);
    if let Some(response) = tag.not_modified(&headers) {
        return Ok(response);
    }
    let mut response = wire::json(OK, &need)?;
    tag.set(&mut response);
    Ok(response)
}

/// Lists the published matches of a need.
#[utoipa::path(
    get, path = "/v1/needs/{need_id}/match", tag = "needs", operation_id = "get_published_match",
    params(("need_id" = String, Path, description = "The need")),
    responses((status = 200, description = "The matches; none when nothing is published", body = Page)),
    extensions(("x-summary-zh" = json!("查看一个需求已发布的匹配")))
)]
pub(crate) async fn published(
    State(app): State<Arc<App>>,
    Path(need_id): Path<String>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response> {
    let list = List::new(format!("/v1/needs/{need_id}/match"), "match");
    list.of_need(need_id).only("state", "published").answer(&app, &headers, asked).await
}

/// Lists the candidates of a need in a run, chosen ones first, then the best.
#[utoipa::path(
    get, path = "/v1/needs/{need_id}/candidates", tag = "needs", operation_id = "list_candidates",
    params(
        ("need_id" = String, Path, description = "The need"),
        ("limit" = Option<u32>, Query, description = "How many, 3 by default"),
        ("run" = Option<String>, Query, description = "The run, by default the newest"),
    ),
    responses((status = 200, description = "The candidates", body = Shortlist)),
    extensions(("x-summary-zh" = json!("列出一个需求的候选服务者")))
)]
pub(crate) async fn candidates(
    State(app): State<Arc<App>>,
    Path(need_id): Path<String>,
    headers: HeaderMap,
    mut asked: Asked,
) -> Result<Response> {
    let limit = asked.number("limit")?.unwrap_or(CANDIDATES).min(CANDIDATES_MAX);
    let run = asked.text("run")?.unwrap_or_else(|| NEWEST.to_owned());
    asked.finish()?;
    let format = wire::negotiate(&headers, ROW_FORMATS)?;
    let Stored { run_id, reading: Reading { seat, snapshot, session } } = stored(&app, &run).await?;
    find(&session, &need_id).await?;
    let tag = Tag::new(snapshot.id, format);
    if let Some(response) = tag.not_modified(&headers) {
        return Ok(response);
    }
    let mut params = run_param(&run_id);
    params.set("need", ParamValue::Text(need_id));
    params.set("limit", ParamValue::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
    let rows = session.own_rows(BEST, &params).await?;
    let (shape, snapshot) = (Shape::List { next: None }, snapshot.id);
    Reply { rows, format, shape, snapshot, seat, limit_is_asked: true }.into_tagged(&app, &tag).await
}

/// Says why a provider does not help with a need; without one, what became of the need.
#[utoipa::path(
    get, path = "/v1/needs/{need_id}/why-not", tag = "needs", operation_id = "why_not",
    params(
        ("need_id" = String, Path, description = "The need"),
        ("provider" = Option<String>, Query, description = "The provider"),
        ("run" = Option<String>, Query, description = "The run, by default the newest"),
    ),
    responses((
        status = 200,
        description = "The verdict, with rules, scores and what stands in the way",
        body = WhyNot
    )),
    extensions(("x-summary-zh" = json!("说明为何未选某服务者，或需求的结果")))
)]
pub(crate) async fn why_not(
    State(app): State<Arc<App>>,
    Path(need_id): Path<String>,
    headers: HeaderMap,
    mut asked: Asked,
) -> Result<Response> {
    let provider = asked.text("provider")?;
    let run = asked.text("run")?.unwrap_or_else(|| NEWEST.to_owned());
    asked.finish()?;
    let format = wire::negotiate(&headers, &[Format::Json])?;
    let Stored { run_id, reading: Reading { seat, snapshot, session } } = stored(&app, &run).await?;
    let tag = Tag::embedded(snapshot.id, format);
    if let Some(response) = tag.not_modified(&headers)
        && took_part(&session, &run_id, &need_id).await?
    {
        return Ok(response);
    }
    drop(seat);
    let witness = app.witness();
    let explain = move |pool: Arc<linli_pool::Pool>| async move {
        pool.explain(&run_id, &need_id, provider.as_deref(), &witness).await
    };
    let mut response = wire::json(OK, &app.answer(&app.queries, explain).await?)?;
    tag.set(&mut response);
    Ok(response)
}

/// Lists what would have to change for a need that nobody serves, proven by solving again.
#[utoipa::path(
    get, path = "/v1/needs/{need_id}/relaxations", tag = "needs", operation_id = "list_relaxations",
    params(
        ("need_id" = String, Path, description = "The need"),
        ("run" = Option<String>, Query, description = "The run, by default the newest"),
    ),
    responses((
        status = 200,
        description = "By occurrence and rank; none where every unit is served",
        body = Relaxations
    )),
    extensions(("x-summary-zh" = json!("列出使未满足需求得到满足的最小变动")))
)]
pub(crate) async fn relaxations(
    State(app): State<Arc<App>>,
    Path(need_id): Path<String>,
    headers: HeaderMap,
    mut asked: Asked,
) -> Result<Response> {
    let run = asked.text("run")?.unwrap_or_else(|| NEWEST.to_owned());
    asked.finish()?;
    let format = wire::negotiate(&headers, &[Format::Json])?;
    let Stored { run_id, reading: Reading { seat, snapshot, session } } = stored(&app, &run).await?;
    let tag = Tag::embedded(snapshot.id, format);
    if let Some(response) = tag.not_modified(&headers)
        && took_part(&session, &run_id, &need_id).await?
    {
        return Ok(response);
    }
    drop(seat);
    let witness = app.witness();
    let relax =
        move |pool: Arc<linli_pool::Pool>| async move { pool.relaxations(&run_id, &need_id, &witness).await };
    let items = app.answer(&app.queries, relax).await?;
    let document = json!({ "items": items, "next_page_token": null, "snapshot": snapshot.id });
    let mut response = wire::json(OK, &document)?;
    tag.set(&mut response);
    Ok(response)
}

/// The row of a need.
async fn find(session: &Session, need_id: &str) -> Result<Value> {
    let params: Params = [("need", ParamValue::Text(need_id.to_owned()))].into_iter().collect();
    let rows = session.own_rows("SELECT * FROM need WHERE need_id = $need LIMIT 1", &params).await?;
    let need = wire::objects(rows).await?.into_iter().next();
    need.ok_or_else(|| Error::UnknownNeed { need_id: need_id.to_owned() })
}

/// Whether a run decided about a need; if not, it has no explanation.
async fn took_part(session: &Session, run_id: &str, need_id: &str) -> Result<bool> {
    const SQL: &str =
        "SELECT need_id FROM price WHERE run_id = $run AND level = 'need' AND need_id = $need LIMIT 1";
    let mut params = run_param(run_id);
    params.set("need", ParamValue::Text(need_id.to_owned()));
    Ok(!wire::objects(session.own_rows(SQL, &params).await?).await?.is_empty())
}

const BEST: &str = "SELECT c.*, m.need_id IS NOT NULL AS chosen FROM candidate c \
    LEFT JOIN match m ON m.run_id = c.run_id AND m.need_id = c.need_id \
    AND m.occurrence_start = c.occurrence_start AND m.provider_id = c.provider_id AND m.slot_id = c.slot_id \
    WHERE c.run_id = $run AND c.need_id = $need \
    ORDER BY chosen DESC, c.score DESC NULLS LAST, c.provider_id, c.occurrence_start, c.slot_id \
    LIMIT $limit";
