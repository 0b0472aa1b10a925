//! What can go wrong with plugins, by who must act.
//!
//! Whatever a plugin does wrong, running out of fuel, time or memory included, is of kind
//! `plugin`: who wrote it must act. What the caller asked for wrongly is `request`.

mod refusal;
mod site;
mod words;

use linli_model::{Failure, Kind, Text};
use serde::Serialize;

use crate::check::Check;
use crate::description::{ColumnType, PluginKind};
use crate::trust::Distrust;

pub use refusal::{Part, Refusal};
pub use site::{Call, Fault, Site};

/// The result of this crate's operations.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a plugin could not be loaded or could not answer. Rows count from 0 in the caller's batch.
#[derive(Debug, Clone, PartialEq, thiserror::Error, Serialize)]
#[serde(untagged)]
pub enum Error {
    /// The sandbox could not be set up on this machine.
    #[error("the sandbox cannot be set up: {cause}")]
    Host { cause: String },
    /// The limits contradict each other.
    #[error("the limits for plugins contradict each other: {}", .cause.en)]
    Limits { cause: Text },

    /// The bytes are something else.
    #[error("expected a WebAssembly component, found {}", .found.en)]
    NotWasm { found: Text },
    /// The bytes are a core module.
    #[error("expected a WebAssembly component, found a core module")]
    CoreModule,
    /// The component is too large.
    #[error("the component has {bytes} bytes, expected at most {bytes_max}")]
    TooLarge { bytes: usize, bytes_max: usize },
    /// The component is damaged, cut short, or uses features that are switched off.
    #[error("the component is damaged or uses what is not allowed: {cause}")]
    Broken { cause: String },
    /// The component is made of too many parts; `found` is where counting ended.
    #[error("the component has {found} {} or more, expected at most {max}", .part.words()[0])]
    TooManyParts { part: Part, found: usize, max: usize },
    /// The component wants something of its host that plugins do not get.
    #[error("the component imports {}, expected nothing but {expected}", .found.join(", "))]
    ForbiddenImports { found: Vec<String>, expected: &'static str },
    /// The component was made for another version of the interface.
    #[error("the component was made for {found}, expected version {expected}")]
    OtherVersion { found: String, expected: &'static str },
    /// The component is no plugin.
    #[error("the component exports {}, expected those of linli:plugin", list(.found))]
    NoWorld { found: Vec<String> },
    /// The component exports a function of that name, but means something else by it.
    #[error("the component's {name} has another shape than linli:plugin says: {cause}")]
    OtherShape { name: String, cause: String },
    /// `describe` returned no JSON, or keys are missing.
    #[error("plugin `{plugin}` describes itself in a way that cannot be read: {cause}")]
    DescriptionUnreadable { plugin: String, cause: String },
    /// `describe` says something that makes no sense; `found` is data, in no language.
    #[error("plugin `{plugin}` describes its {key} as {found}, expected {}", .expected.en)]
    BadDescription { plugin: String, key: &'static str, found: String, expected: Text },
    /// The plugin asks for a column that it does not get.
    #[error("plugin `{plugin}` asks for column `{column}`: {}", .why.en())]
    NotGranted {
        plugin: String,
        column: String,
        #[serde(flatten)]
        why: Refusal,
    },
    /// The plugin does not keep its promises; `failed` are the checks that say so.
    #[error("plugin `{plugin}` does not keep the contract: {}", broken(.failed))]
    BreaksContract { plugin: String, failed: Vec<Check> },
    /// Keys, signatures or policies are not as they should be.
    #[error("{}", .0.en())]
    Untrusted(Distrust),

    /// A scorer was asked to evaluate, or the other way round.
    #[error("plugin `{plugin}` is of kind {found}, expected {expected}")]
    WrongKind { plugin: String, found: PluginKind, expected: PluginKind },
    /// The settings are no JSON object, too long, or not those that the plugin declares.
    #[error("the settings of plugin `{plugin}` are {}, expected {}", .found.en, .expected.en)]
    BadSettings { plugin: String, found: Text, expected: Text },
    /// The plugin refused its settings.
    #[error("plugin `{plugin}` refuses its settings: {text}")]
    SettingsRefused { plugin: String, text: String },
    /// The batch lacks a column.
    #[error("plugin `{plugin}` needs column `{column}`, found {}", list(.found))]
    MissingColumn { plugin: String, column: String, found: Vec<String> },
    /// A column of the batch has another type.
    #[error("plugin `{plugin}` needs column `{column}` as {}, found {found}", .expected.arrow())]
    ColumnType { plugin: String, column: String, expected: ColumnType, found: String },
    /// A column of the batch holds NaN or an infinity.
    #[error("column `{column}` holds {value} in row {row}, expected a finite number or null")]
    NotFinite {
        column: String,
        row: u64,
        #[serde(serialize_with = "number")]
        value: f64,
    },
    /// The texts of one block are too long.
    #[error("the texts for plugin `{plugin}` have {bytes} bytes, expected at most {bytes_max}")]
    TextTooLong { plugin: String, bytes: usize, bytes_max: usize },
    /// The batch is too long or too wide.
    #[error("plugin `{plugin}` was given {found} {what}, expected at most {max}")]
    TooMany { plugin: String, what: &'static str, found: u64, max: u64 },
    /// As many weights as columns.
    #[error("plugin `{plugin}` was given {found} weights for {expected} columns")]
    WeightCount { plugin: String, found: usize, expected: usize },
    /// A weight is negative or not finite.
    #[error("the weight of column {column} is {value}, expected a finite number of at least 0")]
    BadWeight {
        column: usize,
        #[serde(serialize_with = "number")]
        value: f64,
    },
    /// The caller cut the batch at another place than `Plugin::blocks` does.
    #[error("rows {start} to {end} are no block of a batch of {rows} rows")]
    NoBlock { start: usize, end: usize, rows: usize },
    /// Too many instances are alive.
    #[error("plugin `{plugin}` cannot start: {sessions_max} instances are running already")]
    Busy { plugin: String, sessions_max: u32 },

    /// The plugin used up its fuel.
    #[error("{site} ran out of fuel (limit {fuel_max})")]
    OutOfFuel {
        #[serde(flatten)]
        site: Site,
        fuel_max: u64,
    },
    /// The wall clock stopped the plugin.
    #[error("{site} ran longer than {seconds_max} s")]
    TimedOut {
        #[serde(flatten)]
        site: Site,
        seconds_max: u32,
    },
    /// The plugin wanted more memory than it may have.
    #[error("{site} wanted {bytes} bytes of memory (limit {bytes_max})")]
    OutOfMemory {
        #[serde(flatten)]
        site: Site,
        bytes: usize,
        bytes_max: usize,
    },
    /// The plugin wanted larger tables than it may have.
    #[error("{site} wanted a table of {elements} elements (limit {elements_max})")]
    TableTooLarge {
        #[serde(flatten)]
        site: Site,
        elements: usize,
        elements_max: usize,
    },
    /// The plugin called itself too deeply.
    #[error("{site} used up its stack by calling too deeply")]
    StackOverflow {
        #[serde(flatten)]
        site: Site,
    },
    /// The plugin panicked or did something forbidden.
    #[error("{site} failed: {}", said(.trap, .report))]
    Trapped {
        #[serde(flatten)]
        site: Site,
        trap: String,
        report: Option<String>,
    },
    /// The plugin broke the rules of the border: bad pointers, broken UTF-8, far too much data.
    #[error("{site} gave an answer that cannot be read: {cause}")]
    Unreadable {
        #[serde(flatten)]
        site: Site,
        cause: String,
    },
    /// The plugin returned a fault.
    #[error("{site} gave up: {fault}")]
    Fault {
        #[serde(flatten)]
        site: Site,
        #[serde(flatten)]
        fault: Fault,
    },
    /// Another number of answers than rows.
    #[error("{site} gave {found} answers, expected {}", .site.rows)]
    WrongLength {
        #[serde(flatten)]
        site: Site,
        found: usize,
    },
    /// A score that is no number from 0 to 1.
    #[error("plugin `{}` gave row {row} the score {value}, expected a number from 0 to 1", .site.plugin)]
    BadScore {
        #[serde(flatten)]
        site: Site,
        row: u32,
        #[serde(serialize_with = "number")]
        value: f64,
    },
    /// A veto for a row that does not exist.
    #[error("plugin `{}` vetoed row {row}, expected rows below {rows_end}", .site.plugin)]
    VetoBeyondRows {
        #[serde(flatten)]
        site: Site,
        row: u64,
        rows_end: u64,
    },
    /// Two vetoes for one row, or rows that fall.
    #[error("plugin `{}` vetoed row {row} after row {previous}, expected ascending rows", .site.plugin)]
    VetoOutOfOrder {
        #[serde(flatten)]
        site: Site,
        row: u32,
        previous: u32,
    },
    /// A veto code that `describe` does not word.
    #[error("plugin `{}` vetoed row {row} with code {code}, expected one of its own codes", .site.plugin)]
    UnknownVeto {
        #[serde(flatten)]
        site: Site,
        row: u32,
        code: u16,
    },
    /// An index that is not finite.
    #[error("plugin `{}` gave row {row} the index {value}, expected a finite number or none", .site.plugin)]
    BadIndex {
        #[serde(flatten)]
        site: Site,
        row: u32,
        #[serde(serialize_with = "number")]
        value: f64,
    },
    /// Another number of contributions than columns.
    #[error("plugin `{}` gave row {row} {found} contributions, expected {expected}", .site.plugin)]
    ContributionCount {
        #[serde(flatten)]
        site: Site,
        row: u32,
        found: usize,
        expected: usize,
    },
    /// A contribution that is not finite.
    #[error("plugin `{}` lets column {column} of row {row} contribute {value}, not finite", .site.plugin)]
    BadContribution {
        #[serde(flatten)]
        site: Site,
        row: u32,
        column: usize,
        #[serde(serialize_with = "number")]
        value: f64,
    },
}

impl Failure for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Host { .. } | Self::NoBlock { .. } => Kind::Internal,
            Self::Untrusted(it) => it.kind(),
            Self::WrongKind { .. }
            | Self::BadSettings { .. }
            | Self::SettingsRefused { .. }
            | Self::MissingColumn { .. }
            | Self::ColumnType { .. }
            | Self::WeightCount { .. }
            | Self::BadWeight { .. } => Kind::Request,
            Self::NotFinite { .. } => Kind::Data,
            Self::Limits { .. } | Self::TextTooLong { .. } | Self::TooMany { .. } | Self::Busy { .. } => {
                Kind::Limit
            }
            _ => Kind::Plugin,
        }
    }

    fn code(&self) -> &'static str {
        words::code(self)
    }

    fn zh(&self) -> String {
        words::zh(self)
    }

    fn hint(&self) -> Option<Text> {
        words::hint(self)
    }

    fn details(&self) -> serde_json::Value {
        match serde_json::to_value(self) {
            Ok(fields @ serde_json::Value::Object(_)) => fields,
            _ => serde_json::Value::Object(serde_json::Map::new()),
        }
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

/// The names of the checks, and what the first one saw.
fn broken(failed: &[Check]) -> String {
    let names: Vec<&str> = failed.iter().map(|it| it.name).collect();
    format!("{}; {}", names.join(", "), failed.first().map_or("", |it| it.detail.as_str()))
}

/// A panic says more than the trap it ends in.
fn said<'a>(trap: &'a str, report: &'a Option<String>) -> &'a str {
    report.as_deref().unwrap_or(trap)
}

/// JSON has no NaN and no infinity; they become words.
fn number<S: serde::Serializer>(value: &f64, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    if value.is_finite() { serializer.serialize_f64(*value) } else { serializer.collect_str(value) }
}

#[cfg(test)]
mod tests;
