//! Documents that are no rows, and the tags by which answers are told apart.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use linli_pool::query::{Format, Rows, write_rows};
use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Result};

/// Which linli answers.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The entity tag of an answer: its snapshot, and its form unless that is JSON.
///
/// Snapshots never change, so the same tag means the same rows. What linli brings along
/// itself (schemas, queries, explanations) changes with its version, which then is part of
/// the tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag(String);

impl Tag {
    /// Rows of a snapshot.
    pub(crate) fn new(snapshot: u64, format: Format) -> Self {
        Self::of(&snapshot.to_string(), format)
    }

    /// The same through something that linli brings along.
    pub(crate) fn embedded(snapshot: u64, format: Format) -> Self {
        Self::of(&format!("{snapshot}-{VERSION}"), format)
    }

    fn of(content: &str, format: Format) -> Self {
        Self(match format {
            Format::Json => format!("\"{content}\""),
            other => format!("\"{content}-{}\"", other.as_str()),
        })
    }

    /// The answer to a caller who has it already. To be asked when it is known that the
    /// request has an answer.
    pub(crate) fn not_modified(&self, headers: &HeaderMap) -> Option<Response> {
        let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|it| it.to_str().ok());
        let mut known = known.flat_map(|it| it.split(',')).map(str::trim);
        let is_known = known.any(|it| it == "*" || it.strip_prefix("W/").unwrap_or(it) == self.0);
        is_known.then(|| {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            self.set(&mut response);
            response
        })
    }

    /// Puts the tag on an answer.
    pub(crate) fn set(&self, response: &mut Response) {
        if let Ok(tag) = HeaderValue::from_str(&self.0) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        // Whoever keeps the answer asks whether there is a newer snapshot before using it.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
}

/// A JSON document.
pub(crate) fn json(status: StatusCode, document: &impl Serialize) -> Result<Response> {
    let text = serde_json::to_string(document).map_err(|_| Error::Broken)?;
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let media = HeaderValue::from_static(Format::Json.content_type());
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    Ok(response)
}

/// A few rows as objects.
pub(crate) async fn objects(rows: Rows) -> Result<Vec<Value>> {
    let mut lines = Vec::new();
    write_rows(rows, Format::Ndjson, 0, &mut lines).await?;
    let lines = lines.split(|it| *it == b'\n').filter(|it| !it.is_empty());
    lines.map(|it| serde_json::from_slice(it).map_err(|_| Error::Broken)).collect()
}
