//! What a plugin says of itself.

mod read;

use std::fmt;

use linli_model::Text;
use serde::{Deserialize, Serialize};

/// What a plugin does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PluginKind {
    /// Says how good each candidate is for its need.
    Scorer,
    /// Turns the indicators of districts into one index each.
    Evaluator,
}

impl PluginKind {
    /// The name outsiders see.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scorer => "scorer",
            Self::Evaluator => "evaluator",
        }
    }

    /// The world of `linli:plugin` that such a plugin lives in.
    pub const fn world(self) -> &'static str {
        match self {
            Self::Scorer => "scoring",
            Self::Evaluator => "evaluating",
        }
    }

    pub(crate) const fn zh(self) -> &'static str {
        match self {
            Self::Scorer => "评分插件",
            Self::Evaluator => "评价插件",
        }
    }
}

impl fmt::Display for PluginKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// `Float64`; never NaN or infinite.
    F64,
    /// `Int64`.
    I64,
    /// `Boolean`.
    Bool,
    /// `Utf8`, `LargeUtf8` or `Utf8View`.
    Text,
}

impl ColumnType {
    /// The word for it in `describe`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::F64 => "f64",
            Self::I64 => "i64",
            Self::Bool => "bool",
            Self::Text => "text",
        }
    }

    /// The Arrow type to send.
    pub const fn arrow(self) -> &'static str {
        match self {
            Self::F64 => "Float64",
            Self::I64 => "Int64",
            Self::Bool => "Boolean",
            Self::Text => "Utf8",
        }
    }
}

/// A column a plugin asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnWanted {
    /// Its name, unit last.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
}

/// The columns a plugin asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Columns {
    /// These, in this order, and no others.
    Named(Vec<ColumnWanted>),
    /// Whatever indicators there are; written `["*"]`, for evaluators only.
    Any,
}

/// A reason to veto a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VetoCode {
    /// The number in the answers.
    pub code: u16,
    /// Its wording, English.
    pub en: String,
    /// Its wording, Chinese.
    pub zh: String,
}

/// What a plugin says of itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Description {
    /// Kebab case, unique in a pool.
    pub name: String,
    /// The plugin's own version.
    pub version: String,
    /// What it does; the same as its world says.
    pub kind: PluginKind,
    /// The columns it asks for.
    pub columns: Columns,
    /// The JSON Schema of its settings, with defaults.
    pub settings: serde_json::Value,
    /// The vetoes it may pronounce, each code once.
    pub vetoes: Vec<VetoCode>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// SPDX expression.
    pub licence: String,
    /// A short name for lists.
    pub title: Text,
    /// One sentence.
    pub summary: Text,
}

impl Description {
    /// The wording of a veto.
    pub fn veto(&self, code: u16) -> Option<&VetoCode> {
        self.vetoes.iter().find(|it| it.code == code)
    }
}

impl Serialize for Columns {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Named(columns) => columns.serialize(serializer),
            Self::Any => ["*"].serialize(serializer),
        }
    }
}
