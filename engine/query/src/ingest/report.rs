//! What a load says of itself.

use linli_model::RowIssue;
use serde::Serialize;

use super::Mode;

/// How many issues a report lists; the quarantine table has all.
pub(super) const ISSUES_MAX: usize = 1_000;

/// The outcome of a load: `rows = kept + quarantined + unchanged`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoadReport {
    /// The table.
    pub table: String,
    /// What happened to rows that were there.
    pub mode: Mode,
    /// The snapshot that holds the outcome: a new one, or the newest if nothing changed.
    pub snapshot: u64,
    /// Rows of all files.
    pub rows: u64,
    /// Rows that are in the table now and were not before: `inserted + updated`.
    pub kept: u64,
    /// Rows with issues, which went to the table `quarantine`.
    pub quarantined: u64,
    /// Rows that were in the table before, cell by cell.
    pub unchanged: u64,
    /// Kept rows whose key is new.
    pub inserted: u64,
    /// Kept rows whose key was there with other cells.
    pub updated: u64,
    /// The files, as they were given.
    pub files: Vec<FileReport>,
    /// Columns of the files that belong to no column of the table.
    pub ignored_columns: Vec<IgnoredColumn>,
    /// How many issues there are; a row may have several.
    pub issues_total: u64,
    /// The first 1,000 issues, by file, line and column.
    pub issues: Vec<RowIssue>,
}

/// How a file was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// The file as the caller named it.
    pub file: String,
    /// The encoding of text; none for Parquet.
    pub encoding: Option<String>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The line that holds the header, from 1; none for Parquet.
    pub header_row: Option<u64>,
    /// Rows below the header.
    pub rows: u64,
}

/// A column that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IgnoredColumn {
    /// The file as the caller named it.
    pub file: String,
    /// The header.
    pub column: String,
    /// The table's column that is spelt most like it, if any is.
    pub nearest: Option<String>,
    /// The header of this file that was read as that column, where there are two of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}
