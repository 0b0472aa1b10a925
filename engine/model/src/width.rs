//! Full-width and half-width characters.
//!
//! Input methods for Chinese write `１２３，－．％` where `123,-.%` is meant. The two forms lie
//! 0xFEE0 apart, so that nothing has to be looked up.

use std::borrow::Cow;

/// The half-width form of a text: of the full-width forms of ASCII, and of every space that is
/// no plain one. Chinese characters and their own punctuation (`、` `。`) stay.
///
/// **Source.** Unicode, block Halfwidth and Fullwidth Forms, U+FF01 to U+FF5E.
/// **Cost.** O(n); a text that is in half width already is not copied.
pub fn half_width(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || text.chars().all(|it| narrow(it) == it) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(narrow).collect())
}

fn narrow(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' => ' ',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_letters_become_narrow_and_nothing_else_changes() {
        assert_eq!(half_width("１２３，－．％\u{3000}Ａｚ；\u{a0}（）"), "123,-.% Az; ()");
        assert_eq!(half_width("社区、“二三百万”。"), "社区、“二三百万”。");
        assert!(matches!(half_width("plain 1,2"), Cow::Borrowed(_)));
    }
}
