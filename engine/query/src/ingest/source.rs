//! Files as pieces of rows, whatever they are made of.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use datafusion::arrow::array::RecordBatch;
use datafusion::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use linli_model::Text;

use super::convert::shown;
use super::database::{self, Database};
use super::header::Known;
use super::json::JsonFile;
use super::object::object;
use super::options::LoadOptions;
use super::record::TextRows;
use super::report::{FileReport, TOTALS_MAX};
use super::sniff::{HEAD_BYTES, Kind, sniff};
use super::split::Chunk;
use super::text::TextFile;
use super::workbook::Workbook;
use crate::error::{Error, Result};

/// Rows of a Parquet file that are looked at together.
const ROWS_PER_PIECE: usize = 16_384;

/// An open file, or a database that answers.
pub(super) enum Source {
    /// CSV.
    Text(Box<TextFile>),
    /// Parquet, and how many rows were read.
    Parquet(Box<ParquetRecordBatchReader>, u64),
    /// A sheet of a workbook.
    Workbook(Box<Workbook>),
    /// JSON.
    Json(Box<JsonFile>),
    /// A table or query of a database.
    Database(Box<Database>),
}

/// Some rows of a file, not looked at yet.
pub(super) enum Piece {
    /// Of a CSV file.
    Text(Chunk),
    /// Of a Parquet file, and how many rows stand before them.
    Parquet(RecordBatch, u64),
    /// Of anything else, as texts already.
    Cells(TextRows),
}

/// The rows of a piece as they came.
pub(super) enum Rows {
    /// Texts.
    Text(TextRows),
    /// Of a Parquet file, and how many rows stand before them.
    Parquet(RecordBatch, u64),
}

/// Refuses an option that speaks of what none of the files has.
///
/// **Errors.** [`Error::IdleOption`].
pub(super) fn idle(sources: &[Source], paths: &[PathBuf], options: &LoadOptions) -> Result<()> {
    type Takes = fn(&Source) -> bool;
    let takers: [(&'static str, bool, Takes); 4] = [
        ("--encoding", options.encoding.is_some(), |it| matches!(it, Source::Text(_))),
        ("--header-row", options.header_row.is_some(), |it| {
            matches!(it, Source::Text(_) | Source::Workbook(_))
        }),
        ("--sheet", options.sheet.is_some(), |it| matches!(it, Source::Workbook(_) | Source::Database(_))),
        ("--query", options.query.is_some(), |it| matches!(it, Source::Database(_))),
    ];
    let idle = takers.into_iter().find(|(_, is_given, takes)| *is_given && !sources.iter().any(takes));
    let Some(((option, ..), source)) = idle.zip(sources.first()) else { return Ok(()) };
    let path = paths.first().map(|it| database::shown(it)).unwrap_or_default();
    Err(Error::IdleOption { found: source.report(String::new()).format, path, option })
}

impl Source {
    /// Opens a file, settles what it is by its first bytes, and reads its header.
    ///
    /// **Errors.** [`Error::UnknownFile`], [`Error::FileDenied`], [`Error::Unreadable`],
    /// [`Error::EmptyFile`], [`Error::UnknownKind`], [`Error::UnknownEncoding`],
    /// [`Error::Undecodable`], [`Error::OpenQuote`], [`Error::UnknownSheet`], [`Error::BadJson`],
    /// [`Error::NoHeader`], [`Error::Database`], [`Error::Over`].
    pub(super) fn open(path: &Path, known: Known<'_>, options: &LoadOptions) -> Result<(Self, Vec<String>)> {
        if database::is_one(path) {
            let database = Database::open(path, known.table, options)?;
            let headers = database.headers().to_vec();
            return Ok((Self::Database(Box::new(database)), headers));
        }
        let reading = |it: std::io::Error| Error::reading(path, &it);
        let mut file = File::open(path).map_err(reading)?;
        let mut head = Vec::new();
        (&file).take(HEAD_BYTES).read_to_end(&mut head).map_err(reading)?;
        file.rewind().map_err(reading)?;
        let refused = |found: Text, hint: Text| Error::unknown_kind(path.display().to_string(), found, hint);
        match sniff(&head).map_err(|it| refused(it.found, it.hint))? {
            Kind::Text => {
                let file = TextFile::open(path, file, known, options.encoding.as_deref())?;
                let headers = file.headers().to_vec();
                Ok((Self::Text(Box::new(file)), headers))
            }
            Kind::Zip => Ok(Self::of_workbook(Workbook::in_zip(path, file, known, options)?)),
            Kind::Ole => Ok(Self::of_workbook(Workbook::in_ole(path, file, known, options)?)),
            Kind::Json => {
                let file = JsonFile::open(path, file)?;
                let headers = file.headers().to_vec();
                Ok((Self::Json(Box::new(file)), headers))
            }
            Kind::Parquet => {
                let reader = ParquetRecordBatchReaderBuilder::try_new(file)
                    .and_then(|it| it.with_batch_size(ROWS_PER_PIECE).build())
                    .map_err(|it| unreadable(path, &it))?;
                let schema = datafusion::arrow::array::RecordBatchReader::schema(&reader);
                let headers = schema.fields().iter().map(|it| it.name().clone()).collect();
                Ok((Self::Parquet(Box::new(reader), 0), headers))
            }
        }
    }

    fn of_workbook(workbook: Workbook) -> (Self, Vec<String>) {
        let headers = workbook.headers.clone();
        (Self::Workbook(Box::new(workbook)), headers)
    }

    /// A failure to find columns, with the encoding that somebody named for this file.
    pub(super) fn told(&self, error: Error, options: &LoadOptions) -> Error {
        match error {
            Error::MissingColumn { path, table, column, found, .. } if matches!(self, Self::Text(_)) => {
                let encoding = options.encoding.as_deref().map(Box::from);
                Error::MissingColumn { path, table, column, found, encoding }
            }
            other => other,
        }
    }

    /// How the file is read, and why so; what is counted comes later.
    pub(super) fn report(&self, file: String) -> FileReport {
        let report = FileReport { file, ..FileReport::default() };
        let utf8 = Some("utf-8".to_owned());
        match self {
            Self::Text(it) => {
                let ((encoding, encoding_basis), (header_row, header_basis)) =
                    (it.encoding(), it.header_row());
                FileReport {
                    format: "csv".to_owned(),
                    encoding: Some(encoding.to_owned()),
                    encoding_basis: Some(encoding_basis.clone()),
                    header_row: Some(header_row),
                    header_basis: Some(header_basis.clone()),
                    ..report
                }
            }
            Self::Parquet(..) => FileReport { format: "parquet".to_owned(), ..report },
            Self::Workbook(it) => FileReport {
                format: it.format.to_owned(),
                sheet: Some(it.name.clone()),
                other_sheets: it.others.clone(),
                header_row: Some(it.header_row),
                header_basis: Some(it.basis.clone()),
                blank_lines: it.blank_lines,
                totals: it.total_lines.len() as u64,
                total_lines: it.total_lines.iter().take(TOTALS_MAX).copied().collect(),
                ..report
            },
            Self::Json(it) => FileReport { format: it.format().to_owned(), encoding: utf8, ..report },
            Self::Database(it) => {
                FileReport { format: "postgresql".to_owned(), sheet: it.table.clone(), ..report }
            }
        }
    }

    /// The next rows; none at the end.
    pub(super) fn next_piece(&mut self, path: &Path) -> Result<Option<Piece>> {
        match self {
            Self::Text(file) => Ok(file.next_chunk()?.map(Piece::Text)),
            Self::Workbook(it) => Ok(it.next_piece().map(Piece::Cells)),
            Self::Json(it) => Ok(it.next_piece()?.map(Piece::Cells)),
            Self::Database(it) => Ok(it.next_piece()?.map(Piece::Cells)),
            Self::Parquet(reader, before) => match reader.next() {
                None => Ok(None),
                Some(batch) => {
                    let batch = batch.map_err(|it| unreadable(path, &it))?;
                    let first = *before;
                    *before += batch.num_rows() as u64;
                    Ok(Some(Piece::Parquet(batch, first)))
                }
            },
        }
    }
}

impl Piece {
    /// Splits the piece into rows; `key_column` is where a row of the file has its key.
    pub(super) fn rows(self, shown: &str, key_column: Option<usize>) -> Result<Rows> {
        Ok(match self {
            Self::Text(chunk) => Rows::Text(chunk.rows(shown, key_column)?),
            Self::Parquet(batch, before) => Rows::Parquet(batch, before),
            Self::Cells(rows) => Rows::Text(rows),
        })
    }
}

impl Rows {
    /// How many rows have the width of the header.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(it) => it.len(),
            Self::Parquet(it, _) => it.num_rows(),
        }
    }

    /// How many lines hold nothing, and which lines hold totals; neither are rows.
    pub(super) fn no_data(&self) -> (u64, &[u64]) {
        match self {
            Self::Text(it) => (it.blank, &it.totals),
            Self::Parquet(..) => (0, &[]),
        }
    }

    /// Where a row begins: the line of text, the row of Parquet, from 1.
    pub(super) fn line(&self, row: usize) -> u64 {
        match self {
            Self::Text(it) => it.line(row),
            Self::Parquet(_, before) => before + row as u64 + 1,
        }
    }

    /// What stands in a cell.
    pub(super) fn quote(&self, row: usize, column: usize) -> String {
        match self {
            Self::Text(it) => it.cell(row, column).to_owned(),
            Self::Parquet(it, _) => shown(it.column(column), row).unwrap_or_default(),
        }
    }

    /// The row as a JSON object, header to text.
    pub(super) fn json(&self, row: usize, headers: &[String]) -> String {
        let cell = |column| match self {
            Self::Text(it) => Some(it.cell(row, column).to_owned()),
            Self::Parquet(it, _) => shown(it.column(column), row),
        };
        object(headers.iter().enumerate().map(|(column, header)| (header.clone(), cell(column))))
    }
}

fn unreadable(path: &Path, cause: &dyn std::fmt::Display) -> Error {
    Error::Unreadable {
        path: path.display().to_string(),
        cause: Text::new(cause.to_string(), format!("系统返回 {cause}")),
    }
}
