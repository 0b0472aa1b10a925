//! What can go wrong between the steps.

use linli_model::{Failure, Kind, Text};
use serde_json::json;

use crate::life::Hindrance;

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
    /// A file that holds no assignment problem.
    #[error("the file is no assignment problem: {0}")]
    Problem(linli_assign::Error),
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
    /// No table names that district.
    #[error("there is no district `{district}`")]
    UnknownDistrict {
        /// The district as it was asked for.
        district: String,
        /// The one spelt most like it.
        nearest: Option<String>,
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
    /// Two plugins of one name: the pool has one of another kind.
    #[error("the pool has a {kind} of the name `{name}`, a {found} cannot take its place")]
    NameTaken {
        /// The name.
        name: String,
        /// What the pool has.
        kind: String,
        /// What was to come in.
        found: String,
    },
    /// A plugin cannot leave the pool.
    #[error("plugin `{name}` stays: {}", .by.en)]
    PluginNeeded {
        /// The plugin.
        name: String,
        /// Who needs it.
        by: Text,
    },
    /// A file is no bundle of a plugin, or was changed since it was made.
    #[error("{path} is no whole bundle of a plugin: {}", .cause.en)]
    BadBundle {
        /// The file.
        path: String,
        /// What is wrong.
        cause: Text,
    },
    /// A plugin does not go to another stage.
    #[error("{}", .why.text(.name).en)]
    Transition {
        /// The plugin.
        name: String,
        /// What stands in the way.
        why: Hindrance,
    },
    /// A plugin's file is not what its name promises.
    #[error("plugin `{name}`: {path} does not have the digest it is named by")]
    TamperedPlugin {
        /// The plugin.
        name: String,
        /// Its file.
        path: String,
    },
    /// A plugin's file cannot be read any more.
    #[error("plugin `{name}`: its component {path} cannot be read: {cause}")]
    MissingPlugin {
        /// The plugin.
        name: String,
        /// Its file.
        path: String,
        /// What the file system said.
        cause: String,
    },
    /// A scorer failed, and the candidate on which it did can be named.
    #[error("{source}; row {row} is need `{need_id}` with provider `{provider_id}`")]
    Scoring {
        /// What the scorer did.
        source: Box<linli_plugin::Error>,
        /// The row in what it was given.
        row: u64,
        /// The need that stands there.
        need_id: String,
        /// The provider that stands there.
        provider_id: String,
    },
    /// Another run was published since.
    #[error("run `{run_id}` was made before run `{published}` was published")]
    Stale {
        /// The run to be published.
        run_id: String,
        /// The run that came between.
        published: String,
    },
    /// What the run was decided on was changed since.
    #[error("run `{run_id}` was made before these tables changed: {}", .tables.join(", "))]
    Outdated {
        /// The run to be published.
        run_id: String,
        /// The tables, by name.
        tables: Vec<String>,
    },
    /// A weight, seed or period that makes no sense.
    #[error("{}: found {found}, expected {}", .what.en, .expected.en)]
    BadRequest {
        /// What was asked with.
        what: Text,
        /// What stands there.
        found: String,
        /// What should stand there.
        expected: Text,
    },
    /// The certificate of a fresh run does not hold: our mistake, and nothing is stored.
    #[error("the certificate of run `{run_id}` does not hold: {}", .finding.en)]
    Uncertified {
        /// The run.
        run_id: String,
        /// What is wrong.
        finding: Text,
    },
    /// The stored rows of a run do not prove it, so it must not bind anybody.
    #[error("run `{run_id}` is not proven by its stored rows: {}", .finding.en)]
    Unproven {
        /// The run.
        run_id: String,
        /// What is wrong.
        finding: Text,
    },
    /// The file system refused.
    #[error("{path}: {}", linli_model::refusal(.source).en)]
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
            Self::Io { source, .. } => linli_model::refusal_kind(source),
            Self::Problem(_) => Kind::Data,
            Self::Assign(_) | Self::Uncertified { .. } => Kind::Internal,
            Self::UnknownRun { .. }
            | Self::UnknownDistrict { .. }
            | Self::UnknownNeed { .. }
            | Self::UnknownPlugin { .. } => Kind::NotFound,
            Self::AmbiguousRun { .. } | Self::WrongPlugin { .. } | Self::BadRequest { .. } => Kind::Request,
            Self::TamperedPlugin { .. }
            | Self::MissingPlugin { .. }
            | Self::BadBundle { .. }
            | Self::Unproven { .. } => Kind::Data,
            Self::Scoring { source, .. } => source.kind(),
            Self::Transition { why, .. } => why.kind(),
            Self::NameTaken { .. }
            | Self::PluginNeeded { .. }
            | Self::Stale { .. }
            | Self::Outdated { .. } => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Query(it) => it.code(),
            Self::Plugin(it) => it.code(),
            Self::Assign(_) => "assignment",
            Self::Problem(_) => "bad-problem",
            Self::UnknownRun { .. } => "unknown-run",
            Self::AmbiguousRun { .. } => "ambiguous-run",
            Self::UnknownDistrict { .. } => "unknown-district",
            Self::UnknownNeed { .. } => "unknown-need",
            Self::UnknownPlugin { .. } => "unknown-plugin",
            Self::WrongPlugin { .. } => "wrong-plugin",
            Self::NameTaken { .. } => "plugin-name-taken",
            Self::PluginNeeded { .. } => "plugin-needed",
            Self::BadBundle { .. } => "bad-bundle",
            Self::TamperedPlugin { .. } => "tampered-plugin",
            Self::MissingPlugin { .. } => "missing-plugin",
            Self::Scoring { source, .. } => source.code(),
            Self::Transition { why, .. } => why.code(),
            Self::Stale { .. } | Self::Outdated { .. } => "stale-run",
            Self::BadRequest { .. } => "bad-request",
            Self::Uncertified { .. } => "uncertified",
            Self::Unproven { .. } => "unproven-run",
            Self::Io { .. } => "io",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::Query(it) => it.zh(),
            Self::Plugin(it) => it.zh(),
            Self::Assign(it) => format!("指派问题：{}", assign_zh(it)),
            Self::Problem(it) => format!("文件不是指派问题：{}", problem_zh(it)),
            Self::UnknownRun { run_id } => format!("没有编号为 {run_id} 的匹配批次"),
            Self::AmbiguousRun { run_id, count } => format!("有 {count} 个批次的编号以 {run_id} 开头"),
            Self::UnknownDistrict { district, .. } => format!("没有编号为 {district} 的区县"),
            Self::UnknownNeed { need_id, run_id } => format!("需求 {need_id} 未参与批次 {run_id}"),
            Self::UnknownPlugin { name, known } => {
                format!("资源池中没有插件 {name}，现有：{}", known.join("、"))
            }
            Self::WrongPlugin { name, expected } => format!("插件 {name} 不是{}", kind_zh(expected)),
            Self::NameTaken { name, kind, found } => {
                format!("资源池已有名为 {name} 的{}，{}不能取代它", kind_zh(kind), kind_zh(found))
            }
            Self::PluginNeeded { name, by } => format!("插件 {name} 不能移除：{}", by.zh),
            Self::BadBundle { path, cause } => format!("{path} 不是完整的插件包：{}", cause.zh),
            Self::Transition { name, why } => why.text(name).zh,
            Self::TamperedPlugin { name, path } => format!("插件 {name}：文件 {path} 与其摘要不符"),
            Self::MissingPlugin { name, path, cause } => {
                format!("插件 {name}：无法读取组件文件 {path}（{cause}）")
            }
            Self::Scoring { source, row, need_id, provider_id } => {
                format!("{}；第 {row} 行是需求 {need_id} 与服务者 {provider_id}", source.zh())
            }
            Self::Stale { run_id, published } => {
                format!("批次 {run_id} 生成之后，批次 {published} 已发布")
            }
            Self::Outdated { run_id, tables } => {
                format!("批次 {run_id} 生成之后，下列数据表已变更：{}", tables.join("、"))
            }
            Self::BadRequest { what, found, expected } => {
                format!("{}：现为 {found}，应为{}", what.zh, expected.zh)
            }
            Self::Uncertified { run_id, finding } => {
                format!("批次 {run_id} 的最优性证明不成立：{}", finding.zh)
            }
            Self::Unproven { run_id, finding } => {
                format!("批次 {run_id} 已存的数据不能证明其方案：{}", finding.zh)
            }
            Self::Io { path, source } => format!("{path}：{}", linli_model::refusal(source).zh),
        }
    }

    fn hint(&self) -> Option<Text> {
        match self {
            Self::Query(it) => it.hint(),
            Self::Plugin(it) => it.hint(),
            Self::UnknownRun { run_id } if run_id == "latest" => Some(Text::new(
                "no match was made yet: linli match POOL",
                "尚未匹配：先执行 linli match POOL",
            )),
            Self::UnknownRun { run_id } if run_id.len() < 4 => {
                Some(Text::new("the beginning of an id has at least 4 digits", "批次编号的开头至少要有 4 位"))
            }
            Self::UnknownDistrict { nearest: Some(it), .. } => {
                Some(Text::new(format!("did you mean `{it}`?"), format!("是否想写 {it}？")))
            }
            Self::UnknownPlugin { known, .. } => Some(Text::new(
                format!("there are: {}", known.join(", ")),
                format!("现有：{}", known.join("、")),
            )),
            Self::Scoring { source, .. } => source.hint(),
            Self::Transition { name, why } => why.hint(name),
            Self::TamperedPlugin { .. } | Self::MissingPlugin { .. } => Some(Text::new(
                "bring the file back, or add the same component again: linli plugin add",
                "请恢复该文件，或重新添加同一组件：linli plugin add",
            )),
            Self::PluginNeeded { .. } => Some(Text::new(
                "name another one in pool.json, or end the trial",
                "请先在 pool.json 中改用其他插件，或结束试用",
            )),
            Self::BadBundle { .. } => Some(Text::new(
                "ask for it again and compare its SHA-256 with what `linli plugin export` said",
                "请重新索取，并与 linli plugin export 显示的 SHA-256 核对",
            )),
            Self::Stale { .. } => Some(Text::new(
                "run the match again: it will plan around what was published",
                "请重新匹配：新批次会避开已发布的安排",
            )),
            Self::Outdated { .. } => Some(Text::new(
                "run the match again: it will plan with the tables as they are now",
                "请重新匹配：新批次会采用现有的数据表",
            )),
            Self::Unproven { run_id, .. } => Some(Text::new(
                format!("its rows were changed after it was made; to see which: linli verify POOL {run_id}"),
                format!("该批次的数据在生成之后被改动；查看改动之处：linli verify POOL {run_id}"),
            )),
            _ => None,
        }
    }

    fn details(&self) -> serde_json::Value {
        match self {
            Self::Query(it) => it.details(),
            Self::Plugin(it) => it.details(),
            Self::UnknownRun { run_id } => json!({ "run_id": run_id }),
            Self::UnknownDistrict { district, nearest } => {
                json!({ "district": district, "nearest": nearest })
            }
            Self::UnknownNeed { need_id, run_id } => json!({ "need_id": need_id, "run_id": run_id }),
            Self::UnknownPlugin { name, known } => json!({ "name": name, "known": known }),
            Self::NameTaken { name, kind, found } => json!({ "name": name, "kind": kind, "found": found }),
            Self::PluginNeeded { name, by } => json!({ "name": name, "by": by.en }),
            Self::BadBundle { path, cause } => json!({ "path": path, "cause": cause.en }),
            Self::Transition { name, why } => why.details(name),
            Self::TamperedPlugin { name, path } | Self::MissingPlugin { name, path, .. } => {
                json!({ "name": name, "path": path })
            }
            Self::Scoring { source, need_id, provider_id, .. } => {
                let mut details = source.details();
                details["need_id"] = json!(need_id);
                details["provider_id"] = json!(provider_id);
                details
            }
            Self::Stale { run_id, published } => json!({ "run_id": run_id, "published": published }),
            Self::Outdated { run_id, tables } => json!({ "run_id": run_id, "tables": tables }),
            Self::BadRequest { what, found, expected } => {
                json!({ "what": what.en, "found": found, "expected": expected.en })
            }
            Self::Uncertified { run_id, finding } | Self::Unproven { run_id, finding } => {
                json!({ "run_id": run_id, "finding": finding })
            }
            _ => json!({}),
        }
    }
}

fn kind_zh(kind: &str) -> &'static str {
    if kind == "scorer" { "评分插件" } else { "评价插件" }
}

/// What the solver says, in Chinese; its own words are English.
fn assign_zh(error: &linli_assign::Error) -> String {
    match error {
        linli_assign::Error::TooMany { found, max, .. } => format!("规模 {found} 超过上限 {max}"),
        linli_assign::Error::OutOfBounds { found, min, max, .. } => {
            format!("数值 {found} 不在 {min} 至 {max} 之间")
        }
        linli_assign::Error::PenaltyTooLarge { tier, units, max, .. } => {
            format!("{units} 个名额的第 {tier} 级缺额代价超过上限 {max}")
        }
        linli_assign::Error::Unproven { gap, n_violations } => {
            format!("价格不能证明方案最优：差距 {gap}，违规 {n_violations} 处")
        }
        other => format!("程序内部错误（{other}）"),
    }
}

/// What is wrong with a file of a problem, in Chinese.
fn problem_zh(error: &linli_assign::Error) -> String {
    use linli_assign::Error as Assign;
    match error {
        Assign::Read { line, source } => format!("第 {line} 行：无法读取（{source}）"),
        Assign::Syntax { line, found, expected } => {
            format!("第 {line} 行：现为“{found}”，应为：{expected}")
        }
        Assign::Count { line, found, expected, .. } => {
            format!("第 {line} 行：现有 {found} 项，p 行声明 {expected} 项")
        }
        Assign::Line { line, source } => format!("第 {line} 行：{}", problem_zh(source)),
        Assign::UnknownId { found, len, .. } => format!("编号 {found} 不存在，共 {len} 个"),
        Assign::ParentCycle { node } => format!("节点 {node} 是自身的上级"),
        Assign::NotAscending { .. } => "预算中的边须按编号递增".to_owned(),
        Assign::SameNeed { need, .. } => format!("A、B 岗不能是同一需求（{need}）"),
        other => assign_zh(other),
    }
}
