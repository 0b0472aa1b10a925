//! Rows as bytes, in the form somebody asked for.
//!
//! | form | for |
//! |---|---|
//! | table | terminals |
//! | csv, xlsx | office programs |
//! | json, ndjson | programs; the form of `json` is a contract |
//! | arrow, parquet | data frames |

mod binary;
mod cell;
mod csv;
mod file;
mod json;
mod table;
mod xlsx;

use std::io::Write;
use std::str::FromStr;

use datafusion::arrow::error::ArrowError;

pub use file::ParquetFile;

use crate::session::Rows;
use crate::{Error, Pending, Result};

/// A form of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Aligned columns.
    Table,
    /// Comma-separated values, UTF-8, with a header.
    Csv,
    /// One document with columns, rows and counts.
    Json,
    /// One object per line.
    Ndjson,
    /// Arrow IPC stream.
    Arrow,
    /// Parquet, Snappy.
    Parquet,
    /// One worksheet.
    Xlsx,
}

impl Format {
    /// All forms, the one for people first.
    pub const ALL: [Self; 7] =
        [Self::Table, Self::Csv, Self::Json, Self::Ndjson, Self::Arrow, Self::Parquet, Self::Xlsx];

    /// The word people type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Arrow => "arrow",
            Self::Parquet => "parquet",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Table => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Arrow => "application/vnd.apache.arrow.stream",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The form of a media type; parameters such as the charset are left aside.
    pub fn from_content_type(media: &str) -> Option<Self> {
        let essence = |it: &str| it.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Self::ALL.into_iter().find(|it| essence(it.content_type()) == essence(media))
    }

    /// Whether a terminal can show it.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Table | Self::Csv | Self::Json | Self::Ndjson)
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(word));
        found.ok_or_else(|| Error::UnknownFormat { format: word.to_owned() })
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteSummary {
    /// Rows.
    pub row_count: u64,
    /// Whether the row limit left rows out.
    pub truncated: bool,
}

/// Writes rows as they come.
///
/// Table and xlsx need all rows to lay them out, and so take only so many; the others hold one
/// batch at a time (Parquet: one row group).
///
/// **Errors.** Those of [`Rows::next`] and of `out`, [`Error::Unsupported`] for a type that the
/// form has no room for, [`Error::Over`] for a table or worksheet that is too large. Then what
/// was written is torn: who needs all or nothing writes apart first.
pub fn write_rows<'a>(
    rows: Rows,
    format: Format,
    snapshot: u64,
    out: &'a mut (dyn Write + Send),
) -> Pending<'a, Result<WriteSummary>> {
    Box::pin(async move {
        match format {
            Format::Table => table::write(rows, out).await,
            Format::Csv => csv::write(rows, out).await,
            Format::Json => json::write(rows, snapshot, out).await,
            Format::Ndjson => json::write_lines(rows, out).await,
            Format::Arrow => binary::write_arrow(rows, out).await,
            Format::Parquet => binary::write_parquet(rows, out).await,
            Format::Xlsx => xlsx::write(rows, out).await,
        }
    })
}

/// The receiver of the rows refused.
fn refused(source: std::io::Error) -> Error {
    Error::Io { path: "output".to_owned(), source }
}

/// A form has no room for what a column holds; or its receiver refused.
fn unsupported(format: Format, error: ArrowError) -> Error {
    match error {
        ArrowError::IoError(_, source) => refused(source),
        other => Error::Unsupported { format: format.as_str(), cause: other.to_string() },
    }
}

fn engine(cause: impl std::fmt::Display) -> Error {
    Error::Engine { cause: cause.to_string() }
}
