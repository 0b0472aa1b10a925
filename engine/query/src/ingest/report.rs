//! What a load says of itself.

use std::collections::BTreeMap;

use linli_model::{RowIssue, Text};
use serde::Serialize;

use super::Mode;

/// How many issues a report lists; the quarantine table has all.
pub(super) const ISSUES_MAX: usize = 1_000;

/// How many lines of totals a report lists of a file.
pub(super) const TOTALS_MAX: usize = 1_000;

/// How many words without a code a report lists of a column.
pub(super) const UNCODED_MAX: usize = 100;

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
    /// Rows that are in the table no more, because `replace` did not bring them.
    pub removed: u64,
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
    /// Words of the files for which their columns have no code, the commonest first; the first
    /// 100 of each column. They are kept as they are; a mapping can settle what they mean.
    pub uncoded: Vec<UncodedWord>,
    /// A mapping to start from, where columns are not known.
    pub mapping_suggestion: Option<MappingSuggestion>,
    /// Lines that were quarantined before and are mended by this load.
    pub mended: u64,
    /// Lines of the quarantine that were given up.
    pub dropped: u64,
    /// How many pairs of rows look like one.
    pub duplicates_total: u64,
    /// The first 1,000 of them, by key. Nothing was merged.
    pub duplicates: Vec<Duplicate>,
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
    /// How many lines are totals such as 合计 or notes such as 制表人：…, which are no rows.
    pub totals: u64,
    /// The first 1,000 of them.
    pub total_lines: Vec<u64>,
    /// The SHA-256 of the file.
    pub digest: Option<String>,
    /// The snapshot with which the same bytes were loaded into this table before.
    pub seen_in: Option<u64>,
    /// The settled mapping that was applied.
    pub mapping: Option<MappingUse>,
}

/// A word without a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UncodedWord {
    /// The column of the table.
    pub column: String,
    /// The word.
    pub word: String,
    /// How many cells have it.
    pub cells: u64,
}

/// A settled mapping that was applied to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappingUse {
    /// The file that was given, or the pool's own.
    pub file: String,
    /// The SHA-256 of the mapping as the pool keeps it.
    pub digest: String,
}

/// A mapping file that leaves unknown columns to be settled: each header with the nearest
/// column, or null, which says that it is not to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappingSuggestion {
    /// The table.
    pub table: String,
    /// Header and column.
    pub columns: BTreeMap<String, Option<String>>,
}

/// Two rows of a table that look like one.
///
/// Says why and not with what: names and numbers of persons are not repeated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Duplicate {
    /// What they look like: `same_person`, `same_firm` or `same_place`.
    pub rule: &'static str,
    /// Their keys; a row that was there before stands first.
    pub keys: [String; 2],
    /// What they share, e.g. `phone_and_name`.
    pub basis: &'static str,
}

/// The coordinate system that a load took, and who said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CrsReport {
    /// `wgs84`, `gcj02` or `bd09`.
    pub name: String,
    /// Where that stands.
    pub basis: Text,
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
    /// Up to two more columns that are spelt like it.
    pub others: Vec<String>,
    /// The header of this file that was read as that column, where there are two of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}

impl IgnoredColumn {
    /// A column and the columns that it may mean, nearest first.
    pub(super) fn of(file: &str, header: &str, mut near: Vec<String>) -> Self {
        let others = if near.is_empty() { Vec::new() } else { near.split_off(1) };
        Self { file: file.to_owned(), column: header.to_owned(), nearest: near.pop(), others, instead: None }
    }
}

impl MappingSuggestion {
    /// A mapping of the columns that are not known; none where all are.
    pub(super) fn of(table: &str, ignored: &[IgnoredColumn]) -> Option<Self> {
        let unknown = ignored.iter().filter(|it| it.instead.is_none());
        let columns: BTreeMap<_, _> =
            unknown.map(|it| (it.column.trim().to_owned(), it.nearest.clone())).collect();
        (!columns.is_empty()).then(|| Self { table: table.to_owned(), columns })
    }
}
