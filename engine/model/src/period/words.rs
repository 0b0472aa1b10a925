//! The words of dates, as they stand: without an anchor, before the calendar is asked.

use super::PeriodError;
use crate::figure::{Scan, whole};

/// The year that words name.
#[derive(Clone, Copy)]
pub(super) enum YearWord {
    Number(i32),
    /// So many years after that of the anchor.
    Relative(i32),
}

/// What of the year.
#[derive(Clone, Copy)]
pub(super) enum Stretch {
    Whole,
    /// Months from the first to the last one.
    Months(i32, i32),
    Month(i32),
    /// A third of a month: 0, 1, 2.
    Third(i32, i32),
    Day(i32, i32),
    /// So many months after that of the anchor, and what of it: all, or a day.
    RelativeMonth(i32, Option<i32>),
    /// So many days after the anchor.
    RelativeDay(i32),
}

const YEARS: [(&str, i32); 7] =
    [("今年", 0), ("本年", 0), ("当年", 0), ("去年", -1), ("前年", -2), ("明年", 1), ("后年", 2)];
const MONTHS: [(&str, i32); 6] =
    [("本月", 0), ("当月", 0), ("上个月", -1), ("上月", -1), ("下个月", 1), ("下月", 1)];
const DAYS: [(&str, i32); 8] = [
    ("今天", 0),
    ("今日", 0),
    ("昨天", -1),
    ("昨日", -1),
    ("前天", -2),
    ("明天", 1),
    ("明日", 1),
    ("后天", 2),
];
const PARTS_OF_YEAR: [(&str, (i32, i32)); 6] = [
    ("初", (1, 1)),
    ("中", (6, 7)),
    ("末", (12, 12)),
    ("底", (12, 12)),
    ("上半年", (1, 6)),
    ("下半年", (7, 12)),
];
const THIRDS: [(&str, i32); 7] =
    [("上旬", 0), ("中旬", 1), ("下旬", 2), ("初", 0), ("中", 1), ("末", 2), ("底", 2)];
const QUARTERS: [(&str, i32); 8] =
    [("一", 0), ("二", 1), ("三", 2), ("四", 3), ("1", 0), ("2", 1), ("3", 2), ("4", 3)];

pub(super) fn stopped<T>(scan: &Scan, expected: &'static str) -> Result<T, PeriodError> {
    Err(PeriodError::Unreadable { at: scan.place(), expected, rest: scan.shown() })
}

/// `2012-09-24`, `2012.9.24`, `2012/9`, `20120924`, `2012`.
pub(super) fn written(scan: &mut Scan) -> Result<Option<(YearWord, Stretch)>, PeriodError> {
    let start = scan.mark();
    let digits = scan.digits();
    let part =
        |from: usize, to: usize| digits.get(from..to).and_then(|it| it.parse::<i32>().ok()).unwrap_or(0);
    let year = YearWord::Number(part(0, 4));
    match (digits.len(), scan.peek()) {
        (8, None) => Ok(Some((year, Stretch::Day(part(4, 6), part(6, 8))))),
        (4, None) => Ok(Some((year, Stretch::Whole))),
        (4, Some(joint @ ('-' | '.' | '/'))) => {
            scan.skip(1);
            let Some(month) = short(scan) else { return stopped(scan, "a month") };
            if scan.peek() != Some(joint) {
                return Ok(Some((year, Stretch::Month(month))));
            }
            scan.skip(1);
            let Some(day) = short(scan) else { return stopped(scan, "a day") };
            Ok(Some((year, Stretch::Day(month, day))))
        }
        _ => {
            scan.back_to(start);
            Ok(None)
        }
    }
}

/// One or two digits.
fn short(scan: &mut Scan) -> Option<i32> {
    let digits = scan.digits();
    if digits.len() <= 2 { digits.parse().ok() } else { None }
}

/// A number in digits or in Chinese words.
fn count(scan: &mut Scan) -> Option<i32> {
    match scan.digits() {
        none if none.is_empty() => whole(scan).and_then(|it| i32::try_from(it).ok()),
        digits if digits.len() <= 4 => digits.parse().ok(),
        _ => None,
    }
}

pub(super) fn in_words(scan: &mut Scan) -> Result<(YearWord, Stretch), PeriodError> {
    let this_year = YearWord::Relative(0);
    if let Some(days) = scan.take_one(&DAYS) {
        return Ok((this_year, Stretch::RelativeDay(days)));
    }
    if let Some(months) = scan.take_one(&MONTHS) {
        let day = if scan.is_done() { None } else { Some(day(scan)?) };
        return Ok((this_year, Stretch::RelativeMonth(months, day)));
    }
    if let Some(years) = scan.take_one(&YEARS) {
        return Ok((YearWord::Relative(years), in_year(scan)?));
    }
    // 年初 by itself.
    if scan.take("年") && !scan.is_done() {
        return match scan.take_one(&PARTS_OF_YEAR[..4]) {
            Some((from, to)) => Ok((this_year, Stretch::Months(from, to))),
            None => stopped(scan, "初, 中, 末 or 底"),
        };
    }
    let start = scan.mark();
    let number = count(scan);
    match number {
        Some(year) if scan.take("年") => {
            if !(1000..=9999).contains(&year) {
                scan.back_to(start);
                return stopped(scan, "a year of four digits");
            }
            Ok((YearWord::Number(year), in_year(scan)?))
        }
        Some(day) if scan.take("日") || scan.take("号") => {
            Ok((this_year, Stretch::RelativeMonth(0, Some(day))))
        }
        _ => {
            scan.back_to(start);
            match in_year(scan)? {
                Stretch::Whole => stopped(scan, "a date"),
                some => Ok((this_year, some)),
            }
        }
    }
}

/// What follows the year.
fn in_year(scan: &mut Scan) -> Result<Stretch, PeriodError> {
    if scan.is_done() {
        return Ok(Stretch::Whole);
    }
    if let Some((from, to)) = scan.take_one(&PARTS_OF_YEAR) {
        return Ok(Stretch::Months(from, to));
    }
    let start = scan.mark();
    let is_ordinal = scan.take("第");
    if let Some(quarter) = scan.take_one(&QUARTERS).filter(|_| scan.take("季度")) {
        return Ok(Stretch::Months(quarter * 3 + 1, quarter * 3 + 3));
    }
    scan.back_to(start);
    let month = if is_ordinal { None } else { count(scan) };
    let Some(month) = month.filter(|_| scan.take("月份") || scan.take("月")) else {
        return stopped(scan, "a month, a quarter or a part of the year");
    };
    if scan.is_done() {
        return Ok(Stretch::Month(month));
    }
    match scan.take_one(&THIRDS) {
        Some(third) => Ok(Stretch::Third(month, third)),
        None => Ok(Stretch::Day(month, day(scan)?)),
    }
}

fn day(scan: &mut Scan) -> Result<i32, PeriodError> {
    match count(scan) {
        Some(day) if scan.take("日") || scan.take("号") => Ok(day),
        _ => stopped(scan, "a day or a part of the month"),
    }
}
