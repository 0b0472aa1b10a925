//! What holds of the values of `linli-model`, whatever the text is.
//!
//! | value | holds |
//! |---|---|
//! | figure | its words in either language read as the same figure |
//! | discount | a share from 0 to 1 |
//! | period | its days are in order, and a day is one day |
//! | identifiers, phones | the normal form is its own normal form |
//! | masks | as much is hidden as their table says, and no house number is seen |

use linli_model::identifier::{Flaw, division, organization_code, phone, resident_id, uscc};
use linli_model::{Comparison, Figure, Language, Period, Precision, discount, fold, half_width, mask};

/// Reads a text as every kind of value there is. Bytes that are no text are none.
///
/// **Panics.** Where something does not hold.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    figures(text);
    periods(text);
    identifiers(text);
    masks(text);
    let narrow = half_width(text);
    assert_eq!(half_width(&narrow), narrow, "half width once is half width");
    fold(text);
}

fn figures(text: &str) {
    if let Ok(share) = discount(text) {
        assert!((0.0..=1.0).contains(&share), "{text:?} pays {share}");
    }
    let Ok(figure) = Figure::read(text) else { return };
    assert_eq!(Figure::new(figure.parts()).as_ref(), Ok(&figure), "{text:?}: the columns make the figure");
    for language in [Language::Zh, Language::En] {
        let words = figure.text(language);
        assert_eq!(Figure::read(&words).as_ref(), Ok(&figure), "{text:?} became {words:?}");
    }
    if let Ok(sum) = figure.add(&figure) {
        assert_eq!(Figure::new(sum.parts()), Ok(sum), "{text:?} twice");
    }
    for other in [figure.sub(&figure), figure.mul(&figure), figure.div(&figure)].into_iter().flatten() {
        assert_eq!(Figure::new(other.parts()).as_ref(), Ok(&other), "{text:?} with itself");
    }
    // Whatever it is, it is not below itself.
    if let Ok(answer) = figure.lt(&figure) {
        assert_ne!(answer, Comparison::Yes, "{text:?} is below itself");
    }
}

fn periods(text: &str) {
    for anchor in [None, Some(0), Some(19_786), Some(i32::MIN), Some(i32::MAX)] {
        let Ok(period) = Period::read(text, anchor) else { continue };
        assert!(period.from_day <= period.to_day, "{text:?} from {anchor:?}: {period:?}");
        if anchor.is_some_and(|it| it.unsigned_abs() < 1_000_000) && period.precision == Precision::Day {
            assert_eq!(period.to_day - period.from_day, 1, "{text:?} from {anchor:?}");
        }
    }
    // What needs no anchor does not change with one.
    if let Ok(period) = Period::read(text, None) {
        assert_eq!(Period::read(text, Some(19_786)), Ok(period), "{text:?}");
    }
}

/// Reads a normal form.
type Form = fn(&str) -> Result<String, Flaw>;

fn identifiers(text: &str) {
    let forms: [Form; 5] = [
        |it| uscc::read(it).map(|it| it.text),
        |it| resident_id::read(it).map(|it| it.text),
        |it| division::read(it).map(|it| it.text),
        organization_code::read,
        phone::normal,
    ];
    for form in forms {
        match form(text) {
            Ok(normal) => assert_eq!(form(&normal).as_ref(), Ok(&normal), "{text:?}"),
            Err(flaw) => assert!(!flaw.text().en.is_empty() && !flaw.text().zh.is_empty(), "{text:?}"),
        }
    }
    let mut place = division::read(text).ok();
    while let Some(it) = place {
        assert!(it.padded().len() >= 12, "{it:?}");
        place = it.parent();
        if let Some(parent) = &place {
            assert_eq!(division::read(&parent.text).as_ref(), Ok(parent), "above {it:?}");
            assert!(parent.level < it.level, "{parent:?} is above {it:?}");
        }
    }
}

fn masks(text: &str) {
    let seen = |masked: &str| masked.chars().filter(char::is_ascii_digit).count();
    let id = mask::resident_id(text);
    assert!(id == mask::HIDDEN || seen(&id) <= 10 && id.contains("*****"), "{text:?} became {id}");
    let name = mask::person_name(text);
    assert!(
        name.contains('*') && name.chars().filter(|it| *it != '*').count() <= 3,
        "{text:?} became {name}"
    );
    let phones = mask::phone(text);
    match phone::read(text) {
        Err(_) => assert_eq!(phones, mask::HIDDEN, "{text:?}"),
        Ok(numbers) => {
            let parts: Vec<&str> = phones.split(';').collect();
            assert_eq!(parts.len(), numbers.len(), "{text:?} became {phones}");
            for (number, part) in numbers.iter().zip(parts) {
                let shown = seen(part.strip_prefix(&number.area).unwrap_or(part));
                let is_hidden = part.contains("***") && shown <= 7;
                assert!(number.kind == phone::Kind::Service || is_hidden, "{number:?} became {part}");
            }
        }
    }
    let address = mask::address(text);
    let coarse = address.strip_suffix(mask::HIDDEN).unwrap_or(&address);
    assert!(half_width(text.trim()).starts_with(coarse), "{text:?} became {address}");
    assert!(
        !address.is_empty() && !coarse.contains(|it: char| it.is_ascii_digit()),
        "{text:?} became {address}"
    );
}
