//! Recurrence rules (RFC 5545) expanded over a horizon, in the pool's local time.

use chrono::{DateTime, NaiveDateTime, Utc};
use rrule::{RRule, RRuleSet, Tz, Unvalidated};

use crate::zone::Zone;

/// More instances than this of one rule in one horizon are a mistake.
const INSTANCES_MAX: u16 = 20_000;

/// The starts of a recurring window that lie in `[from, to)`, ascending, as instants.
///
/// **Units.** Microseconds since 1970 UTC, on both sides.
/// **Errors.** The rule's own words, when it is no RFC 5545 rule or has too many instances.
/// **Cost.** The rule is walked from its first instance.
pub fn expand(rule: &str, first: i64, from: i64, to: i64, zone: Zone) -> Result<Vec<i64>, String> {
    // Local wall-clock time is handed over as if it were UTC: offsets are fixed, so a day is a day.
    let set = parse(rule, zone.to_local(first), zone)?;
    let local = |at: i64| {
        DateTime::from_timestamp_micros(zone.to_local(at))
            .map(|it| it.with_timezone(&Tz::UTC))
            .ok_or_else(|| "a time out of range".to_owned())
    };
    // The library takes both ends as inclusive.
    let result = set.after(local(from)?).before(local(to - 1)?).all(INSTANCES_MAX);
    if result.limited {
        return Err(format!("more than {INSTANCES_MAX} instances"));
    }
    Ok(result.dates.iter().map(|it| zone.from_local(it.timestamp_micros())).collect())
}

/// Says what is wrong with a rule, or nothing.
pub fn check(rule: &str) -> Result<(), String> {
    parse(rule, 0, Zone::parse("+08:00")).map(|_| ())
}

fn parse(rule: &str, first_local: i64, zone: Zone) -> Result<RRuleSet, String> {
    let start = DateTime::from_timestamp_micros(first_local)
        .ok_or_else(|| "the first instance is out of range".to_owned())?
        .with_timezone(&Tz::UTC);
    let text = rule.trim().trim_start_matches("RRULE:");
    let text = local_until(text, zone)?;
    let rule: RRule<Unvalidated> = text.parse().map_err(|it: rrule::RRuleError| it.to_string())?;
    rule.build(start).map_err(|it| it.to_string())
}

/// Rewrites UNTIL, which may be a day, a local time or a UTC time, into local time as the
/// library is given it.
fn local_until(rule: &str, zone: Zone) -> Result<String, String> {
    let parts: Result<Vec<String>, String> = rule
        .split(';')
        .filter(|it| !it.is_empty())
        .map(|part| match part.split_once('=') {
            Some((key, value)) if key.eq_ignore_ascii_case("UNTIL") => {
                let read = |text: &str| {
                    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S")
                        .map(|it| it.and_utc())
                        .map_err(|it| format!("UNTIL={value}: {it}"))
                };
                let until: DateTime<Utc> = match value.strip_suffix('Z') {
                    Some(utc) => {
                        DateTime::from_timestamp_micros(zone.to_local(read(utc)?.timestamp_micros()))
                            .ok_or_else(|| format!("UNTIL={value} is out of range"))?
                    }
                    None if value.len() == 8 => read(&format!("{value}T235959"))?,
                    None => read(value)?,
                };
                Ok(format!("UNTIL={}", until.format("%Y%m%dT%H%M%SZ")))
            }
            _ => Ok(part.to_owned()),
        })
        .collect();
    Ok(parts?.join(";"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(rule: &str) -> Vec<String> {
        let zone = Zone::parse("+08:00");
        let monday = 1_709_481_600_000_000; // 2024-03-04 00:00 +08:00
        let first = monday - 7 * crate::zone::DAY_US + 16 * 3_600_000_000;
        expand(rule, first, monday, monday + 7 * crate::zone::DAY_US, zone)
            .expect("a rule")
            .iter()
            .map(|it| zone.format(*it, "%a %H:%M"))
            .collect()
    }

    #[test]
    fn tutors_come_at_four_on_school_days() {
        assert_eq!(
            starts("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
            ["Mon 16:00", "Tue 16:00", "Wed 16:00", "Thu 16:00", "Fri 16:00"]
        );
        assert_eq!(starts("RRULE:FREQ=DAILY;INTERVAL=3"), ["Wed 16:00", "Sat 16:00"]);
    }

    #[test]
    fn until_may_be_a_day_a_local_time_or_utc() {
        assert_eq!(starts("FREQ=DAILY;UNTIL=20240305"), ["Mon 16:00", "Tue 16:00"]);
        assert_eq!(starts("FREQ=DAILY;UNTIL=20240305T160000"), ["Mon 16:00", "Tue 16:00"]);
        assert_eq!(starts("FREQ=DAILY;UNTIL=20240305T080000Z"), ["Mon 16:00", "Tue 16:00"]);
        assert_eq!(starts("FREQ=DAILY;UNTIL=20240305T075959Z"), ["Mon 16:00"]);
    }

    #[test]
    fn what_is_no_rule_is_refused_in_words() {
        for bad in ["every day", "FREQ=SOMETIMES", "FREQ=DAILY;UNTIL=soon", ""] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
