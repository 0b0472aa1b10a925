//! What can go wrong at the door.

use std::net::SocketAddr;

use linli_model::{Failure, Kind, Text};
use serde_json::json;

/// The result of this crate's operations.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a server could not start, or a request could not be answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A step of the pool.
    #[error(transparent)]
    Pool(#[from] linli_pool::Error),
    /// The address cannot be taken.
    #[error("cannot listen on {addr}: {source}")]
    Bind { addr: SocketAddr, source: std::io::Error },
    /// The socket failed while the server ran.
    #[error("the server stopped: {source}")]
    Stopped { source: std::io::Error },
    /// Nothing answers at this path.
    #[error("there is nothing at {path}")]
    UnknownRoute { path: String },
    /// Something answers at this path, but not to this method.
    #[error("{path} does not answer to {method}")]
    MethodNotAllowed { method: String, path: String },
    /// No form that was asked for can be written.
    #[error("found Accept: {found}, expected one of {}", .offered.join(", "))]
    NotAcceptable { found: String, offered: Vec<&'static str> },
    /// The body is not JSON by its own account.
    #[error("found Content-Type: {found}, expected application/json")]
    UnsupportedMedia { found: String },
    /// The body is no JSON, or not the JSON that is wanted.
    #[error("the body cannot be read: {}", .cause.en)]
    BadBody { cause: Text },
    /// The body is JSON, but no object.
    #[error("the body: found {found}, expected an object")]
    NoObject { found: String },
    /// The body is too long.
    #[error("the body has more than {bytes_max} bytes")]
    BodyTooLarge { bytes_max: usize },
    /// The body did not come to its end in time.
    #[error("the body took longer than {seconds} s to come")]
    BodyTooSlow { seconds: u64 },
    /// Something in path, query or header makes no sense.
    #[error("{name}: found {found}, expected {}", .expected.en)]
    BadArgument { name: String, found: String, expected: Text },
    /// A page token that was made for another list, or by nobody.
    #[error("the page token {cause}")]
    BadCursor { cause: &'static str },
    /// A server for this machine is asked for under a name that others can give it.
    #[error("there is no {host} here: this server answers its own machine only")]
    ForeignHost { host: String },
    /// A page from elsewhere asks to change something.
    #[error("a page of {origin} may not change anything here")]
    ForeignOrigin { origin: String },
    /// No need of that id.
    #[error("there is no need `{need_id}`")]
    UnknownNeed { need_id: String },
    /// A snapshot that was there once.
    #[error("snapshot {snapshot} is no longer kept")]
    SnapshotGone { snapshot: u64 },
    /// No problem of that code.
    #[error("there is no problem `{code}`")]
    UnknownProblem { code: String },
    /// The run is not done.
    #[error("run `{run_id}` is {state}")]
    RunUnfinished { run_id: String, state: &'static str },
    /// All seats are taken.
    #[error("{at_once} queries run already")]
    TooManyQueries { at_once: usize },
    /// All seats are taken.
    #[error("{at_once} runs are being made already")]
    TooManyRuns { at_once: usize },
    /// A step of the pool took too long for a request.
    #[error("the answer took longer than {seconds} s")]
    TooSlow { seconds: u64 },
    /// A key that came with another payload before.
    #[error("the Idempotency-Key `{key}` came with another payload before")]
    KeyReused { key: String },
    /// The request that first came with this key is not answered yet.
    #[error("the first request with the Idempotency-Key `{key}` is still being answered")]
    KeyInProgress { key: String },
    /// Our mistake.
    #[error("something broke while this was answered")]
    Broken,
}

impl Error {
    /// Something in path, query or header that makes no sense.
    pub(crate) fn argument(name: impl Into<String>, found: impl Into<String>, expected: Text) -> Self {
        Self::BadArgument { name: name.into(), found: found.into(), expected }
    }
}

impl From<linli_pool::query::Error> for Error {
    fn from(error: linli_pool::query::Error) -> Self {
        Self::Pool(error.into())
    }
}

impl Failure for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Pool(it) => it.kind(),
            Self::Bind { .. }
            | Self::MethodNotAllowed { .. }
            | Self::NotAcceptable { .. }
            | Self::UnsupportedMedia { .. }
            | Self::BadBody { .. }
            | Self::NoObject { .. }
            | Self::BadArgument { .. }
            | Self::BadCursor { .. }
            | Self::KeyReused { .. } => Kind::Request,
            Self::UnknownRoute { .. }
            | Self::UnknownNeed { .. }
            | Self::SnapshotGone { .. }
            | Self::UnknownProblem { .. } => Kind::NotFound,
            Self::BodyTooLarge { .. }
            | Self::BodyTooSlow { .. }
            | Self::TooManyQueries { .. }
            | Self::TooManyRuns { .. }
            | Self::TooSlow { .. } => Kind::Limit,
            Self::ForeignHost { .. } | Self::ForeignOrigin { .. } => Kind::Denied,
            Self::RunUnfinished { .. } | Self::KeyInProgress { .. } => Kind::Conflict,
            Self::Stopped { .. } | Self::Broken => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Pool(it) => it.code(),
            Self::Bind { .. } => "address-taken",
            Self::Stopped { .. } => "server-stopped",
            Self::UnknownRoute { .. } => "unknown-route",
            Self::MethodNotAllowed { .. } => "method-not-allowed",
            Self::NotAcceptable { .. } => "not-acceptable",
            Self::UnsupportedMedia { .. } => "unsupported-media-type",
            Self::BadBody { .. } | Self::NoObject { .. } => "bad-body",
            Self::BodyTooLarge { .. } => "body-too-large",
            Self::BodyTooSlow { .. } => "body-too-slow",
            Self::BadArgument { .. } => "bad-argument",
            Self::BadCursor { .. } => "bad-page-token",
            Self::ForeignHost { .. } => "foreign-host",
            Self::ForeignOrigin { .. } => "foreign-origin",
            Self::UnknownNeed { .. } => "unknown-need",
            Self::SnapshotGone { .. } => "snapshot-gone",
            Self::UnknownProblem { .. } => "unknown-problem",
            Self::RunUnfinished { .. } => "run-unfinished",
            Self::TooManyQueries { .. } => "too-many-queries",
            Self::TooManyRuns { .. } => "too-many-runs",
            Self::TooSlow { .. } => "answer-timeout",
            Self::KeyReused { .. } => "idempotency-key-reused",
            Self::KeyInProgress { .. } => "idempotency-key-in-progress",
            Self::Broken => "internal",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::Pool(it) => it.zh(),
            Self::Bind { addr, source } => format!("无法监听 {addr}：{source}"),
            Self::Stopped { source } => format!("服务已停止：{source}"),
            Self::UnknownRoute { path } => format!("{path} 没有内容"),
            Self::MethodNotAllowed { method, path } => format!("{path} 不支持 {method} 方法"),
            Self::NotAcceptable { found, offered } => {
                format!("Accept 为 {found}，应为下列之一：{}", offered.join("、"))
            }
            Self::UnsupportedMedia { found } => {
                format!("Content-Type 为 {found}，应为 application/json")
            }
            Self::BadBody { cause } => format!("请求正文无法读取：{}", cause.zh),
            Self::NoObject { found } => format!("请求正文：现为 {found}，应为对象"),
            Self::BodyTooLarge { bytes_max } => format!("请求正文超过 {bytes_max} 字节"),
            Self::BodyTooSlow { seconds } => format!("请求正文在 {seconds} 秒内未传完"),
            Self::BadArgument { name, found, expected } => {
                format!("{name}：现为 {found}，应为{}", expected.zh)
            }
            Self::BadCursor { .. } => "翻页标记无效，或不属于这个列表".to_owned(),
            Self::ForeignHost { host } => format!("此处不是 {host}：本服务只应答本机"),
            Self::ForeignOrigin { origin } => format!("来自 {origin} 的页面不能在此修改数据"),
            Self::UnknownNeed { need_id } => format!("没有编号为 {need_id} 的需求"),
            Self::SnapshotGone { snapshot } => format!("快照 {snapshot} 已不再保留"),
            Self::UnknownProblem { code } => format!("没有名为 {code} 的问题类型"),
            Self::RunUnfinished { run_id, state } => {
                let state = if *state == "failed" { "已失败" } else { "仍在进行" };
                format!("匹配批次 {run_id} {state}")
            }
            Self::TooManyQueries { at_once } => format!("已有 {at_once} 个查询在执行"),
            Self::TooManyRuns { at_once } => format!("已有 {at_once} 个匹配批次在进行"),
            Self::TooSlow { seconds } => format!("处理超过 {seconds} 秒"),
            Self::KeyReused { key } => format!("Idempotency-Key {key} 曾用于另一内容的请求"),
            Self::KeyInProgress { key } => {
                format!("带有 Idempotency-Key {key} 的首个请求仍在处理")
            }
            Self::Broken => "处理请求时程序出错".to_owned(),
        }
    }

    fn hint(&self) -> Option<Text> {
        match self {
            Self::Pool(it) => it.hint(),
            Self::BadBody { .. } | Self::NoObject { .. } => {
                Some(Text::new("its form stands in /openapi.json", "请求正文的格式见 /openapi.json"))
            }
            Self::UnknownRoute { .. } => {
                Some(Text::new("what there is stands in /openapi.json", "全部接口见 /openapi.json"))
            }
            Self::BadCursor { .. } => Some(Text::new(
                "ask for the first page again, without page_token",
                "请去掉 page_token，从第一页重新开始",
            )),
            Self::ForeignHost { .. } => Some(Text::new(
                "ask for localhost or 127.0.0.1, or let the server listen on an address of the network",
                "请访问 localhost 或 127.0.0.1，或让服务监听网络地址",
            )),
            Self::SnapshotGone { .. } => {
                Some(Text::new("begin again with the newest snapshot", "请从最新快照重新开始"))
            }
            Self::TooManyQueries { .. } | Self::TooManyRuns { .. } | Self::KeyInProgress { .. } => {
                Some(Text::new("ask again in a moment", "请稍后重试"))
            }
            Self::RunUnfinished { run_id, .. } => {
                Some(Text::new(format!("see /v1/runs/{run_id}"), format!("请查看 /v1/runs/{run_id}")))
            }
            _ => None,
        }
    }

    fn details(&self) -> serde_json::Value {
        match self {
            Self::Pool(it) => it.details(),
            Self::UnknownRoute { path } => json!({ "path": path }),
            Self::MethodNotAllowed { method, path } => json!({ "method": method, "path": path }),
            Self::NotAcceptable { found, offered } => json!({ "found": found, "offered": offered }),
            Self::UnsupportedMedia { found } => json!({ "found": found }),
            Self::BodyTooLarge { bytes_max } => json!({ "bytes_max": bytes_max }),
            Self::NoObject { found } => {
                json!({ "found": found, "expected": "an object", "expected_zh": "对象" })
            }
            Self::BadArgument { name, found, expected } => {
                json!({ "name": name, "found": found, "expected": expected.en, "expected_zh": expected.zh })
            }
            Self::ForeignHost { host } => json!({ "host": host }),
            Self::ForeignOrigin { origin } => json!({ "origin": origin }),
            Self::UnknownNeed { need_id } => json!({ "need_id": need_id }),
            Self::SnapshotGone { snapshot } => json!({ "snapshot": snapshot }),
            Self::RunUnfinished { run_id, state } => json!({ "run_id": run_id, "state": state }),
            Self::TooManyQueries { at_once } | Self::TooManyRuns { at_once } => {
                json!({ "at_once": at_once })
            }
            Self::TooSlow { seconds } | Self::BodyTooSlow { seconds } => json!({ "seconds": seconds }),
            _ => json!({}),
        }
    }
}
