//! Cells as offices write them: numbers, answers, days and instants.

use std::sync::LazyLock;

use linli_model::{Catalog, Field};

use super::super::time::{is_day, is_instant, offset_seconds, parse_date, parse_datetime};
use super::super::{calendar, nearest, nodata, written};

/// Half a day around the instants that can be written down, for places far from Greenwich.
const OFFSETS_S: [i32; 3] = [0, 8 * 3_600, -11 * 3_600];

/// A field of each kind that the tables have.
static FIELDS: LazyLock<Vec<&'static Field>> = LazyLock::new(|| {
    let tables = Catalog::embedded().expect("a catalog").tables();
    let mut fields: Vec<&Field> = tables.flat_map(|it| &it.fields).collect();
    let kind = |it: &Field| format!("{:?}{:?}{:?}{:?}", it.field_type, it.unit, it.format, it.words);
    fields.sort_by_key(|it| kind(it));
    fields.dedup_by_key(|it| kind(it));
    fields
});

/// Reads a text as a cell of every kind of column. Bytes that are no text are none.
///
/// **Panics.** Where something does not hold.
pub fn cells(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let bare = written::bare(text);
    assert_eq!(written::bare(&bare), bare, "bare once is bare");
    written::is_bound(text);
    for field in FIELDS.iter() {
        if let Some(number) = written::figure(text, field) {
            assert!(number.parse::<f64>().is_ok(), "{text:?} became {number:?}");
            assert_eq!(written::figure(&number, field).as_ref(), Some(&number), "{text:?}");
        }
        if let Some(share) = written::part(text, field) {
            assert!((0.0..=1.0).contains(&share), "{text:?} pays {share}");
        }
        if let Some(code) = written::code(text, field) {
            assert!(field.words.contains_key(code), "{text:?} is {code}");
        }
        written::answer(text, field);
    }
    days(text);
    if let Some(offset) = offset_seconds(text) {
        assert!(offset.abs() < 86_400, "{text:?} is {offset} s from Greenwich");
    }
    nodata::kind(text.split(','), Some(0));
    nearest::nearest(text, ["need_id", "district_id", "skills"].into_iter());
}

fn days(text: &str) {
    for serials in [false, true] {
        if let Some(day) = calendar::date(text, serials) {
            assert!(is_day(day), "{text:?} is day {day}");
        }
        for offset_s in OFFSETS_S {
            if let Some(at_us) = calendar::datetime(text, offset_s, serials) {
                // The first and the last days of the calendar lie outside elsewhere.
                let near = [0, 86_400_000_000, -86_400_000_000];
                assert!(near.iter().any(|it| is_instant(at_us + it)), "{text:?} is {at_us} µs");
            }
        }
    }
    if let Some(day) = parse_date(text) {
        assert_eq!(calendar::date(text, false), Some(day), "{text:?}");
        assert_eq!(parse_datetime(text, 0), Some(i64::from(day) * 86_400_000_000), "{text:?}");
    }
}
