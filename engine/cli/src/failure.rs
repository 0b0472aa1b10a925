//! Failures as people and programs read them, and the exit code of each kind.

use std::process::ExitCode;

use linli_model::{Failure, Kind, Text};
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
        Self::request("usage", message.clone(), format!("命令行有误：{message}"))
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

    /// A file cannot be read or written.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self {
            kind: Kind::Data,
            code: "unreadable-file".to_owned(),
            message: format!("{}: {error}", path.display()),
            message_zh: format!("{}：{error}", path.display()),
            hint: None,
            details: json!({ "path": path.display().to_string() }),
        }
    }

    /// Prints one JSON document on stdout, or prose on stderr; answers the exit code.
    pub fn print(&self, as_json: bool) -> ExitCode {
        if as_json {
            let document = json!({ "error": {
                "kind": self.kind,
                "code": self.code,
                "message": self.message,
                "message_zh": self.message_zh,
                "hint": self.hint,
                "details": self.details,
            }});
            println!("{document:#}");
        } else {
            eprintln!("error: {}", self.message);
            if self.code != "usage" {
                eprintln!("错误：{}", self.message_zh);
            }
            if let Some(hint) = &self.hint {
                eprintln!("hint:  {}\n提示：{}", hint.en, hint.zh);
            }
        }
        exit_code(self.kind)
    }
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
