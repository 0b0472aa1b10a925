//! What is done to every answer: a request id, problem documents, counts, headers.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use linli_model::Text;

use crate::app::App;
use crate::error::Error;
use crate::problem::{MEDIA_TYPE, Problem};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Bytes of a refusal of axum's that are repeated as the problem's detail.
const REFUSAL_BYTES_MAX: usize = 1000;

/// Stands around all routes.
pub(crate) async fn finish(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let id = request_id(request.headers()).unwrap_or_else(|| app.request_id());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let route = request.extensions().get::<MatchedPath>();
    // One name for all paths that lead nowhere: whoever guesses paths fills no memory.
    let route = route.map_or_else(|| "none".to_owned(), |it| it.as_str().to_owned());
    let response = match refusal(&app, &request) {
        Some(error) => error.into_response(),
        None => next.run(request).await,
    };
    let (mut response, problem) = document(response, &app, &method, &path, &id).await;
    app.metrics.count(method.as_str(), &route, response.status().as_u16(), problem.map(|it| it.kind));
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if path.starts_with("/v1/") {
        headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    }
    response
}

/// Writes the problem document of a response that carries one. What axum refuses on its own
/// becomes one too.
async fn document(
    response: Response,
    app: &App,
    method: &Method,
    path: &str,
    id: &str,
) -> (Response, Option<Problem>) {
    let (mut parts, body) = response.into_parts();
    let problem = match parts.extensions.remove::<Problem>() {
        Some(problem) => problem,
        None if parts.status.is_client_error() => misread(parts.status, body).await,
        None if parts.status == StatusCode::INTERNAL_SERVER_ERROR => Problem::new(&Error::Broken),
        None => return (Response::from_parts(parts, body), None),
    };
    let (instance, request_id) = (Some(path.to_owned()), Some(id.to_owned()));
    let mut problem = Problem { instance, request_id, ..problem };
    app.withhold(&mut problem, id, &format!("{method} {path}"));
    parts.status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = Body::from(problem.to_json().to_string());
    (Response::from_parts(parts, body), Some(problem))
}

/// What axum says of a request that it cannot read.
async fn misread(status: StatusCode, body: Body) -> Problem {
    let bytes = axum::body::to_bytes(body, REFUSAL_BYTES_MAX).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let cause = if text.is_empty() { status.to_string() } else { text };
    let expected = Text::new("what /openapi.json describes", " /openapi.json 所述的请求");
    Problem::new(&Error::argument("request", cause, expected))
}

/// The caller's own name for the request, if it is fit for logs.
fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let is_fit = |it: u8| it.is_ascii_alphanumeric() || b"-_.".contains(&it);
    (!id.is_empty() && id.len() <= 64 && id.bytes().all(is_fit)).then(|| id.to_owned())
}

/// Why a request is not even looked at.
fn refusal(app: &App, request: &Request) -> Option<Error> {
    if let Some(found) = many_hosts(request) {
        return Some(Error::argument("Host", found, Text::new("one host", "一个主机名")));
    }
    if app.is_local()
        && let Some(host) = foreign_host(request)
    {
        return Some(Error::ForeignHost { host });
    }
    foreign_origin(request).map(|origin| Error::ForeignOrigin { origin })
}

/// The hosts of a request that names several: it is open which of them it means.
fn many_hosts(request: &Request) -> Option<String> {
    let hosts = request.headers().get_all(header::HOST).iter();
    let hosts: Vec<_> = hosts.map(|it| String::from_utf8_lossy(it.as_bytes())).collect();
    (hosts.len() > 1).then(|| hosts.join(", "))
}

/// The host that is asked for: what `Host` says or, where there is none as in HTTP/2, the address.
fn asked_host(request: &Request) -> Option<&str> {
    match request.headers().get(header::HOST) {
        Some(host) => Some(host.to_str().unwrap_or_default()),
        None => request.uri().authority().map(|it| it.as_str()),
    }
}

/// The host that is asked for, unless it is a name this machine alone can have.
///
/// Any site may have its name resolve to a loopback address; its pages could then read a
/// server that has no keys. What a browser believes to ask for stands in `Host` or the address.
fn foreign_host(request: &Request) -> Option<String> {
    let host = asked_host(request)?;
    let name = match host.strip_prefix('[').and_then(|it| it.split_once(']')) {
        Some((name, port)) if port.is_empty() || port.starts_with(':') => name,
        _ => host.split(':').next().unwrap_or_default(),
    };
    let is_loopback = name.parse::<IpAddr>().is_ok_and(|it| it.is_loopback());
    // Before an `@` stands who asks, not who is asked.
    let is_ours = (is_loopback || name.eq_ignore_ascii_case("localhost")) && !host.contains('@');
    (!is_ours).then(|| host.to_owned())
}

/// The origin of a page elsewhere that asks to change something.
///
/// Browsers send `Origin` with every such request; a page of our own has our host in it. No
/// other program sends it, and none needs to.
fn foreign_origin(request: &Request) -> Option<String> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return None;
    }
    let origin = request.headers().get(header::ORIGIN)?.to_str().unwrap_or("null");
    let host = asked_host(request).unwrap_or_default();
    let is_ours = origin.split_once("://").is_some_and(|(_, it)| it.eq_ignore_ascii_case(host));
    (!is_ours).then(|| origin.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: Method, origin: Option<&str>) -> Request {
        let request = Request::builder().method(method).header("host", "127.0.0.1:8080");
        let request = match origin {
            Some(origin) => request.header("origin", origin),
            None => request,
        };
        request.body(Body::empty()).expect("a request")
    }

    #[test]
    fn a_name_that_others_may_have_is_foreign() {
        let asked = |host: &str| {
            let request = Request::builder().header("host", host);
            foreign_host(&request.body(Body::empty()).expect("a request"))
        };
        for ours in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:8080"] {
            assert_eq!(asked(ours), None, "{ours}");
        }
        for other in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "10.0.0.1", ""] {
            assert_eq!(asked(other).as_deref(), Some(other));
        }
        assert_eq!(asked("[::1].evil.example").as_deref(), Some("[::1].evil.example"));
        assert_eq!(asked("localhost:80@evil.example").as_deref(), Some("localhost:80@evil.example"));
    }

    #[test]
    fn without_a_host_the_address_names_it() {
        let asked = |method: Method, origin: &str| {
            let request = Request::builder().method(method).uri("http://evil.example:8080/v1/sql");
            request.header("origin", origin).body(Body::empty()).expect("a request")
        };
        let request = asked(Method::GET, "http://evil.example:8080");
        assert_eq!(foreign_host(&request).as_deref(), Some("evil.example:8080"));
        assert!(foreign_origin(&asked(Method::POST, "http://evil.example:8080")).is_none());
        assert!(foreign_origin(&asked(Method::POST, "http://other.example")).is_some());
        let ours = Request::builder().uri("http://localhost:8080/v1/tables").body(Body::empty());
        assert_eq!(foreign_host(&ours.expect("a request")), None);
    }

    #[test]
    fn a_request_has_one_host() {
        let request = Request::builder().header("host", "localhost");
        let one = request.body(Body::empty()).expect("a request");
        assert_eq!(many_hosts(&one), None);
        let request = Request::builder().header("host", "localhost").header("host", "evil.example");
        let two = request.body(Body::empty()).expect("a request");
        assert_eq!(many_hosts(&two).as_deref(), Some("localhost, evil.example"));
    }

    #[test]
    fn only_other_sites_are_foreign_and_only_when_they_change_something() {
        let evil = Some("https://evil.example");
        assert!(foreign_origin(&request(Method::POST, evil)).is_some());
        assert!(foreign_origin(&request(Method::POST, Some("null"))).is_some());
        assert!(foreign_origin(&request(Method::GET, evil)).is_none());
        assert!(foreign_origin(&request(Method::POST, Some("http://127.0.0.1:8080"))).is_none());
        assert!(foreign_origin(&request(Method::POST, None)).is_none());
    }
}
