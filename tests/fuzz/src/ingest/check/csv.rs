//! CSV: the same records, however the file is cut into chunks.

use std::path::Path;
use std::sync::Arc;

use crate::error::Error;

use super::super::cut::{Cut, cut};
use super::super::decode::Decoding;
use super::super::encoding::decide;
use super::super::record::{Layout, RaggedRow};
use super::super::sniff::{Kind, sniff};
use super::super::split::{Chunk, newlines, reader};
use super::super::text::TextFile;
use super::{known, open, rise, rows, with_file};

/// Longer files are not cut in every place: the time would grow with the square.
const CUT_MAX: usize = 2_048;

/// What a file became.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    rows: Vec<(u64, Vec<String>)>,
    ragged: Vec<(u64, Vec<String>)>,
    undecoded: Vec<(u64, Vec<String>)>,
    broken: Vec<(u64, String)>,
    totals: Vec<u64>,
    blank: u64,
}

/// Reads bytes as a CSV file: in the encoding that is found, else in GB18030.
///
/// **Panics.** Where something does not hold.
pub fn csv(bytes: &[u8]) {
    if !matches!(sniff(bytes), Ok(Kind::Text)) {
        return;
    }
    with_file(bytes, |path| {
        let file = |asked| TextFile::open(path, open(path), known(), asked).map(|it| (it, asked));
        let opened = file(None).or_else(|error| match error {
            Error::Undecodable { .. } | Error::UnknownKind { .. } => file(Some("gb18030")),
            other => Err(other),
        });
        let Ok((file, asked)) = opened else { return };
        all_records(file);
        if bytes.len() <= CUT_MAX {
            one_text(path, asked);
        }
    });
}

fn all_records(mut file: TextFile) {
    let (width, header_row) = (file.headers().len(), file.header_row().0);
    let (mut seen, mut body, mut first) = (Seen::default(), Vec::new(), None);
    // A chunk that cannot be read is one that cannot be loaded, which the load says.
    while let Ok(Some(chunk)) = file.next_chunk() {
        body.extend_from_slice(&chunk.bytes);
        first.get_or_insert((chunk.line, Arc::clone(&chunk.layout)));
        if !seen.take(chunk, width) {
            return;
        }
    }
    seen.check(header_row);
    let Some((line, layout)) = first.filter(|_| body.len() <= CUT_MAX) else { return };
    for step in [1, 7] {
        assert_eq!(in_steps(&body, line, &layout, step), seen, "cut after every {step} bytes");
    }
}

impl Seen {
    /// Takes a chunk in; false if it cannot be read.
    fn take(&mut self, chunk: Chunk, width: usize) -> bool {
        let records = count(&chunk);
        let Ok(found) = chunk.rows("a.csv", Some(0)) else { return false };
        let told = found.len() + found.ragged.len() + found.undecoded.len() + found.totals.len();
        let blank = usize::try_from(found.blank).expect("a count");
        assert!(
            (told..=told + blank).contains(&records),
            "{records} records, {told} and {blank} blank ones told"
        );
        self.rows.extend(rows(&found, width));
        let plain = |it: &RaggedRow| (it.line, it.cells.clone());
        self.ragged.extend(found.ragged.iter().map(plain));
        self.undecoded.extend(found.undecoded.iter().map(plain));
        self.broken.extend(found.broken.map(|it| (it.line, it.text)));
        self.totals.extend(found.totals);
        self.blank += found.blank;
        true
    }

    fn check(&self, header_row: u64) {
        let firsts = |it: &[(u64, Vec<String>)]| it.iter().map(|it| it.0).collect::<Vec<_>>();
        let kinds = [
            firsts(&self.rows),
            firsts(&self.ragged),
            firsts(&self.undecoded),
            self.broken.iter().map(|it| it.0).collect(),
            self.totals.clone(),
        ];
        for lines in &kinds {
            assert!(rise(lines.iter().copied()), "{lines:?}");
        }
        let mut all = kinds.concat();
        all.sort_unstable();
        assert!(
            rise(std::iter::once(header_row).chain(all.iter().copied())),
            "two records on a line: {all:?}"
        );
    }
}

/// The records of a chunk before the one that is broken off.
fn count(chunk: &Chunk) -> usize {
    let whole = &chunk.bytes[..chunk.broken.unwrap_or(chunk.bytes.len())];
    reader(whole, chunk.layout.delimiter).byte_records().count()
}

/// The same bytes, of which only so many more are seen at a time.
fn in_steps(body: &[u8], mut line: u64, layout: &Arc<Layout>, step: usize) -> Seen {
    let mut seen = Seen::default();
    let (mut from, mut to, mut ended) = (0, 0, false);
    loop {
        let (end, broken) = match cut(&body[from..to], layout.delimiter, ended) {
            Cut::More => {
                assert!(!ended, "there is no more");
                ended = to == body.len();
                to = (to + step).min(body.len());
                continue;
            }
            Cut::Records(0) => {
                assert!(ended && from == body.len(), "the end from {from} on is lost");
                return seen;
            }
            Cut::Records(end) => (end, None),
            Cut::Broken { begin, end } => (end, Some(begin)),
        };
        let bytes = body[from..from + end].to_vec();
        let chunk = Chunk { broken, line, layout: Arc::clone(layout), bytes };
        from += end;
        line += newlines(&chunk.bytes);
        assert!(seen.take(chunk, layout.width), "what was read at once is read in steps");
    }
}

/// The text of a file does not depend on how much is read at once.
fn one_text(path: &Path, asked: Option<&str>) {
    let Ok(decision) = decide("a.csv", &mut open(path), asked) else { return };
    let texts = [1, 7, 1 << 20].map(|bytes| {
        let mut decoding = Decoding::new(open(path), &decision).expect("a start");
        let mut text = Vec::new();
        while decoding.read(bytes, &mut text).expect("bytes") {}
        text
    });
    assert_eq!(texts[0], texts[2], "read byte by byte");
    assert_eq!(texts[1], texts[2], "read by seven");
}
