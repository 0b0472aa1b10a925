//! Errors as RFC 9457 problem documents.
//!
//! An error becomes a response without a body that carries its [`Problem`]; `finish` writes
//! the body once it knows which request it answers. So nothing in between can forget the
//! request's id, and a failed run keeps the same document.

mod catalogue;
mod status;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use linli_model::{Failure, Kind, Text};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::Error;

pub(crate) use catalogue::{Entry, entry};
pub(crate) use status::{status, who};

/// The media type of problem documents.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request could not be answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// A relative link that explains this kind of problem.
    #[serde(rename = "type")]
    pub link: String,
    /// The kind of problem, English.
    pub title: &'static str,
    /// The kind of problem, Chinese.
    pub title_zh: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What was found, what was expected, where.
    pub detail: String,
    /// The same in Chinese.
    pub detail_zh: String,
    /// Who must act: internal, request, not_found, data, plugin, limit, denied or conflict.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// A stable name, in kebab case.
    pub code: &'static str,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The same in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint_zh: Option<String>,
    /// The path that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The request, as in the header `x-request-id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The error's own fields.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    /// Seconds after which it is worth asking again.
    #[serde(skip)]
    pub retry_after_s: Option<u32>,
}

impl Problem {
    /// What an error says of itself.
    pub(crate) fn new(error: &Error) -> Self {
        let (kind, code) = (error.kind(), error.code());
        let titles = entry(code).unwrap_or_else(|| Entry::of_kind(code, kind));
        let hint = error.hint();
        let mut fields = match error.details() {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        fields.retain(|name, _| !RESERVED.contains(&name.as_str()));
        Self {
            link: format!("/problems/{code}"),
            title: titles.title,
            title_zh: titles.title_zh,
            status: status(kind, code),
            detail: error.to_string(),
            detail_zh: error.zh(),
            kind,
            code,
            hint: hint.as_ref().map(|Text { en, .. }| en.clone()),
            hint_zh: hint.map(|Text { zh, .. }| zh),
            instance: None,
            request_id: None,
            fields,
            retry_after_s: retry_after_s(error),
        }
    }

    /// The document.
    pub(crate) fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_else(|_| Value::Object(Map::new()))
    }
}

/// Names an error's fields cannot have.
const RESERVED: [&str; 12] = [
    "type",
    "title",
    "title_zh",
    "status",
    "detail",
    "detail_zh",
    "kind",
    "code",
    "hint",
    "hint_zh",
    "instance",
    "request_id",
];

fn retry_after_s(error: &Error) -> Option<u32> {
    match error {
        Error::TooManyQueries { .. } | Error::KeyInProgress { .. } => Some(1),
        Error::TooManyRuns { .. } | Error::RunUnfinished { state: "running", .. } => Some(5),
        _ => None,
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let problem = Problem::new(&self);
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Some(seconds) = problem.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(problem);
        response
    }
}
