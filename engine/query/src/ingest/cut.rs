//! Where records of CSV end, without splitting them into cells.
//!
//! A quote that is never closed would swallow every row behind it. Such a quote, and one whose
//! cell goes on behind the closing quote on another line, breaks its record off at the end of
//! the line: that line is a row with an issue, and the lines behind it are rows of their own.

use memchr::{memchr, memchr2_iter, memrchr2_iter};

use super::split::reader;

/// A quoted cell beyond this is no cell: its quote was never closed.
const CELL_BYTES_MAX: usize = 16 << 20;

/// What may separate cells. A full-width comma may not: it stands within cells of text.
pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The separator of a file and the length of its header: the separator that makes the most
/// cells of the header, of equals the first. None where no separator lets the header end, or
/// only one that makes no cells of it.
pub(super) fn header(bytes: &[u8], ended: bool) -> Option<(u8, usize)> {
    let mut best: Option<(usize, u8, usize)> = None;
    let mut is_open = false;
    for delimiter in DELIMITERS {
        let end = match first_end(bytes, delimiter) {
            FirstEnd::At(end) => end,
            FirstEnd::Missing if ended => bytes.len(),
            FirstEnd::Missing => continue,
            FirstEnd::Quoted => {
                is_open = true;
                continue;
            }
        };
        let cells = record(&bytes[..end], delimiter).len();
        if best.is_none_or(|(most, ..)| cells > most) {
            best = Some((cells, delimiter, end));
        }
    }
    best.filter(|(cells, ..)| *cells > 1 || !is_open).map(|(_, delimiter, end)| (delimiter, end))
}

/// A record, and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct First {
    /// Its cells, unquoted.
    pub(super) cells: Vec<Vec<u8>>,
    /// Where it begins.
    pub(super) begin: usize,
    /// Where it ends, before its line end.
    pub(super) end: usize,
}

/// The first records, at most `count`; lines without a character are none. They end with the
/// bytes, or where a quote is not closed.
pub(super) fn firsts(bytes: &[u8], delimiter: u8, ended: bool, count: usize) -> Vec<First> {
    let (mut firsts, mut begin) = (Vec::new(), 0);
    while firsts.len() < count {
        begin += bytes[begin..].iter().take_while(|it| matches!(it, b'\n' | b'\r')).count();
        let end = match first_end(&bytes[begin..], delimiter) {
            FirstEnd::At(length) => begin + length,
            FirstEnd::Missing if ended && begin < bytes.len() => bytes.len(),
            FirstEnd::Missing | FirstEnd::Quoted => break,
        };
        firsts.push(First { cells: record(&bytes[begin..end], delimiter), begin, end });
        begin = end;
    }
    firsts
}

/// The cells of one record.
fn record(bytes: &[u8], delimiter: u8) -> Vec<Vec<u8>> {
    let mut record = csv::ByteRecord::new();
    // Bytes in memory can be read, whatever they are.
    let is_read = reader(bytes, delimiter).read_byte_record(&mut record).unwrap_or(false);
    if is_read { record.iter().map(<[u8]>::to_vec).collect() } else { Vec::new() }
}

/// Where the first record ends.
enum FirstEnd {
    /// Before this line end.
    At(usize),
    /// Not in these bytes, which end outside of quotes.
    Missing,
    /// Not in these bytes, which end within quotes.
    Quoted,
}

/// Finds the end of the first record as the reader of records does: a quote opens only where a
/// cell begins.
fn first_end(bytes: &[u8], delimiter: u8) -> FirstEnd {
    let (mut quoted, mut begins) = (false, true);
    let mut rest = bytes.iter().enumerate().peekable();
    while let Some((at, byte)) = rest.next() {
        match byte {
            b'"' if quoted && rest.next_if(|(_, next)| **next == b'"').is_some() => {}
            b'"' if quoted => quoted = false,
            b'"' if begins => quoted = true,
            b'\n' | b'\r' if !quoted => return FirstEnd::At(at),
            _ => {}
        }
        begins = !quoted && *byte == delimiter;
    }
    if quoted { FirstEnd::Quoted } else { FirstEnd::Missing }
}

/// What can be taken from bytes that begin with a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Whole records up to here.
    Records(usize),
    /// Whole records up to `begin`; there begins a record that a quote breaks off, and the line
    /// with that quote ends at `end`.
    Broken { begin: usize, end: usize },
    /// Nothing before more was read.
    More,
}

/// Takes as many whole records as there are; `ended` when nothing more will come.
///
/// A quote opens only where a cell begins, as the reader of the records has it: a stray
/// quote inside a cell is text.
pub(super) fn cut(bytes: &[u8], delimiter: u8, ended: bool) -> Cut {
    let quote = |from: usize| memchr(b'"', &bytes[from..]).map(|it| from + it);
    // A line ends with a line feed, or with a carriage return that none follows.
    let is_end = |at: usize| match bytes[at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1).is_some_and(|it| *it != b'\n'),
        _ => false,
    };
    let newline = |from: usize, to: usize| {
        let ends = memrchr2_iter(b'\n', b'\r', &bytes[from..to]).map(|it| from + it);
        ends.filter(|it| is_end(*it)).map(|it| it + 1).next()
    };
    let records = |end: usize| if end == 0 { Cut::More } else { Cut::Records(end) };
    let (mut at, mut last) = (0, 0);
    while let Some(open) = quote(at) {
        last = newline(at, open).unwrap_or(last);
        at = open + 1;
        let before = open.checked_sub(1).map(|it| bytes[it]);
        if !before.is_none_or(|it| it == delimiter || matches!(it, b'\n' | b'\r')) {
            continue;
        }
        let closed = closed(bytes, at);
        // A quote at the very end may be the first of two.
        let is_open = closed.is_none_or(|it| it == bytes.len()) && !ended;
        if is_open && bytes.len() - open <= CELL_BYTES_MAX {
            return records(last);
        }
        match closed.filter(|it| is_cell(&bytes[*it..], delimiter)) {
            Some(closed) => at = closed,
            None => {
                match memchr2_iter(b'\n', b'\r', &bytes[open..]).map(|it| open + it).find(|it| is_end(*it)) {
                    Some(line) => return Cut::Broken { begin: last, end: line + 1 },
                    None if ended => return Cut::Broken { begin: last, end: bytes.len() },
                    None => return records(last),
                }
            }
        }
    }
    if ended { Cut::Records(bytes.len()) } else { records(newline(at, bytes.len()).unwrap_or(last)) }
}

/// Behind the quote that closes a cell of which the bytes from `from` on are the inside.
fn closed(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let close = from + memchr(b'"', &bytes[from..])?;
        match bytes.get(close + 1) {
            Some(b'"') => from = close + 2,
            _ => return Some(close + 1),
        }
    }
}

/// Whether what stands behind a quoted text makes it a cell: a separator or a line end.
///
/// Blanks between them do no harm: cells are trimmed.
fn is_cell(mut behind: &[u8], delimiter: u8) -> bool {
    loop {
        behind = match behind {
            [] | [b'\n' | b'\r', ..] => return true,
            [it, ..] if *it == delimiter => return true,
            // Where the bytes end within a blank, what comes will tell.
            [0xE3] | [0xE3, 0x80] | [0xC2] => return true,
            // The last two are U+3000 and U+00A0.
            [b' ' | b'\t', rest @ ..] | [0xE3, 0x80, 0x80, rest @ ..] | [0xC2, 0xA0, rest @ ..] => rest,
            _ => return false,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_end_where_records_end() {
        let end = |text: &str| match cut(text.as_bytes(), b',', false) {
            Cut::Records(end) => Some(end),
            Cut::More => None,
            broken @ Cut::Broken { .. } => panic!("{text:?}: {broken:?}"),
        };
        assert_eq!(end("a,b\nc,d"), Some(4));
        assert_eq!(end("a,\"b\nB\"\nc,\"d\n"), Some(8));
        assert_eq!(end("a,\"b\"\"\nB\"\"\"\nc"), Some(12));
        assert_eq!(end("5\" pipe,b\nc,d\n"), Some(14));
        assert_eq!(end("\"a\nb"), None);
        // Whether this quote closes or is the first of two is not known yet.
        assert_eq!(end("a,b\nc,\"d\""), Some(4));
        assert_eq!(cut(b"a,\"b\nB\" \nc", b',', true), Cut::Records(10));
    }

    #[test]
    fn a_quote_without_end_breaks_its_line_off_and_nothing_else() {
        let broken = |begin, end| Cut::Broken { begin, end };
        assert_eq!(cut(b"a,b\nc,\"d\ne,f\n", b',', true), broken(4, 9));
        assert_eq!(cut(b"\"d", b',', true), broken(0, 2));
        assert_eq!(cut("\"a\"\t\u{3000},1\n".as_bytes(), b',', true), Cut::Records(10));
        // The bytes end within the blank behind the quote, and a line ends within the cell.
        assert_eq!(cut(b"a\n\"b\nc\"\xE3\x80", b',', false), Cut::Records(2));
        // Old programs end lines with a carriage return alone.
        assert_eq!(cut(b"a,b\r\"c\"x,d\re,f\r", b',', true), broken(4, 11));
        // Text behind a closing quote would be glued to what is inside.
        assert_eq!(cut(b"\"a\"b,1\nc,2\n", b',', true), broken(0, 7));
        assert_eq!(cut(b"e,f\n", b',', true), Cut::Records(4));
        // The next quote of the file opens a cell there: it closes none here.
        assert_eq!(cut(b"c,\"d\ne,\"f\"\n", b',', false), broken(0, 5));
    }

    #[test]
    fn the_header_shows_the_separator_and_ends_by_the_rule_of_records() {
        let found = |text: &str| header(text.as_bytes(), true);
        assert_eq!(found("a,b,c"), Some((b',', 5)));
        assert_eq!(found("\"a,b,c\";d;e\n1;2;3"), Some((b';', 11)));
        assert_eq!(found("a\tb\tc,d\r\n"), Some((b'\t', 7)));
        assert_eq!(found("alone"), Some((b',', 5)));
        assert_eq!(found("a,size\",b\nc,d,e\n"), Some((b',', 9)));
        assert_eq!(found("\"a\nA\";b\n1;2\n"), Some((b';', 7)));
        assert_eq!(found("\"a,b\n1,2\n"), None);
        assert_eq!(found("a,\"b\n1,2\n"), None);
    }

    #[test]
    fn the_first_records_know_where_they_stand() {
        let firsts = firsts(b"t\r\n\n\"a\nA\",b\n1,\"2", b',', true, 9);
        let shown: Vec<_> = firsts.iter().map(|it| (it.cells.len(), it.begin, it.end)).collect();
        assert_eq!(shown, [(1, 0, 1), (2, 4, 11)]);
        assert_eq!(firsts[1].cells, [b"a\nA".to_vec(), b"b".to_vec()]);
    }
}
