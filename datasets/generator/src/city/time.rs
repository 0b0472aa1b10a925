//! The month in which the city plays: it begins on Monday 2024-03-04, local time +08:00.

/// The first Monday, in days since 1970.
pub(super) const MONDAY: i64 = 19_786;

/// How many days the open needs reach ahead, and the cases back.
pub(super) const DAYS: i64 = 28;

const DAY_S: i64 = 86_400;
const OFFSET_S: i64 = 8 * 3_600;

/// A clock time of a day, hours and minutes written together, in seconds since 1970 UTC.
pub(super) const fn at(day: i64, clock: i64) -> i64 {
    day * DAY_S + (clock / 100 * 60 + clock % 100) * 60 - OFFSET_S
}

/// A day so many days after the first Monday.
pub(super) const fn day(after: i64) -> i32 {
    (MONDAY + after) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_begins_on_a_monday() {
        // 1970-01-01 was a Thursday, 3 days after a Monday.
        assert_eq!((MONDAY + 3) % 7, 0);
        assert_eq!(at(MONDAY, 800), 1_709_510_400, "2024-03-04T00:00Z");
    }
}
