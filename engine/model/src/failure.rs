//! Kinds of failure, by who must act, and what every error of linli can say of itself.

use serde::{Deserialize, Serialize};

/// A short text in both languages of the users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Text {
    /// Pairs the two wordings of one thing.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}

/// Who must act when something could not be done.
///
/// The doors map a kind to their own code: exit code in the terminal, status in HTTP,
/// SQLSTATE on the wire. Nothing below the doors knows those codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A fault of linli itself.
    Internal,
    /// The caller asked for something that makes no sense.
    Request,
    /// The caller named something that does not exist.
    NotFound,
    /// The data cannot be used as it is.
    Data,
    /// A plugin misbehaved.
    Plugin,
    /// A limit was reached.
    Limit,
    /// The caller may not do this.
    Denied,
    /// Somebody else changed the same thing first.
    Conflict,
}

impl Kind {
    /// Every kind, in the order of the exit codes.
    pub const ALL: [Self; 8] = [
        Self::Internal,
        Self::Request,
        Self::NotFound,
        Self::Data,
        Self::Plugin,
        Self::Limit,
        Self::Denied,
        Self::Conflict,
    ];

    /// The name outsiders see.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Request => "request",
            Self::NotFound => "not_found",
            Self::Data => "data",
            Self::Plugin => "plugin",
            Self::Limit => "limit",
            Self::Denied => "denied",
            Self::Conflict => "conflict",
        }
    }
}

/// What an error says of itself, beside its English text (`Display`).
///
/// The text is a lower-case fragment that fits after "could not …: "; it says what was
/// found, what was expected and where. The hint says what to do and is shown apart.
pub trait Failure: std::error::Error {
    /// Who must act.
    fn kind(&self) -> Kind;
    /// A stable name of this failure, in kebab case, e.g. `unknown-table`.
    fn code(&self) -> &'static str;
    /// The text in Chinese.
    fn zh(&self) -> String;
    /// What to do about it.
    fn hint(&self) -> Option<Text> {
        None
    }
    /// The error's fields, for programs.
    fn details(&self) -> serde_json::Value {
        serde_json::Value::Object(serde_json::Map::new())
    }
}
