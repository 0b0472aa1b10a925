//! Organisation codes: eight letters or digits and a check character.
//!
//! **Source.** GB 11714-1997: weights 3, 7, 9, 10, 5, 8, 4, 2; a letter counts from A = 10;
//! `check = 11 - Σ mod 11`, where 10 is written X and 11 is written 0.

use super::{Flaw, compact, stray};

const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Reads an organisation code, with or without the hyphen before its check character; the
/// answer is its normal form without.
///
/// **Errors.** The first [`Flaw`]: length, letter by position, check character.
pub fn read(text: &str) -> Result<String, Flaw> {
    let mut text = compact(text);
    if text.len() == 10 && text.is_ascii() && text.as_bytes()[8] == b'-' {
        text.remove(8);
    }
    let length = text.chars().count();
    if length != 9 {
        return Err(Flaw::Length { found: length, expected: "9" });
    }
    if let Some(flaw) = stray(&text, |at, it| match at {
        8 => it.is_ascii_digit() || it == 'X',
        _ => it.is_ascii_digit() || it.is_ascii_uppercase(),
    }) {
        return Err(flaw);
    }
    let values = text.chars().map(|it| it.to_digit(36).unwrap_or_default());
    let sum: u32 = values.zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    let expected = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or_default(),
    };
    let found = text.chars().last().unwrap_or_default();
    if found == expected { Ok(text) } else { Err(Flaw::Check { found, expected }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_is_valid() {
        // GB 11714-1997, annex.
        for text in ["D2143569X", "D2143569-X", "d2143569-x", "Ｄ２１４３５６９Ｘ"] {
            assert_eq!(read(text).as_deref(), Ok("D2143569X"));
        }
    }

    #[test]
    fn the_code_inside_the_credit_code_of_the_standard_is_valid() {
        // GB 32100-2015, annex: 91350100M000100Y43, positions 9 to 17.
        assert_eq!(read("M000100Y4").as_deref(), Ok("M000100Y4"));
    }

    #[test]
    fn a_flaw_says_which_thing_is_wrong() {
        assert_eq!(read("D2143569"), Err(Flaw::Length { found: 8, expected: "9" }));
        assert_eq!(read("D21435_9X"), Err(Flaw::Letter { position: 7, found: '_' }));
        assert_eq!(read("D2143569Y"), Err(Flaw::Letter { position: 9, found: 'Y' }));
        assert_eq!(read("D21435691"), Err(Flaw::Check { found: '1', expected: 'X' }));
    }
}
