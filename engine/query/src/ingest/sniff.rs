//! What a file is, by its bytes and never by its name.

/// What this module can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// UTF-8, as far as the first bytes tell.
    Text,
    /// Apache Parquet.
    Parquet,
    /// A zip file, as workbooks of since 2007 are.
    Zip,
    /// An OLE2 file, as workbooks of before 2007 are, and those with a password.
    Ole,
    /// One or more JSON objects, or an array.
    Json,
    /// HTML or XML, which some programs save under the name of a workbook.
    Markup,
}

/// First bytes of what people take for a table.
const MAGIC: [(&[u8], &str); 4] =
    [(b"\x1F\x8B", "gzip"), (b"%PDF", "PDF"), (b"\xFF\xFE", "UTF-16"), (b"\xFE\xFF", "UTF-16")];

/// Tells what the file is from its first bytes.
///
/// **Errors.** What it seems to be, when it is nothing that can be read.
pub(super) fn sniff(head: &[u8]) -> Result<Kind, &'static str> {
    if head.starts_with(b"PAR1") {
        return Ok(Kind::Parquet);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Zip);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0") {
        return Ok(Kind::Ole);
    }
    match MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some((_, found)) => Err(found),
        None if head.contains(&0) => Err(describe(head)),
        None => Ok(kind_of_text(head)),
    }
}

/// What text is, by the first signs that are not blank. A CSV file may begin with a bracket, but
/// not with what begins an object.
fn kind_of_text(head: &[u8]) -> Kind {
    let text = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head).trim_ascii_start();
    let second = || text[1..].trim_ascii_start().first().copied();
    match text.first() {
        Some(b'[') if matches!(second(), Some(b'{' | b']')) => Kind::Json,
        Some(b'{') if matches!(second(), Some(b'"' | b'}')) => Kind::Json,
        Some(b'<') if MARKUP.iter().any(|it| starts_with_word(text, it)) => Kind::Markup,
        _ => Kind::Text,
    }
}

fn starts_with_word(text: &[u8], word: &str) -> bool {
    text.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word.as_bytes()))
}

/// How pages and tables in HTML and XML begin.
const MARKUP: [&str; 7] = ["<!doctype", "<html", "<head", "<meta", "<body", "<table", "<?xml"];

/// What bytes that are no UTF-8 seem to be.
pub(super) fn describe(bytes: &[u8]) -> &'static str {
    if bytes.contains(&0) {
        let (even, odd): (Vec<_>, Vec<_>) =
            bytes.iter().enumerate().filter(|(_, it)| **it == 0).partition(|(at, _)| at % 2 == 0);
        // Text in UTF-16 has its zeros on one side.
        return if even.is_empty() || odd.is_empty() { "UTF-16" } else { "binary data" };
    }
    if is_gb18030(bytes) { "GB18030" } else { "bytes in no known encoding" }
}

/// Whether the bytes follow the pattern of GB18030, of which GBK and GB2312 are parts. A
/// character cut off at the end does not count.
fn is_gb18030(mut bytes: &[u8]) -> bool {
    loop {
        bytes = match bytes {
            [] | [_] | [0x81..=0xFE, 0x30..=0x39] | [0x81..=0xFE, 0x30..=0x39, _] => {
                return true;
            }
            [0x00..=0x7F, rest @ ..]
            | [0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE, rest @ ..]
            | [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, rest @ ..] => rest,
            _ => return false,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_say_what_they_are() {
        assert_eq!(sniff(b"PAR1..."), Ok(Kind::Parquet));
        assert_eq!(sniff("need_id,名称\n".as_bytes()), Ok(Kind::Text));
        assert_eq!(sniff(b"PK\x03\x04rest"), Ok(Kind::Zip));
        assert_eq!(sniff(b"\xD0\xCF\x11\xE0rest"), Ok(Kind::Ole));
        assert_eq!(sniff("\u{feff} [\n {\"need_id\"".as_bytes()), Ok(Kind::Json));
        assert_eq!(sniff(b"{\"need_id\": 1}"), Ok(Kind::Json));
        assert_eq!(sniff(b"[need_id],{x}\n"), Ok(Kind::Text));
        assert_eq!(sniff(b"\n<TABLE border=1>"), Ok(Kind::Markup));
        assert_eq!(sniff(b"\xFF\xFEn\0"), Err("UTF-16"));
        assert_eq!(sniff(b"n\0e\0e\0d\0"), Err("UTF-16"));
        assert_eq!(describe(b"\xD0\xE8\xC7\xF3,1\n"), "GB18030");
        assert_eq!(describe(b"caf\xE9,1\n\xFF"), "bytes in no known encoding");
    }
}
