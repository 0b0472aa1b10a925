//! Text in UTF-8 out of a file in any encoding, a piece at a time.
//!
//! Nothing is lost and nothing made up: bytes that are no text in the encoding do not become
//! a replacement character. In their place stands [`MARK`], a byte that no UTF-8 has, with
//! the two hexadecimal digits of the byte behind it, so that the row they stand in, and no
//! other, can be refused with what was found. UTF-8 itself goes through as it is.

use std::fs::File;
use std::io::{Read, Result, Seek, SeekFrom};

use encoding_rs::{Decoder, DecoderResult, UTF_8};

use super::encoding::Decision;

/// Stands before the digits of a byte that is no text.
const MARK: u8 = 0xFF;

/// The least room for characters, several of the longest.
const ROOM_BYTES: usize = 64;

/// How long the bytes are that may make one character, or one error.
const BEFORE_BYTES: usize = 8;

/// A file being read.
pub(super) struct Decoding {
    file: File,
    /// None for UTF-8.
    decoder: Option<Box<Decoder>>,
    /// What was read last; in front of it the end of what was read before.
    raw: Vec<u8>,
    ended: bool,
}

impl Decoding {
    /// Begins to read, behind the byte order mark.
    pub(super) fn new(mut file: File, decision: &Decision) -> Result<Self> {
        file.seek(SeekFrom::Start(decision.mark))?;
        let encoding = decision.encoding;
        let decoder = (encoding != UTF_8).then(|| Box::new(encoding.new_decoder_without_bom_handling()));
        Ok(Self { file, decoder, raw: Vec::new(), ended: false })
    }

    /// Puts the text of about so many bytes behind `text`; false at the end of the file.
    pub(super) fn read(&mut self, bytes: usize, text: &mut Vec<u8>) -> Result<bool> {
        let limit = bytes as u64;
        let Some(decoder) = &mut self.decoder else {
            return Ok((&self.file).take(limit).read_to_end(text)? > 0);
        };
        if self.ended {
            return Ok(false);
        }
        self.raw.drain(..self.raw.len().saturating_sub(BEFORE_BYTES));
        let from = self.raw.len();
        self.ended = (&self.file).take(limit).read_to_end(&mut self.raw)? == 0;
        decode(decoder, &self.raw, from, self.ended, text);
        Ok(true)
    }
}

/// Decodes the bytes from `from` on; those before were decoded already.
fn decode(decoder: &mut Decoder, raw: &[u8], from: usize, last: bool, text: &mut Vec<u8>) {
    let (mut at, mut end) = (from, text.len());
    loop {
        if text.len() - end < ROOM_BYTES {
            text.resize(end + (raw.len() - at) * 3 / 2 + 2 * ROOM_BYTES, 0);
        }
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(&raw[at..], &mut text[end..], last);
        (at, end) = (at + read, end + written);
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, behind) => {
                let to = at.saturating_sub(usize::from(behind));
                let marks: Vec<u8> =
                    raw[to.saturating_sub(usize::from(length))..to].iter().flat_map(|it| mark(*it)).collect();
                if text.len() - end < marks.len() {
                    text.resize(end + ROOM_BYTES, 0);
                }
                text[end..end + marks.len()].copy_from_slice(&marks);
                end += marks.len();
            }
        }
    }
    text.truncate(end);
}

fn mark(byte: u8) -> [u8; 3] {
    let digit = |it: u8| b"0123456789ABCDEF"[usize::from(it)];
    [MARK, digit(byte >> 4), digit(byte & 15)]
}

/// Bytes as people can read them: what is no text as `\xBD`; `is_marked` where [`Decoding`]
/// has put its marks.
pub(super) fn legible(bytes: &[u8], is_marked: bool) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            match *byte {
                MARK if is_marked => text.push_str("\\x"),
                byte => text.push_str(&format!("\\x{byte:02X}")),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use encoding_rs::{Encoding, GB18030, UTF_16LE};

    use super::*;

    fn decoded(encoding: &'static Encoding, bytes: &[u8], piece: usize) -> Vec<u8> {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let (mut text, mut raw) = (Vec::new(), Vec::<u8>::new());
        for (index, piece) in bytes.chunks(piece).chain([[].as_slice()]).enumerate() {
            raw.drain(..raw.len().saturating_sub(BEFORE_BYTES));
            let from = raw.len();
            raw.extend_from_slice(piece);
            decode(&mut decoder, &raw, from, piece.is_empty(), &mut text);
            assert!(index < 1_000);
        }
        text
    }

    #[test]
    fn characters_of_four_bytes_come_whole_however_the_file_is_read() {
        let text = "编号,𠮷野家,㐂,㐀䶵,𠀀𪛖,é€\n";
        let (bytes, _, lost) = GB18030.encode(text);
        assert!(!lost && bytes.windows(4).any(|it| it[1].is_ascii_digit() && it[3].is_ascii_digit()));
        for piece in 1..=7 {
            assert_eq!(decoded(GB18030, &bytes, piece), text.as_bytes(), "{piece}");
        }
    }

    #[test]
    fn the_four_bytes_of_the_standard_are_their_characters() {
        for (bytes, character) in [
            (b"\x95\x34\xB2\x35", '𠮷'),
            (b"\x81\x39\xEF\x31", '㐂'),
            (b"\x81\x39\xEE\x39", '㐀'),
            (b"\x82\x35\x87\x38", '䶵'),
            (b"\x95\x32\x82\x36", '𠀀'),
        ] {
            assert_eq!(decoded(GB18030, bytes, 4), character.to_string().as_bytes());
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_marked_and_end_no_line() {
        for piece in 1..=5 {
            let it = decoded(GB18030, b"a,\xFF\nb,\xE9,c\nd,\x95", piece);
            assert_eq!(legible(&it, true), "a,\\xFF\nb,\\xE9,c\nd,\\x95", "{piece}");
            assert!(std::str::from_utf8(&it).is_err());
            let it = decoded(UTF_16LE, b"a\0\x00\xD8,\0b\0c", piece);
            assert_eq!(legible(&it, true), "a\\x00\\xD8,b\\x63", "{piece}");
        }
        assert_eq!(legible(b"caf\xE9\xFF", false), "caf\\xE9\\xFF");
    }
}
