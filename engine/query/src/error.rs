//! What can go wrong with tables and SQL.

use linli_model::{Failure, Kind, SchemaError, Text};
use serde_json::json;

/// The result of this crate's operations.
pub type Result<T, E = Error> = std::result::Result<T, E>;

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
    #[error("the pool has no snapshot as old as that: its first is later than {at_us} µs after 1970")]
    NoSnapshotAt { at_us: i64 },
    /// No query of that name in the library.
    #[error("there is no query `{query}` in the library")]
    UnknownQuery { query: String, nearest: Option<String> },
    /// A query wants a parameter, or does not know it.
    #[error("query `{query}`: {cause}")]
    BadParameter { query: String, cause: String },
    /// Somebody else changed the same tables first.
    #[error("table `{table}` was changed by snapshot {snapshot} while this was written")]
    Conflict { table: String, snapshot: u64 },
    /// A file cannot be opened.
    #[error("{path} cannot be read: {cause}")]
    Unreadable { path: String, cause: String },
    /// A file has nothing in it.
    #[error("{path} is empty: expected a header and rows")]
    EmptyFile { path: String },
    /// A file is neither text in UTF-8 nor Parquet.
    #[error("{path}: found {found}, expected UTF-8 text or Parquet")]
    NotUtf8 { path: String, found: &'static str },
    /// A column that must be there is missing.
    #[error("{path}: column `{column}` of table `{table}` is missing, found {}", .found.join(", "))]
    MissingColumn { path: String, table: String, column: String, found: Vec<String> },
    /// Not one row was good.
    #[error("no row of {rows} could be kept")]
    NothingKept { rows: u64, first: Box<linli_model::RowIssue> },
    /// The SQL text is wrong.
    #[error("{cause}")]
    Sql { cause: String },
    /// The SQL text meets data it cannot be applied to, e.g. a division by zero.
    #[error("the rows cannot be computed: {cause}")]
    Evaluation { cause: String },
    /// No form of rows of that name.
    #[error("there is no format `{format}`")]
    UnknownFormat { format: String },
    /// The SQL text does more than read.
    #[error("only reading is allowed, found {found}")]
    NotReadOnly { found: String },
    /// The query took too long.
    #[error("the query ran longer than {seconds} s")]
    TimedOut { seconds: u64 },
    /// The query needed too much memory.
    #[error("the query needed more memory than {megabytes} MB")]
    OutOfMemory { megabytes: u64 },
    /// More occurrences, slots or candidates than one run takes.
    #[error("{what}: more than {limit}")]
    TooMany { what: String, limit: u64 },
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
    #[error("{path}: {source}")]
    Io { path: String, source: std::io::Error },
}

impl Failure for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::NoPool { .. }
            | Self::UnknownTable { .. }
            | Self::UnknownSnapshot { .. }
            | Self::NoSnapshotAt { .. }
            | Self::UnknownQuery { .. } => Kind::NotFound,
            Self::PoolExists { .. } | Self::NotEmpty { .. } | Self::Conflict { .. } => Kind::Conflict,
            Self::NewerFormat { .. }
            | Self::NotLoadable { .. }
            | Self::BadParameter { .. }
            | Self::UnknownFormat { .. }
            | Self::Sql { .. } => Kind::Request,
            Self::NotReadOnly { .. } => Kind::Denied,
            Self::Damaged { .. }
            | Self::Unreadable { .. }
            | Self::EmptyFile { .. }
            | Self::NotUtf8 { .. }
            | Self::MissingColumn { .. }
            | Self::NothingKept { .. }
            | Self::AmbiguousProvider { .. }
            | Self::Evaluation { .. }
            | Self::BadRecurrence { .. } => Kind::Data,
            Self::TimedOut { .. } | Self::OutOfMemory { .. } | Self::TooMany { .. } => Kind::Limit,
            Self::Schema(_) | Self::Engine { .. } | Self::Io { .. } => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoPool { .. } => "no-pool",
            Self::PoolExists { .. } => "pool-exists",
            Self::NotEmpty { .. } => "folder-not-empty",
            Self::NewerFormat { .. } => "newer-format",
            Self::Damaged { .. } => "damaged-pool",
            Self::UnknownTable { .. } => "unknown-table",
            Self::NotLoadable { .. } => "not-loadable",
            Self::UnknownSnapshot { .. } => "unknown-snapshot",
            Self::NoSnapshotAt { .. } => "no-snapshot-at",
            Self::UnknownQuery { .. } => "unknown-query",
            Self::BadParameter { .. } => "bad-parameter",
            Self::Conflict { .. } => "snapshot-conflict",
            Self::Unreadable { .. } => "unreadable-file",
            Self::EmptyFile { .. } => "empty-file",
            Self::NotUtf8 { .. } => "not-utf-8",
            Self::MissingColumn { .. } => "missing-column",
            Self::NothingKept { .. } => "nothing-kept",
            Self::Sql { .. } => "bad-sql",
            Self::Evaluation { .. } => "bad-value",
            Self::UnknownFormat { .. } => "unknown-format",
            Self::NotReadOnly { .. } => "not-read-only",
            Self::TimedOut { .. } => "query-timeout",
            Self::OutOfMemory { .. } => "query-memory",
            Self::TooMany { .. } => "too-many",
            Self::AmbiguousProvider { .. } => "ambiguous-provider",
            Self::BadRecurrence { .. } => "bad-recurrence",
            Self::Schema(_) => "embedded-schema",
            Self::Engine { .. } => "engine",
            Self::Io { .. } => "io",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::NoPool { path } => format!("{path} 不是资源池：没有 pool.json"),
            Self::PoolExists { path } => format!("{path} 已经是资源池"),
            Self::NotEmpty { path } => format!("{path} 不为空，也不是资源池"),
            Self::NewerFormat { path, found, supported } => {
                format!("{path} 的格式版本为 {found}，本程序最高支持 {supported}")
            }
            Self::Damaged { path, cause } => format!("{path} 无法解析：{cause}"),
            Self::UnknownTable { table, .. } => format!("没有名为 {table} 的表"),
            Self::NotLoadable { table } => format!("表 {table} 只由 linli 写入"),
            Self::UnknownSnapshot { snapshot } => format!("没有编号为 {snapshot} 的快照"),
            Self::NoSnapshotAt { .. } => "该时刻资源池尚未建立".to_owned(),
            Self::UnknownQuery { query, .. } => format!("查询库里没有 {query}"),
            Self::BadParameter { query, cause } => format!("查询 {query} 的参数有误：{cause}"),
            Self::Conflict { table, snapshot } => {
                format!("写入期间，快照 {snapshot} 已修改表 {table}")
            }
            Self::Unreadable { path, cause } => format!("无法读取 {path}：{cause}"),
            Self::EmptyFile { path } => format!("{path} 是空文件：应有表头和数据行"),
            Self::NotUtf8 { path, found } => {
                format!("{path}：现为 {found}，应为 UTF-8 文本或 Parquet")
            }
            Self::MissingColumn { path, table, column, found } => {
                format!("{path}：缺少表 {table} 的列 {column}，现有列：{}", found.join("、"))
            }
            Self::NothingKept { rows, .. } => format!("{rows} 行中没有一行可用"),
            Self::Sql { cause } => format!("SQL 有误：{cause}"),
            Self::Evaluation { cause } => format!("无法算出结果：{cause}"),
            Self::UnknownFormat { format } => format!("没有名为 {format} 的格式"),
            Self::NotReadOnly { found } => format!("只允许读取，语句中有 {found}"),
            Self::TimedOut { seconds } => format!("查询超过 {seconds} 秒"),
            Self::OutOfMemory { megabytes } => format!("查询所需内存超过 {megabytes} MB"),
            Self::TooMany { what, limit } => format!("{what}：超过 {limit}"),
            Self::AmbiguousProvider { provider } => format!("编号 {provider} 既是志愿者又是商户"),
            Self::BadRecurrence { what, rule, cause } => {
                format!("{what} 的重复规则 {rule} 有误：{cause}")
            }
            Self::Schema(cause) => format!("内置表结构有误：{cause}"),
            Self::Engine { cause } => format!("引擎出错：{cause}"),
            Self::Io { path, source } => format!("{path}：{source}"),
        }
    }

    fn hint(&self) -> Option<Text> {
        match self {
            Self::NoPool { path } => Some(Text::new(
                format!("make one: linli init {path}"),
                format!("先建立资源池：linli init {path}"),
            )),
            Self::UnknownTable { nearest: Some(it), .. } | Self::UnknownQuery { nearest: Some(it), .. } => {
                Some(Text::new(format!("did you mean `{it}`?"), format!("是否想写 {it}？")))
            }
            Self::NewerFormat { .. } => Some(Text::new("use a newer linli", "请使用更新版本的 linli")),
            Self::Conflict { .. } => Some(Text::new("do it again", "请重试")),
            Self::NothingKept { first, .. } => Some(Text::new(
                format!(
                    "first: {}:{} {}: found {:?}, expected {}",
                    first.file, first.line, first.column, first.found, first.expected
                ),
                format!(
                    "首条：{} 第 {} 行 {} 列：现为 {:?}，应为 {}",
                    first.file, first.line, first.column, first.found, first.expected
                ),
            )),
            Self::NotUtf8 { .. } => Some(Text::new("save it as CSV in UTF-8", "请另存为 UTF-8 编码的 CSV")),
            Self::UnknownFormat { .. } => Some(Text::new(
                "use table, csv, json, ndjson, arrow, parquet or xlsx",
                "可用 table、csv、json、ndjson、arrow、parquet、xlsx",
            )),
            Self::TimedOut { .. } => Some(Text::new(
                "narrow it with WHERE, or ask for less at a time",
                "请用 WHERE 缩小范围，或分次查询",
            )),
            _ => None,
        }
    }

    fn details(&self) -> serde_json::Value {
        match self {
            Self::NoPool { path }
            | Self::PoolExists { path }
            | Self::NotEmpty { path }
            | Self::EmptyFile { path } => {
                json!({ "path": path })
            }
            Self::NewerFormat { path, found, supported } => {
                json!({ "path": path, "found": found, "supported": supported })
            }
            Self::UnknownTable { table, nearest } => json!({ "table": table, "nearest": nearest }),
            Self::NotLoadable { table } => json!({ "table": table }),
            Self::UnknownSnapshot { snapshot } => json!({ "snapshot": snapshot }),
            Self::UnknownQuery { query, nearest } => json!({ "query": query, "nearest": nearest }),
            Self::BadParameter { query, .. } => json!({ "query": query }),
            Self::Conflict { table, snapshot } => json!({ "table": table, "snapshot": snapshot }),
            Self::NotUtf8 { path, found } => json!({ "path": path, "found": found }),
            Self::MissingColumn { path, table, column, found } => {
                json!({ "path": path, "table": table, "column": column, "found": found })
            }
            Self::NothingKept { rows, first } => json!({ "rows": rows, "first": first }),
            Self::NotReadOnly { found } => json!({ "found": found }),
            Self::TimedOut { seconds } => json!({ "seconds": seconds }),
            Self::OutOfMemory { megabytes } => json!({ "megabytes": megabytes }),
            Self::TooMany { what, limit } => json!({ "what": what, "limit": limit }),
            _ => json!({}),
        }
    }
}
