//! The hours that one provider tells, as slots: no instant lies in two of them.
//!
//! Nobody takes tasks twice at one time, however many rows tell of it, so rows that overlap
//! share their time out among them.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::candidate::Slot;
use crate::zone::{DAY_US, Zone};

const SECOND_US: i64 = 1_000_000;
const MINUTE_US: i64 = 60 * SECOND_US;

/// A stretch of hours, half-open and not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hours {
    pub start: i64,
    pub end: i64,
    /// Tasks it takes.
    pub capacity: i64,
}

impl Hours {
    /// The part of them.
    fn only(&self, part: &Range<i64>) -> Self {
        Self { start: part.start, end: part.end, capacity: self.capacity }
    }

    fn overlaps(&self, within: &Range<i64>) -> bool {
        self.start < within.end && self.end > within.start
    }
}

/// Where all hours must be known, so that the slots that overlap `wanted` are the same
/// whatever else is wanted: a slot is at most a day long, and only what overlaps it shapes it.
pub(super) fn around(wanted: &Range<i64>) -> Range<i64> {
    wanted.start - DAY_US..wanted.end + DAY_US
}

/// One provider's slots that overlap what is wanted, sorted by start.
///
/// **Shape.** `hours` are all that overlap [`around`]`(wanted)`. Hours longer than a day are cut
/// at local midnights. Where hours overlap, those that take more tasks have the time, then those
/// that begin earlier, then the longer ones; the others keep what is left of theirs.
/// **Cost.** O(n log n), and for hours longer than a day their days.
pub(super) fn slots(provider: &str, hours: Vec<Hours>, wanted: &Range<i64>, zone: Zone) -> Vec<Slot> {
    let within = around(wanted);
    let mut rows: Vec<Hours> = hours
        .into_iter()
        .flat_map(|it| parts(it.start..it.end, &within, zone).into_iter().map(move |part| it.only(&part)))
        .collect();
    rows.sort_unstable_by_key(|it| (Reverse(it.capacity), it.start, Reverse(it.end)));
    let mut taken = BTreeMap::new();
    let mut all = Vec::new();
    for row in rows {
        let free = free(&taken, &row);
        taken.extend(free.iter().map(|it| (it.start, it.end)));
        all.extend(free.iter().map(|it| row.only(it)));
    }
    all.retain(|it| it.overlaps(wanted));
    all.sort_unstable();
    all.into_iter().map(|it| slot(provider, it, zone)).collect()
}

/// What of the hours lies in no stretch that is taken; those are disjoint, by start.
fn free(taken: &BTreeMap<i64, i64>, row: &Hours) -> Vec<Range<i64>> {
    let mut left = Vec::new();
    let mut at = row.start;
    let from = taken.range(..=row.start).next_back().map_or(row.start, |(start, _)| *start);
    for (&start, &end) in taken.range(from..row.end) {
        if start > at {
            left.push(at..start);
        }
        at = at.max(end);
    }
    if at < row.end {
        left.push(at..row.end);
    }
    left
}

/// Hours as a slot of the day on which they begin.
pub(super) fn slot(provider: &str, hours: Hours, zone: Zone) -> Slot {
    let Hours { start, end, capacity } = hours;
    Slot {
        slot_id: slot_id(provider, start, end, zone),
        provider_id: provider.to_owned(),
        start,
        end,
        day: zone.day(start),
        week: zone.week(start),
        capacity: capacity.max(0),
    }
}

/// A stretch, or, where it is longer than a day, its local days as far as they reach within.
fn parts(stretch: Range<i64>, within: &Range<i64>, zone: Zone) -> Vec<Range<i64>> {
    if stretch.end - stretch.start <= DAY_US {
        return vec![stretch];
    }
    let (first, last) = (stretch.start.max(within.start), stretch.end.min(within.end) - 1);
    (zone.day(first)..=zone.day(last))
        .map(|day| stretch.start.max(zone.day_start(day))..stretch.end.min(zone.day_start(day + 1)))
        .filter(|it| !it.is_empty())
        .collect()
}

/// The slot by its provider, local start and length, as exactly as they are given.
fn slot_id(provider: &str, start: i64, end: i64, zone: Zone) -> String {
    let is_whole = |it: i64, unit: i64| it.rem_euclid(unit) == 0;
    let pattern = match zone.to_local(start) {
        it if is_whole(it, MINUTE_US) => "%Y%m%dT%H%M",
        it if is_whole(it, SECOND_US) => "%Y%m%dT%H%M%S",
        _ => "%Y%m%dT%H%M%S%.6f",
    };
    let length = match end - start {
        it if is_whole(it, MINUTE_US) => (it / MINUTE_US).to_string(),
        it if is_whole(it, SECOND_US) => format!("{}s", it / SECOND_US),
        it => format!("{it}us"),
    };
    format!("{provider}@{}+{length}", zone.format(start, pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> Zone {
        Zone::parse("+08:00")
    }

    fn at(text: &str) -> i64 {
        zone().instant(text).expect("a time")
    }

    /// Id and capacity of every slot; hours as start, end, capacity.
    fn slots_of(hours: &[(&str, &str, i64)], wanted: (&str, &str)) -> Vec<String> {
        let hours = hours.iter().map(|(start, end, capacity)| Hours {
            start: at(start),
            end: at(end),
            capacity: *capacity,
        });
        let found = slots("v", hours.collect(), &(at(wanted.0)..at(wanted.1)), zone());
        assert!(found.windows(2).all(|it| it[0].end <= it[1].start), "{found:?}");
        found.iter().map(|it| format!("{} {}", it.slot_id, it.capacity)).collect()
    }

    #[test]
    fn hours_that_overlap_share_their_time() {
        let hours = [
            ("2024-03-05T12:00", "2024-03-05T15:00", 1),
            ("2024-03-05T08:00", "2024-03-05T10:00", 1),
            ("2024-03-05T09:00", "2024-03-05T13:00", 3),
            ("2024-03-05T15:00", "2024-03-05T16:00", 2),
            ("2024-03-05T15:00", "2024-03-05T16:00", 1),
        ];
        let slots = [
            "v@20240305T0800+60 1",
            "v@20240305T0900+240 3",
            "v@20240305T1300+120 1",
            "v@20240305T1500+60 2",
        ];
        assert_eq!(slots_of(&hours, ("2024-03-04", "2024-03-11")), slots);
        // The same slots, however late the horizon begins in them.
        assert_eq!(slots_of(&hours, ("2024-03-05T14:00", "2024-03-05T15:30")), slots[2..]);
    }

    #[test]
    fn shifts_that_hand_over_stay_shifts() {
        let hours = [
            ("2024-03-05T08:00", "2024-03-05T20:30", 5),
            ("2024-03-05T20:00", "2024-03-06T08:30", 5),
            ("2024-03-06T08:00", "2024-03-06T20:30", 5),
        ];
        let slots = ["v@20240305T0800+750 5", "v@20240305T2030+720 5", "v@20240306T0830+720 5"];
        assert_eq!(slots_of(&hours, ("2024-03-04", "2024-03-11")), slots);
        assert_eq!(slots_of(&hours, ("2024-03-05T22:00", "2024-03-05T23:00")), slots[1..2]);
    }

    #[test]
    fn hours_longer_than_a_day_are_cut_at_local_midnights() {
        let hours =
            [("2024-03-05T22:00", "2024-03-07T06:00", 2), ("2024-03-06T05:00", "2024-03-06T23:00", 1)];
        let slots = ["v@20240305T2200+120 2", "v@20240306T0000+1440 2", "v@20240307T0000+360 2"];
        assert_eq!(slots_of(&hours, ("2024-03-04", "2024-03-11")), slots);
        assert_eq!(slots_of(&hours, ("2024-03-06T08:00", "2024-03-06T09:00")), slots[1..2]);
    }

    #[test]
    fn hours_that_take_no_task_yield_to_those_that_do() {
        let hours =
            [("2024-03-05T08:00", "2024-03-05T12:00", 0), ("2024-03-05T11:00", "2024-03-05T13:00", 1)];
        let slots = ["v@20240305T0800+180 0", "v@20240305T1100+120 1"];
        assert_eq!(slots_of(&hours, ("2024-03-04", "2024-03-11")), slots);
    }
}
