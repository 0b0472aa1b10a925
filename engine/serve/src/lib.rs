//! A pool over HTTP: the only door to sockets.
//!
//! ```text
//! socket ─▶ finish (request id, problem documents, counts)
//!             └▶ route ─▶ snapshot ─▶ SQL or a step of the pool ─▶ JSON, NDJSON, CSV, Arrow, Parquet
//!                  └▶ runs: a match goes on in the background, its id is known at once
//! ```
//!
//! A view: what is asked goes to [`linli_pool::Pool`], what comes back is written down. Every
//! answer that can be read twice names the snapshot it was read from (`ETag`, `snapshot`), and
//! a list keeps reading the snapshot its first page was read from.
//!
//! Deliberately absent: TLS, the clock and the terminal; the last two come with
//! [`ServeConfig`].
//!
//! Not there yet:
//!
//! - keys and roles: whoever reaches the address may read and match, and page tokens are not
//!   bound to a caller;
//! - `GET /v1/runs/{id}/events`, the events of a run as a stream;
//! - `GET /v1/needs/{id}/relaxations`;
//! - `POST /v1/needs` and `POST /v1/needs/{id}/events`;
//! - `GET /v1/audit`;
//! - the console: a page of links stands at `/`.
//!
//! Start reading at `http/mod.rs`, the table of routes.

mod app;
mod config;
mod connection;
mod error;
mod finish;
mod gate;
mod http;
mod keys;
mod listing;
mod metrics;
mod problem;
mod runs;
mod server;
mod wire;

pub use config::{Clock, Log, ServeConfig, ServeLimits};
pub use error::Error;
pub use server::Server;
