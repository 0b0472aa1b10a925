//! Failures as people and programs read them, and the exit code of each kind.

use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::ExitCode;

use linli_model::{Failure, Kind, Text, refusal, refusal_kind};
use serde_json::json;

/// A command that could not be done.
#[derive(Debug)]
pub struct Failed {
    kind: Kind,
    code: String,
    message: String,
    message_zh: String,
    hint: Option<Text>,
    details: serde_json::Value,
}

impl<E: Into<linli_pool::Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::of(&error.into())
    }
}

impl Failed {
    /// What an error says of itself.
    pub fn of(error: &impl Failure) -> Self {
        Self {
            kind: error.kind(),
            code: error.code().to_owned(),
            message: error.to_string(),
            message_zh: error.zh(),
            hint: error.hint(),
            details: error.details(),
        }
    }

    /// The command line makes no sense; clap says why.
    pub fn usage(error: &clap::Error) -> Self {
        let text = error.render().to_string();
        let message = text.trim().trim_start_matches("error: ").to_owned();
        Self::request("usage", message, crate::usage::zh(error))
    }

    /// The caller asked for something that makes no sense.
    pub fn request(code: &str, message: String, message_zh: String) -> Self {
        Self {
            kind: Kind::Request,
            code: code.to_owned(),
            message,
            message_zh,
            hint: None,
            details: json!({}),
        }
    }

    /// A fault of linli itself, or of the machine under it.
    pub fn internal(message: String) -> Self {
        let message_zh = format!("内部错误：{message}");
        Self {
            kind: Kind::Internal,
            code: "internal".to_owned(),
            message,
            message_zh,
            hint: None,
            details: json!({}),
        }
    }

    /// A plugin was not made.
    pub fn craft(error: &linli_craft::Error) -> Self {
        let (kind, code) = match error {
            linli_craft::Error::Request(_) => (Kind::Request, "bad-project"),
            linli_craft::Error::Source(_) => (Kind::Plugin, "plugin-not-built"),
            linli_craft::Error::Missing(_) => (Kind::NotFound, "missing-tool"),
        };
        let linli_craft::Text { en, zh } = error.text().clone();
        Self { kind, code: code.to_owned(), message: en, message_zh: zh, hint: None, details: json!({}) }
    }

    /// A file cannot be read.
    pub fn file(path: &Path, error: &std::io::Error) -> Self {
        let (kind, code) = match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => (Kind::NotFound, "unknown-file"),
            ErrorKind::PermissionDenied => (Kind::Denied, "file-denied"),
            _ => (Kind::Data, "unreadable-file"),
        };
        Self::about(kind, code, path, error, ("cannot be read", "无法读取"))
    }

    /// A file cannot be written.
    pub fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        Self::about(refusal_kind(error), "unwritable-file", path, error, ("cannot be written", "无法写入"))
    }

    fn about(kind: Kind, code: &str, path: &Path, error: &std::io::Error, what: (&str, &str)) -> Self {
        let (path, reason) = (path.display(), refusal(error));
        Self {
            kind,
            code: code.to_owned(),
            message: format!("{path} {}: {}", what.0, reason.en),
            message_zh: format!("{} {path}：{}", what.1, reason.zh),
            hint: None,
            details: json!({ "path": path.to_string() }),
        }
    }

    /// The same with what to do about it.
    pub fn with_hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Prints one JSON document on stdout, or prose on stderr; answers the exit code.
    pub fn print(&self, as_json: bool) -> ExitCode {
        if as_json {
            let document = json!({ "error": {
                "kind": self.kind,
                "code": self.code,
                "message": self.message,
                "message_zh": self.message_zh,
                "hint": self.hint.as_ref().map(|it| &it.en),
                "hint_zh": self.hint.as_ref().map(|it| &it.zh),
                "details": self.details,
            }});
            let _ = writeln!(std::io::stdout().lock(), "{document:#}");
        } else {
            complain(&format!("error: {}", self.message));
            complain(&format!("错误：{}", self.message_zh));
            if let Some(hint) = &self.hint {
                complain(&format!("hint:  {}\n提示：{}", hint.en, hint.zh));
            }
        }
        exit_code(self.kind)
    }
}

/// Prints a line on stderr, if somebody still reads it: a remark that is not read is no failure.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// The exit code of a kind.
pub fn exit_code(kind: Kind) -> ExitCode {
    ExitCode::from(match kind {
        Kind::Internal => 1,
        Kind::Request => 2,
        Kind::NotFound => 3,
        Kind::Data => 4,
        Kind::Plugin => 5,
        Kind::Limit => 6,
        Kind::Denied => 7,
        Kind::Conflict => 8,
    })
}
