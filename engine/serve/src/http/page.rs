//! The page that greets a browser.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::system::typed;

/// What stands at `/`; nothing in it is loaded from elsewhere, and nothing runs.
const HOME: &str = include_str!("../../page/index.html");

/// Says what this is and where things are, for people.
#[utoipa::path(
    get, path = "/", tag = "system", operation_id = "home",
    responses((status = 200, description = "A page", body = String, content_type = "text/html")),
    extensions(("x-summary-zh" = json!("首页")))
)]
pub(crate) async fn home() -> Response {
    const POLICY: &str =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
    let mut response = typed("text/html; charset=utf-8", HOME);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
