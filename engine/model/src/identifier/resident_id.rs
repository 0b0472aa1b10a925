//! Resident identity numbers.
//!
//! 18 characters: six digits of the division of the first registration, eight of the birth
//! date, three of a sequence whose last is odd for men, check. Numbers from before 1999 have
//! 15 digits: two for the year of the 20th century, no check. They are recognised, because old
//! lists are full of them.
//!
//! **Source.** GB 11643-1999: weights `2^(18-i) mod 11`, check characters `10X98765432` by
//! `Σ mod 11`.

use super::{Flaw, compact, stray};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &str = "10X98765432";

/// What a number says of its bearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidentId {
    /// The normal form: half width, upper case, without spaces; 15 digits stay 15.
    pub text: String,
    /// The birth date: year, month, day.
    pub born: (u32, u32, u32),
    /// The sex that was registered.
    pub sex: Sex,
}

/// What the sequence of a number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// An even sequence.
    Female,
    /// An odd sequence.
    Male,
}

/// Reads a resident identity number of 18 or 15 characters.
///
/// **Errors.** The first [`Flaw`]: length, letter by position, birth date, check character.
pub fn read(text: &str) -> Result<ResidentId, Flaw> {
    let text = compact(text);
    let length = text.chars().count();
    if length != 18 && length != 15 {
        return Err(Flaw::Length { found: length, expected: "18 or 15" });
    }
    if let Some(flaw) = stray(&text, |at, it| match at {
        0 => matches!(it, '1'..='9'),
        17 => it.is_ascii_digit() || it == 'X',
        _ => it.is_ascii_digit(),
    }) {
        return Err(flaw);
    }
    let is_old = length == 15;
    let date = if is_old { format!("19{}", &text[6..12]) } else { text[6..14].to_owned() };
    let Some(born) = day(&date) else { return Err(Flaw::Birth { found: date }) };
    if !is_old {
        let (expected, found) = (check(&text), text.chars().last().unwrap_or_default());
        if found != expected {
            return Err(Flaw::Check { found, expected });
        }
    }
    let sequence = text.as_bytes()[if is_old { 14 } else { 16 }];
    let sex = if sequence % 2 == 1 { Sex::Male } else { Sex::Female };
    Ok(ResidentId { text, born, sex })
}

/// The check character that the first 17 digits call for.
fn check(digits: &str) -> char {
    let values = digits.chars().map(|it| it.to_digit(10).unwrap_or_default());
    let sum: u32 = values.zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    CHECKS.chars().nth(sum as usize % 11).unwrap_or_default()
}

/// A day of the calendar of eight digits, from 1800 to 2099.
fn day(digits: &str) -> Option<(u32, u32, u32)> {
    let number: u32 = digits.parse().ok()?;
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    ((1800..2100).contains(&year) && (1..=days).contains(&day)).then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An example of GB 11643-1999.
    const EXAMPLE: &str = "11010519491231002X";

    #[test]
    fn the_examples_of_the_standard_are_valid() {
        let woman = read(EXAMPLE).expect("a number");
        assert_eq!((woman.text.as_str(), woman.born, woman.sex), (EXAMPLE, (1949, 12, 31), Sex::Female));
        let man = read("440524188001010014").expect("a number");
        assert_eq!((man.born, man.sex), ((1880, 1, 1), Sex::Male));
    }

    #[test]
    fn lower_case_full_width_and_spaces_are_ways_to_write_it() {
        for text in ["11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002X"]
        {
            assert_eq!(read(text).expect(text).text, EXAMPLE);
        }
    }

    #[test]
    fn old_numbers_are_recognised_and_have_no_check() {
        let old = read("110105491231002").expect("a number");
        assert_eq!((old.text.len(), old.born, old.sex), (15, (1949, 12, 31), Sex::Female));
        assert_eq!(read("110105490231002"), Err(Flaw::Birth { found: "19490231".to_owned() }));
    }

    #[test]
    fn a_flaw_says_which_thing_is_wrong() {
        assert_eq!(read("1101051949123100"), Err(Flaw::Length { found: 16, expected: "18 or 15" }));
        assert_eq!(read("11010519491231002A"), Err(Flaw::Letter { position: 18, found: 'A' }));
        assert_eq!(read("1101051949123X0021"), Err(Flaw::Letter { position: 14, found: 'X' }));
        assert_eq!(read("01010519491231002X"), Err(Flaw::Letter { position: 1, found: '0' }));
        assert_eq!(read("110105194912310021"), Err(Flaw::Check { found: '1', expected: 'X' }));
        for date in ["19490229", "19491301", "19490431", "19490100", "00000101", "29990101"] {
            let text = format!("110105{date}002X");
            assert_eq!(read(&text), Err(Flaw::Birth { found: date.to_owned() }), "{text}");
        }
    }
}
