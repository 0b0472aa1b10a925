//! Errors as RFC 9457 problem documents.
//!
//! An error becomes a response without a body that carries its [`Problem`]; `finish` writes
//! the body once it knows which request it answers. So nothing in between can forget the
//! request's id, and a failed run keeps the same document.
//!
//! What is our fault, or names a place on the server's disk, is told to whoever runs the
//! server and not to callers: they get the request's id instead.

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
        let code = error.code();
        // What the disk refuses the server, no caller can mend.
        let kind = if code == "io" { Kind::Internal } else { error.kind() };
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

    /// Takes out what only whoever runs the server may read, and returns it: the cause of a fault
    /// of ours, and anything that names a path below `root`, the pool's folder.
    pub(crate) fn withhold(&mut self, root: &str) -> Option<String> {
        let fields = Value::from(self.fields.clone()).to_string();
        let texts = [&self.detail, &self.detail_zh, &fields].into_iter();
        let names_a_path = texts.chain(&self.hint).chain(&self.hint_zh).any(|it| it.contains(root));
        if self.kind != Kind::Internal && !names_a_path {
            return None;
        }
        let withheld = Text::new(
            "the server's log says why, under this request's id",
            "原因见服务器日志中本次请求的编号",
        );
        let hint =
            Text::new("tell whoever runs the server the request's id", "请把请求编号告诉服务器的管理者");
        self.fields.clear();
        (self.hint, self.hint_zh) = (Some(hint.en), Some(hint.zh));
        self.detail_zh = withheld.zh;
        Some(std::mem::replace(&mut self.detail, withheld.en))
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
        other => (other.code() == "plugins-busy").then_some(5),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn withheld(error: linli_pool::query::Error) -> (Problem, Option<String>) {
        let mut problem = Problem::new(&Error::from(error));
        let cause = problem.withhold("/srv/pool");
        (problem, cause)
    }

    #[test]
    fn callers_learn_neither_causes_of_ours_nor_paths() {
        let path = "/srv/pool/snapshots/0000001.json".to_owned();
        let errors = [
            linli_pool::query::Error::Engine { cause: "assertion 7".to_owned() },
            linli_pool::query::Error::Damaged { path, cause: "no JSON".to_owned() },
            linli_pool::query::Error::EmptyFile { path: "/srv/pool/x.csv".to_owned() },
        ];
        for error in errors {
            let said = error.to_string();
            let (problem, cause) = withheld(error);
            assert_eq!(cause, Some(said));
            let text = problem.to_json().to_string();
            assert!(!text.contains("/srv") && !text.contains("assertion 7"), "{text}");
            assert!(!problem.detail.is_empty() && !problem.detail_zh.is_ascii());
        }
    }

    #[test]
    fn what_callers_can_mend_they_are_told() {
        let (problem, cause) = withheld(linli_pool::query::Error::UnknownTable {
            table: "ned".to_owned(),
            nearest: Some("need".to_owned()),
        });
        assert_eq!(cause, None);
        assert_eq!(problem.fields["nearest"], "need");
        assert!(problem.detail.contains("ned") && problem.hint.is_some());
    }
}
