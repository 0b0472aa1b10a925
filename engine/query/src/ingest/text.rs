//! CSV files in any encoding, cut into chunks of whole records that can be read side by side.
//!
//! Only the cutting goes through a file in order; it looks at quotes and line ends and at
//! nothing else. Each chunk knows the line it begins with, so every record knows its own.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use linli_model::Text;

use super::cut::{Cut, DELIMITERS, First, cut, firsts, header};
use super::decode::{Decoding, legible};
use super::encoding::{Decision, decide};
use super::header::Known;
use super::preamble::{self, Header};
use super::record::{Layout, is_blank, unreadable};
use super::split::{Chunk, newlines};
use crate::error::{Error, Result};

/// How much of a file is one chunk, unless a record is longer; how long a header may be, with
/// what stands above it.
const CHUNK_BYTES: usize = 1 << 20;

/// A record beyond this is none: memory would hold all of it.
const RECORD_BYTES_MAX: usize = 64 << 20;

const BOM: &[u8] = "\u{feff}".as_bytes();

/// A CSV file behind its header.
pub(super) struct TextFile {
    shown: String,
    decoding: Decoding,
    decision: Decision,
    /// What was read and is in no chunk yet.
    rest: Vec<u8>,
    /// The line on which `rest` begins.
    line: u64,
    ended: bool,
    layout: Arc<Layout>,
    headers: Vec<String>,
    header_row: u64,
    header_basis: Text,
}

/// The header as it stands in the first bytes.
struct Found {
    delimiter: u8,
    /// Where its record begins and ends.
    begin: usize,
    end: usize,
    header: Header,
}

impl TextFile {
    /// Settles the encoding and reads the header; `asked` is the encoding somebody named.
    ///
    /// **Errors.** [`Error::EmptyFile`], [`Error::UnknownEncoding`], [`Error::UnknownKind`],
    /// [`Error::Undecodable`], [`Error::OpenQuote`], [`Error::Unreadable`].
    pub(super) fn open(path: &Path, mut file: File, known: Known<'_>, asked: Option<&str>) -> Result<Self> {
        let shown = path.display().to_string();
        let decision = decide(&shown, &mut file, asked)?;
        let decoding = Decoding::new(file, &decision).map_err(|it| unreadable(&shown, &it))?;
        let layout = Layout { delimiter: b',', width: 0, least: 0, encoding: decision.name() };
        let mut it = Self {
            shown,
            decoding,
            decision,
            rest: Vec::new(),
            line: 1,
            ended: false,
            layout: Arc::new(layout),
            headers: Vec::new(),
            header_row: 1,
            header_basis: Text::new("", ""),
        };
        while !it.ended && it.rest.len() < CHUNK_BYTES {
            it.read_more()?;
        }
        if it.rest.starts_with(BOM) {
            it.rest.drain(..BOM.len());
        }
        it.read_header(known)?;
        Ok(it)
    }

    /// The headers, unquoted.
    pub(super) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The line of the header, and what speaks for it.
    pub(super) fn header_row(&self) -> (u64, &Text) {
        (self.header_row, &self.header_basis)
    }

    /// The encoding, and what speaks for it.
    pub(super) fn encoding(&self) -> (&str, &Text) {
        (&self.layout.encoding, &self.decision.basis)
    }

    /// The next whole records; none at the end.
    pub(super) fn next_chunk(&mut self) -> Result<Option<Chunk>> {
        loop {
            let is_enough = self.ended || self.rest.len() >= CHUNK_BYTES;
            let cut = if is_enough { cut(&self.rest, self.layout.delimiter, self.ended) } else { Cut::More };
            let (end, broken) = match cut {
                Cut::More if self.rest.len() > RECORD_BYTES_MAX => return Err(self.endless()),
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
            return Ok(Some(Chunk { bytes, broken, line, layout: Arc::clone(&self.layout) }));
        }
    }

    fn read_more(&mut self) -> Result<()> {
        // More at a time while no record ends, so that a long one is not searched often.
        let bytes = CHUNK_BYTES.max(self.rest.len());
        let is_read = self.decoding.read(bytes, &mut self.rest).map_err(|it| unreadable(&self.shown, &it))?;
        self.ended = !is_read;
        Ok(())
    }

    fn read_header(&mut self, known: Known<'_>) -> Result<()> {
        let Some(start) = self.rest.iter().position(|it| !is_blank(*it)) else {
            return Err(Error::EmptyFile { path: self.shown.clone() });
        };
        let found = match known.row {
            Some(row) => Some(self.told(row, known)?),
            None => self.known(known).or_else(|| self.first(start, known)),
        };
        let Some(found) = found else {
            let line = self.line + newlines(&self.rest[..start]);
            return Err(Error::OpenQuote { path: self.shown.clone(), line });
        };
        self.header_row = self.line + newlines(&self.rest[..found.begin]);
        self.check_header(&found)?;
        let names = found.header.names;
        let named = names.iter().enumerate().rposition(|(at, it)| *it != format!("#{}", at + 1));
        self.layout = Arc::new(Layout {
            delimiter: found.delimiter,
            width: names.len(),
            least: named.map_or(names.len(), |it| it + 1),
            encoding: self.decision.name(),
        });
        (self.headers, self.header_basis) = (names, found.header.basis);
        // The line end belongs to the header.
        if found.end + 1 >= self.rest.len() && !self.ended {
            self.read_more()?;
        }
        let line_end = match &self.rest[found.end..] {
            [b'\r', b'\n', ..] => 2,
            [] => 0,
            _ => 1,
        };
        let end = found.end + line_end;
        self.line += newlines(&self.rest[..end]);
        self.rest.drain(..end);
        Ok(())
    }

    /// The header of which the table knows most cells, whatever stands above it.
    fn known(&self, known: Known<'_>) -> Option<Found> {
        let mut best: Option<Found> = None;
        for delimiter in DELIMITERS {
            let (rows, places) = self.rows(delimiter);
            let Some(header) = preamble::find(&rows, known).filter(|it| it.known > 0) else { continue };
            if best.as_ref().is_none_or(|it| header.known > it.header.known) {
                let (begin, end) = places[header.row];
                best = Some(Found { delimiter, begin, end, header });
            }
        }
        best
    }

    /// The line that somebody named, as the header.
    ///
    /// **Errors.** [`Error::NoHeader`] where no record of the first mebibyte begins there.
    fn told(&self, row: u64, known: Known<'_>) -> Result<Found> {
        let refused = || Error::NoHeader { path: self.shown.clone(), line: row };
        let mut begin = 0;
        for _ in 1..row {
            let rest = &self.rest[begin..];
            let end = rest.iter().position(|it| matches!(it, b'\n' | b'\r')).ok_or_else(refused)?;
            let is_pair = rest[end..].starts_with(b"\r\n");
            begin += end + if is_pair { 2 } else { 1 };
        }
        let (delimiter, _) = header(&self.rest[begin..], self.ended).ok_or_else(refused)?;
        let first = firsts(&self.rest[begin..], delimiter, self.ended, 1).into_iter().next();
        let first = first.ok_or_else(refused)?;
        let cells: Vec<String> = first.cells.iter().map(|it| legible(it, self.layout.is_marked())).collect();
        let mut header = preamble::find(&[cells], known).ok_or_else(refused)?;
        header.basis = preamble::told();
        Ok(Found { delimiter, begin: begin + first.begin, end: begin + first.end, header })
    }

    /// The first line that is not blank, as the header.
    fn first(&self, begin: usize, known: Known<'_>) -> Option<Found> {
        let (delimiter, _) = header(&self.rest[begin..], self.ended)?;
        let (rows, places) = self.rows(delimiter);
        let blank = rows.iter().take_while(|row| row.iter().all(|it| it.trim().is_empty())).count();
        let mut header = preamble::find(rows.get(blank..=blank)?, known)?;
        header.row += blank;
        let (begin, end) = places[header.row];
        Some(Found { delimiter, begin, end, header })
    }

    /// The first records, read with this separator, and where they stand.
    fn rows(&self, delimiter: u8) -> (Vec<Vec<String>>, Vec<(usize, usize)>) {
        let is_marked = self.layout.is_marked();
        let firsts = firsts(&self.rest, delimiter, self.ended, preamble::ROWS);
        let cells = |it: &First| it.cells.iter().map(|cell| legible(cell, is_marked)).collect();
        (firsts.iter().map(cells).collect(), firsts.iter().map(|it| (it.begin, it.end)).collect())
    }

    /// A header must be text: no row of it can be told apart.
    fn check_header(&self, found: &Found) -> Result<()> {
        let bytes = &self.rest[found.begin..found.end];
        let Err(error) = std::str::from_utf8(bytes) else { return Ok(()) };
        let name = &self.layout.encoding;
        let bad = &bytes[error.valid_up_to()..];
        let bad = &bad[..error.error_len().unwrap_or(bad.len()).max(3).min(bad.len())];
        Err(Error::Undecodable {
            path: self.shown.clone(),
            line: self.header_row + newlines(&bytes[..error.valid_up_to()]),
            bytes: legible(bad, self.layout.is_marked()),
            cause: Box::new(Text::new(
                format!("the header is not in {name} ({})", self.decision.basis.en),
                format!("表头不是 {name}（{}）", self.decision.basis.zh),
            )),
        })
    }

    fn endless(&self) -> Error {
        let (path, line) = (&self.shown, self.line);
        Error::over(
            format!("bytes of the record on line {line} of {path}"),
            format!("{path} 第 {line} 行起的一条记录的字节数"),
            RECORD_BYTES_MAX as u64,
        )
    }
}
