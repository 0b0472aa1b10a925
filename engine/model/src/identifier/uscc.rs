//! Unified social credit codes.
//!
//! 18 characters of `0123456789ABCDEFGHJKLMNPQRTUWXY`: registering department, class, six
//! digits of the division, nine characters of the organisation code (GB 11714), check.
//! The letters I, O, S, V and Z are never used, so that a letter's value is its place in this
//! list and not its place in the alphabet.
//!
//! **Source.** GB 32100-2015, with weights `3^(i-1) mod 31` and
//! `check = (31 - Σ value·weight mod 31) mod 31`.

use super::{Flaw, compact, organization_code, stray};

const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const LENGTH: usize = 18;

/// A code with a valid check character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uscc {
    /// The normal form: half width, upper case, without spaces.
    pub text: String,
    /// What is wrong with the organisation code inside, a finding of its own: registers have
    /// given out sound credit codes around unsound inner ones.
    pub organization: Option<Flaw>,
}

/// Reads a credit code.
///
/// **Errors.** The first [`Flaw`]: length, letter by position, check character.
pub fn read(text: &str) -> Result<Uscc, Flaw> {
    let text = compact(text);
    let length = text.chars().count();
    if length != LENGTH {
        return Err(Flaw::Length { found: length, expected: "18" });
    }
    if let Some(flaw) = stray(&text, |at, it| match at {
        2..8 => it.is_ascii_digit(),
        _ => LETTERS.contains(it),
    }) {
        return Err(flaw);
    }
    let organization = organization_code::read(&text[8..17]).err();
    let (expected, found) = (check(&text[..LENGTH - 1]), text.chars().last().unwrap_or_default());
    if found != expected {
        return Err(Flaw::CreditCheck { found, expected, is_inner_sound: organization.is_none() });
    }
    Ok(Uscc { text, organization })
}

/// The check character that 17 letters of the list call for.
fn check(code: &str) -> char {
    let values = code.chars().map(|it| LETTERS.find(it).unwrap_or_default());
    let (sum, _) = values.fold((0, 1), |(sum, weight), it| ((sum + it * weight) % 31, weight * 3 % 31));
    LETTERS.chars().nth((31 - sum) % 31).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of GB 32100-2015, annex.
    const EXAMPLE: &str = "91350100M000100Y43";

    #[test]
    fn the_example_of_the_standard_is_valid_and_so_is_what_it_holds() {
        let read = read(EXAMPLE).expect("a code");
        assert_eq!((read.text.as_str(), read.organization), (EXAMPLE, None));
    }

    #[test]
    fn lower_case_full_width_and_spaces_are_ways_to_write_it() {
        for text in
            ["91350100m000100y43", "９１３５０１００Ｍ０００１００Ｙ４３", " 9135 0100 M000 100Y 43\u{3000}"]
        {
            assert_eq!(read(text).expect(text).text, EXAMPLE);
        }
    }

    #[test]
    fn a_flaw_says_which_thing_is_wrong() {
        assert_eq!(read(&EXAMPLE[..17]), Err(Flaw::Length { found: 17, expected: "18" }));
        // The number of an old business licence is no credit code.
        assert_eq!(read("371602600012345"), Err(Flaw::Length { found: 15, expected: "18" }));
        for letter in ['I', 'O', 'S', 'V', 'Z'] {
            let text = EXAMPLE.replace('M', &letter.to_string());
            assert_eq!(read(&text), Err(Flaw::Letter { position: 9, found: letter }), "{text}");
        }
        assert_eq!(read("91350100M000100Y4Z"), Err(Flaw::Letter { position: 18, found: 'Z' }));
        assert_eq!(read("9135A100M000100Y43"), Err(Flaw::Letter { position: 5, found: 'A' }));
        let wrong = |text| read(text).expect_err("a flaw");
        let slip = Flaw::CreditCheck { found: '4', expected: '3', is_inner_sound: true };
        assert_eq!(wrong("91350100M000100Y44"), slip);
        // Two digits of the inner code are swapped: it no longer fits either.
        let swapped = wrong("91350100M001000Y43");
        assert!(matches!(swapped, Flaw::CreditCheck { is_inner_sound: false, .. }), "{swapped:?}");
    }

    #[test]
    fn an_unsound_inner_code_is_a_finding_of_its_own() {
        let body = "91350100M000100Y5";
        let read = read(&format!("{body}{}", check(body))).expect("a sound check character");
        assert_eq!(read.organization, Some(Flaw::Check { found: '5', expected: '4' }));
    }

    #[test]
    fn every_single_slip_is_caught() {
        for (at, was) in EXAMPLE.char_indices() {
            for letter in LETTERS.chars().filter(|it| *it != was) {
                let text = format!("{}{letter}{}", &EXAMPLE[..at], &EXAMPLE[at + 1..]);
                assert!(read(&text).is_err(), "{text}");
            }
        }
    }
}
