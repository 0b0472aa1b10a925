//! How to load.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What happens to rows that are in the table already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A row takes the place of the row with its key, cell by cell: an empty cell empties the
    /// cell, and cells of columns that the file does not have stay. Other rows stay.
    #[default]
    Upsert,
    /// The table holds the files' rows and no others.
    Replace,
    /// Rows are added; a row whose key is there cannot be kept.
    Append,
}

/// How to load. What is not said is found out from each file, and the report says how.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// What happens to rows that are there.
    pub mode: Mode,
    /// The encoding of text files, by a name or label that browsers know, e.g. `gb18030`.
    pub encoding: Option<String>,
    /// The line of the header, from 1; the row of a sheet.
    pub header_row: Option<u64>,
    /// The sheet of workbooks, by name or by number from 1; the table of a database.
    pub sheet: Option<String>,
    /// What to ask a database for, instead of a whole table.
    pub query: Option<String>,
    /// A file that says which header is which column, on top of what the pool was told before;
    /// `none` for neither.
    pub map: Option<PathBuf>,
    /// The coordinate system of the files: `wgs84`, `gcj02` or `bd09`; the pool's, if none.
    pub crs: Option<String>,
    /// When, microseconds UTC.
    pub at_us: i64,
}
