//! Workbooks: whatever the library that reads them does, rows or an error come out.
//!
//! Bytes that begin with `<` are taken for the XML of a sheet and put into a workbook that is
//! sound: what is compressed and sealed with checksums is hard to hit otherwise.

use super::super::options::LoadOptions;
use super::super::sniff::{Kind, sniff};
use super::super::workbook::Workbook;
use super::{known, open, rise, rows, with_file};

/// What a workbook has beside its sheet.
const PARTS: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>"#,
    ),
    (
        "xl/sharedStrings.xml",
        r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>need_id</t></si><si><t>district_id</t></si></sst>"#,
    ),
];

/// Reads bytes as a workbook, or as the sheet of one.
///
/// **Panics.** Where something does not hold.
pub fn workbook(bytes: &[u8]) {
    if bytes.starts_with(b"<") {
        let parts = PARTS.iter().map(|(name, text)| (*name, text.as_bytes()));
        read(&zip(parts.chain([("xl/worksheets/sheet1.xml", bytes)])));
    } else {
        read(bytes);
    }
}

fn read(bytes: &[u8]) {
    with_file(bytes, |path| {
        let options = LoadOptions::default();
        let book = match sniff(bytes) {
            Ok(Kind::Zip) => Workbook::in_zip(path, open(path), known(), &options),
            Ok(Kind::Ole) => Workbook::in_ole(path, open(path), known(), &options),
            _ => return,
        };
        let Ok(mut book) = book else { return };
        let mut last = book.header_row;
        assert!(rise(book.total_lines.iter().copied()), "{:?}", book.total_lines);
        while let Some(piece) = book.next_piece() {
            let width = book.headers.len();
            let mut lines: Vec<u64> = rows(&piece, width).iter().map(|it| it.0).collect();
            lines.extend(piece.ragged.iter().map(|it| it.line));
            lines.sort_unstable();
            assert!(rise(std::iter::once(last).chain(lines.iter().copied())), "{lines:?} behind {last}");
            last = lines.last().copied().unwrap_or(last);
            assert!(piece.ragged.iter().all(|it| it.cells.len() > width));
        }
    });
}

/// A zip file of these parts, not compressed.
fn zip<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let (mut file, mut directory, mut count) = (Vec::new(), Vec::new(), 0_u16);
    for (name, bytes) in parts {
        let at = length(&file);
        // Version, flags, method, time and date of both kinds of entries; then the same sizes.
        let mut common = Vec::from([10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
        for number in [crc32(bytes), length(bytes), length(bytes)] {
            common.extend(number.to_le_bytes());
        }
        common.extend([u8::try_from(name.len()).expect("a short name"), 0, 0, 0]);
        file.extend([b"PK\x03\x04", common.as_slice(), name.as_bytes(), bytes].concat());
        directory.extend([b"PK\x01\x02\x0a\0", common.as_slice(), &[0; 10], &at.to_le_bytes()].concat());
        directory.extend(name.as_bytes());
        count += 1;
    }
    let (at, size) = (length(&file).to_le_bytes(), length(&directory).to_le_bytes());
    let count = count.to_le_bytes();
    file.extend([&directory[..], b"PK\x05\x06\0\0\0\0", &count, &count, &size, &at, &[0; 2]].concat());
    file
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("a small file")
}

/// **Source.** The checksum of zip files: polynomial `0xEDB88320`, reflected.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |it: u32| (it >> 1) ^ (0xEDB8_8320 & (it & 1).wrapping_neg());
    let all = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |it, _| step(it));
    !bytes.iter().fold(!0, all)
}
