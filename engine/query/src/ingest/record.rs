//! Rows of texts and the lines they stand on: records of CSV files, and whatever else was made
//! into rows of texts.

use std::ops::Range;
use std::sync::Arc;

use linli_model::{FieldType, Text};

use super::nodata::{self, NoData};
use super::written::trim;
use crate::error::Error;

/// How much is looked at together, where no file says it.
const ROWS_PER_PIECE: usize = 10_000;
const BYTES_PER_PIECE: usize = 4 << 20;

/// What the records of a file have in common.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// What separates cells.
    pub(super) delimiter: u8,
    /// How many cells the header has.
    pub(super) width: usize,
    /// How many cells a row has at least: columns at the end without name may be missing.
    pub(super) least: usize,
    /// The encoding of the file.
    pub(super) encoding: String,
}

/// What a record of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    /// No cell holds anything.
    Blank,
    /// Sums or notes.
    Total,
    /// A row of the header's width.
    Fits,
    /// A row of another width.
    Ragged,
}

/// Rows of texts, e.g. the records of a chunk, unquoted.
#[derive(Debug, Default)]
pub(super) struct TextRows {
    pub(super) text: String,
    /// Where each row begins in `text`.
    pub(super) begins: Vec<usize>,
    /// Where each cell ends in `text`, row by row.
    pub(super) ends: Vec<usize>,
    /// How many bytes stand between two cells of a row: one where `text` is the file's own.
    pub(super) gap: usize,
    pub(super) layout: Arc<Layout>,
    /// The line on which each row begins.
    pub(super) lines: Vec<u64>,
    /// Rows with too few or too many cells, which are not among the others.
    pub(super) ragged: Vec<RaggedRow>,
    /// Rows with bytes that are no text, which are not among the others either.
    pub(super) undecoded: Vec<RaggedRow>,
    /// The row that a quote breaks off, nor is this one.
    pub(super) broken: Option<BrokenRow>,
    /// How many lines hold nothing; they are no rows.
    pub(super) blank: u64,
    /// Where lines of totals begin, which are no rows.
    pub(super) totals: Vec<u64>,
    /// Rows that are wrong as a whole, which are not among the others either.
    pub(super) refused: Vec<RefusedRow>,
    /// Cells of which no text can be made, or none that says what they hold.
    pub(super) odd: Vec<OddCell>,
    /// Whether they are of a workbook, where a day may be a bare number.
    pub(super) from_workbook: bool,
}

/// A cell of which the text is not what it should be, whatever the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OddCell {
    /// The row among those of the header's width.
    pub(super) row: usize,
    /// The column of the file.
    pub(super) column: usize,
    /// What is wrong with it.
    pub(super) oddity: Oddity,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oddity {
    /// An error such as `#N/A`, which a text column would keep as if it were a text.
    ErrorValue,
    /// A formula of which the file does not hold the outcome.
    NoOutcome,
    /// A number of more digits than a workbook keeps, for a column of text.
    Rounded,
    /// An object, or a list of what is no scalar.
    Nested,
    /// Several values, for a column that holds one.
    Several,
    /// A value with a semicolon in it, for a column in which semicolons part values.
    Separator,
}

impl Oddity {
    /// Whether it is one in a column of this type.
    pub(super) fn is_one(self, field_type: FieldType) -> bool {
        match self {
            Self::ErrorValue | Self::NoOutcome | Self::Nested => true,
            Self::Rounded => field_type == FieldType::String,
            Self::Several => field_type != FieldType::List,
            Self::Separator => field_type == FieldType::List,
        }
    }

    /// The name of the rule.
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::ErrorValue => "cell_error",
            Self::NoOutcome => "formula",
            Self::Rounded => "rounded",
            Self::Nested | Self::Several | Self::Separator => "type",
        }
    }

    /// What should stand there.
    pub(super) fn expected(self) -> Text {
        match self {
            Self::ErrorValue => Text::new("a value instead of an error", "数值或文字，而不是错误值"),
            Self::NoOutcome => Text::new(
                "a formula with its outcome: open the workbook, let it calculate, save it",
                "带有计算结果的公式：请打开工作簿，待其计算后保存",
            ),
            Self::Rounded => Text::new(
                "a text: of a number Excel keeps 15 digits, so the last ones are lost; format the column as text and type it again",
                "文本格式：Excel 的数值只保留 15 位，末尾几位已丢失；请将该列设为文本后重新填写",
            ),
            Self::Nested => Text::new("one value, or a list of values", "单个值或值的列表"),
            Self::Several => Text::new("one value", "单个值"),
            Self::Separator => Text::new("values without semicolons", "不含分号的值"),
        }
    }
}

/// A row that is wrong as a whole.
#[derive(Debug)]
pub(super) struct RefusedRow {
    /// The line on which it begins.
    pub(super) line: u64,
    /// The row as a JSON object.
    pub(super) json: String,
    /// The name of the rule.
    pub(super) rule: &'static str,
    /// What was found.
    pub(super) found: String,
    /// What should stand there.
    pub(super) expected: Text,
}

/// A record that does not fit the header.
#[derive(Debug)]
pub(super) struct RaggedRow {
    /// The line on which it begins.
    pub(super) line: u64,
    /// Its cells.
    pub(super) cells: Vec<String>,
}

/// A record with a quote that is not closed.
#[derive(Debug)]
pub(super) struct BrokenRow {
    /// The line on which it begins.
    pub(super) line: u64,
    /// Its text up to the end of the line with the quote.
    pub(super) text: String,
}

impl Layout {
    /// Whether bytes that are no text are marked, as [`super::decode`] does it.
    pub(super) fn is_marked(&self) -> bool {
        self.encoding != "utf-8"
    }
}

impl TextRows {
    /// What a record is, given its cells by where they stand in `bytes`, which are text.
    pub(super) fn kind(&self, bytes: &[u8], cells: &[Range<usize>], key_column: Option<usize>) -> RowKind {
        let text = |it: &Range<usize>| std::str::from_utf8(&bytes[it.clone()]).unwrap_or_default();
        match nodata::kind(cells.iter().map(text), key_column) {
            NoData::Blank => RowKind::Blank,
            NoData::Total => RowKind::Total,
            NoData::Data if self.fits(bytes, cells) => RowKind::Fits,
            NoData::Data => RowKind::Ragged,
        }
    }

    /// Whether a record has a cell for every header. What stands beyond must be empty, and
    /// only cells of columns without name may be missing: a row that was cut off would empty
    /// the cells it does not have.
    fn fits(&self, bytes: &[u8], cells: &[Range<usize>]) -> bool {
        let Layout { width, least, .. } = *self.layout;
        let is_empty = |it: &Range<usize>| {
            std::str::from_utf8(&bytes[it.clone()]).is_ok_and(|cell| trim(cell).is_empty())
        };
        cells.len() == width
            || (cells.len() >= least && !cells.is_empty() && cells.iter().skip(width).all(is_empty))
    }

    /// The encoding of the file.
    pub(super) fn encoding(&self) -> &str {
        &self.layout.encoding
    }

    /// No rows yet, of so many cells each.
    pub(super) fn of_width(width: usize) -> Self {
        Self { layout: Arc::new(Layout { width, least: width, ..Layout::default() }), ..Self::default() }
    }

    /// Takes in a row. Cells behind the last one are empty; more cells than the header has make
    /// it a ragged row, unless they are empty.
    pub(super) fn push(&mut self, line: u64, cells: &[String]) {
        let (kept, rest) = cells.split_at(cells.len().min(self.layout.width));
        if rest.iter().any(|it| !it.trim().is_empty()) {
            self.ragged.push(RaggedRow { line, cells: cells.to_vec() });
            return;
        }
        self.begins.push(self.text.len());
        for column in 0..self.layout.width {
            self.text.push_str(kept.get(column).map_or("", String::as_str));
            self.ends.push(self.text.len());
        }
        self.lines.push(line);
    }

    /// Whether a bare number may be the serial of a day.
    pub(super) fn has_serials(&self) -> bool {
        self.from_workbook
    }

    /// Whether there is enough to look at together.
    pub(super) fn is_piece(&self) -> bool {
        let others = self.refused.len() + self.ragged.len();
        self.len() + others >= ROWS_PER_PIECE || self.text.len() >= BYTES_PER_PIECE
    }

    /// Whether there is nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.refused.is_empty() && self.ragged.is_empty()
    }

    /// Rows whose cells were cut before, each with its line.
    pub(super) fn of<'a>(width: usize, cut: impl Iterator<Item = (u64, &'a [String])>) -> Self {
        let mut rows = Self::of_width(width);
        cut.for_each(|(line, cells)| rows.push(line, cells));
        rows
    }

    /// How many rows have a cell for every header.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The line on which a row begins.
    pub(super) fn line(&self, row: usize) -> u64 {
        self.lines[row]
    }

    /// A cell as it stands in the file.
    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        let index = row * self.layout.width + column;
        let start = if column == 0 { self.begins[row] } else { self.ends[index - 1] + self.gap };
        // A cell that its row does not have ends where the one before does.
        self.text.get(start..self.ends[index]).unwrap_or_default()
    }
}

/// Whether a byte shows nothing.
pub(super) fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

/// The failure to read a file, with its name.
pub(super) fn unreadable(shown: &str, cause: &dyn std::fmt::Display) -> Error {
    Error::Unreadable {
        path: shown.to_owned(),
        cause: Text::new(cause.to_string(), format!("系统返回 {cause}")),
    }
}
