//! Where a plugin was, and the faults it returns.

use std::fmt;

use serde::Serialize;

use super::Error;
use crate::state::Remark;

/// What a plugin was doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// An instance was made.
    Start,
    /// It was asked who it is.
    Describe,
    /// It was given its settings.
    Configure,
    /// It scored candidates.
    Score,
    /// It evaluated districts.
    Evaluate,
}

/// Which plugin, in which call, on which rows of the caller's batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Site {
    /// The plugin's name; the beginning of its digest until it has told its name.
    pub plugin: String,
    /// What it was doing.
    pub call: Call,
    /// The first row it was given.
    pub first_row: u32,
    /// How many rows it was given.
    pub rows: u32,
    /// What it had to say until then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
}

impl Error {
    /// In which call a plugin failed, if one did.
    pub const fn site(&self) -> Option<&Site> {
        match self {
            Self::OutOfFuel { site, .. }
            | Self::TimedOut { site, .. }
            | Self::OutOfMemory { site, .. }
            | Self::TableTooLarge { site, .. }
            | Self::StackOverflow { site }
            | Self::Trapped { site, .. }
            | Self::Unreadable { site, .. }
            | Self::Fault { site, .. }
            | Self::WrongLength { site, .. }
            | Self::BadScore { site, .. }
            | Self::VetoBeyondRows { site, .. }
            | Self::VetoOutOfOrder { site, .. }
            | Self::UnknownVeto { site, .. }
            | Self::BadIndex { site, .. }
            | Self::ContributionCount { site, .. }
            | Self::BadContribution { site, .. } => Some(site),
            _ => None,
        }
    }

    /// Which row of the caller's batch this is about; the first of the call where no single one
    /// is to blame.
    pub fn row(&self) -> Option<u64> {
        match self {
            Self::NotFinite { row, .. } => Some(*row),
            Self::BadScore { row, .. }
            | Self::VetoOutOfOrder { row, .. }
            | Self::UnknownVeto { row, .. }
            | Self::BadIndex { row, .. }
            | Self::ContributionCount { row, .. }
            | Self::BadContribution { row, .. } => Some(u64::from(*row)),
            _ => self.site().filter(|it| it.rows > 0).map(|it| u64::from(it.first_row)),
        }
    }
}

/// A fault that a plugin itself returned instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", content = "text", rename_all = "kebab-case")]
pub enum Fault {
    /// It says that a column is missing, though it got all it asked for.
    MissingColumn(String),
    /// It refuses its settings only now, when it should have when it was configured.
    BadSettings(String),
    /// Anything else.
    Other(String),
}

impl fmt::Display for Site {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "plugin `{}`, ", self.plugin)?;
        match self.call {
            Call::Start => out.write_str("being started,"),
            Call::Describe => out.write_str("describing itself,"),
            Call::Configure => out.write_str("taking its settings,"),
            Call::Score => write!(out, "scoring {} rows from row {},", self.rows, self.first_row),
            Call::Evaluate => write!(out, "evaluating {} rows,", self.rows),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingColumn(column) => write!(out, "column `{column}` is missing"),
            Self::BadSettings(text) => write!(out, "bad settings: {text}"),
            Self::Other(text) => out.write_str(text),
        }
    }
}
