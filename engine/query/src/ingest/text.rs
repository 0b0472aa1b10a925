//! CSV files, cut into chunks of whole records that can be read side by side.
//!
//! Only the cutting goes through a file in order; it looks at quotes and line ends and at
//! nothing else. Each chunk knows the line it begins with, so every record knows its own.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::cut::{Cut, cut, header};
use super::record::{Chunk, is_blank, newlines, reader, unreadable};
use super::sniff::describe;
use crate::error::{Error, Result};

/// How much of a file is one chunk, unless a record is longer; how long a header may be.
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
    /// **Errors.** [`Error::EmptyFile`], [`Error::NotUtf8`], [`Error::OpenQuote`],
    /// [`Error::Unreadable`].
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
        while !it.ended && it.rest.len() < CHUNK_BYTES {
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
            let is_enough = self.ended || self.rest.len() >= CHUNK_BYTES;
            let cut = if is_enough { cut(&self.rest, self.delimiter, self.ended) } else { Cut::More };
            let (end, broken) = match cut {
                Cut::More => {
                    self.read_more()?;
                    continue;
                }
                Cut::Records(0) => return Ok(None),
                Cut::Records(end) => (end, None),
                Cut::Broken { begin, end } => (end, Some(begin)),
            };
            let rest = self.rest.split_off(end);
            let bytes = std::mem::replace(&mut self.rest, rest);
            let line = self.line;
            self.line += newlines(&bytes);
            let width = self.headers.len();
            return Ok(Some(Chunk { bytes, broken, line, delimiter: self.delimiter, width }));
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

    fn read_header(&mut self) -> Result<()> {
        let Some(start) = self.rest.iter().position(|it| !is_blank(*it)) else {
            return Err(Error::EmptyFile { path: self.shown.clone() });
        };
        self.header_row = self.line + newlines(&self.rest[..start]);
        let Some((delimiter, length)) = header(&self.rest[start..], self.ended) else {
            return Err(match std::str::from_utf8(&self.rest) {
                Ok(_) => Error::OpenQuote { path: self.shown.clone(), line: self.header_row },
                Err(_) => self.not_utf8(&self.rest),
            });
        };
        let end = start + length;
        let Ok(line) = std::str::from_utf8(&self.rest[start..end]) else {
            return Err(self.not_utf8(&self.rest));
        };
        self.delimiter = delimiter;
        let mut record = csv::StringRecord::new();
        reader(line.as_bytes(), delimiter)
            .read_record(&mut record)
            .map_err(|it| unreadable(&self.shown, &it))?;
        self.headers = record.iter().map(str::to_owned).collect();
        self.line += newlines(&self.rest[..end]);
        self.rest.drain(..end);
        Ok(())
    }

    fn not_utf8(&self, bytes: &[u8]) -> Error {
        Error::NotUtf8 { path: self.shown.clone(), found: describe(bytes), line: None }
    }
}
