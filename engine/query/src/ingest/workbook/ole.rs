//! What is in an OLE2 file, and whether it is a workbook that can be opened without harm.
//!
//! ```text
//! header │ sectors; the table of sectors says for each which one follows it
//!          root folder: one record of 128 bytes per stream: name, first sector, length
//! ```
//!
//! The library that reads workbooks of before 2007 believes what they say of themselves: it makes
//! room for as many cells as lie between the first one and the last one, and follows sectors
//! wherever they lead. A file of a few kilobytes could take all memory, which ends the program
//! and is no error that could be caught. So the places of the cells are looked at first.
//!
//! Source: MS-CFB 2.1 to 2.6; MS-XLS 2.4.

use std::collections::BTreeSet;

/// Sectors from here on are none: the end, free ones, and those of the table itself.
const NO_SECTOR: u32 = 0xFFFF_FFFA;

/// Streams below this length lie in small sectors of their own, of 64 bytes.
const SMALL_BELOW: usize = 4_096;
const SMALL: usize = 64;

/// How many cells may lie between the first and the last one, of all sheets together: what one
/// sheet holds at most.
const AREA_MAX: u64 = 65_536 * 256;

/// Sheets of a workbook.
const SHEETS_MAX: usize = 4_096;

/// What an OLE2 file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// A workbook of before 2007 that can be opened.
    Workbook,
    /// A workbook of before 2007 whose cells lie too far apart.
    TooWide,
    /// Something that was given a password.
    Encrypted,
    /// A document of Word.
    Document,
    /// Something else.
    Other,
    /// It breaks off, or its parts do not fit together.
    Damaged,
}

/// Tells what the file is.
///
/// **Cost.** Copies the sheets once.
pub(super) fn content(bytes: &[u8]) -> Content {
    let Some(file) = File::open(bytes) else { return Content::Damaged };
    if file.stream("EncryptedPackage").is_some() {
        return Content::Encrypted;
    }
    let Some(stream) = file.stream("Workbook").or_else(|| file.stream("Book")) else {
        let is_document = file.stream("WordDocument").is_some();
        return if is_document { Content::Document } else { Content::Other };
    };
    match file.read(stream) {
        None => Content::Damaged,
        Some(records) => match area(&records) {
            None => Content::Damaged,
            Some(area) if area > AREA_MAX => Content::TooWide,
            Some(_) => Content::Workbook,
        },
    }
}

struct File<'a> {
    /// Everything behind the header.
    sectors: &'a [u8],
    size: usize,
    next: Vec<u32>,
    small: Vec<u8>,
    small_next: Vec<u32>,
    /// Name, first sector, length.
    streams: Vec<(String, u32, usize)>,
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let size = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4_096,
            _ => return None,
        };
        let sectors = bytes.get(size..)?;
        let mut file =
            Self { sectors, size, next: Vec::new(), small: Vec::new(), small_next: vec![], streams: vec![] };
        file.next = file.table(bytes)?;
        let folder = file.chain(u32_at(bytes, 48)?)?;
        for record in folder.chunks_exact(128) {
            let letters: Vec<u16> =
                record[..64].chunks_exact(2).map(|it| u16::from_le_bytes([it[0], it[1]])).collect();
            let name = String::from_utf16_lossy(&letters);
            let length = usize::try_from(u32_at(record, 120)?).ok()?;
            // Streams are as long as they say, and folders, of type 1, say nothing.
            if record[66] == 2 && length > bytes.len() {
                return None;
            }
            let name = name.split('\0').next().unwrap_or_default().to_owned();
            file.streams.push((name, u32_at(record, 116)?, length));
        }
        let small_table = u32_at(bytes, 60)?;
        if u32_at(bytes, 64)? > 0 {
            let root = file.streams.first().map(|it| it.1)?;
            file.small = file.chain(root)?;
            file.small_next = numbers(&file.chain(small_table)?);
        }
        Some(file)
    }

    /// Which sector follows which. The header names the first 109 sectors of the table, and a
    /// chain of further ones the rest.
    fn table(&self, bytes: &[u8]) -> Option<Vec<u32>> {
        let mut parts = numbers(bytes.get(76..512)?);
        let (mut more, mut seen) = (u32_at(bytes, 68)?, 0);
        while more < NO_SECTOR {
            seen += 1;
            if seen > self.sectors.len() / self.size {
                return None;
            }
            parts.extend(numbers(self.sector(more)?));
            more = parts.pop()?;
        }
        let parts = parts.iter().filter(|it| **it < NO_SECTOR);
        let tables: Option<Vec<&[u8]>> = parts.map(|it| self.sector(*it)).collect();
        Some(tables?.into_iter().flat_map(numbers).collect())
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = usize::try_from(number).ok()?.checked_mul(self.size)?;
        let rest = self.sectors.get(start..).filter(|it| !it.is_empty())?;
        Some(&rest[..rest.len().min(self.size)])
    }

    fn chain(&self, first: u32) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for number in follow(first, &self.next)? {
            bytes.extend_from_slice(self.sector(number)?);
        }
        Some(bytes)
    }

    fn stream(&self, name: &str) -> Option<&(String, u32, usize)> {
        self.streams.iter().find(|it| it.0.eq_ignore_ascii_case(name))
    }

    fn read(&self, (_, first, length): &(String, u32, usize)) -> Option<Vec<u8>> {
        let mut bytes = if *length >= SMALL_BELOW {
            self.chain(*first)?
        } else {
            let mut bytes = Vec::new();
            for number in follow(*first, &self.small_next)? {
                let start = usize::try_from(number).ok()? * SMALL;
                bytes.extend_from_slice(self.small.get(start..start + SMALL)?);
            }
            bytes
        };
        bytes.truncate(*length);
        (bytes.len() == *length).then_some(bytes)
    }
}

/// The sectors from the first to the end; none where they go round in a circle or nowhere.
fn follow(first: u32, next: &[u32]) -> Option<Vec<u32>> {
    let mut chain = Vec::new();
    let mut number = first;
    while number < NO_SECTOR {
        chain.push(number);
        if chain.len() > next.len() {
            return None;
        }
        number = *next.get(usize::try_from(number).ok()?)?;
    }
    Some(chain)
}

/// How many cells lie between the first and the last one of each sheet, added up.
fn area(stream: &[u8]) -> Option<u64> {
    let mut sheets = BTreeSet::new();
    for (kind, data) in (Records { rest: stream }) {
        match kind {
            0x000A => break,
            0x0085 => {
                sheets.insert(usize::try_from(u32_at(data, 0)?).ok()?);
            }
            _ => {}
        }
    }
    if sheets.len() > SHEETS_MAX {
        return None;
    }
    let areas: Option<Vec<u64>> = sheets.iter().map(|it| stream.get(*it..).map(sheet_area)).collect();
    Some(areas?.into_iter().fold(0, u64::saturating_add))
}

fn sheet_area(stream: &[u8]) -> u64 {
    let (mut rows, mut columns) = ((u64::MAX, 0), (u64::MAX, 0));
    let (mut declared, mut depth) = (0, 0);
    for (kind, data) in (Records { rest: stream }) {
        match kind {
            0x0809 => depth += 1,
            0x000A if depth <= 1 => break,
            0x000A => depth -= 1,
            // Room is made for what is declared.
            0x0200 => {
                let at = |it: usize| u32_at(data, it).map_or(0, u64::from);
                let wide = |it: usize| u16_at(data, it).map_or(0, u64::from);
                let (first, height, width) =
                    if data.len() == 10 { (wide(0), wide(2), wide(6)) } else { (at(0), at(4), wide(10)) };
                // A last row before the first one is taken for four thousand million rows.
                let height = if first > height { u64::MAX } else { height };
                declared = height.saturating_mul(width).max(declared);
            }
            // Numbers, texts, booleans, errors, formulas: row and column come first.
            0x0203..=0x0205 | 0x00D6 | 0x027E | 0x00FD | 0x0006 | 0x00BD => {
                let at = |it: usize| u16_at(data, it).map_or(0, u64::from);
                // The last column of several is the last number.
                let last = if kind == 0x00BD { at(data.len().saturating_sub(2)) } else { at(2) };
                rows = (rows.0.min(at(0)), rows.1.max(at(0)));
                columns = (columns.0.min(at(2)), columns.1.max(at(2)).max(last));
            }
            _ => {}
        }
    }
    let span = |(first, last): (u64, u64)| if first > last { 0 } else { last - first + 1 };
    declared.max(span(rows) * span(columns))
}

/// The records of a stream: kind, length and data.
struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (u16_at(self.rest, 0)?, usize::from(u16_at(self.rest, 2)?));
        let data = self.rest.get(4..4 + length)?;
        self.rest = &self.rest[4 + length..];
        Some((kind, data))
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|it| u32::from_le_bytes([it[0], it[1], it[2], it[3]])).collect()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
