//! The table of routes. What is not here does not answer, and what is here is documented:
//! routes and OpenAPI are made from the same list.

mod answers;
mod document;
mod needs;
mod page;
mod queries;
mod records;
mod run_order;
mod runs;
mod sql;
mod system;
mod tables;
#[cfg(test)]
mod tests;

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use linli_pool::Pool;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::{Info, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::config::ServeConfig;
use crate::error::Error;
use crate::finish::finish;

fn routed() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(OpenApiBuilder::new().info(info()).build())
        .routes(routes!(page::home))
        .routes(routes!(tables::list))
        .routes(routes!(tables::rows))
        .routes(routes!(queries::list))
        .routes(routes!(queries::run))
        .routes(routes!(sql::sql))
        .routes(routes!(runs::list, runs::start))
        .routes(routes!(runs::get))
        .routes(routes!(runs::matches))
        .routes(routes!(runs::unmatched))
        .routes(routes!(runs::certificate))
        .routes(routes!(runs::publish))
        .routes(routes!(needs::get))
        .routes(routes!(needs::published))
        .routes(routes!(needs::candidates))
        .routes(routes!(needs::why_not))
        .routes(routes!(needs::relaxations))
        .routes(routes!(records::quarantine))
        .routes(routes!(records::plugins))
        .routes(routes!(records::evaluations))
        .routes(routes!(system::healthz))
        .routes(routes!(system::readyz))
        .routes(routes!(system::metrics))
        .routes(routes!(system::openapi))
        .routes(routes!(system::problem))
}

/// The server's routes and what they share.
pub(crate) fn router(pool: Arc<Pool>, config: ServeConfig) -> (Router, Arc<App>) {
    let (router, document) = routed().split_for_parts();
    let app = Arc::new(App::new(pool, config, document::text(&document)));
    (dressed(router, &app).with_state(Arc::clone(&app)), app)
}

/// What stands around all routes, the innermost first.
fn dressed(router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    router
        .fallback(unknown_route)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(app.config.limits.body_bytes_max))
        .layer(CatchPanicLayer::custom(broken))
        .layer(from_fn_with_state(Arc::clone(app), finish))
}

async fn unknown_route(request: Request) -> Error {
    Error::UnknownRoute { path: request.uri().path().to_owned() }
}

async fn method_not_allowed(request: Request) -> Error {
    Error::MethodNotAllowed { method: request.method().to_string(), path: request.uri().path().to_owned() }
}

/// A panic is our mistake and ends one request only.
fn broken(_: Box<dyn Any + Send + 'static>) -> Response {
    Error::Broken.into_response()
}

fn info() -> Info {
    let mut info = Info::new("linli", env!("CARGO_PKG_VERSION"));
    info.description = Some(DESCRIPTION.to_owned());
    info
}

const DESCRIPTION: &str = "\
Matches community needs to volunteers and merchants, and proves the match optimal.

Answers name the snapshot they were read from (`ETag`, `snapshot`). Lists have `items`, \
`next_page_token` (null on the last page) and `snapshot`; a token keeps reading the snapshot and \
run of the first page and fits the same path and filter only. Tokens are neither signed nor bound \
to a caller. Rows come as `application/json`, \
`application/x-ndjson`, `text/csv`, `application/vnd.apache.arrow.stream` or \
`application/vnd.apache.parquet`, by `Accept`. Errors are RFC 9457 problem documents in English \
and Chinese. Times without offset are in the pool's zone, +08:00 by default.

There are no keys and roles: whoever reaches the address may read and match. Not there yet \
either: the events of a run as a stream, receiving needs and their events, \
the audit log, and a console (a page of links stands at `/`).";

/// 200, for documents.
const OK: StatusCode = StatusCode::OK;
