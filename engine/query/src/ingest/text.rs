//! CSV files, cut into chunks of whole records that can be read side by side.
//!
//! Only the cutting goes through a file in order; it looks at quotes and line ends and at
//! nothing else. Each chunk knows the line it begins with, so every record knows its own.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::record::{Chunk, is_blank, newlines, reader, unreadable};
use super::sniff::describe;
use crate::error::{Error, Result};

/// How much of a file is one chunk, unless a record is longer.
const CHUNK_BYTES: usize = 1 << 20;

const BOM: &[u8] = "\u{feff}".as_bytes();

/// A CSV file behind its header.
#[derive(Debug)]
pub(super) struct TextFile {
    shown: String,
    file: File,
    /// What was read and is in no chunk yet.
    rest: Vec<u8>,
    /// The line on which `rest` begins.
    line: u64,
    ended: bool,
    delimiter: u8,
    headers: Vec<String>,
    header_row: u64,
}

impl TextFile {
    /// Reads the header.
    ///
    /// **Errors.** [`Error::EmptyFile`], [`Error::NotUtf8`], [`Error::Unreadable`].
    pub(super) fn open(path: &Path, file: File) -> Result<Self> {
        let mut it = Self {
            shown: path.display().to_string(),
            file,
            rest: Vec::new(),
            line: 1,
            ended: false,
            delimiter: b',',
            headers: Vec::new(),
            header_row: 1,
        };
        while !it.ended && it.header_end().is_none() {
            it.read_more()?;
        }
        if it.rest.starts_with(BOM) {
            it.rest.drain(..BOM.len());
        }
        it.read_header()?;
        Ok(it)
    }

    /// The headers, unquoted.
    pub(super) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The line of the header.
    pub(super) fn header_row(&self) -> u64 {
        self.header_row
    }

    /// The next whole records; none at the end.
    pub(super) fn next_chunk(&mut self) -> Result<Option<Chunk>> {
        loop {
            let end = if self.ended {
                Some(self.rest.len())
            } else if self.rest.len() >= CHUNK_BYTES {
                last_record_end(&self.rest, self.delimiter)
            } else {
                None
            };
            let Some(end) = end else {
                self.read_more()?;
                continue;
            };
            if end == 0 {
                return Ok(None);
            }
            let rest = self.rest.split_off(end);
            let bytes = std::mem::replace(&mut self.rest, rest);
            let line = self.line;
            self.line += newlines(&bytes);
            let width = self.headers.len();
            return Ok(Some(Chunk { bytes, line, delimiter: self.delimiter, width }));
        }
    }

    fn read_more(&mut self) -> Result<()> {
        let read = (&self.file)
            // More at a time while no record ends, so that a long one is not searched often.
            .take(CHUNK_BYTES.max(self.rest.len()) as u64)
            .read_to_end(&mut self.rest)
            .map_err(|it| unreadable(&self.shown, &it))?;
        self.ended = read == 0;
        Ok(())
    }

    /// Where the first line with anything in it ends, quoted line ends apart.
    fn header_end(&self) -> Option<usize> {
        let start = self.rest.iter().position(|it| !is_blank(*it))?;
        let mut quoted = false;
        let end = self.rest[start..].iter().position(|it| {
            quoted ^= *it == b'"';
            !quoted && matches!(it, b'\n' | b'\r')
        })?;
        Some(start + end)
    }

    fn read_header(&mut self) -> Result<()> {
        let Some(start) = self.rest.iter().position(|it| !is_blank(*it)) else {
            return Err(Error::EmptyFile { path: self.shown.clone() });
        };
        let end = self.header_end().unwrap_or(self.rest.len());
        let Ok(line) = std::str::from_utf8(&self.rest[start..end]) else {
            return Err(self.not_utf8(&self.rest));
        };
        self.delimiter = delimiter(line);
        let mut record = csv::StringRecord::new();
        reader(line.as_bytes(), self.delimiter)
            .read_record(&mut record)
            .map_err(|it| unreadable(&self.shown, &it))?;
        self.headers = record.iter().map(str::to_owned).collect();
        self.header_row = self.line + newlines(&self.rest[..start]);
        self.line += newlines(&self.rest[..end]);
        self.rest.drain(..end);
        Ok(())
    }

    fn not_utf8(&self, bytes: &[u8]) -> Error {
        Error::NotUtf8 { path: self.shown.clone(), found: describe(bytes) }
    }
}

/// The separator that occurs most often in a header, quoted text apart.
fn delimiter(header: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        for (candidate, count) in &mut counts {
            *count += usize::from(!quoted && byte == *candidate);
        }
    }
    // Of equally frequent ones the first.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(it, _)| *it)
}

/// Where the last whole record ends, in bytes that begin with a record.
///
/// A quote opens only where a cell begins, as the reader of the records has it: a stray
/// quote inside a cell is text.
fn last_record_end(bytes: &[u8], delimiter: u8) -> Option<usize> {
    let quote = |from: usize| bytes[from..].iter().position(|it| *it == b'"').map(|it| from + it);
    let newline =
        |from: usize, to: usize| bytes[from..to].iter().rposition(|it| *it == b'\n').map(|it| from + it + 1);
    let (mut at, mut last) = (0, None);
    while let Some(open) = quote(at) {
        last = newline(at, open).or(last);
        at = open + 1;
        let before = open.checked_sub(1).map(|it| bytes[it]);
        if !before.is_none_or(|it| it == delimiter || matches!(it, b'\n' | b'\r')) {
            continue;
        }
        loop {
            let Some(close) = quote(at) else { return last };
            at = close + 1;
            match bytes.get(at) {
                Some(b'"') => at += 1,
                Some(_) => break,
                None => return last,
            }
        }
    }
    newline(at, bytes.len()).or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_end_where_records_end() {
        let end = |text: &str| last_record_end(text.as_bytes(), b',');
        assert_eq!(end("a,b\nc,d"), Some(4));
        assert_eq!(end("a,\"b\nB\"\nc,\"d\n"), Some(8));
        assert_eq!(end("a,\"b\"\"\nB\"\"\"\nc"), Some(12));
        assert_eq!(end("5\" pipe,b\nc,d\n"), Some(14));
        assert_eq!(end("\"a\nb"), None);
        // Whether this quote closes or is the first of two is not known yet.
        assert_eq!(end("a,b\nc,\"d\""), Some(4));
    }

    #[test]
    fn the_header_shows_the_separator() {
        assert_eq!(delimiter("a,b,c"), b',');
        assert_eq!(delimiter("\"a,b,c\";d;e"), b';');
        assert_eq!(delimiter("a\tb\tc,d"), b'\t');
        assert_eq!(delimiter("alone"), b',');
    }
}
