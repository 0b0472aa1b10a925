//! What the crate promises, tested from outside: one binary for all of it.

mod format;
mod ingest;
mod networks;
mod session;
mod store;
mod support;
