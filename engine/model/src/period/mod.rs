//! Dates in words: the days that `2013年末` or `今年3月中旬` mean.
//!
//! A text is as precise as it is: a day, a month, a year, or a part of a month or a year. What a
//! part spans is a convention:
//!
//! | words | days |
//! |---|---|
//! | 上旬, 月初 | 1 to 10 of the month |
//! | 中旬, 月中 | 11 to 20 |
//! | 下旬, 月底, 月末 | 21 to the last one |
//! | 年初, 年中, 年末 and 年底 | January, June and July, December |
//! | 上半年, 下半年, 第二季度 | as the calendar has them |
//!
//! What leaves out the year, or counts from today (今年, 上月, 昨天), is relative: it has days only
//! with the day on which it was written. A month without a year lies in the year of that day.

mod civil;
#[cfg(test)]
mod tests;

use crate::figure::{Scan, whole};
use civil::{day_of, later, month_of};

/// How exact a period is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// One day.
    Day,
    /// One month.
    Month,
    /// One year.
    Year,
    /// A part of a month or of a year.
    Part,
}

impl Precision {
    /// The word in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::Part => "part",
        }
    }
}

/// Days that follow each other.
///
/// **Units.** Days since 1970-01-01, local.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from_day: i32,
    /// The day after the last one.
    pub to_day: i32,
    /// How exact the words are.
    pub precision: Precision,
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// A text is no date, or not only one.
    #[error("expected {expected} after {at} characters, found `{rest}`")]
    Unreadable {
        /// Characters that were understood.
        at: usize,
        /// What could have gone on.
        expected: &'static str,
        /// What stands there, the beginning of it.
        rest: String,
    },
    /// A text that counts from the day on which it was written, and that day is not known.
    #[error("`{0}` counts from the day on which it was written, which is not given")]
    Relative(String),
    /// A month has no such day, or a year no such month.
    #[error("there is no day {year}-{month}-{day}")]
    NoSuchDay {
        /// The year.
        year: i32,
        /// The month.
        month: i32,
        /// The day.
        day: i32,
    },
}

/// The year that words name.
#[derive(Clone, Copy)]
enum YearWord {
    Number(i32),
    /// So many years after that of the anchor.
    Relative(i32),
}

/// What of the year.
#[derive(Clone, Copy)]
enum Stretch {
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

impl Period {
    /// Reads a period; `anchor_day` is the day on which a text was written.
    ///
    /// **Errors.** [`PeriodError::Relative`] where the anchor is needed and missing; others for
    /// what is no date.
    /// **Cost.** O(characters).
    pub fn read(text: &str, anchor_day: Option<i32>) -> Result<Self, PeriodError> {
        let mut scan = Scan::new(text);
        let (year, stretch) = match written(&mut scan)? {
            Some(it) => it,
            None => in_words(&mut scan)?,
        };
        if !scan.is_done() {
            return stopped(&scan, "the end of a date");
        }
        resolve(year, stretch, anchor_day, text)
    }
}

fn stopped<T>(scan: &Scan, expected: &'static str) -> Result<T, PeriodError> {
    Err(PeriodError::Unreadable { at: scan.place(), expected, rest: scan.shown() })
}

/// `2012-09-24`, `2012.9.24`, `2012/9`, `20120924`, `2012`.
fn written(scan: &mut Scan) -> Result<Option<(YearWord, Stretch)>, PeriodError> {
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

fn in_words(scan: &mut Scan) -> Result<(YearWord, Stretch), PeriodError> {
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

fn resolve(year: YearWord, stretch: Stretch, anchor: Option<i32>, text: &str) -> Result<Period, PeriodError> {
    let anchor = || anchor.ok_or_else(|| PeriodError::Relative(text.chars().take(40).collect()));
    let year_number = |word| match word {
        YearWord::Number(it) => Ok(it),
        YearWord::Relative(years) => anchor().map(|it| month_of(it).0 + years),
    };
    match stretch {
        Stretch::RelativeDay(days) => {
            let from_day = anchor()?.saturating_add(days);
            Ok(Period { from_day, to_day: from_day.saturating_add(1), precision: Precision::Day })
        }
        Stretch::RelativeMonth(months, day) => {
            let (year, month) = month_of(anchor()?);
            let (year, month) = later(year, month, months);
            day.map_or_else(|| whole_month(year, month), |day| one_day(year, month, day))
        }
        Stretch::Whole => {
            let year = year_number(year)?;
            Ok(Period {
                from_day: day_of(year, 1, 1),
                to_day: day_of(year + 1, 1, 1),
                precision: Precision::Year,
            })
        }
        Stretch::Months(from, to) => {
            let year = year_number(year)?;
            let (end_year, end_month) = later(year, to, 1);
            let (from_day, to_day) = (day_of(year, from, 1), day_of(end_year, end_month, 1));
            Ok(Period { from_day, to_day, precision: Precision::Part })
        }
        Stretch::Month(month) => whole_month(year_number(year)?, month),
        Stretch::Third(month, third) => {
            let month = whole_month(year_number(year)?, month)?;
            let from_day = month.from_day + third * 10;
            let to_day = if third == 2 { month.to_day } else { from_day + 10 };
            Ok(Period { from_day, to_day, precision: Precision::Part })
        }
        Stretch::Day(month, day) => one_day(year_number(year)?, month, day),
    }
}

fn whole_month(year: i32, month: i32) -> Result<Period, PeriodError> {
    if !(1..=12).contains(&month) {
        return Err(PeriodError::NoSuchDay { year, month, day: 1 });
    }
    let (end_year, end_month) = later(year, month, 1);
    let (from_day, to_day) = (day_of(year, month, 1), day_of(end_year, end_month, 1));
    Ok(Period { from_day, to_day, precision: Precision::Month })
}

fn one_day(year: i32, month: i32, day: i32) -> Result<Period, PeriodError> {
    let whole = whole_month(year, month)?;
    let from_day = whole.from_day + day - 1;
    if day < 1 || from_day >= whole.to_day {
        return Err(PeriodError::NoSuchDay { year, month, day });
    }
    Ok(Period { from_day, to_day: from_day + 1, precision: Precision::Day })
}
