//! What is wrong with one cell of input: a value with a place, never an error.

use serde::{Deserialize, Serialize};

/// One reason why a row of a file could not be kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowIssue {
    /// The file as the caller named it.
    pub file: String,
    /// One-based line of the file where the row begins; for Parquet the one-based row.
    pub line: u64,
    /// The column, by its name in the schema; empty when the whole row is meant.
    pub column: String,
    /// The rule that failed, e.g. `type`, `required`, `enum`, `minimum`, `duplicate_key`, `quote`.
    pub rule: String,
    /// What stands there, shortened to 120 characters.
    pub found: String,
    /// What should stand there, in English.
    pub expected: String,
    /// The same in Chinese.
    pub expected_zh: String,
}
