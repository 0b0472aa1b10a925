//! Rows of texts and the lines they stand on: records of CSV files, and whatever else was made
//! into rows of texts.

use std::sync::Arc;

use linli_model::{FieldType, Text};

use super::decode::legible;
use super::nodata::{self, NoData};
use crate::error::{Error, Result};

/// How much is looked at together, where no file says it.
const ROWS_PER_PIECE: usize = 10_000;
const BYTES_PER_PIECE: usize = 4 << 20;

/// Whole records of a CSV file.
#[derive(Debug)]
pub(super) struct Chunk {
    /// The records, quoted as in the file.
    pub(super) bytes: Vec<u8>,
    /// Where the last one begins, if a quote in it is not closed.
    pub(super) broken: Option<usize>,
    /// The line with which they begin.
    pub(super) line: u64,
    /// What all chunks of the file share.
    pub(super) layout: Arc<Layout>,
}

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

/// Rows of texts, e.g. the records of a chunk, unquoted.
#[derive(Debug, Default)]
pub(super) struct TextRows {
    text: String,
    /// Where each cell ends in `text`, row by row.
    ends: Vec<usize>,
    layout: Arc<Layout>,
    /// The line on which each row begins.
    lines: Vec<u64>,
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
            Self::Several => field_type != FieldType::List,
            Self::Separator => field_type == FieldType::List,
        }
    }

    /// The name of the rule.
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::ErrorValue => "cell_error",
            Self::NoOutcome => "formula",
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

impl Chunk {
    /// Splits the chunk into records and cells; `key_column` is where a row has its key.
    ///
    /// **Errors.** [`Error::Unreadable`], with `shown` as the file's name.
    pub(super) fn rows(self, shown: &str, key_column: Option<usize>) -> Result<TextRows> {
        // Once for all records; only where it fails each is looked at.
        let is_sound = std::str::from_utf8(&self.bytes).is_ok();
        let mut text = Vec::with_capacity(self.bytes.len());
        let mut rows =
            TextRows { layout: Arc::clone(&self.layout), broken: self.broken_row(), ..TextRows::default() };
        let whole = &self.bytes[..self.broken.unwrap_or(self.bytes.len())];
        let mut reader = reader(whole, self.layout.delimiter);
        let mut record = csv::ByteRecord::new();
        let (mut line, mut counted) = (self.line, 0);
        loop {
            let begin = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
            let is_read = reader.read_byte_record(&mut record).map_err(|it| unreadable(shown, &it))?;
            // The reader skips what ends the record before, and blank lines.
            let start = begin + whole[begin..].iter().take_while(|it| matches!(it, b'\n' | b'\r')).count();
            rows.blank += blank_lines(whole, begin, start);
            if !is_read {
                break;
            }
            line += newlines(&whole[counted..start]);
            counted = start;
            rows.place(&record, line, is_sound, key_column, &mut text);
        }
        rows.text = String::from_utf8(text).map_err(|it| unreadable(shown, &it))?;
        Ok(rows)
    }

    fn broken_row(&self) -> Option<BrokenRow> {
        let rest = &self.bytes[self.broken?..];
        let blank = rest.iter().take_while(|it| matches!(it, b'\n' | b'\r')).count();
        let text = legible(&rest[blank..], self.layout.is_marked());
        Some(BrokenRow {
            line: self.line + newlines(&self.bytes[..self.bytes.len() - rest.len() + blank]),
            text: text.trim_end_matches(['\n', '\r']).to_owned(),
        })
    }
}

impl Layout {
    /// Whether bytes that are no text are marked, as [`super::decode`] does it.
    pub(super) fn is_marked(&self) -> bool {
        self.encoding != "utf-8"
    }
}

impl TextRows {
    /// Puts a record where it belongs.
    fn place(
        &mut self,
        record: &csv::ByteRecord,
        line: u64,
        is_sound: bool,
        key_column: Option<usize>,
        text: &mut Vec<u8>,
    ) {
        let is_text = |it: &[u8]| std::str::from_utf8(it).is_ok();
        if !is_sound && !record.iter().all(is_text) {
            let is_marked = self.layout.is_marked();
            let cells = record.iter().map(|it| legible(it, is_marked)).collect();
            self.undecoded.push(RaggedRow { line, cells });
            return;
        }
        // Sound as a whole, and no separator is a part of a character.
        match nodata::kind(record.iter().map(|it| std::str::from_utf8(it).unwrap_or_default()), key_column) {
            NoData::Blank => self.blank += 1,
            NoData::Total => self.totals.push(line),
            NoData::Data if self.fits(record) => {
                let base = text.len();
                let width = self.layout.width;
                let end = record.range(width.min(record.len()) - 1).map_or(0, |it| it.end);
                text.extend_from_slice(&record.as_slice()[..end]);
                self.ends.extend((0..width).map(|it| base + record.range(it).map_or(end, |it| it.end)));
                self.lines.push(line);
            }
            NoData::Data => {
                let cells = record.iter().map(|it| legible(it, false)).collect();
                self.ragged.push(RaggedRow { line, cells });
            }
        }
    }

    /// Whether a record has a cell for every header. What stands beyond must be empty, and
    /// only cells of columns without name may be missing: a row that was cut off would empty
    /// the cells it does not have.
    fn fits(&self, record: &csv::ByteRecord) -> bool {
        let Layout { width, least, .. } = *self.layout;
        let is_empty = |cell: &[u8]| std::str::from_utf8(cell).is_ok_and(|it| it.trim().is_empty());
        record.len() == width
            || (record.len() >= least && !record.is_empty() && record.iter().skip(width).all(is_empty))
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
        let start = index.checked_sub(1).map_or(0, |it| self.ends[it]);
        self.text.get(start..self.ends[index]).unwrap_or_default()
    }
}

/// A reader of records, the header among them.
pub(super) fn reader(bytes: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes)
}

/// How many lines end in these bytes: by a line feed, a carriage return, or both.
pub(super) fn newlines(bytes: &[u8]) -> u64 {
    let ends = |(at, byte): (usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    bytes.iter().enumerate().filter(|it| ends(*it)).count() as u64
}

/// How many of the line ends from `begin` to `end` end a line that holds nothing.
fn blank_lines(bytes: &[u8], begin: usize, end: usize) -> u64 {
    // The second half of a line end is none.
    let is_half = begin > 0 && bytes[begin - 1] == b'\r' && bytes.get(begin) == Some(&b'\n');
    newlines(&bytes[begin + usize::from(is_half)..end])
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

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(encoding: &str) -> Arc<Layout> {
        Arc::new(Layout { delimiter: b',', width: 2, least: 2, encoding: encoding.to_owned() })
    }

    fn rows(text: impl AsRef<[u8]>) -> TextRows {
        let bytes = text.as_ref().to_vec();
        let chunk = Chunk { bytes, broken: None, line: 2, layout: layout("utf-8") };
        chunk.rows("t.csv", Some(0)).expect("rows")
    }

    #[test]
    fn every_row_knows_its_line() {
        let lines = |text| rows(text).lines;
        assert_eq!(lines("a,b\nc,d\n"), [2, 3]);
        assert_eq!(lines("a,b\r\n\r\n\nc,d\r\ne,f"), [2, 5, 6]);
        assert_eq!(lines("\"a\nA\",b\n\"c\r\n\r\n\",d\ne,f\n"), [2, 4, 7]);
        let ragged = rows("a,b\nc\n  \nd,e,f\ng,h\n");
        assert_eq!(ragged.lines, [2, 6]);
        assert_eq!(ragged.ragged.iter().map(|it| it.line).collect::<Vec<_>>(), [3, 5]);
    }

    #[test]
    fn lines_without_data_are_counted_apart() {
        for (text, blank, totals) in [
            ("a,b\nc,d\n", 0, vec![]),
            ("\na,b\r\n\r\n\n,\nc,d\r\n  \n\n", 6, vec![]),
            ("a,b\r\rc,d\r", 1, vec![]),
            ("a,b\n合计,2\n,,,\nc,d\n总 计：,4,,\n", 1, vec![3, 6]),
        ] {
            let it = rows(text);
            assert_eq!((it.len(), it.blank, &it.totals, it.ragged.len()), (2, blank, &totals, 0), "{text:?}");
        }
    }

    #[test]
    fn empty_cells_beyond_the_header_do_no_harm_and_missing_ones_do() {
        let it = rows("a,b,, \nc,d,\ne\nf,g,,h\n");
        assert_eq!(it.lines, [2, 3]);
        assert_eq!([it.cell(0, 1), it.cell(1, 0), it.cell(1, 1)], ["b", "c", "d"]);
        assert_eq!(it.ragged.iter().map(|it| it.line).collect::<Vec<_>>(), [4, 5]);
        // The third column has no name.
        let layout = Layout { delimiter: b',', width: 3, least: 2, encoding: "utf-8".to_owned() };
        let bytes = b"a,b\nc\nd,e,f\n".to_vec();
        let chunk = Chunk { bytes, broken: None, line: 2, layout: Arc::new(layout) };
        let it = chunk.rows("t.csv", Some(0)).expect("rows");
        assert_eq!((it.lines.as_slice(), it.cell(0, 2), it.cell(1, 2)), ([2, 4].as_slice(), "", "f"));
    }

    #[test]
    fn a_row_that_is_no_text_is_told_apart_with_its_bytes() {
        let it = rows(b"a,b\nc,\xBD\xCC\nd,\xE6\x95\x99\n");
        assert_eq!(it.lines, [2, 4]);
        let undecoded: Vec<_> = it.undecoded.iter().map(|it| (it.line, it.cells[1].as_str())).collect();
        assert_eq!(undecoded, [(3, "\\xBD\\xCC")]);
        // A character torn by a separator is none.
        assert_eq!(rows(b"\xE6,\x95\x99\n").undecoded.len(), 1);
    }

    #[test]
    fn a_broken_row_keeps_its_text_and_its_line() {
        let bytes = b"a,b\n\nc,\"d\xFFBD\n".to_vec();
        let chunk = Chunk { bytes, broken: Some(5), line: 2, layout: layout("gb18030") };
        let rows = chunk.rows("t.csv", None).expect("rows");
        let broken = rows.broken.as_ref().map(|it| (it.line, it.text.as_str()));
        assert_eq!((rows.lines.as_slice(), broken), ([2].as_slice(), Some((4, "c,\"d\\xBD"))));
        assert_eq!(rows.blank, 1);
    }

    #[test]
    fn cells_are_unquoted() {
        let it = rows("\"a \"\"A\"\"\",b\n,\"c,d\"\n");
        assert_eq!([it.cell(0, 0), it.cell(0, 1)], ["a \"A\"", "b"]);
        assert_eq!([it.cell(1, 0), it.cell(1, 1)], ["", "c,d"]);
    }
}
