//! What a cell of a workbook says, as text.

use calamine::{Data, ExcelDateTime};

use super::super::record::Oddity;

/// The first serial that Excel shows as no day any more: 10000-01-01.
const SERIAL_END: f64 = 2_958_466.0;

/// The text of a cell, and what is wrong with it.
///
/// Numbers are written with as few digits as tell them apart, without an exponent: an id that
/// Excel took for a number is the id again. Days and times come as ISO 8601 in local time. Text
/// is what it is, spaces included.
pub(super) fn text(value: &Data) -> (String, Option<Oddity>) {
    let text = match value {
        Data::Empty => String::new(),
        Data::Int(it) => return (it.to_string(), rounded(it.unsigned_abs() as f64)),
        Data::Float(it) => return (number(*it), rounded(it.abs())),
        Data::String(it) | Data::DateTimeIso(it) | Data::DurationIso(it) => it.clone(),
        Data::Bool(it) => it.to_string(),
        Data::DateTime(it) => moment(it),
        Data::Error(it) => return (it.to_string(), Some(Oddity::ErrorValue)),
    };
    (text, None)
}

/// Excel keeps fifteen digits of a number: an ID of more has lost the others.
fn rounded(value: f64) -> Option<Oddity> {
    (value >= 1e15).then_some(Oddity::Rounded)
}

fn number(value: f64) -> String {
    // Zero has a sign in binary and none on paper.
    if value == 0.0 { "0".to_owned() } else { value.to_string() }
}

fn moment(value: &ExcelDateTime) -> String {
    let serial = value.as_f64();
    if !(0.0..SERIAL_END).contains(&serial) {
        return number(serial);
    }
    if value.is_duration() {
        return clock(serial);
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    let time = match (hour, minute, second, milli) {
        (0, 0, 0, 0) => String::new(),
        (_, _, _, 0) => format!("{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{hour:02}:{minute:02}:{second:02}.{milli:03}"),
    };
    // Below one day there is no day: the cell holds a time.
    match (serial < 1.0, time.is_empty()) {
        (true, true) => "00:00:00".to_owned(),
        (true, false) => time,
        (false, true) => format!("{year:04}-{month:02}-{day:02}"),
        (false, false) => format!("{year:04}-{month:02}-{day:02}T{time}"),
    }
}

/// A span of time, of which the hours may be more than a day has.
fn clock(days: f64) -> String {
    // At most 3 million days of 86 400 seconds: far inside of what both types hold exactly.
    let seconds = (days * 86_400.0).round() as u64;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    fn shown(value: &Data) -> String {
        text(value).0
    }

    fn day(serial: f64, is_1904: bool) -> String {
        shown(&Data::DateTime(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904)))
    }

    #[test]
    fn numbers_have_no_exponent_and_whole_ones_no_fraction() {
        let numbers = [666.0, -0.0, 106.7, 1e21, 0.000_001, -3.5].map(|it| shown(&Data::Float(it)));
        assert_eq!(numbers, ["666", "0", "106.7", "1000000000000000000000", "0.000001", "-3.5"]);
        assert_eq!(text(&Data::Float(522_501_199_001_011.0)), ("522501199001011".to_owned(), None));
        let card = text(&Data::Float(522_501_199_001_011_200.0));
        assert_eq!(card, ("522501199001011200".to_owned(), Some(Oddity::Rounded)));
    }

    #[test]
    fn serials_are_days_and_times_by_their_format() {
        assert_eq!(day(41_176.0, false), "2012-09-24");
        assert_eq!(day(41_176.0 + 920.0 / 1_440.0, false), "2012-09-24T15:20:00");
        assert_eq!(day(41_176.0 - 1_462.0, true), "2012-09-24");
        assert_eq!(day(0.5, false), "12:00:00");
        assert_eq!(day(-1.0, false), "-1");
        let span = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(shown(&Data::DateTime(span)), "36:00:00");
    }

    #[test]
    fn errors_are_told_apart_from_texts() {
        assert_eq!(text(&Data::Error(CellErrorType::NA)), ("#N/A".to_owned(), Some(Oddity::ErrorValue)));
        assert_eq!(text(&Data::String("#N/A".into())), ("#N/A".to_owned(), None));
        assert_eq!(text(&Data::Bool(true)), ("true".to_owned(), None));
    }
}
