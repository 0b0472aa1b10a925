//! Identifiers of China: what they must hold, how they are written, what is wrong with one.
//!
//! | module | identifier | standard |
//! |---|---|---|
//! | [`uscc`] | unified social credit code | GB 32100-2015 |
//! | [`organization_code`] | organisation code, a part of it | GB 11714-1997 |
//! | [`resident_id`] | resident identity number | GB 11643-1999 |
//! | [`division`] | division code | GB/T 2260, GB/T 10114 |
//! | [`phone`] | telephone number | numbering plan |
//!
//! *Invariants.* Reading never fails with an error but with a [`Flaw`], a value that says which
//! thing is wrong. Every identifier is text: none is ever a number. A normal form is read as
//! itself.

pub mod division;
mod flaw;
pub mod organization_code;
pub mod phone;
pub mod resident_id;
pub mod uscc;

pub use flaw::Flaw;

use crate::half_width;

/// A text in half width and upper case, without spaces: as an identifier is checked.
fn compact(text: &str) -> String {
    let letters = half_width(text);
    letters.chars().filter(|it| !it.is_whitespace()).map(|it| it.to_ascii_uppercase()).collect()
}

/// The first letter that may not stand where it stands.
fn stray(text: &str, is_allowed: impl Fn(usize, char) -> bool) -> Option<Flaw> {
    let found = text.chars().enumerate().find(|(at, it)| !is_allowed(*at, *it));
    found.map(|(at, found)| Flaw::Letter { position: at + 1, found })
}
