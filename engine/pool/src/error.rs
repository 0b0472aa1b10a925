//! What can go wrong between the steps.

use linli_model::{Failure, Kind, Text};
use serde_json::json;

/// The result of this crate's operations.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Tables or SQL.
    #[error(transparent)]
    Query(#[from] linli_query::Error),
    /// A plugin.
    #[error(transparent)]
    Plugin(#[from] linli_plugin::Error),
    /// The solver.
    #[error("the assignment problem: {0}")]
    Assign(#[from] linli_assign::Error),
    /// No run of that id.
    #[error("there is no run `{run_id}`")]
    UnknownRun {
        /// The id as it was asked for.
        run_id: String,
    },
    /// A run's id was shortened too far.
    #[error("`{run_id}` is the beginning of {count} runs")]
    AmbiguousRun {
        /// The beginning.
        run_id: String,
        /// How many runs begin so.
        count: usize,
    },
    /// No need of that id took part in the run.
    #[error("need `{need_id}` took no part in run `{run_id}`")]
    UnknownNeed {
        /// The need.
        need_id: String,
        /// The run.
        run_id: String,
    },
    /// No plugin of that name.
    #[error("there is no plugin `{name}` in the pool")]
    UnknownPlugin {
        /// The name.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A plugin of another kind was expected.
    #[error("plugin `{name}` is no {expected}")]
    WrongPlugin {
        /// The plugin.
        name: String,
        /// What was expected: scorer or evaluator.
        expected: &'static str,
    },
    /// A plugin's file is not what its name promises.
    #[error("plugin `{name}`: {path} does not have the digest it is named by")]
    TamperedPlugin {
        /// The plugin.
        name: String,
        /// Its file.
        path: String,
    },
    /// A scorer may not see a column.
    #[error("plugin `{plugin}` asks for column `{column}`: {reason}")]
    ColumnRefused {
        /// The plugin.
        plugin: String,
        /// The column.
        column: String,
        /// Why not.
        reason: String,
    },
    /// Another run was published since.
    #[error("run `{run_id}` was made before run `{published}` was published")]
    Stale {
        /// The run to be published.
        run_id: String,
        /// The run that came between.
        published: String,
    },
    /// A weight, seed or period that makes no sense.
    #[error("{what}: found {found}, expected {expected}")]
    BadRequest {
        /// What was asked with.
        what: &'static str,
        /// What stands there.
        found: String,
        /// What should stand there.
        expected: &'static str,
    },
    /// The certificate of a fresh run does not hold: our mistake.
    #[error("the certificate of run `{run_id}` does not hold: {finding}")]
    Uncertified {
        /// The run.
        run_id: String,
        /// What is wrong.
        finding: String,
    },
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// Where.
        path: String,
        /// What it said.
        source: std::io::Error,
    },
}

impl Failure for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Query(it) => it.kind(),
            Self::Plugin(it) => it.kind(),
            Self::Assign(
                linli_assign::Error::TooMany { .. }
                | linli_assign::Error::OutOfBounds { .. }
                | linli_assign::Error::PenaltyTooLarge { .. },
            ) => Kind::Limit,
            Self::Assign(_) | Self::Uncertified { .. } | Self::Io { .. } => Kind::Internal,
            Self::UnknownRun { .. } | Self::UnknownNeed { .. } | Self::UnknownPlugin { .. } => Kind::NotFound,
            Self::AmbiguousRun { .. } | Self::WrongPlugin { .. } | Self::BadRequest { .. } => Kind::Request,
            Self::TamperedPlugin { .. } => Kind::Data,
            Self::ColumnRefused { .. } => Kind::Denied,
            Self::Stale { .. } => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Query(it) => it.code(),
            Self::Plugin(it) => it.code(),
            Self::Assign(_) => "assignment",
            Self::UnknownRun { .. } => "unknown-run",
            Self::AmbiguousRun { .. } => "ambiguous-run",
            Self::UnknownNeed { .. } => "unknown-need",
            Self::UnknownPlugin { .. } => "unknown-plugin",
            Self::WrongPlugin { .. } => "wrong-plugin",
            Self::TamperedPlugin { .. } => "tampered-plugin",
            Self::ColumnRefused { .. } => "column-refused",
            Self::Stale { .. } => "stale-run",
            Self::BadRequest { .. } => "bad-request",
            Self::Uncertified { .. } => "uncertified",
            Self::Io { .. } => "io",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::Query(it) => it.zh(),
            Self::Plugin(it) => it.zh(),
            Self::Assign(it) => format!("指派问题：{it}"),
            Self::UnknownRun { run_id } => format!("没有编号为 {run_id} 的匹配批次"),
            Self::AmbiguousRun { run_id, count } => format!("有 {count} 个批次的编号以 {run_id} 开头"),
            Self::UnknownNeed { need_id, run_id } => format!("需求 {need_id} 未参与批次 {run_id}"),
            Self::UnknownPlugin { name, known } => {
                format!("资源池中没有插件 {name}，现有：{}", known.join("、"))
            }
            Self::WrongPlugin { name, expected } => {
                let kind = if *expected == "scorer" { "评分插件" } else { "评价插件" };
                format!("插件 {name} 不是{kind}")
            }
            Self::TamperedPlugin { name, path } => format!("插件 {name}：文件 {path} 与其摘要不符"),
            Self::ColumnRefused { plugin, column, reason } => {
                format!("插件 {plugin} 申请列 {column}，未获准：{reason}")
            }
            Self::Stale { run_id, published } => {
                format!("批次 {run_id} 生成之后，批次 {published} 已发布")
            }
            Self::BadRequest { what, found, expected } => format!("{what}：现为 {found}，应为 {expected}"),
            Self::Uncertified { run_id, finding } => format!("批次 {run_id} 的最优性证明不成立：{finding}"),
            Self::Io { path, source } => format!("{path}：{source}"),
        }
    }

    fn hint(&self) -> Option<Text> {
        match self {
            Self::Query(it) => it.hint(),
            Self::Plugin(it) => it.hint(),
            Self::UnknownPlugin { known, .. } => Some(Text::new(
                format!("there are: {}", known.join(", ")),
                format!("现有：{}", known.join("、")),
            )),
            Self::Stale { .. } => Some(Text::new(
                "run the match again: it will plan around what was published",
                "请重新匹配：新批次会避开已发布的安排",
            )),
            _ => None,
        }
    }

    fn details(&self) -> serde_json::Value {
        match self {
            Self::Query(it) => it.details(),
            Self::Plugin(it) => it.details(),
            Self::UnknownRun { run_id } => json!({ "run_id": run_id }),
            Self::UnknownNeed { need_id, run_id } => json!({ "need_id": need_id, "run_id": run_id }),
            Self::UnknownPlugin { name, known } => json!({ "name": name, "known": known }),
            Self::ColumnRefused { plugin, column, .. } => json!({ "plugin": plugin, "column": column }),
            Self::Stale { run_id, published } => json!({ "run_id": run_id, "published": published }),
            Self::BadRequest { what, found, expected } => {
                json!({ "what": what, "found": found, "expected": expected })
            }
            _ => json!({}),
        }
    }
}
