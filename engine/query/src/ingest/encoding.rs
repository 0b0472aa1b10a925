//! In which encoding a text is, and what speaks for it.
//!
//! ```text
//! what was asked for ─▶ byte order mark ─▶ strict UTF-8 ─▶ UTF-16 by its zeros ─▶ GB18030
//! ```
//!
//! A sample decides: the first mebibyte, or the mebibyte with the first byte beyond ASCII. No
//! guess is made where bytes speak for two encodings: such a file is refused.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use linli_model::Text;

use super::decode::legible;
use super::evidence::{Chars, chinese, lines, strictly};
use super::nearest::nearest;
use super::split::newlines;
use crate::error::{Error, Result};

/// How many bytes decide.
const SAMPLE_BYTES: u64 = 1 << 20;

/// One character in so many may be one that somebody made up, as rare names once needed.
const PRIVATE_SHARE: usize = 20;

/// How many bad bytes an error quotes.
const QUOTED_BYTES: usize = 4;

/// Names to suggest.
const NAMES: [&str; 14] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "gb18030",
    "gbk",
    "gb2312",
    "big5",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-15",
    "ascii",
];

/// An encoding, and what speaks for it.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    /// The encoding.
    pub(super) encoding: &'static Encoding,
    /// What speaks for it.
    pub(super) basis: Text,
    /// How many bytes of a byte order mark stand at the beginning.
    pub(super) mark: u64,
}

impl Decision {
    /// The encoding's name in lower case; GBK, a part of GB18030, is called by the whole.
    pub(super) fn name(&self) -> String {
        name(self.encoding)
    }
}

fn name(encoding: &'static Encoding) -> String {
    if encoding == GBK { "gb18030".to_owned() } else { encoding.name().to_ascii_lowercase() }
}

/// Some bytes of a file.
struct Sample {
    bytes: Vec<u8>,
    /// The line on which they begin.
    line: u64,
    /// Whether they begin with the file.
    is_first: bool,
    /// Whether they end with the file.
    ended: bool,
}

/// Decides on the encoding of a file; `asked` is what somebody said of it.
///
/// **Errors.** [`Error::UnknownEncoding`], [`Error::Undecodable`], [`Error::UnknownKind`],
/// [`Error::Unreadable`].
/// **Cost.** Reads the file as far as it is ASCII, and a mebibyte more.
pub(super) fn decide(shown: &str, file: &mut File, asked: Option<&str>) -> Result<Decision> {
    let label = asked.map(labelled).transpose()?;
    let reading = |it: std::io::Error| super::record::unreadable(shown, &it);
    let mut start = Vec::new();
    file.rewind().and_then(|()| file.take(4).read_to_end(&mut start)).map_err(reading)?;
    let mark = marked(&start);
    if let Some(label) = label {
        return Ok(as_asked(label, asked.unwrap_or_default(), mark));
    }
    if let Some((encoding, mark)) = mark {
        let name = name(encoding);
        let basis =
            Text::new(format!("a byte order mark of {name}"), format!("文件以 {name} 的字节顺序标记开头"));
        return Ok(Decision { encoding, basis, mark });
    }
    let sample = sample(file).map_err(reading)?;
    let (encoding, basis) = judge(shown, &sample)?;
    Ok(Decision { encoding, basis, mark: 0 })
}

fn labelled(label: &str) -> Result<&'static Encoding> {
    Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(|| Error::UnknownEncoding {
        encoding: label.to_owned(),
        nearest: nearest(label, NAMES.into_iter()),
    })
}

/// The encoding of which a byte order mark is there, and the mark's length.
fn marked(start: &[u8]) -> Option<(&'static Encoding, u64)> {
    if start.starts_with(b"\x84\x31\x95\x33") {
        return Some((GB18030, 4));
    }
    Encoding::for_bom(start).map(|(encoding, length)| (encoding, length as u64))
}

fn as_asked(label: &'static Encoding, asked: &str, mark: Option<(&'static Encoding, u64)>) -> Decision {
    let is_order_open =
        asked.trim().eq_ignore_ascii_case("utf-16") || asked.trim().eq_ignore_ascii_case("unicode");
    let encoding = match mark {
        // Which of the two was not said.
        Some((marked, _)) if is_order_open && marked == UTF_16BE => marked,
        _ => label,
    };
    let mark = mark.filter(|(marked, _)| name(marked) == name(encoding)).map_or(0, |(_, length)| length);
    Decision { encoding, basis: Text::new("it was asked for", "由调用者指定"), mark }
}

/// The first mebibyte that is not all ASCII, or the last of the file.
fn sample(file: &mut File) -> std::io::Result<Sample> {
    file.seek(SeekFrom::Start(0))?;
    let mut it = Sample { bytes: Vec::new(), line: 1, is_first: true, ended: false };
    loop {
        file.take(SAMPLE_BYTES).read_to_end(&mut it.bytes)?;
        // A line end of two bytes is not torn.
        while it.bytes.last() == Some(&b'\r') && file.take(1).read_to_end(&mut it.bytes)? > 0 {}
        it.ended = (it.bytes.len() as u64) < SAMPLE_BYTES;
        if it.ended || !it.bytes.is_ascii() || it.bytes.contains(&0) {
            return Ok(it);
        }
        it.line += newlines(&it.bytes);
        it.is_first = false;
        it.bytes.clear();
    }
}

fn judge(shown: &str, sample: &Sample) -> Result<(&'static Encoding, Text)> {
    let bytes = sample.bytes.as_slice();
    if let Some(found) = by_zeros(shown, bytes)? {
        return Ok(found);
    }
    // What the sample cuts off says nothing.
    let end = if sample.ended { None } else { bytes.iter().rposition(|it| *it == b'\n') };
    let whole = end.map_or(bytes, |it| &bytes[..=it]);
    match std::str::from_utf8(whole) {
        Ok(_) => Ok((UTF_8, valid_utf8(sample, whole))),
        Err(error) if error.error_len().is_none() && !sample.ended => Ok((UTF_8, valid_utf8(sample, whole))),
        Err(error) => beyond_utf8(shown, sample, whole, error.valid_up_to()),
    }
}

fn valid_utf8(sample: &Sample, bytes: &[u8]) -> Text {
    let beyond = bytes.iter().filter(|it| !it.is_ascii()).count();
    let count = bytes.len();
    if beyond == 0 {
        return Text::new("all bytes are ASCII, a part of UTF-8", "所有字节都是 ASCII，属于 UTF-8");
    }
    if sample.is_first && sample.ended {
        return Text::new(
            format!("all {count} bytes are valid UTF-8, {beyond} of them beyond ASCII"),
            format!("全部 {count} 字节都是有效的 UTF-8，其中 {beyond} 字节不是 ASCII"),
        );
    }
    let line = sample.line;
    Text::new(
        format!("{count} bytes from line {line} on are valid UTF-8, {beyond} of them beyond ASCII"),
        format!("自第 {line} 行起的 {count} 字节都是有效的 UTF-8，其中 {beyond} 字节不是 ASCII"),
    )
}

/// UTF-16 without a mark, by what only it can be; none where there are no zeros, or so few in
/// valid UTF-8 that they are stray.
///
/// **Errors.** [`Error::UnknownKind`] for what is no text.
fn by_zeros(shown: &str, bytes: &[u8]) -> Result<Option<(&'static Encoding, Text)>> {
    let zeros = bytes.iter().filter(|it| **it == 0).count();
    let is_stray = zeros * 10 < bytes.len()
        && std::str::from_utf8(bytes).map_or_else(|it| it.error_len().is_none(), |_| true);
    if zeros == 0 || is_stray {
        return Ok(None);
    }
    let even = &bytes[..bytes.len() & !1];
    let plain = |encoding: &'static Encoding| {
        let text = strictly(encoding, even, false)?;
        // Bytes that are no text would make characters that no text has.
        let is_odd = |it: char| {
            (it.is_control() && !matches!(it, '\t' | '\n' | '\r'))
                || matches!(it, '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fff0}'..='\u{ffff}')
        };
        (!text.chars().any(is_odd)).then(|| text.chars().filter(char::is_ascii).count())
    };
    let found = [UTF_16LE, UTF_16BE].into_iter().filter_map(|it| Some((plain(it)?, it)));
    match found.max_by_key(|(count, it)| (*count, *it == UTF_16LE)) {
        Some((count, encoding)) if count > 0 => {
            let basis = Text::new(
                format!(
                    "no byte order mark; read as {} it is text, with {count} characters of ASCII",
                    name(encoding)
                ),
                format!("没有字节顺序标记；按 {} 读是文本，含 {count} 个 ASCII 字符", name(encoding)),
            );
            Ok(Some((encoding, basis)))
        }
        _ => Err(Error::unknown_kind(
            shown,
            Text::new("binary data", "二进制数据"),
            Text::new("save it as CSV in UTF-8", "请另存为 UTF-8 编码的 CSV"),
        )),
    }
}

/// What bytes are that are no UTF-8 from `bad` on.
fn beyond_utf8(shown: &str, sample: &Sample, bytes: &[u8], bad: usize) -> Result<(&'static Encoding, Text)> {
    let place = |bad: usize| sample.line + newlines(&bytes[..bad]);
    let refusal = |bad: usize, cause: Text| Error::Undecodable {
        path: shown.to_owned(),
        line: place(bad),
        bytes: quoted(&bytes[bad..]),
        cause: Box::new(cause),
    };
    let lines = lines(bytes, sample.line);
    if lines.sure > lines.other {
        let basis = Text::new(
            format!(
                "{} lines can only be UTF-8; {} are not, the first on line {}: their rows were refused",
                lines.sure, lines.other, lines.first_other
            ),
            format!(
                "有 {} 行只能是 UTF-8；另有 {} 行不是（最先在第 {} 行），这些行未收",
                lines.sure, lines.other, lines.first_other
            ),
        );
        return Ok((UTF_8, basis));
    }
    if lines.sure > 0 {
        let cause = Text::new(
            format!("mixed encodings: line {} is UTF-8, line {} is not", lines.first_sure, lines.first_other),
            format!("编码混杂：第 {} 行是 UTF-8，第 {} 行不是", lines.first_sure, lines.first_other),
        );
        return Err(refusal(bad, cause));
    }
    gb18030(sample, bytes, bad).map_err(|(bad, cause)| refusal(bad, cause))
}

/// GB18030, if the bytes are that and likely meant as that; else where they are not, and why.
fn gb18030(sample: &Sample, bytes: &[u8], bad: usize) -> Result<(&'static Encoding, Text), (usize, Text)> {
    let chars = Chars::count(bytes);
    let Some(text) = strictly(GB18030, bytes, sample.ended) else {
        let cause = Text::new("neither UTF-8 nor GB18030", "既不是 UTF-8，也不是 GB18030");
        return Err((chars.bad.unwrap_or(bad), cause));
    };
    // What other encodings make of their characters falls where the standard has none.
    let private = text.chars().filter(|it| matches!(it, '\u{e000}'..='\u{f8ff}')).count();
    if chars.common * 2 < chars.all || private * PRIVATE_SHARE > chars.all {
        let (common, all) = (chars.common, chars.all);
        let cause = Text::new(
            format!(
                "no UTF-8, and improbable as GB18030: of {all} characters {common} are in GB 2312 or of four bytes, {private} in no standard; name the encoding with --encoding, e.g. big5"
            ),
            format!(
                "不是 UTF-8；按 GB18030 读，{all} 个字符中常用的有 {common} 个，不属于任何标准的有 {private} 个；请用 --encoding 指明编码，如 big5"
            ),
        );
        return Err((bad, cause));
    }
    let chinese = chinese(&text);
    let share = chars.common * 100 / chars.all.max(1);
    let line = sample.line + newlines(&bytes[..bad]);
    let basis = Text::new(
        format!(
            "not valid UTF-8 (line {line}), valid GB18030; {chinese} Chinese characters, {share} % of what is beyond ASCII is common"
        ),
        format!(
            "不是有效的 UTF-8（第 {line} 行），是有效的 GB18030；汉字 {chinese} 个，非 ASCII 字符中 {share}% 常用"
        ),
    );
    Ok((GB18030, basis))
}

/// The first bad bytes, as far as their line goes.
fn quoted(bytes: &[u8]) -> String {
    let line = bytes.iter().take(QUOTED_BYTES).take_while(|it| !it.is_ascii_control()).count();
    legible(&bytes[..line], false)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn decided(bytes: &[u8], asked: Option<&str>) -> Result<(String, u64, String)> {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("bytes");
        let it = decide("t.csv", &mut file, asked)?;
        Ok((it.name(), it.mark, it.basis.en))
    }

    fn name(bytes: &[u8]) -> String {
        decided(bytes, None).expect("an encoding").0
    }

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    const TEXT: &str = "编号,名称\r\n一,合家欢超市\r\nm2,𠮷野家㐂\r\n";

    #[test]
    fn each_encoding_is_known_by_its_bytes() {
        assert_eq!(name(b"a,b\n"), "utf-8");
        assert_eq!(name(TEXT.as_bytes()), "utf-8");
        assert_eq!(name(&GB18030.encode(TEXT).0), "gb18030");
        assert_eq!(name(&utf16(TEXT, u16::to_le_bytes)), "utf-16le");
        assert_eq!(name(&utf16(TEXT, u16::to_be_bytes)), "utf-16be");
        let (name, mark, basis) = decided("\u{feff}a".as_bytes(), None).expect("utf-8");
        assert_eq!((name.as_str(), mark, basis.as_str()), ("utf-8", 3, "a byte order mark of utf-8"));
        let marked = utf16("\u{feff}a,b\n", u16::to_be_bytes);
        assert_eq!(decided(&marked, None).expect("utf-16be").1, 2);
        // A stray zero in a text makes it no UTF-16.
        let stray = "编号,名称\nm1,a\0b 合家欢超市\n";
        assert_eq!(decided(stray.as_bytes(), None).expect("utf-8").0, "utf-8");
    }

    #[test]
    fn the_evidence_is_told() {
        let basis = |bytes: &[u8]| decided(bytes, None).expect("an encoding").2;
        assert_eq!(basis("a,编\n".as_bytes()), "all 6 bytes are valid UTF-8, 3 of them beyond ASCII");
        assert_eq!(
            basis(&GB18030.encode("id,name\nm1,小店\nm2,喆\n").0),
            "not valid UTF-8 (line 2), valid GB18030; 3 Chinese characters, 66 % of what is beyond ASCII is common"
        );
    }

    #[test]
    fn a_long_beginning_in_ascii_decides_nothing() {
        let mut bytes = b"id,name\n".repeat(200_000);
        bytes.extend_from_slice(&GB18030.encode("m1,小店\n").0);
        let (name, _, basis) = decided(&bytes, None).expect("gb18030");
        assert!(name == "gb18030" && basis.contains("(line 200001)"), "{basis}");
    }

    #[test]
    fn bytes_that_speak_for_no_encoding_or_for_two_are_refused() {
        let refused = |bytes: &[u8]| match decided(bytes, None) {
            Err(Error::Undecodable { line, bytes, cause, .. }) => (line, bytes, cause.en),
            other => panic!("{other:?}"),
        };
        let (line, bytes, cause) = refused(b"id,name\n1,caf\xE9,x\n");
        assert_eq!((line, bytes.as_str(), cause.as_str()), (2, "\\xE9,x", "neither UTF-8 nor GB18030"));
        assert!(refused(b"id,name\n1,caf\xE9s\n").2.contains("improbable"));
        let mut mixed = "编号,名称,类别\n".as_bytes().to_vec();
        mixed.extend_from_slice(&GB18030.encode("m1,小店\nm2,大店\n").0);
        let (line, _, cause) = refused(&mixed);
        assert_eq!((line, cause.as_str()), (2, "mixed encodings: line 1 is UTF-8, line 2 is not"));
        let binary: Vec<u8> = (0..=255).cycle().take(4096).collect();
        assert!(matches!(decided(&binary, None), Err(Error::UnknownKind { .. })));
    }

    #[test]
    fn what_was_asked_for_is_done_if_it_is_known() {
        let asked = |label| decided(b"\xFE\xFFa", Some(label)).map(|it| (it.0, it.1));
        assert_eq!(asked("GBK").expect("known"), ("gb18030".to_owned(), 0));
        assert_eq!(asked("utf-16").expect("known"), ("utf-16be".to_owned(), 2));
        assert_eq!(asked("Shift_JIS").expect("known").0, "shift_jis");
        let error = asked("gb18300").expect_err("unknown");
        assert!(matches!(error, Error::UnknownEncoding { nearest: Some(it), .. } if it == "gb18030"));
    }
}
