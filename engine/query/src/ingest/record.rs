//! Records of CSV files and the lines they stand on.

use linli_model::Text;

use super::sniff::describe;
use crate::error::{Error, Result};

/// Whole records of a CSV file.
#[derive(Debug)]
pub(super) struct Chunk {
    /// The records, quoted as in the file.
    pub(super) bytes: Vec<u8>,
    /// Where the last one begins, if a quote in it is not closed.
    pub(super) broken: Option<usize>,
    /// The line with which they begin.
    pub(super) line: u64,
    /// What separates cells.
    pub(super) delimiter: u8,
    /// How many cells the header has.
    pub(super) width: usize,
}

/// The records of a chunk, unquoted.
#[derive(Debug)]
pub(super) struct TextRows {
    text: String,
    /// Where each cell ends in `text`, row by row.
    ends: Vec<usize>,
    width: usize,
    /// The line on which each row begins.
    lines: Vec<u64>,
    /// Rows with too few or too many cells, which are not among the others.
    pub(super) ragged: Vec<RaggedRow>,
    /// The row that a quote breaks off, which is not among the others either.
    pub(super) broken: Option<BrokenRow>,
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
    /// Splits the chunk into records and cells.
    ///
    /// **Errors.** [`Error::NotUtf8`], with `shown` as the file's name.
    pub(super) fn rows(&self, shown: &str) -> Result<TextRows> {
        if let Err(error) = std::str::from_utf8(&self.bytes) {
            let sound = &self.bytes[..error.valid_up_to()];
            return Err(Error::NotUtf8 {
                path: shown.to_owned(),
                found: match describe(&self.bytes) {
                    "GB18030" => "GB18030",
                    other if sound.is_ascii() => other,
                    _ => "bytes that are no UTF-8",
                },
                line: Some(self.line + newlines(sound)),
            });
        }
        let mut text = Vec::with_capacity(self.bytes.len());
        let mut rows = TextRows {
            text: String::new(),
            ends: Vec::new(),
            width: self.width,
            lines: Vec::new(),
            ragged: Vec::new(),
            broken: self.broken_row(),
        };
        let sound = &self.bytes[..self.broken.unwrap_or(self.bytes.len())];
        let mut reader = reader(sound, self.delimiter);
        let mut record = csv::ByteRecord::new();
        let (mut line, mut counted) = (self.line, 0);
        loop {
            let mut start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
            if !reader.read_byte_record(&mut record).map_err(|it| unreadable(shown, &it))? {
                break;
            }
            // The reader skips what ends the record before, and blank lines.
            while sound.get(start).is_some_and(|it| matches!(it, b'\n' | b'\r')) {
                start += 1;
            }
            line += newlines(&sound[counted..start]);
            counted = start;
            if record.len() == self.width {
                let base = text.len();
                text.extend_from_slice(record.as_slice());
                let ranges = (0..self.width).filter_map(|it| record.range(it));
                rows.ends.extend(ranges.map(|it| base + it.end));
                rows.lines.push(line);
            } else if record.as_slice().iter().any(|it| !is_blank(*it)) || record.len() > 1 {
                let cells = record.iter().map(|it| String::from_utf8_lossy(it).into_owned());
                rows.ragged.push(RaggedRow { line, cells: cells.collect() });
            }
        }
        rows.text = String::from_utf8(text).map_err(|it| unreadable(shown, &it))?;
        Ok(rows)
    }

    fn broken_row(&self) -> Option<BrokenRow> {
        let rest = &self.bytes[self.broken?..];
        let blank = rest.iter().take_while(|it| matches!(it, b'\n' | b'\r')).count();
        let text = String::from_utf8_lossy(&rest[blank..]);
        Some(BrokenRow {
            line: self.line + newlines(&self.bytes[..self.bytes.len() - rest.len() + blank]),
            text: text.trim_end_matches(['\n', '\r']).to_owned(),
        })
    }
}

impl TextRows {
    /// Rows whose cells were cut before, each with its line.
    ///
    /// **Shape.** Every row has `width` cells.
    pub(super) fn of<'a>(width: usize, cut: impl Iterator<Item = (u64, &'a [String])>) -> Self {
        let (mut text, mut ends, mut lines) = (String::new(), Vec::new(), Vec::new());
        for (line, cells) in cut {
            for cell in cells {
                text.push_str(cell);
                ends.push(text.len());
            }
            lines.push(line);
        }
        Self { text, ends, width, lines, ragged: Vec::new(), broken: None }
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
        let index = row * self.width + column;
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

    fn rows(text: &str) -> TextRows {
        let bytes = text.as_bytes().to_vec();
        Chunk { bytes, broken: None, line: 2, delimiter: b',', width: 2 }.rows("t.csv").expect("rows")
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
    fn a_broken_row_keeps_its_text_and_its_line() {
        let bytes = b"a,b\n\nc,\"d\n".to_vec();
        let chunk = Chunk { bytes, broken: Some(4), line: 2, delimiter: b',', width: 2 };
        let rows = chunk.rows("t.csv").expect("rows");
        let broken = rows.broken.as_ref().map(|it| (it.line, it.text.as_str()));
        assert_eq!((rows.lines.as_slice(), broken), ([2].as_slice(), Some((4, "c,\"d"))));
    }

    #[test]
    fn cells_are_unquoted() {
        let it = rows("\"a \"\"A\"\"\",b\n,\"c,d\"\n");
        assert_eq!([it.cell(0, 0), it.cell(0, 1)], ["a \"A\"", "b"]);
        assert_eq!([it.cell(1, 0), it.cell(1, 1)], ["", "c,d"]);
    }
}
