//! What the crate promises, tested from outside: one binary for all of it.

mod arrivals;
mod format;
mod ingest;
mod mending;
mod networks;
mod session;
mod sources;
mod store;
mod support;
mod written;
