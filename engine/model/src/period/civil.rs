//! Days of the Gregorian calendar as numbers.
//!
//! **Source.** Howard Hinnant, chrono-Compatible Low-Level Date Algorithms: years begin in March,
//! so that the day that leap years add is the last one; 400 years have 146,097 days.

/// Days from 1970-01-01 to the start of the year 0 of March.
const EPOCH_DAY: i32 = 719_468;
const ERA_DAYS: i32 = 146_097;

/// The number of a day, 0 for 1970-01-01. The month is 1 to 12; days past its end run on. Of days
/// that 32 bits cannot count, the last one that they can.
pub(super) fn day_of(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let number = i64::from(era) * i64::from(ERA_DAYS) + i64::from(day_of_era - EPOCH_DAY);
    i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX })
}

/// Year and month of a day.
pub(super) fn month_of(day: i32) -> (i32, i32) {
    // Whatever a table holds: 32 bits of days do not suffice for the shift.
    let shifted = i64::from(day) + i64::from(EPOCH_DAY);
    let (era, day_of_era) =
        (shifted.div_euclid(i64::from(ERA_DAYS)), shifted.rem_euclid(i64::from(ERA_DAYS)));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = (shifted_month + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    // 2^31 days are less than six million years.
    (i32::try_from(year).unwrap_or(i32::MAX), i32::try_from(month).unwrap_or(1))
}

/// The month so many months later.
pub(super) fn later(year: i32, month: i32, months: i32) -> (i32, i32) {
    let all = year * 12 + month - 1 + months;
    (all.div_euclid(12), all.rem_euclid(12) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_have_their_numbers() {
        assert_eq!(day_of(1970, 1, 1), 0);
        assert_eq!(day_of(2000, 2, 29), 11_016);
        assert_eq!(day_of(2000, 3, 1), 11_017);
        assert_eq!(day_of(1969, 12, 31), -1);
        assert_eq!(day_of(2012, 9, 24), 15_607);
    }

    #[test]
    fn days_follow_each_other_through_all_months() {
        let mut day = day_of(1000, 1, 1);
        for year in 1000..=9999 {
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            for (month, days) in
                (1..).zip([31, 28 + i32::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
            {
                assert_eq!(day_of(year, month, 1), day, "{year}-{month}");
                assert_eq!(month_of(day), (year, month));
                assert_eq!(month_of(day + days - 1), (year, month));
                day += days;
            }
        }
    }

    #[test]
    fn no_day_is_too_far() {
        assert!(month_of(i32::MAX).0 > 5_000_000);
        assert_eq!((day_of(6_000_000, 1, 1), day_of(-6_000_000, 1, 1)), (i32::MAX, i32::MIN));
        assert!(month_of(i32::MIN).0 < -5_000_000);
    }
}
