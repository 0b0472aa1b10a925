//! What bytes say of the encoding they are in.

use encoding_rs::{DecoderResult, Encoding};

/// How many characters of three bytes or more make a line UTF-8 for sure. Bytes of GB18030
/// form so many of them by chance in about one line of ten million.
const SURE_CHARS: usize = 3;

/// The text, if every byte is of it; `last` where no byte follows.
pub(super) fn strictly(encoding: &'static Encoding, bytes: &[u8], last: bool) -> Option<String> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len())?);
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, last);
    (result == DecoderResult::InputEmpty).then_some(text)
}

/// Lines beyond ASCII, told apart by whether they can be UTF-8.
#[derive(Default)]
pub(super) struct Lines {
    /// Lines that are UTF-8 for sure.
    pub(super) sure: u64,
    /// The first of them.
    pub(super) first_sure: u64,
    /// Lines that are no UTF-8.
    pub(super) other: u64,
    /// The first of them.
    pub(super) first_other: u64,
}

/// Tells lines beyond ASCII apart; the first one is line `first`.
pub(super) fn lines(bytes: &[u8], first: u64) -> Lines {
    let mut it = Lines::default();
    for (line, text) in (first..).zip(bytes.split(|it| *it == b'\n')) {
        match std::str::from_utf8(text) {
            Ok(text) if text.chars().filter(|it| *it >= '\u{800}').take(SURE_CHARS).count() == SURE_CHARS => {
                it.sure += 1;
                it.first_sure = if it.sure == 1 { line } else { it.first_sure };
            }
            Ok(_) => {}
            Err(_) => {
                it.other += 1;
                it.first_other = if it.other == 1 { line } else { it.first_other };
            }
        }
    }
    it
}

/// Characters beyond ASCII of bytes read as GB18030.
#[derive(Default)]
pub(super) struct Chars {
    /// All of them.
    pub(super) all: usize,
    /// Those of GB 2312 and those of four bytes, which other encodings hardly form by chance.
    pub(super) common: usize,
    /// Where the first bytes stand that are no character.
    pub(super) bad: Option<usize>,
}

impl Chars {
    /// Counts them.
    pub(super) fn count(bytes: &[u8]) -> Self {
        let (mut it, mut rest) = (Self::default(), bytes);
        while !rest.is_empty() {
            let (length, is_common) = match rest {
                [0..=0x7F, ..] => {
                    rest = &rest[1..];
                    continue;
                }
                [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, ..] => (4, true),
                [0xA1..=0xF7, 0xA1..=0xFE, ..] => (2, true),
                [0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE, ..] => (2, false),
                // The euro, as Windows has it.
                [0x80, ..] => (1, false),
                _ => {
                    it.bad.get_or_insert(bytes.len() - rest.len());
                    (1, false)
                }
            };
            it.all += 1;
            it.common += usize::from(is_common);
            rest = &rest[length..];
        }
        it
    }
}

/// How many characters are Chinese.
pub(super) fn chinese(text: &str) -> usize {
    let is_chinese = |it: &char| matches!(it, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
    text.chars().filter(is_chinese).count()
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::*;

    #[test]
    fn lines_tell_whether_they_can_be_utf_8() {
        let mixed = b"id,\xE7\xBC\x96\xE5\x8F\xB7\xE5\x90\x8D\na\nb,\xBD\xCC\xD3\xFD\n";
        let it = lines(mixed, 5);
        assert_eq!((it.sure, it.first_sure, it.other, it.first_other), (1, 5, 1, 7));
    }

    #[test]
    fn characters_of_gb18030_are_common_rare_or_none() {
        let (bytes, ..) = GB18030.encode("编号,𠮷㐂,喆");
        let it = Chars::count(&bytes);
        assert_eq!((it.all, it.common, it.bad), (5, 4, None));
        assert_eq!(Chars::count(b"a\xE9,b").bad, Some(1));
        assert_eq!(strictly(GB18030, b"a\xE9,b", true), None);
        assert_eq!(strictly(GB18030, &bytes, true).as_deref().map(chinese), Some(5));
    }
}
