//! Records of CSV to rows of cells.
//!
//! Most files quote nothing. Where no byte of a chunk is a quote, a record is a line and cells
//! lie between separators, so that rows are where cells end in the text as it stands. What has
//! quotes, or is no text, goes through the reader of the `csv` crate.

use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memchr3_iter};

use super::decode::legible;
use super::record::{BrokenRow, Layout, RaggedRow, RowKind, TextRows, unreadable};
use crate::error::Result;

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

impl Chunk {
    /// Splits the chunk into records and cells; `key_column` is where a row has its key.
    ///
    /// **Errors.** [`Error::Unreadable`](crate::Error::Unreadable), with `shown` as the file's name.
    pub(super) fn rows(mut self, shown: &str, key_column: Option<usize>) -> Result<TextRows> {
        if self.broken.is_none() && memchr(b'"', &self.bytes).is_none() {
            match String::from_utf8(self.bytes) {
                Ok(text) => return Ok(plain(text, self.line, self.layout, key_column)),
                Err(it) => self.bytes = it.into_bytes(),
            }
        }
        self.quoted(shown, key_column)
    }

    fn quoted(self, shown: &str, key_column: Option<usize>) -> Result<TextRows> {
        // Once for all records; only where it fails each is looked at.
        let is_sound = std::str::from_utf8(&self.bytes).is_ok();
        let mut text = Vec::with_capacity(self.bytes.len());
        let mut rows =
            TextRows { layout: Arc::clone(&self.layout), broken: self.broken_row(), ..TextRows::default() };
        let whole = &self.bytes[..self.broken.unwrap_or(self.bytes.len())];
        // The reader takes a mark at the beginning for one of the file.
        let whole = whole.strip_prefix("\u{feff}".as_bytes()).unwrap_or(whole);
        let mut reader = reader(whole, self.layout.delimiter);
        let (mut record, mut cells) = (csv::ByteRecord::new(), Vec::new());
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
            let is_text = |it: &[u8]| std::str::from_utf8(it).is_ok();
            if !is_sound && !record.iter().all(is_text) {
                rows.undecoded.push(ragged(record.iter(), line, self.layout.is_marked()));
                continue;
            }
            cells.clear();
            cells.extend((0..record.len()).filter_map(|it| record.range(it)));
            let base = text.len();
            if rows.place(record.as_slice(), &cells, line, key_column, base) {
                let end = cells[self.layout.width.min(cells.len()) - 1].end;
                text.extend_from_slice(&record.as_slice()[..end]);
            }
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

/// Rows of a text without quotes.
fn plain(text: String, mut line: u64, layout: Arc<Layout>, key_column: Option<usize>) -> TextRows {
    let (bytes, delimiter) = (text.as_bytes(), layout.delimiter);
    let mut rows = TextRows { layout: Arc::clone(&layout), gap: 1, ..TextRows::default() };
    let (mut cells, mut begin) = (Vec::with_capacity(layout.width), 0);
    for at in memchr3_iter(delimiter, b'\n', b'\r', bytes) {
        if bytes[at] == delimiter {
            cells.push(begin..at);
            begin = at + 1;
            continue;
        }
        // The second half of a line end is none.
        let is_half = bytes[at] == b'\n' && at == begin && at > 0 && bytes[at - 1] == b'\r';
        if is_half && cells.is_empty() {
            begin = at + 1;
            continue;
        }
        if cells.is_empty() && begin == at {
            rows.blank += 1;
        } else {
            cells.push(begin..at);
            rows.place(bytes, &cells, line, key_column, 0);
            cells.clear();
        }
        begin = at + 1;
        line += 1;
    }
    if begin < bytes.len() || !cells.is_empty() {
        cells.push(begin..bytes.len());
        rows.place(bytes, &cells, line, key_column, 0);
    }
    rows.text = text;
    rows
}

impl TextRows {
    /// Puts a record of text where it belongs; true where it is a row of the header's width,
    /// which will stand at `base` of the rows' text.
    fn place(
        &mut self,
        bytes: &[u8],
        cells: &[Range<usize>],
        line: u64,
        key_column: Option<usize>,
        base: usize,
    ) -> bool {
        match self.kind(bytes, cells, key_column) {
            RowKind::Blank => self.blank += 1,
            RowKind::Total => self.totals.push(line),
            RowKind::Ragged => {
                let cells = cells.iter().map(|it| &bytes[it.clone()]);
                self.ragged.push(ragged(cells, line, false));
            }
            RowKind::Fits => {
                let width = self.layout.width;
                let last = cells[width.min(cells.len()) - 1].end;
                self.begins.push(base + cells[0].start);
                self.ends.extend((0..width).map(|it| base + cells.get(it).map_or(last, |cell| cell.end)));
                self.lines.push(line);
                return true;
            }
        }
        false
    }
}

fn ragged<'a>(cells: impl Iterator<Item = &'a [u8]>, line: u64, is_marked: bool) -> RaggedRow {
    RaggedRow { line, cells: cells.map(|it| legible(it, is_marked)).collect() }
}

/// A reader of records, the header among them.
pub(super) fn reader(bytes: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes)
}

/// How many lines end in these bytes: by a line feed, a carriage return, or both.
pub(super) fn newlines(bytes: &[u8]) -> u64 {
    let alone = memchr_iter(b'\r', bytes).filter(|it| bytes.get(it + 1) != Some(&b'\n'));
    (memchr_iter(b'\n', bytes).count() + alone.count()) as u64
}

/// How many of the line ends from `begin` to `end` end a line that holds nothing.
fn blank_lines(bytes: &[u8], begin: usize, end: usize) -> u64 {
    // The second half of a line end is none.
    let is_half = begin > 0 && bytes[begin - 1] == b'\r' && bytes.get(begin) == Some(&b'\n');
    newlines(&bytes[begin + usize::from(is_half)..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(encoding: &str) -> Arc<Layout> {
        Arc::new(Layout { delimiter: b',', width: 2, least: 2, encoding: encoding.to_owned() })
    }

    fn rows(text: impl AsRef<[u8]>) -> TextRows {
        let bytes = text.as_ref().to_vec();
        let chunk = || Chunk { bytes: bytes.clone(), broken: None, line: 2, layout: layout("utf-8") };
        let rows = chunk().rows("t.csv", Some(0)).expect("rows");
        // Both ways lead to the same.
        assert_eq!(told(&rows), told(&chunk().quoted("t.csv", Some(0)).expect("rows")));
        rows
    }

    fn told(rows: &TextRows) -> String {
        let cells = |row| (0..rows.layout.width).map(move |it| rows.cell(row, it));
        let kept: Vec<_> = (0..rows.len()).map(|it| (rows.line(it), cells(it).collect::<Vec<_>>())).collect();
        let (ragged, undecoded) = (&rows.ragged, &rows.undecoded);
        format!("{kept:?} {ragged:?} {undecoded:?} {} {:?}", rows.blank, rows.totals)
    }

    #[test]
    fn lines_end_in_three_ways_and_cells_with_a_separator() {
        for text in [
            "",
            "\n",
            "\r\n\r\n",
            "a,b",
            "a,b\r",
            "a,b\r\n",
            ",\r,\n,",
            "a,b\n\rc,d\r\r\ne,f",
            "a,\n,b\n,\n,,\n",
            "a\r\n,b\r\n",
            "甲,乙\n合计,2\r丙,\r\n 　 \n",
            "a,b,c\nd\n,,,x\n",
            "\u{feff}\n\u{feff},\n",
        ] {
            rows(text);
        }
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
