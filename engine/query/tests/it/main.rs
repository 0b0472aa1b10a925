//! What the crate promises, tested from outside: one binary for all of it.

mod format;
mod ingest;
mod mending;
mod session;
mod store;
mod support;
