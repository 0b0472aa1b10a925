//! What a load says of itself.

use linli_model::{RowIssue, Text};
use serde::Serialize;

use super::Mode;
use super::place::CrsReport;

/// How many issues a report lists; the quarantine table has all.
pub(super) const ISSUES_MAX: usize = 1_000;

/// How many lines of totals a report lists of a file.
pub(super) const TOTALS_MAX: usize = 1_000;

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
    /// The coordinate system that `lon, lat` of the files were read in; none where they have neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crs: Option<CrsReport>,
    /// Columns of the files that belong to no column of the table.
    pub ignored_columns: Vec<IgnoredColumn>,
    /// How many issues there are; a row may have several.
    pub issues_total: u64,
    /// The first 1,000 issues, by file, line and column.
    pub issues: Vec<RowIssue>,
}

/// How a file was read, and why so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// The file as the caller named it, without passwords.
    pub file: String,
    /// What it is: csv, xlsx, xls, json, ndjson, parquet or postgresql.
    pub format: String,
    /// The encoding of text; none of others.
    pub encoding: Option<String>,
    /// What speaks for that encoding.
    pub encoding_basis: Option<Text>,
    /// The sheet of a workbook, the table of a database.
    pub sheet: Option<String>,
    /// The other sheets of the workbook, which were not read.
    pub other_sheets: Vec<String>,
    /// The line that holds the header, from 1; none where the file names its columns.
    pub header_row: Option<u64>,
    /// What speaks for that line.
    pub header_basis: Option<Text>,
    /// Rows below the header that hold data.
    pub rows: u64,
    /// Lines without any value, which are no rows.
    pub blank_lines: u64,
    /// Lines of totals such as 合计, which are no rows; the first 1,000.
    pub total_lines: Vec<u64>,
    /// The SHA-256 of the file.
    pub digest: Option<String>,
    /// The snapshot with which the same bytes were loaded into this table before.
    pub seen_in: Option<u64>,
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
