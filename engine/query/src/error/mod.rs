//! What can go wrong with tables and SQL.

use std::io::ErrorKind;
use std::path::Path;

use linli_model::{Failure, Kind, RowIssue, SchemaError, Text, refusal, refusal_kind};
use serde_json::json;

mod words;

/// The result of this crate's operations.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What files may be.
const KINDS_EN: &str = "CSV, a workbook, JSON or Parquet";
const KINDS_ZH: &str = " CSV、工作簿、JSON 或 Parquet";

/// Columns of a file that a message names; the details have all.
const COLUMNS_NAMED: usize = 20;

/// The first columns by name, and how many more there are.
fn named(columns: &[String]) -> Text {
    let (first, others) = columns.split_at(columns.len().min(COLUMNS_NAMED));
    let (en, zh) = match others.len() {
        0 => (String::new(), String::new()),
        more => (format!(" and {more} more"), format!(" 等 {} 列", columns.len())),
    };
    Text::new(first.join(", ") + &en, first.join("、") + &zh)
}

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no pool in this folder.
    #[error("{path} is no pool: it has no pool.json")]
    NoPool { path: String },
    /// A pool stands there already.
    #[error("{path} is a pool already")]
    PoolExists { path: String },
    /// The folder holds something else.
    #[error("{path} is not empty and no pool")]
    NotEmpty { path: String },
    /// A file stands there already.
    #[error("{path} is there already")]
    FileExists { path: String },
    /// A file is not, or not wholly, what an export wrote.
    #[error("{path} cannot be imported: {}", .cause.en)]
    NotAnExport { path: String, cause: Text },
    /// A newer linli wrote this pool.
    #[error("{path} has pool format {found}, this linli reads up to {supported}")]
    NewerFormat { path: String, found: u64, supported: u32 },
    /// A file of the pool is damaged.
    #[error("{path} cannot be understood: {cause}")]
    Damaged { path: String, cause: String },
    /// No table of that name.
    #[error("there is no table `{table}`")]
    UnknownTable { table: String, nearest: Option<String> },
    /// A table that outsiders do not write.
    #[error("table `{table}` is written by linli only")]
    NotLoadable { table: String },
    /// No snapshot of that number.
    #[error("there is no snapshot {snapshot}")]
    UnknownSnapshot { snapshot: u64 },
    /// The pool is younger than that.
    #[error("the pool did not exist yet at {asked}: its first snapshot is of {first}")]
    NoSnapshotAt { asked: String, first: String },
    /// No query of that name in the library.
    #[error("there is no query `{query}` in the library")]
    UnknownQuery { query: String, nearest: Option<String> },
    /// A query wants a parameter, or does not know it.
    #[error("query `{query}`: {}", .cause.en)]
    BadParameter { query: String, cause: Text },
    /// The horizon of a match ends before it begins.
    #[error("the horizon ends ({end}) before it begins ({start})")]
    BadHorizon { start: String, end: String },
    /// Nothing to run, or more than one thing.
    #[error("found {found} statements, expected one")]
    NotOneStatement { found: usize },
    /// Somebody else changed the same tables first.
    #[error("table `{table}` was changed by snapshot {snapshot} while this was written")]
    Conflict { table: String, snapshot: u64 },
    /// There is no such file.
    #[error("there is no file {path}")]
    UnknownFile { path: String },
    /// A file may not be read.
    #[error("{path} may not be read by this user")]
    FileDenied { path: String },
    /// A file cannot be read.
    #[error("{path} cannot be read: {}", .cause.en)]
    Unreadable { path: String, cause: Text },
    /// A file has no rows in it, or nothing at all.
    #[error("{path} holds no rows: expected a header and rows")]
    EmptyFile { path: String },
    /// A quote in the header of a CSV file has no end.
    #[error("{path}: the header on line {line} has a quote that is not closed")]
    OpenQuote { path: String, line: u64 },
    /// The line that was named as the header is not there, or empty.
    #[error("{path}: there is no header on line {line}")]
    NoHeader { path: String, line: u64 },
    /// A file is nothing that can be read as a table.
    #[error("{path}: found {}, expected {KINDS_EN}", .found.en)]
    UnknownKind { path: String, found: Box<Text>, hint: Box<Text> },
    /// A text is in no encoding, or in more than one.
    #[error("{path}:{line}: found the bytes {bytes}, {}", .cause.en)]
    Undecodable { path: String, line: u64, bytes: String, cause: Box<Text> },
    /// No encoding of that name.
    #[error("there is no encoding `{encoding}`")]
    UnknownEncoding { encoding: String, nearest: Option<String> },
    /// A workbook has no sheet of that name or number.
    #[error("{path} has no sheet `{sheet}`, found {}", .found.join(", "))]
    UnknownSheet { path: String, sheet: String, found: Vec<String> },
    /// A file that begins as JSON goes on as something else.
    #[error("{path}:{line}:{column}: {}", .cause.en)]
    BadJson { path: String, line: u64, column: u64, cause: Text },
    /// A database does not answer, or not with rows. `database` is its address without the
    /// password.
    #[error("{database}: {}", .cause.en)]
    Database { database: String, code: &'static str, kind: Kind, cause: Text, hint: Option<Box<Text>> },
    /// A file of a table is gone, or not as long as the log says.
    #[error("{path}: found {}, expected {expected} bytes", found_en(*.found))]
    LostFile { path: String, expected: i64, found: Option<u64> },
    /// A column that must be there is missing.
    #[error("{path}: column `{column}` of table `{table}` is missing, found {}", named(.found).en)]
    MissingColumn {
        path: String,
        table: String,
        column: String,
        found: Vec<String>,
        /// The encoding that somebody named, which may be the reason.
        encoding: Option<Box<str>>,
    },
    /// An option of a load speaks of what no file of it has.
    #[error("{path} is {found}: {option} does not apply to it")]
    IdleOption { path: String, found: String, option: &'static str },
    /// A mapping file says what cannot be.
    #[error("{path}{}: {}", key_en(.key), .cause.en)]
    BadMapping { path: String, key: String, cause: Text, nearest: Option<String> },
    /// Not one row was good. The issues are those that a report would list.
    #[error("no row of {rows} could be kept")]
    NothingKept { rows: u64, issues: Vec<RowIssue>, issues_total: u64 },
    /// Rows of a file that must be read whole cannot be read. The issues are the first of them.
    #[error("{}", first_issue(.issues).en)]
    BadRows { rows: u64, issues: Vec<RowIssue>, issues_total: u64 },
    /// The SQL text is wrong.
    #[error("{cause}")]
    Sql { cause: String },
    /// The SQL text meets data it cannot be applied to, e.g. a division by zero.
    #[error("the rows cannot be computed: {cause}")]
    Evaluation { cause: String },
    /// No form of rows of that name.
    #[error("there is no format `{format}`")]
    UnknownFormat { format: String },
    /// No coordinate system of that name.
    #[error("there is no coordinate system `{crs}`")]
    UnknownCrs { crs: String },
    /// A form has no room for a column of that type.
    #[error("format `{format}` cannot hold these columns: {cause}")]
    Unsupported { format: &'static str, cause: String },
    /// The SQL text does more than read.
    #[error("only reading is allowed, found {found}")]
    NotReadOnly { found: String },
    /// The query took too long.
    #[error("the query ran longer than {seconds} s")]
    TimedOut { seconds: u64 },
    /// The query needed too much memory.
    #[error("the query needed more memory than {megabytes} MB")]
    OutOfMemory { megabytes: u64 },
    /// A statement, its answer or a run is larger than what is let through.
    #[error("{}: more than {limit}", .what.en)]
    Over { what: Text, limit: u64 },
    /// One id is a volunteer's and a merchant's.
    #[error("provider id `{provider}` stands for a volunteer and for a merchant")]
    AmbiguousProvider { provider: String },
    /// A recurrence rule that cannot be read.
    #[error("{what} has the recurrence rule `{rule}`: {cause}")]
    BadRecurrence { what: String, rule: String, cause: String },
    /// An embedded query or schema is wrong: our mistake.
    #[error("{0}")]
    Schema(#[from] SchemaError),
    /// The engine failed where it should not.
    #[error("the engine failed: {cause}")]
    Engine { cause: String },
    /// The disk or the file system refused.
    #[error("{path}: {}", refusal(.source).en)]
    Io { path: String, source: std::io::Error },
}

impl Error {
    /// What it means that a file could not be opened.
    pub(crate) fn reading(path: &Path, cause: &std::io::Error) -> Self {
        let path = path.display().to_string();
        match cause.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::UnknownFile { path },
            ErrorKind::PermissionDenied => Self::FileDenied { path },
            _ => Self::Unreadable { path, cause: refusal(cause) },
        }
    }

    /// What a file is that is no table, and what helps.
    pub(crate) fn unknown_kind(path: impl Into<String>, found: Text, hint: Text) -> Self {
        Self::UnknownKind { path: path.into(), found: Box::new(found), hint: Box::new(hint) }
    }

    /// More of something than is let through, named in both languages.
    pub(crate) fn over(en: impl Into<String>, zh: impl Into<String>, limit: u64) -> Self {
        Self::Over { what: Text::new(en, zh), limit }
    }
}

/// Where the first issue is, and what it is.
fn first_issue(issues: &[RowIssue]) -> Text {
    let Some(RowIssue { file, line, column, found, expected, expected_zh, .. }) = issues.first() else {
        return Text::new("rows cannot be read", "有无法读取的行");
    };
    let (en, zh) = match column.as_str() {
        "" => (String::new(), String::new()),
        it => (format!(", column `{it}`"), format!("，{it} 列")),
    };
    Text::new(
        format!("{file}:{line}{en}: found {found:?}, expected {expected}"),
        format!("{file} 第 {line} 行{zh}：现为 {found:?}，应为 {expected_zh}"),
    )
}

fn key_en(key: &str) -> String {
    if key.is_empty() { String::new() } else { format!(": `{key}`") }
}

fn found_en(found: Option<u64>) -> String {
    found.map_or_else(|| "no file".to_owned(), |it| format!("{it} bytes"))
}

impl Failure for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Database { kind, .. } => *kind,
            Self::NoPool { .. }
            | Self::UnknownFile { .. }
            | Self::UnknownSheet { .. }
            | Self::UnknownTable { .. }
            | Self::UnknownSnapshot { .. }
            | Self::NoSnapshotAt { .. }
            | Self::UnknownQuery { .. } => Kind::NotFound,
            Self::PoolExists { .. }
            | Self::NotEmpty { .. }
            | Self::FileExists { .. }
            | Self::Conflict { .. } => Kind::Conflict,
            Self::NewerFormat { .. }
            | Self::NotLoadable { .. }
            | Self::BadParameter { .. }
            | Self::BadHorizon { .. }
            | Self::NotOneStatement { .. }
            | Self::BadMapping { .. }
            | Self::UnknownFormat { .. }
            | Self::UnknownEncoding { .. }
            | Self::NoHeader { .. }
            | Self::UnknownCrs { .. }
            | Self::IdleOption { .. }
            | Self::Unsupported { .. }
            | Self::Sql { .. } => Kind::Request,
            Self::NotReadOnly { .. } | Self::FileDenied { .. } => Kind::Denied,
            Self::Damaged { .. }
            | Self::NotAnExport { .. }
            | Self::Unreadable { .. }
            | Self::EmptyFile { .. }
            | Self::OpenQuote { .. }
            | Self::UnknownKind { .. }
            | Self::Undecodable { .. }
            | Self::BadJson { .. }
            | Self::LostFile { .. }
            | Self::MissingColumn { .. }
            | Self::NothingKept { .. }
            | Self::BadRows { .. }
            | Self::AmbiguousProvider { .. }
            | Self::Evaluation { .. }
            | Self::BadRecurrence { .. } => Kind::Data,
            Self::TimedOut { .. } | Self::OutOfMemory { .. } | Self::Over { .. } => Kind::Limit,
            Self::Io { source, .. } => refusal_kind(source),
            Self::Schema(_) | Self::Engine { .. } => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoPool { .. } => "no-pool",
            Self::PoolExists { .. } => "pool-exists",
            Self::NotEmpty { .. } => "folder-not-empty",
            Self::FileExists { .. } => "file-exists",
            Self::NotAnExport { .. } => "not-an-export",
            Self::NewerFormat { .. } => "newer-format",
            Self::Damaged { .. } | Self::LostFile { .. } => "damaged-pool",
            Self::UnknownTable { .. } => "unknown-table",
            Self::NotLoadable { .. } => "not-loadable",
            Self::UnknownSnapshot { .. } => "unknown-snapshot",
            Self::NoSnapshotAt { .. } => "no-snapshot-at",
            Self::UnknownQuery { .. } => "unknown-query",
            Self::BadParameter { .. } => "bad-parameter",
            Self::BadHorizon { .. } => "bad-horizon",
            Self::NotOneStatement { .. } => "not-one-statement",
            Self::Conflict { .. } => "snapshot-conflict",
            Self::UnknownFile { .. } => "unknown-file",
            Self::FileDenied { .. } => "file-denied",
            Self::Unreadable { .. } => "unreadable-file",
            Self::EmptyFile { .. } => "empty-file",
            Self::OpenQuote { .. } => "open-quote",
            Self::NoHeader { .. } => "no-header",
            Self::UnknownKind { .. } => "unknown-kind",
            Self::Undecodable { .. } => "undecodable-text",
            Self::UnknownEncoding { .. } => "unknown-encoding",
            Self::UnknownSheet { .. } => "unknown-sheet",
            Self::BadJson { .. } => "bad-json",
            Self::Database { code, .. } => code,
            Self::MissingColumn { .. } => "missing-column",
            Self::IdleOption { .. } => "idle-option",
            Self::BadMapping { .. } => "bad-mapping",
            Self::NothingKept { .. } => "nothing-kept",
            Self::BadRows { .. } => "bad-rows",
            Self::Sql { .. } => "bad-sql",
            Self::Evaluation { .. } => "bad-value",
            Self::UnknownFormat { .. } => "unknown-format",
            Self::UnknownCrs { .. } => "unknown-crs",
            Self::Unsupported { .. } => "unsupported-type",
            Self::NotReadOnly { .. } => "not-read-only",
            Self::TimedOut { .. } => "query-timeout",
            Self::OutOfMemory { .. } => "query-memory",
            Self::Over { .. } => "too-many",
            Self::AmbiguousProvider { .. } => "ambiguous-provider",
            Self::BadRecurrence { .. } => "bad-recurrence",
            Self::Schema(_) => "embedded-schema",
            Self::Engine { .. } => "engine",
            Self::Io { .. } => "io",
        }
    }

    fn zh(&self) -> String {
        words::zh(self)
    }

    fn hint(&self) -> Option<Text> {
        words::hint(self)
    }

    fn details(&self) -> serde_json::Value {
        match self {
            Self::NoPool { path }
            | Self::PoolExists { path }
            | Self::NotEmpty { path }
            | Self::UnknownFile { path }
            | Self::FileDenied { path }
            | Self::FileExists { path }
            | Self::NotAnExport { path, .. }
            | Self::Unreadable { path, .. }
            | Self::EmptyFile { path } => {
                json!({ "path": path })
            }
            Self::UnknownSheet { path, sheet, found } => {
                json!({ "path": path, "sheet": sheet, "found": found })
            }
            Self::BadJson { path, line, column, .. } => {
                json!({ "path": path, "line": line, "column": column })
            }
            Self::Database { database, .. } => json!({ "database": database }),
            Self::NoHeader { path, line } | Self::OpenQuote { path, line } => {
                json!({ "path": path, "line": line })
            }
            Self::NewerFormat { path, found, supported } => {
                json!({ "path": path, "found": found, "supported": supported })
            }
            Self::UnknownTable { table, nearest } => json!({ "table": table, "nearest": nearest }),
            Self::NotLoadable { table } => json!({ "table": table }),
            Self::UnknownCrs { crs } => json!({ "crs": crs }),
            Self::UnknownSnapshot { snapshot } => json!({ "snapshot": snapshot }),
            Self::UnknownQuery { query, nearest } => json!({ "query": query, "nearest": nearest }),
            Self::BadParameter { query, .. } => json!({ "query": query }),
            Self::BadHorizon { start, end } => json!({ "start": start, "end": end }),
            Self::NotOneStatement { found } => json!({ "found": found }),
            Self::Conflict { table, snapshot } => json!({ "table": table, "snapshot": snapshot }),
            Self::UnknownKind { path, found, .. } => json!({ "path": path, "found": found.en }),
            Self::Undecodable { path, line, bytes, .. } => {
                json!({ "path": path, "line": line, "found": bytes })
            }
            Self::UnknownEncoding { encoding, nearest } => {
                json!({ "encoding": encoding, "nearest": nearest })
            }
            Self::LostFile { path, expected, found } => {
                json!({ "path": path, "expected": expected, "found": found })
            }
            Self::MissingColumn { path, table, column, found, encoding } => json!({
                "path": path, "table": table, "column": column, "found": found, "encoding": encoding
            }),
            Self::IdleOption { path, found, option } => {
                json!({ "path": path, "found": found, "option": option })
            }
            Self::BadMapping { path, key, nearest, .. } => {
                json!({ "path": path, "key": key, "nearest": nearest })
            }
            Self::NothingKept { rows, issues, issues_total }
            | Self::BadRows { rows, issues, issues_total } => {
                json!({ "rows": rows, "issues": issues, "issues_total": issues_total })
            }
            Self::NotReadOnly { found } => json!({ "found": found }),
            Self::TimedOut { seconds } => json!({ "seconds": seconds }),
            Self::OutOfMemory { megabytes } => json!({ "megabytes": megabytes }),
            Self::Over { what, limit } => json!({ "what": what.en, "limit": limit }),
            Self::Unsupported { format, .. } => json!({ "format": format }),
            _ => json!({}),
        }
    }
}
