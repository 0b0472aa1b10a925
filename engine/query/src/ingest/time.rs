//! Days and instants as people and programs write them.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

const SECOND_US: i64 = 1_000_000;
const DAY_US: i64 = 86_400 * SECOND_US;

/// Days from 0001-01-01, which is day 1, to 1970-01-01.
const EPOCH_DAY: i32 = 719_163;

/// Days of the years 1 to 9999, since 1970-01-01: those that can be written down.
const DAYS: RangeInclusive<i32> = -719_162..=2_932_896;

/// Reads an offset from UTC such as `+08:00`, `+0800`, `-05` or `Z`.
///
/// **Units.** Seconds east of Greenwich.
pub(crate) fn offset_seconds(text: &str) -> Option<i32> {
    let mut scan = Scan(text.as_bytes());
    let offset = scan.offset()?;
    scan.0.is_empty().then_some(offset)
}

/// Reads `2024-03-05`, `2024/3/5` or `2024年3月5日`; midnight may stand behind it.
///
/// **Units.** Days since 1970-01-01.
pub(super) fn parse_date(text: &str) -> Option<i32> {
    let mut scan = Scan(text.as_bytes());
    let day = scan.date()?;
    if !scan.0.is_empty() && (scan.clock()? != 0 || !scan.0.is_empty()) {
        return None;
    }
    Some(day)
}

/// Reads a day as in [`parse_date`], then `T` or a space, hours and minutes, seconds if they
/// are there, and an offset, without which `offset_s` holds. A day alone is its midnight.
///
/// **Units.** Microseconds since 1970-01-01 UTC.
pub(crate) fn parse_datetime(text: &str, offset_s: i32) -> Option<i64> {
    let mut scan = Scan(text.as_bytes());
    let midnight = i64::from(scan.date()?) * DAY_US;
    let clock = if scan.0.is_empty() { 0 } else { scan.clock()? };
    scan.spaces();
    let offset = if scan.0.is_empty() { offset_s } else { scan.offset()? };
    scan.0.is_empty().then_some(midnight + clock - i64::from(offset) * SECOND_US)
}

/// Whether a day since 1970-01-01 lies in the years 1 to 9999.
pub(super) fn is_day(day: i32) -> bool {
    DAYS.contains(&day)
}

/// The day of an instant at a place, in days since 1970-01-01.
pub(super) fn day_of(at_us: i64, offset_s: i32) -> i32 {
    let local_us = at_us.saturating_add(i64::from(offset_s) * SECOND_US);
    i32::try_from(local_us.div_euclid(DAY_US)).unwrap_or(i32::MAX)
}

/// Whether an instant in microseconds since 1970 UTC lies in the years 1 to 9999.
pub(super) fn is_instant(at_us: i64) -> bool {
    i32::try_from(at_us.div_euclid(DAY_US)).is_ok_and(is_day)
}

/// Midnight of a day, as an instant.
pub(super) fn midnight_us(day: i32, offset_s: i32) -> i64 {
    i64::from(day) * DAY_US - i64::from(offset_s) * SECOND_US
}

/// What is left of a text.
struct Scan<'a>(&'a [u8]);

impl Scan<'_> {
    fn take(&mut self, wanted: u8) -> bool {
        match self.0 {
            [first, rest @ ..] if *first == wanted => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn take_text(&mut self, wanted: &str) -> bool {
        let rest = self.0.strip_prefix(wanted.as_bytes());
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn spaces(&mut self) {
        while self.take(b' ') {}
    }

    fn number(&mut self, digits_min: usize, digits_max: usize) -> Option<u32> {
        let digits = self.0.iter().take(digits_max).take_while(|it| it.is_ascii_digit()).count();
        if digits < digits_min {
            return None;
        }
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        Some(number.iter().fold(0, |it, digit| it * 10 + u32::from(digit - b'0')))
    }

    fn date(&mut self) -> Option<i32> {
        let year = self.number(4, 4)?;
        let separator = self.0.first().copied().filter(|it| matches!(it, b'-' | b'/'));
        let between = |scan: &mut Self, name| match separator {
            Some(it) => scan.take(it),
            None => scan.take_text(name),
        };
        between(self, "年").then_some(())?;
        let month = self.number(1, 2)?;
        between(self, "月").then_some(())?;
        let day = self.number(1, 2)?;
        (separator.is_some() || self.take_text("日")).then_some(())?;
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        Some(date.num_days_from_ce() - EPOCH_DAY).filter(|it| is_day(*it))
    }

    /// The time of day behind a date, in microseconds; 24:00 is the end of the day.
    fn clock(&mut self) -> Option<i64> {
        if !self.take(b'T') && !self.take(b't') {
            self.take(b' ').then_some(())?;
            self.spaces();
        }
        let hour = i64::from(self.number(1, 2)?);
        self.take(b':').then_some(())?;
        let minute = i64::from(self.number(2, 2)?);
        let mut micros = 0;
        if self.take(b':') {
            let second = i64::from(self.number(2, 2)?);
            micros = second * SECOND_US + self.fraction()?;
            if second > 59 {
                return None;
            }
        }
        let clock = (hour * 60 + minute) * 60 * SECOND_US + micros;
        (minute < 60 && clock <= DAY_US && (hour < 24 || clock == DAY_US)).then_some(clock)
    }

    /// Microseconds; none where digits behind them would be lost.
    fn fraction(&mut self) -> Option<i64> {
        if !self.take(b'.') {
            return Some(0);
        }
        let (mut micros, mut place) = (0, SECOND_US / 10);
        while let Some(digit) = self.number(1, 1) {
            if place == 0 && digit != 0 {
                return None;
            }
            micros += i64::from(digit) * place;
            place /= 10;
        }
        Some(micros)
    }

    fn offset(&mut self) -> Option<i32> {
        if self.take(b'Z') || self.take(b'z') {
            return Some(0);
        }
        let sign = if self.take(b'+') { 1 } else { self.take(b'-').then_some(-1)? };
        let hours = self.number(2, 2)?;
        let colon = self.take(b':');
        let minutes = match self.number(2, 2) {
            Some(it) => it,
            None if colon => return None,
            None => 0,
        };
        (hours <= 15 && minutes < 60)
            .then(|| sign * i32::try_from(hours * 3600 + minutes * 60).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEIJING: i32 = 8 * 3600;

    #[test]
    fn a_day_has_three_spellings() {
        let day = Some(19_787);
        for text in ["2024-03-05", "2024/3/5", "2024年3月5日", "2024-3-05", "2024/3/5 0:00"] {
            assert_eq!(parse_date(text), day, "{text}");
        }
        for text in
            ["2024-02-30", "24-03-05", "2024年3月5", "2024-03/05", "2024-03-05 12:00", "0000-01-01", ""]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn an_instant_takes_the_given_offset_unless_it_says_otherwise() {
        let four = Some(1_709_625_600 * SECOND_US); // 2024-03-05T08:00Z
        for text in [
            "2024-03-05T16:00",
            "2024-03-05 16:00:00",
            "2024/3/5 16:00",
            "2024年3月5日 16:00:00.000",
            "2024-03-05T08:00Z",
            "2024-03-05 09:00 +01:00",
            "2024-03-04T22:00:00-1000",
        ] {
            assert_eq!(parse_datetime(text, BEIJING), four, "{text}");
        }
        let midnight = Some(midnight_us(19_787, BEIJING));
        assert_eq!(parse_datetime("2024-03-05", BEIJING), midnight);
        assert_eq!(parse_datetime("2024-03-04 24:00", BEIJING), midnight);
        let half = parse_datetime("2024-03-05T16:00:00.5", BEIJING);
        assert_eq!(half, four.map(|it| it + 500_000));
        for text in ["2024-03-05T", "2024-03-05 25:00", "2024-03-05 16:60", "2024-03-05 24:01", "16:00"] {
            assert_eq!(parse_datetime(text, BEIJING), None, "{text}");
        }
    }

    #[test]
    fn offsets() {
        assert_eq!(offset_seconds("+08:00"), Some(BEIJING));
        assert_eq!(offset_seconds("-0530"), Some(-19_800));
        assert_eq!(offset_seconds("Z"), Some(0));
        for text in ["", "08:00", "+8", "+08:", "+08:00 ", "Asia/Shanghai"] {
            assert_eq!(offset_seconds(text), None, "{text}");
        }
    }
}
