//! Instants and days as callers write them.

use linli_model::Text;
use linli_pool::query::Zone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::{Error, Result};
use crate::wire::shown;

/// Which snapshot: by number, or the newest one at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum AsOf {
    /// The snapshot's number.
    Snapshot(u64),
    /// A time such as `2024-03-05T16:00`, local unless it has an offset.
    Time(String),
}

impl From<String> for AsOf {
    fn from(text: String) -> Self {
        text.parse().map_or(Self::Time(text), Self::Snapshot)
    }
}

impl AsOf {
    /// Refuses a value of `as_of` that is none.
    ///
    /// **Errors.** [`Error::BadArgument`].
    pub(crate) fn check(value: &Value) -> Result<()> {
        if value.is_null() || value.is_string() || value.is_u64() {
            return Ok(());
        }
        let expected = Text::new(
            "the number of a snapshot or a time such as 2024-03-05T16:00",
            "快照编号，或时间，如 2024-03-05T16:00",
        );
        Err(Error::argument("as_of", shown(value), expected))
    }
}

/// Reads `2024-03-05`, `2024-03-05T16:00`, `2024-03-05T16:00:30.5+08:00` or `…Z`; without an
/// offset in the pool's zone.
///
/// **Units.** Microseconds since 1970 UTC.
/// **Errors.** [`Error::BadArgument`] with `name`.
pub(crate) fn instant(name: &str, text: &str, zone: &str) -> Result<i64> {
    parse(text.trim(), Zone::parse(zone)).ok_or_else(|| {
        let expected = Text::new(
            "a time such as 2024-03-05T16:00 or 2024-03-05T08:00:00Z",
            "时间，如 2024-03-05T16:00 或 2024-03-05T08:00:00Z",
        );
        Error::argument(name, text, expected)
    })
}

/// Reads `2024-03-05` as days since 1970-01-01.
pub(crate) fn day(name: &str, text: &str) -> Result<i32> {
    let utc = Zone::parse("+00:00");
    let day = midnight(text.trim(), utc).and_then(|it| i32::try_from(utc.day(it)).ok());
    let expected = || Text::new("a day such as 2024-03-05", "日期，如 2024-03-05");
    day.ok_or_else(|| Error::argument(name, text, expected()))
}

fn parse(text: &str, zone: Zone) -> Option<i64> {
    let Some((date, rest)) = text.split_once(['T', 't', ' ']) else { return midnight(text, zone) };
    let (clock, zone) = match rest.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, Zone::parse("+00:00")),
        None => match rest.find(['+', '-']) {
            Some(at) => (&rest[..at], offset(&rest[at..])?),
            None => (rest, zone),
        },
    };
    Some(midnight(date, zone)? + clock_us(clock)?)
}

/// The first instant of a day: the zone reads periods of days.
fn midnight(date: &str, zone: Zone) -> Option<i64> {
    (date.len() == 10).then(|| zone.period(&format!("{date}..9999-12-31")))?.map(|(from, _)| from)
}

fn offset(text: &str) -> Option<Zone> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let is_offset = two_digits(hours)? < 24 && two_digits(minutes)? < 60;
    is_offset.then(|| Zone::parse(text))
}

/// `16:00`, `16:00:30` or `16:00:30.5` in microseconds.
fn clock_us(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, ':');
    let (hours, minutes) = (two_digits(parts.next()?)?, two_digits(parts.next()?)?);
    let (seconds, fraction) = match parts.next() {
        None => (0, 0),
        Some(it) => {
            let (seconds, fraction) = it.split_once('.').unwrap_or((it, "0"));
            let is_fraction =
                (1..=6).contains(&fraction.len()) && fraction.bytes().all(|it| it.is_ascii_digit());
            let micros = is_fraction.then(|| format!("{fraction:0<6}").parse::<i64>().ok())??;
            (two_digits(seconds)?, micros)
        }
    };
    let is_clock = hours < 24 && minutes < 60 && seconds < 60;
    is_clock.then(|| ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction)
}

fn two_digits(text: &str) -> Option<i64> {
    let is_number = text.len() == 2 && text.bytes().all(|it| it.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_local_unless_they_say_otherwise() {
        let zone = Zone::parse("+08:00");
        let shown = |text: &str| parse(text, zone).map(|it| zone.rfc3339(it));
        let expected = Some("2024-03-05T16:00:00+08:00".to_owned());
        for text in
            ["2024-03-05T16:00", "2024-03-05 16:00:00", "2024-03-05T08:00:00Z", "2024-03-05T10:00+02:00"]
        {
            assert_eq!(shown(text), expected, "{text}");
        }
        assert_eq!(shown("2024-03-05"), Some("2024-03-05T00:00:00+08:00".to_owned()));
        assert_eq!(parse("1970-01-01T00:00:01.5Z", zone), Some(1_500_000));
        for bad in [
            "",
            "soon",
            "2024-3-5",
            "2024-03-05T",
            "2024-03-05T25:00",
            "2024-03-05T16:00+8",
            "2024-02-30",
            "2024-03-05..2024-03-06",
            "2024-03-05T16:00:00.Z",
            "２０２４-03",
        ] {
            assert_eq!(parse(bad, zone), None, "{bad}");
        }
    }

    #[test]
    fn a_day_is_counted_from_1970() {
        assert_eq!(day("d", "1970-01-02").ok(), Some(1));
        assert_eq!(day("d", "1969-12-31").ok(), Some(-1));
        assert!(day("d", "1970-1-2").is_err());
    }
}
