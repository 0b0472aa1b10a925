//! The weeks in which the cases play. All times are local, +08:00.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

/// Days as RRULE spells them, Monday first.
const BYDAY: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// All days of the week, Monday = 0.
pub(crate) const EVERY_DAY: &[usize] = &[0, 1, 2, 3, 4, 5, 6];

/// A day of the calendar.
pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
}

/// The Monday of the week that is matched.
pub(crate) fn monday() -> NaiveDate {
    day(2012, 10, 15)
}

/// The Monday on which recurring availability began.
pub(crate) fn first_monday() -> NaiveDate {
    day(2012, 9, 3)
}

/// The first day of the month that is evaluated.
pub(crate) fn month() -> NaiveDate {
    day(2012, 9, 1)
}

/// So many days later; earlier where the number is negative.
pub(crate) fn later(day: NaiveDate, days: i64) -> NaiveDate {
    day + TimeDelta::days(days)
}

/// A clock time of a day, as hours and minutes written together: 1630 is half past four.
/// 2400 and more belong to the next day.
pub(crate) fn at(day: NaiveDate, clock: i64) -> NaiveDateTime {
    let midnight = day.and_hms_opt(0, 0, 0).expect("midnight");
    midnight + TimeDelta::minutes(clock / 100 * 60 + clock % 100)
}

/// RRULE for the given days of the week, Monday = 0.
pub(crate) fn weekly(days: &[usize]) -> String {
    if days == EVERY_DAY {
        return "FREQ=DAILY".to_owned();
    }
    let names: Vec<&str> = days.iter().map(|&it| BYDAY[it]).collect();
    format!("FREQ=WEEKLY;BYDAY={}", names.join(","))
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, Weekday};

    use super::*;

    #[test]
    fn weeks_begin_on_monday() {
        assert_eq!(monday().weekday(), Weekday::Mon);
        assert_eq!(first_monday().weekday(), Weekday::Mon);
    }

    #[test]
    fn a_window_may_reach_into_the_next_day() {
        assert_eq!(at(monday(), 2530), at(later(monday(), 1), 130));
    }

    #[test]
    fn a_rule_names_its_days_unless_it_is_every_day() {
        assert_eq!(weekly(&[1, 3]), "FREQ=WEEKLY;BYDAY=TU,TH");
        assert_eq!(weekly(EVERY_DAY), "FREQ=DAILY");
    }
}
