//! Tables and SQL: the only door to DataFusion and to the table store.
//!
//! ```text
//! files ─▶ ingest ─▶ store (Delta tables + snapshot manifest) ─▶ session ─▶ rows ─▶ format
//!                                                                 ▲  ▲
//!                                     queries/*.sql ─▶ library ───┘  └── candidate ─▶ pool
//! ```
//!
//! Exports Arrow types and its own types, never DataFusion's. Reads no clock and no
//! environment: whoever calls says what time it is.

mod candidate;
mod config;
mod error;
mod format;
mod frame;
mod function;
mod ingest;
mod library;
mod pending;
mod session;
mod store;
mod zone;

pub use candidate::{
    Candidates, Ease, Eased, Held, Horizon, LineCheck, Need, PairCheck, Provider, Rule, RuleCheck, RuleCount,
    Scope, Slot, Stage, rules, rules_digest,
};
pub use config::{PoolConfig, ScorerChoice};
pub use error::{Error, Result};
pub use format::{Format, ParquetFile, WriteSummary, write_rows};
pub use frame::{Frame, cast_to, integer_at, take_rows, text_at};
pub use ingest::{
    CrsReport, Duplicate, FileReport, IgnoredColumn, LoadOptions, LoadReport, MappingSuggestion, MappingUse,
    Mode, PlanLine, UncodedWord, load, mend, read_plan,
};
pub use library::{Library, Param, ParamType, Query, Returned};
pub use pending::Pending;
pub use session::{ColumnEntry, ParamValue, Params, QueryLimits, Rows, Session, TableEntry, table, tables};
pub use store::{
    Change, CommitNote, ExportReport, ImportReport, Snapshot, Store, TableState, export, import,
};
pub use zone::Zone;
