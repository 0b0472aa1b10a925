//! Kinds as HTTP statuses: the door knows codes, nothing behind it does.

use linli_model::{Kind, Text};

/// The status of an error of this kind and code.
pub(crate) fn status(kind: Kind, code: &str) -> u16 {
    match (kind, code) {
        (Kind::Request, "not-acceptable") => 406,
        (Kind::Request, "method-not-allowed") => 405,
        (Kind::Request, "unsupported-media-type") => 415,
        (Kind::Request, "idempotency-key-reused") => 422,
        (Kind::Request, _) => 400,
        (Kind::NotFound, "snapshot-gone") => 410,
        (Kind::NotFound, _) => 404,
        (Kind::Data, _) => 422,
        (Kind::Plugin, _) => 502,
        (Kind::Limit, "body-too-large") => 413,
        (Kind::Limit, "body-too-slow") => 408,
        // Seats are ours, and free again in a moment; what one request may take is the caller's.
        (Kind::Limit, "too-many-queries" | "too-many-runs" | "plugins-busy") => 503,
        (Kind::Limit, _) => 429,
        (Kind::Denied, _) => 403,
        (Kind::Conflict, _) => 409,
        (Kind::Internal, _) => 500,
    }
}

/// Who must act.
pub(crate) fn who(kind: Kind) -> Text {
    match kind {
        Kind::Internal => Text::new("those who wrote linli", "linli 的开发者"),
        Kind::Request | Kind::NotFound => Text::new("the caller", "调用者"),
        Kind::Data => Text::new("who owns the data", "数据负责人"),
        Kind::Plugin => Text::new("who wrote the plugin", "插件作者"),
        Kind::Limit => Text::new("who set the limit, or the caller", "限额的设定者或调用者"),
        Kind::Denied => Text::new("who grants rights", "授权者"),
        Kind::Conflict => Text::new("the caller, again", "调用者（请重试）"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::entry;

    #[test]
    fn every_kind_has_its_status() {
        let table: Vec<String> =
            Kind::ALL.into_iter().map(|it| format!("{} {}", it.as_str(), status(it, ""))).collect();
        assert_eq!(
            table.join(", "),
            "internal 500, request 400, not_found 404, data 422, plugin 502, limit 429, \
             denied 403, conflict 409"
        );
    }

    /// The codes that have a status of their own, each as the catalogue lists it.
    #[test]
    fn codes_that_differ_from_their_kind_are_listed() {
        let table = [
            ("answer-timeout", 429),
            ("body-too-large", 413),
            ("body-too-slow", 408),
            ("foreign-host", 403),
            ("idempotency-key-in-progress", 409),
            ("idempotency-key-reused", 422),
            ("method-not-allowed", 405),
            ("no-snapshot-at", 404),
            ("not-acceptable", 406),
            ("plugins-busy", 503),
            ("query-memory", 429),
            ("query-timeout", 429),
            ("snapshot-gone", 410),
            ("too-many-queries", 503),
            ("too-many-runs", 503),
            ("unknown-snapshot", 404),
            ("unsupported-media-type", 415),
        ];
        for (code, expected) in table {
            let entry = entry(code).expect("a code of the catalogue");
            assert_eq!(status(entry.kind, code), expected, "{code}");
        }
    }
}
