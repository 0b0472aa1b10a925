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
mod words;

use crate::figure::Scan;
use civil::{day_of, later, month_of};
use words::{Stretch, YearWord, in_words, stopped, written};

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
    let from_day = whole.from_day.saturating_add(day.saturating_sub(1));
    if day < 1 || from_day >= whole.to_day {
        return Err(PeriodError::NoSuchDay { year, month, day });
    }
    Ok(Period { from_day, to_day: from_day.saturating_add(1), precision: Precision::Day })
}
