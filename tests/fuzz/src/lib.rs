//! What must hold of the parsers, whatever they are given.
//!
//! The parsers themselves are compiled here from where they stand: a library with DataFusion in
//! it would take half an hour to build with counters in every branch. The checks are used a
//! second time by the ordinary tests, which give them the seeds.

pub mod assign;
#[expect(dead_code, reason = "the parsers make some of the errors only")]
#[path = "../../../engine/query/src/error/mod.rs"]
mod error;
pub mod ingest;
pub mod values;
