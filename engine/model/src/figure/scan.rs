//! A text as it is read: widths made equal, spaces that mean nothing left out, places kept.

use super::FigureError;

/// Characters shown of what could not be read.
const REST_CHARS: usize = 20;

/// A place in a text.
///
/// Full-width forms are read as half-width ones. A space stays between two ASCII letters or
/// digits only: elsewhere it is a line break of the page or one around a number.
pub(crate) struct Scan {
    original: Vec<char>,
    chars: Vec<char>,
    /// Where each of the characters stands in the original.
    places: Vec<usize>,
    at: usize,
}

impl Scan {
    pub(crate) fn new(text: &str) -> Self {
        let original: Vec<char> = text.chars().collect();
        let plain: Vec<char> = original.iter().map(|it| half_width(*it)).collect();
        let (mut chars, mut places) = (Vec::with_capacity(plain.len()), Vec::with_capacity(plain.len()));
        let mut has_gap = false;
        for (place, it) in plain.iter().enumerate() {
            if it.is_whitespace() {
                has_gap = true;
                continue;
            }
            let before: Option<&char> = chars.last();
            if has_gap && before.is_some_and(char::is_ascii_alphanumeric) && it.is_ascii_alphanumeric() {
                chars.push(' ');
                places.push(place - 1);
            }
            has_gap = false;
            chars.push(*it);
            places.push(place);
        }
        Self { original, chars, places, at: 0 }
    }

    /// What is still to be read.
    pub(crate) fn rest(&self) -> &[char] {
        self.chars.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().first().copied()
    }

    pub(crate) fn is_done(&self) -> bool {
        self.rest().is_empty()
    }

    pub(crate) fn skip(&mut self, count: usize) {
        self.at += count;
    }

    /// Reads a word if it stands here.
    pub(crate) fn take(&mut self, word: &str) -> bool {
        let count = word.chars().count();
        let is_here = self.rest().len() >= count && word.chars().zip(self.rest()).all(|(a, b)| a == *b);
        if is_here {
            self.skip(count);
        }
        is_here
    }

    /// Reads the first of the words that stands here, and gives what belongs to it.
    pub(crate) fn take_one<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<T> {
        words.iter().find(|(word, _)| self.take(word)).map(|(_, meaning)| *meaning)
    }

    /// Reads the ASCII digits that stand here.
    pub(crate) fn digits(&mut self) -> String {
        let digits: String = self.rest().iter().take_while(|it| it.is_ascii_digit()).collect();
        self.skip(digits.len());
        digits
    }

    /// Where reading is, to come back to.
    pub(crate) fn mark(&self) -> usize {
        self.at
    }

    pub(crate) fn back_to(&mut self, mark: usize) {
        self.at = mark;
    }

    /// Characters of the original that were read.
    pub(crate) fn place(&self) -> usize {
        self.places.get(self.at).copied().unwrap_or(self.original.len())
    }

    /// What stands here in the original, the beginning of it.
    pub(crate) fn shown(&self) -> String {
        self.original.iter().skip(self.place()).take(REST_CHARS).collect()
    }

    pub(super) fn stopped<T>(&self, expected: &'static str) -> Result<T, FigureError> {
        Err(FigureError::Unreadable { at: self.place(), expected, rest: self.shown() })
    }
}

fn half_width(it: char) -> char {
    match it {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(it) - 0xfee0).unwrap_or(it),
        '\u{2212}' => '-',
        _ => it,
    }
}
