//! Telephone numbers, as people write them.
//!
//! | kind | written | normal form |
//! |---|---|---|
//! | mobile | `+86 138-0013-8000` | `13800138000` |
//! | landline | `(0543)3369019`, `05433369019` | `0543-3369019` |
//! | local | `336 9019` | `3369019` |
//! | service | `12345`, `110`, `95598` | the same |
//! | 400, 800 | `400-812-3123` | `4008123123` |
//!
//! An extension (`-801`, `转801`) stands behind a hyphen. A cell with several numbers, between
//! `、`, `/`, `;`, `,` or `或`, keeps all of them in their order, separated by `;`: whoever
//! reads the list calls the first and then the next. One bad number makes the cell bad.
//!
//! *Invariants.* A number is text; what is local stays local, for nobody knows its area code. The
//! normal form is read as the same number: an extension with which it would not be is refused.
//!
//! **Source.** Numbering plan of the telephone network (MIIT): 1[3-9] and nine digits; area
//! codes 010, 02x, 0xxx with local numbers of seven or eight digits; 1xx, 1xxxx, 9xxxx and
//! six digits alike for services.

use super::Flaw;
use crate::half_width;

/// Numbers in one cell.
const NUMBERS_MAX: usize = 8;

/// The emergency number of Beijing, beside those that begin with 1.
const EMERGENCY: &str = "999";

/// What kind of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It rings in somebody's pocket.
    Mobile,
    /// It has an area code.
    Landline,
    /// It needs the area code of the place.
    Local,
    /// It belongs to a service: 110, 12345, 95598, 400 and 800 numbers.
    Service,
}

/// One number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Its kind.
    pub kind: Kind,
    /// The area code of a landline, with its zero; empty for others.
    pub area: String,
    /// The number without area code and extension.
    pub number: String,
    /// The extension; empty without one.
    pub extension: String,
}

impl Phone {
    /// The normal form.
    pub fn text(&self) -> String {
        let parts = [&self.area, &self.number, &self.extension];
        parts.into_iter().filter(|it| !it.is_empty()).map(String::as_str).collect::<Vec<_>>().join("-")
    }
}

/// The normal form of a cell with one number or several.
///
/// **Errors.** The [`Flaw`] of the first number that is none.
pub fn normal(text: &str) -> Result<String, Flaw> {
    let mut texts: Vec<String> = read(text)?.iter().map(Phone::text).collect();
    let mut known = Vec::new();
    texts.retain(|it| {
        let is_new = !known.contains(it);
        known.push(it.clone());
        is_new
    });
    Ok(texts.join(";"))
}

/// Reads the numbers of a cell, in their order.
///
/// **Errors.** The [`Flaw`] of the first number that is none, or of a cell with none or with
/// more than 8.
pub fn read(text: &str) -> Result<Vec<Phone>, Flaw> {
    let text = half_width(text);
    let cells = text.split(['、', '/', ';', ',', '或', '\n']).map(str::trim).filter(|it| !it.is_empty());
    // 110 with the extension 01 would be written as 11001 is.
    let is_clear = |it: &Phone| it.extension.is_empty() || one(&it.text()).as_ref() == Some(it);
    let phones =
        cells.map(|it| one(it).filter(is_clear).ok_or(Flaw::Phone)).collect::<Result<Vec<_>, _>>()?;
    if phones.is_empty() || phones.len() > NUMBERS_MAX { Err(Flaw::Phone) } else { Ok(phones) }
}

fn one(text: &str) -> Option<Phone> {
    if let Some((main, extension)) = split_extension(text) {
        return extended(classify(&digits(main)?)?, ungrouped(extension)?);
    }
    // A single digit behind a hyphen is no group of digits.
    if let Some((main, extension)) = text.rsplit_once('-')
        && let Some(extension) = ungrouped(extension).filter(|it| it.len() == 1)
        && let Some(phone) = digits(main).and_then(|it| classify(&it)).and_then(|it| extended(it, extension))
    {
        return Some(phone);
    }
    if let Some(phone) = classify(&digits(text)?) {
        return Some(phone);
    }
    let (main, extension) = text.rsplit_once('-')?;
    extended(classify(&digits(main)?)?, ungrouped(extension)?)
}

/// The number and the extension that a word stands before.
fn split_extension(text: &str) -> Option<(&str, &str)> {
    let marks = ["转分机", "转", "分机", "ext.", "ext", "EXT.", "EXT", "x", "#"];
    marks.into_iter().find_map(|it| text.split_once(it))
}

fn extended(phone: Phone, extension: String) -> Option<Phone> {
    let has = (1..=6).contains(&extension.len()) && phone.kind != Kind::Mobile;
    has.then_some(Phone { extension, ..phone })
}

/// The digits of a number, without its country code; none where anything but digits and what
/// groups them stands there.
fn digits(text: &str) -> Option<String> {
    let text = text.trim_start_matches(['(', ' ']);
    let is_international = text.starts_with('+');
    let digits = ungrouped(text.strip_prefix('+').unwrap_or(text))?;
    let home = match digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86")) {
        // Without a sign, 86 begins local numbers too.
        Some(rest) if is_international || digits.starts_with("00") || is_mobile(rest) => rest.to_owned(),
        None if is_international => return None,
        _ => digits,
    };
    // From abroad the zero of an area code is not dialled.
    let is_bare = is_international && !home.starts_with(['0', '1']) && (10..=11).contains(&home.len());
    Some(if is_bare && !home.starts_with("400") { format!("0{home}") } else { home })
}

/// The digits of a text of digits and what groups them.
fn ungrouped(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            '-' | ' ' | '(' | ')' | '—' | '–' | '‐' | '\t' => {}
            _ => return None,
        }
    }
    Some(digits)
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

fn classify(digits: &str) -> Option<Phone> {
    let of = |kind, area: &str, number: &str| {
        Some(Phone { kind, area: area.to_owned(), number: number.to_owned(), extension: String::new() })
    };
    let is_local = |it: &str| !it.starts_with(['0', '1']);
    match digits.len() {
        3 if digits.starts_with('1') || digits == EMERGENCY => of(Kind::Service, "", digits),
        5 | 6 if digits.starts_with(['1', '9']) => of(Kind::Service, "", digits),
        7 | 8 if is_local(digits) => of(Kind::Local, "", digits),
        10 if digits.starts_with("400") || digits.starts_with("800") => of(Kind::Service, "", digits),
        11 if is_mobile(digits) => of(Kind::Mobile, "", digits),
        10..=12 if digits.starts_with('0') => {
            // 010 and 02x are the short ones, and their local numbers have eight digits.
            let is_short = digits.starts_with("010") || digits.starts_with("02");
            let (area, number) = digits.split_at(if is_short { 3 } else { 4 });
            let fits = if is_short { number.len() == 8 } else { (7..=8).contains(&number.len()) };
            let is_area = is_short || !area.starts_with("00") && !area.starts_with("01");
            if fits && is_area && is_local(number) { of(Kind::Landline, area, number) } else { None }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(normal(text).as_deref(), Ok(*expected), "{text}");
            assert_eq!(normal(expected).as_deref(), Ok(*expected), "{expected} is no normal form");
        }
    }

    #[test]
    fn mobiles_lose_their_country_code_and_their_groups() {
        check(&[
            ("13800138000", "13800138000"),
            ("138 0013 8000", "13800138000"),
            ("138-0013-8000", "13800138000"),
            ("+86 13800138000", "13800138000"),
            ("+86-138-0013-8000", "13800138000"),
            ("0086 13800138000", "13800138000"),
            ("8613800138000", "13800138000"),
            ("（＋８６）１３８００１３８０００", "13800138000"),
        ]);
    }

    #[test]
    fn landlines_have_their_area_code_before_a_hyphen() {
        check(&[
            ("0543-3369019", "0543-3369019"),
            ("05433369019", "0543-3369019"),
            ("(0543) 3369019", "0543-3369019"),
            ("０５４３－３３６９０１９", "0543-3369019"),
            ("+86 543 3369019", "0543-3369019"),
            ("010-62345678", "010-62345678"),
            ("021 6234 5678", "021-62345678"),
            ("0571-87654321", "0571-87654321"),
            // What the texts give: seven digits without an area code.
            ("3369019", "3369019"),
            ("8765 4321", "87654321"),
            ("86543210", "86543210"),
        ]);
    }

    #[test]
    fn services_keep_their_short_numbers() {
        for text in ["110", "119", "120", "122", "12345", "12349", "95598", "118114", "999"] {
            check(&[(text, text)]);
        }
        check(&[("400-812-3123", "4008123123"), ("800 810 8888", "8008108888")]);
    }

    #[test]
    fn extensions_stand_behind_a_hyphen() {
        check(&[
            ("0543-3369019-801", "0543-3369019-801"),
            ("0543-3369019转801", "0543-3369019-801"),
            ("3369019 转 801", "3369019-801"),
            ("0543-3369019-8", "0543-3369019-8"),
            ("010-62345678 ext. 12", "010-62345678-12"),
            ("400-812-3123转6", "4008123123-6"),
        ]);
    }

    #[test]
    fn several_numbers_stay_in_their_order() {
        check(&[
            ("13800138000、0543-3369019", "13800138000;0543-3369019"),
            ("13800138000/3369019", "13800138000;3369019"),
            ("3369019；3369020；3369019", "3369019;3369020"),
            ("12345 或 110", "12345;110"),
        ]);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "、",
            "12800138000",
            "1380013800",
            "138001380000",
            "336901",
            "0543-336901",
            "010-6234567",
            "03369019",
            "13800138000 13900139000",
            "13800138000转801",
            "0543-3369019/20",
            "电话",
            "+1 212 555 0100",
            "33690a9",
            "0143-3369019",
            "211",
            "3369019转",
        ] {
            assert_eq!(normal(text), Err(Flaw::Phone), "{text}");
        }
        let many = vec!["12345"; 9].join(";");
        assert_eq!(normal(&many), Err(Flaw::Phone));
    }
}
