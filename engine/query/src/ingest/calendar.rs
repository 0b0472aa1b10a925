//! Days and instants as offices write them and as workbooks store them, for cells that are
//! none of the spellings of `time.rs`.
//!
//! Years have four digits: nobody knows which century 12/9/24 means, nor its order. A month
//! alone is no day, and 今年3月中旬 needs to be asked about.

use super::time::{midnight_us, parse_date, parse_datetime};
use super::written::bare;

/// The serial number of 1970-01-01 in the 1900 system of workbooks.
///
/// **Source.** ECMA-376 part 1, 18.17.4: days since 1899-12-31, with a 1900-02-29 that never was.
const SERIAL_1970: i32 = 25_569;

/// Serials that are taken for days: 1954-10-03 to 2119-01-10. Less is a figure, more is too.
const SERIALS: std::ops::RangeInclusive<i32> = 20_000..=80_000;

const DAY_S: i64 = 86_400;
const SECOND_US: i64 = 1_000_000;

/// Words for a part of the day, with the hours that are added and the hours that may be named
/// in it.
const PERIODS: [(&str, i64, std::ops::RangeInclusive<i64>); 13] = [
    ("凌晨", 0, 0..=6),
    ("清晨", 0, 4..=9),
    ("早上", 0, 4..=11),
    ("早晨", 0, 4..=11),
    ("上午", 0, 0..=11),
    ("am", 0, 1..=11),
    // Noon lasts from 11 to 2.
    ("中午", 0, 11..=14),
    ("下午", 12, 1..=11),
    ("傍晚", 12, 4..=8),
    ("晚上", 12, 5..=11),
    ("夜间", 12, 6..=11),
    ("晚", 12, 5..=11),
    ("pm", 12, 1..=11),
];

/// Reads `2012.9.24`, `20120924`, `2012 年 9 月 24 日`, any of them in full width, and with
/// `serials` the number that a workbook keeps for a day.
///
/// **Units.** Days since 1970-01-01.
pub(super) fn date(cell: &str, serials: bool) -> Option<i32> {
    let text = bare(cell);
    let seconds = || if serials { serial(&text) } else { None };
    parse_date(&text)
        .or_else(|| day(&text))
        .or_else(|| seconds().filter(|it| it % DAY_S == 0).and_then(|it| i32::try_from(it / DAY_S).ok()))
}

/// Reads a day as in [`date`] and a time of day behind it: `下午3时20分`, `15点半`, `15:20`; also
/// both without a mark between, as in `20120924152000`.
///
/// **Units.** Microseconds since 1970-01-01 UTC; `offset_s` is where local times are.
pub(super) fn datetime(cell: &str, offset_s: i32, serials: bool) -> Option<i64> {
    let text = bare(cell);
    if let Some(at_us) = parse_datetime(&text, offset_s) {
        return Some(at_us);
    }
    if let Some(seconds) = serial(&text).filter(|_| serials) {
        return Some(midnight_us(0, offset_s) + seconds * SECOND_US);
    }
    if matches!(text.len(), 12 | 14) && text.bytes().all(|it| it.is_ascii_digit()) {
        let (day, time) = text.split_at(8);
        let second = time.get(4..).filter(|it| !it.is_empty()).unwrap_or("00");
        let day = format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]);
        return parse_datetime(&format!("{day}T{}:{}:{second}", &time[..2], &time[2..4]), offset_s);
    }
    let (front, behind) = split(&text);
    let midnight = midnight_us(parse_date(front).or_else(|| day(front))?, offset_s);
    let behind = without_weekday(behind);
    let seconds = if behind.is_empty() { 0 } else { clock(behind)? };
    Some(midnight + seconds * SECOND_US)
}

fn day(text: &str) -> Option<i32> {
    let text: String = text.chars().filter(|it| !it.is_whitespace()).collect();
    if text.len() == 8 && text.bytes().all(|it| it.is_ascii_digit()) {
        return parse_date(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]));
    }
    match text.strip_suffix('号') {
        Some(front) => parse_date(&format!("{front}日")),
        None if text.contains('.') && !text.contains('-') => parse_date(&text.replace('.', "-")),
        None => parse_date(&text),
    }
}

/// The day of a text, and what stands behind it.
fn split(text: &str) -> (&str, &str) {
    let end = match text.find(['日', '号']) {
        Some(at) => at + '日'.len_utf8(),
        None => text.find([' ', 'T']).unwrap_or(text.len()),
    };
    (text[..end].trim_end(), text[end..].trim_start_matches([' ', 'T']))
}

/// Drops 星期一 or 周一, bare or in brackets, in front of the time of day.
fn without_weekday(text: &str) -> &str {
    let inner = text.strip_prefix('(').unwrap_or(text);
    let named = inner.strip_prefix("星期").or_else(|| inner.strip_prefix('周'));
    let Some(rest) = named.and_then(|it| it.strip_prefix(['一', '二', '三', '四', '五', '六', '日', '天']))
    else {
        return text;
    };
    match (text.starts_with('('), rest.strip_prefix(')')) {
        (true, Some(rest)) => rest.trim_start(),
        (true, None) => text,
        (false, _) => rest.trim_start(),
    }
}

/// Seconds since midnight.
fn clock(text: &str) -> Option<i64> {
    let text: String = text.to_ascii_lowercase().chars().filter(|it| !it.is_whitespace()).collect();
    let period = PERIODS.iter().find(|(word, ..)| text.starts_with(word) || text.ends_with(word));
    let text = match period {
        Some((word, ..)) => text.strip_prefix(word).or_else(|| text.strip_suffix(word))?,
        None => &text,
    };
    let (hour, rest) = number(text)?;
    let (minute, rest) = match rest.strip_prefix(['时', '点', ':'])? {
        "" | "整" | "正" if !rest.starts_with(':') => (0, ""),
        "半" if !rest.starts_with(':') => (30, ""),
        rest => number(rest)?,
    };
    let rest = rest.strip_prefix(['分', ':']).unwrap_or(rest);
    let (second, rest) = if rest.is_empty() { (0, "") } else { number(rest)? };
    if !matches!(rest, "" | "秒") || minute > 59 || second > 59 {
        return None;
    }
    let hour = match period {
        None => hour,
        Some((.., hours)) if *hours.start() <= hour && hour <= *hours.end() => {
            hour + period.map_or(0, |(_, added, _)| *added)
        }
        // Noon by name: 中午1点 is 13:00, 下午12点 is 12:00, and 下午15时 says it twice.
        Some(("中午", ..)) if (1..=2).contains(&hour) => hour + 12,
        Some((_, 12, hours)) if (12 + hours.start()..24).contains(&hour) => hour,
        Some(("下午" | "pm", ..)) if hour == 12 => 12,
        Some(("am" | "凌晨", ..)) if hour == 12 => 0,
        Some(_) => return None,
    };
    let seconds = (hour * 60 + minute) * 60 + second;
    (hour < 24 || seconds == DAY_S).then_some(seconds)
}

/// A number of one or two digits, and what stands behind it.
fn number(text: &str) -> Option<(i64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    let number = if (1..=2).contains(&digits) { number.parse().ok()? } else { return None };
    Some((number, rest))
}

/// Seconds since 1970-01-01, local, of the serial number of a workbook, to the second: more
/// digits of a day are noise.
fn serial(text: &str) -> Option<i64> {
    let is_plain = text.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    let number: f64 = if is_plain { text.parse().ok()? } else { return None };
    let days = number.floor();
    // At most 10^9, so that both casts are exact; what is larger is no serial.
    let day = if days <= f64::from(*SERIALS.end()) { days as i32 } else { return None };
    let seconds = ((number - days) * DAY_S as f64).round() as i64;
    SERIALS.contains(&day).then(|| i64::from(day - SERIAL_1970) * DAY_S + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEIJING: i32 = 8 * 3600;

    #[test]
    fn a_day_has_the_spellings_of_offices() {
        let expected = parse_date("2012-09-24");
        for text in [
            "2012.9.24",
            "2012.09.24",
            "20120924",
            "2012年9月24号",
            "2012 年 9 月 24 日",
            "２０１２－９－２４",
            "２０１２年９月２４日",
            "\u{a0}2012/9/24\u{3000}",
            "2012. 9. 24",
            "2012-9-24",
        ] {
            assert_eq!(date(text, false), expected, "{text}");
        }
        for text in [
            "12-9-24",
            "12.9.24",
            "120924",
            "2012年9月",
            "2013年末",
            "今年3月中旬",
            "20120931",
            "2012.9",
            "41176",
        ] {
            assert_eq!(date(text, false), None, "{text}");
        }
    }

    #[test]
    fn a_time_has_the_spellings_of_offices() {
        let expected = parse_datetime("2012-09-24T15:20", BEIJING);
        assert!(expected.is_some());
        for text in [
            "2012年9月24日 下午3时20分",
            "2012年9月24日下午3点20分",
            "2012-09-24 15:20",
            "2012年9月24日15时20分",
            "2012.9.24 15:20",
            "20120924 15:20:00",
            "20120924152000",
            "201209241520",
            "2012年9月24日（星期一）下午3：20",
            "2012年9月24日 周一 15点20",
            "2012/9/24 3:20 PM",
            "2012年9月24号 下午15时20分",
            "２０１２－０９－２４　１５：２０",
        ] {
            assert_eq!(datetime(text, BEIJING, false), expected, "{text}");
        }
        let hours = |text: &str| {
            let at_us = datetime(&format!("2012年9月24日{text}"), 0, false)?;
            Some((at_us - midnight_us(date("20120924", false)?, 0)) / SECOND_US)
        };
        for (text, clock) in [
            ("上午9时", "9:00"),
            ("15点半", "15:30"),
            ("下午3点整", "15:00"),
            ("中午12点", "12:00"),
            ("中午1点", "13:00"),
            ("凌晨1点05分", "1:05"),
            ("晚上8点", "20:00"),
            ("24时", "24:00"),
            ("8时5分3秒", "8:05:03"),
            ("", "0:00"),
        ] {
            let parts: Vec<i64> = clock.split(':').map(|it| it.parse().expect("digits")).collect();
            let seconds =
                parts.iter().fold(0, |it, part| it * 60 + part) * if parts.len() == 2 { 60 } else { 1 };
            assert_eq!(hours(text), Some(seconds), "{text}");
        }
        for text in ["上午15时", "25时", "下午", "3时70分", "上午12时", "15:", "15点20分多", "晚上3点"]
        {
            assert_eq!(hours(text), None, "{text}");
        }
    }

    #[test]
    fn serials_are_days_of_workbooks_only() {
        // 25569 is 1970-01-01; 41176 is 2012-09-24 in every workbook.
        assert_eq!(date("25569", true), Some(0));
        assert_eq!(date("41176", true), parse_date("2012-09-24"));
        assert_eq!(date("41176.0", true), parse_date("2012-09-24"));
        assert_eq!(date("41176.5", true), None);
        for text in ["41176.638888888891", "41176.63889"] {
            assert_eq!(datetime(text, BEIJING, true), parse_datetime("2012-09-24 15:20", BEIJING), "{text}");
            assert_eq!(datetime(text, BEIJING, false), None);
        }
        for text in ["19999", "80001", "4117", "1e5", "-41176", "41176.5.5", "."] {
            assert_eq!((date(text, true), datetime(text, 0, true)), (None, None), "{text}");
        }
        assert_eq!(date("20120924", true), parse_date("2012-09-24"));
    }
}
