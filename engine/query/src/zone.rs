//! Local time of a pool: a fixed offset, days from midnight, weeks from Monday.

use chrono::{DateTime, Months, NaiveDate, NaiveTime};

/// Microseconds of a day.
pub const DAY_US: i64 = 86_400_000_000;

/// A fixed offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    offset_us: i64,
}

impl Zone {
    /// Reads `+08:00`; anything else is UTC+8, where the practices live.
    pub fn parse(text: &str) -> Self {
        let read = || {
            let (sign, rest) = match text.as_bytes().first()? {
                b'+' => (1, &text[1..]),
                b'-' => (-1, &text[1..]),
                _ => return None,
            };
            let (hours, minutes) = rest.split_once(':')?;
            let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
            Some(Self { offset_us: sign * seconds * 1_000_000 })
        };
        read().unwrap_or(Self { offset_us: 8 * 3_600_000_000 })
    }

    /// The instant as local wall-clock time, counted as if it were UTC.
    pub fn to_local(self, at_us: i64) -> i64 {
        at_us + self.offset_us
    }

    /// The instant of a local wall-clock time.
    pub fn from_local(self, local_us: i64) -> i64 {
        local_us - self.offset_us
    }

    /// The local day, counted from 1970-01-01.
    pub fn day(self, at_us: i64) -> i64 {
        self.to_local(at_us).div_euclid(DAY_US)
    }

    /// The instant at which a local day begins.
    pub fn day_start(self, day: i64) -> i64 {
        self.from_local(day * DAY_US)
    }

    /// The local week, from Monday; 1970-01-01 was a Thursday.
    pub fn week(self, at_us: i64) -> i64 {
        (self.day(at_us) + 3).div_euclid(7)
    }

    /// Reads a day or a time as people write it; without an offset it is local.
    pub fn instant(self, text: &str) -> Option<i64> {
        let seconds = i32::try_from(self.offset_us / 1_000_000).ok()?;
        crate::ingest::parse_datetime(text.trim(), seconds)
    }

    /// The instants between which a period lies: a year, a month, or days `2012-03-01..2012-04-01`.
    pub fn period(self, text: &str) -> Option<(i64, i64)> {
        let midnight =
            |day: NaiveDate| self.from_local(day.and_time(NaiveTime::MIN).and_utc().timestamp_micros());
        if let Some((from, to)) = text.split_once("..") {
            let (from, to) = (from.parse::<NaiveDate>().ok()?, to.parse::<NaiveDate>().ok()?);
            return (from < to).then(|| (midnight(from), midnight(to)));
        }
        let first = |year: i32, month: u32| NaiveDate::from_ymd_opt(year, month, 1);
        let digits =
            |text: &str, length: usize| text.len() == length && text.bytes().all(|it| it.is_ascii_digit());
        match text.split_once('-') {
            None if digits(text, 4) => {
                let year: i32 = text.parse().ok()?;
                Some((midnight(first(year, 1)?), midnight(first(year + 1, 1)?)))
            }
            Some((year, month)) if digits(year, 4) && digits(month, 2) => {
                let start = first(year.parse().ok()?, month.parse().ok()?)?;
                Some((midnight(start), midnight(start.checked_add_months(Months::new(1))?)))
            }
            _ => None,
        }
    }

    /// Writes local time, e.g. `%Y%m%dT%H%M`.
    pub fn format(self, at_us: i64, pattern: &str) -> String {
        DateTime::from_timestamp_micros(self.to_local(at_us))
            .map_or_else(|| at_us.to_string(), |it| it.format(pattern).to_string())
    }

    /// Writes RFC 3339 with the zone's offset.
    pub fn rfc3339(self, at_us: i64) -> String {
        let minutes = self.offset_us / 60_000_000;
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
        format!("{}{sign}{hours:02}:{minutes:02}", self.format(at_us, "%Y-%m-%dT%H:%M:%S"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_weeks_are_cut_at_local_midnight_and_monday() {
        let zone = Zone::parse("+08:00");
        // 2024-03-03 23:59:59 and 2024-03-04 00:00 local: Sunday and Monday.
        let monday = 1_709_481_600_000_000;
        assert_eq!(zone.rfc3339(monday), "2024-03-04T00:00:00+08:00");
        assert_eq!(zone.day(monday), zone.day(monday - 1) + 1);
        assert_eq!(zone.week(monday), zone.week(monday - 1) + 1);
        assert_eq!(zone.week(monday), zone.week(monday + 7 * DAY_US - 1));
    }

    #[test]
    fn a_period_is_a_year_a_month_or_days() {
        let zone = Zone::parse("+08:00");
        let text =
            |period: &str| zone.period(period).map(|(from, to)| (zone.rfc3339(from), zone.rfc3339(to)));
        let days =
            |from: &str, to: &str| Some((format!("{from}T00:00:00+08:00"), format!("{to}T00:00:00+08:00")));
        assert_eq!(text("2012"), days("2012-01-01", "2013-01-01"));
        assert_eq!(text("2012-12"), days("2012-12-01", "2013-01-01"));
        assert_eq!(text("2012-03-05..2012-03-12"), days("2012-03-05", "2012-03-12"));
        for bad in ["", "March", "2012-13", "2012-3", "12", "2012-03-12..2012-03-05", "二〇一二"] {
            assert_eq!(zone.period(bad), None, "{bad}");
        }
    }
}
