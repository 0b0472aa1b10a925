//! What is in a zip file, by its directory, before anything is unpacked.
//!
//! ```text
//! files … │ directory: one record per file │ [end, 64 bits │ where that is] │ end │ comment
//! ```
//!
//! Source: APPNOTE.TXT 6.3, sections 4.3.12 to 4.3.16.

use std::fs::File;
use std::io::{Read, Result, Seek, SeekFrom};

const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const PLACE_64: &[u8] = b"PK\x06\x07";
const RECORD: &[u8] = b"PK\x01\x02";

/// The end with the longest comment there can be, and where a 64-bit end is.
const TAIL: u64 = 22 + 65_535 + 20;

/// More than any workbook has; the directory is read as a whole.
const DIRECTORY_MAX: u64 = 16 << 20;

/// A file in a zip file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its path.
    pub(super) name: String,
    /// How many bytes it says to have unpacked.
    pub(super) size: u64,
}

/// The files in a zip file; none where its directory is cut off or damaged.
pub(super) fn entries(file: &mut File) -> Result<Option<Vec<Entry>>> {
    let length = file.metadata()?.len();
    let tail = read(file, length.saturating_sub(TAIL), TAIL)?;
    let Some(end) = tail.windows(4).rposition(|it| it == END) else { return Ok(None) };
    let Some((mut size, mut offset)) = u32_at(&tail, end + 12).zip(u32_at(&tail, end + 16)) else {
        return Ok(None);
    };
    let place = end.checked_sub(20).filter(|it| tail[*it..].starts_with(PLACE_64));
    if let Some(at) = place.and_then(|it| u64_at(&tail, it + 8)) {
        let record = read(file, at, 56)?;
        match (record.starts_with(END_64), u64_at(&record, 40).zip(u64_at(&record, 48))) {
            (true, Some(both)) => (size, offset) = both,
            _ => return Ok(None),
        }
    }
    if size > DIRECTORY_MAX || offset.saturating_add(size) > length {
        return Ok(None);
    }
    Ok(records(&read(file, offset, size)?))
}

fn records(mut rest: &[u8]) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let (name, extra) = (u16_at(rest, 28)?, u16_at(rest, 30)?);
        let end = 46 + name + extra + u16_at(rest, 32)?;
        let size = u32_at(rest, 24)?;
        if !rest.starts_with(RECORD) || rest.len() < end {
            return None;
        }
        let size = if size == u64::from(u32::MAX) {
            size_64(&rest[46 + name..46 + name + extra]).unwrap_or(u64::MAX)
        } else {
            size
        };
        let name = String::from_utf8_lossy(&rest[46..46 + name]).into_owned();
        entries.push(Entry { name, size });
        rest = &rest[end..];
    }
    Some(entries)
}

/// The first number in the extra field of 64-bit sizes: the unpacked size.
fn size_64(mut extra: &[u8]) -> Option<u64> {
    loop {
        let (kind, length) = (u16_at(extra, 0)?, u16_at(extra, 2)?);
        if kind == 1 {
            return u64_at(extra, 4);
        }
        extra = extra.get(4 + length..)?;
    }
}

fn read(file: &mut File, at: u64, length: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}
