//! The hours that one provider tells, as slots: no instant lies in two of them.
//!
//! Nobody takes tasks twice at one time, so hours that overlap are one stretch, however many
//! rows tell them.

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
    fn overlaps(&self, within: &Range<i64>) -> bool {
        self.start < within.end && self.end > within.start
    }
}

/// Where all hours must be known, so that the slots that overlap `wanted` are the same
/// whatever else is wanted: hours joined over more than a day are cut at midnights anyway.
pub(super) fn around(wanted: &Range<i64>) -> Range<i64> {
    wanted.start - DAY_US..wanted.end + DAY_US
}

/// One provider's slots that overlap what is wanted, sorted by start.
///
/// **Shape.** `hours` are all that overlap [`around`]`(wanted)`. Those that overlap, directly or
/// by others between them, are one stretch, which takes as many tasks as the one of them that
/// takes most; where a stretch is longer than a day it is cut at local midnights, and each part
/// takes as many as the one that reaches into it and takes most. Hours that take no task lend
/// no time to those that do, and are left out where they overlap them.
/// **Cost.** O(n log n), and for a stretch longer than a day its hours × its days.
pub(super) fn slots(provider: &str, hours: Vec<Hours>, wanted: &Range<i64>, zone: Zone) -> Vec<Slot> {
    let within = around(wanted);
    let (open, closed): (Vec<Hours>, Vec<Hours>) = hours.into_iter().partition(|it| it.capacity > 0);
    let open = joined(open, &within, zone);
    let mut all = joined(closed, &within, zone);
    all.retain(|it| {
        let next = open.partition_point(|other| other.end <= it.start);
        open.get(next).is_none_or(|other| other.start >= it.end)
    });
    all.extend(open);
    all.retain(|it| it.overlaps(wanted));
    all.sort_unstable();
    all.into_iter().map(|it| slot(provider, it, zone)).collect()
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

/// Stretches of at most a day that do not overlap, sorted by start.
fn joined(mut hours: Vec<Hours>, within: &Range<i64>, zone: Zone) -> Vec<Hours> {
    hours.sort_unstable();
    let (mut stretches, mut rest) = (Vec::new(), hours.as_slice());
    while let Some(first) = rest.first() {
        let (mut end, mut count) = (first.end, 1);
        while let Some(it) = rest.get(count).filter(|it| it.start < end) {
            (end, count) = (end.max(it.end), count + 1);
        }
        let (group, others) = rest.split_at(count);
        for part in parts(first.start..end, within, zone) {
            let reaching = group.iter().filter(|it| it.overlaps(&part));
            let capacity = reaching.map(|it| it.capacity).max().unwrap_or(0);
            stretches.push(Hours { start: part.start, end: part.end, capacity });
        }
        rest = others;
    }
    stretches
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
    fn hours_that_overlap_are_one_slot_and_hours_that_touch_are_two() {
        let hours = [
            ("2024-03-05T12:00", "2024-03-05T15:00", 1),
            ("2024-03-05T08:00", "2024-03-05T10:00", 1),
            ("2024-03-05T09:00", "2024-03-05T13:00", 3),
            ("2024-03-05T15:00", "2024-03-05T16:00", 2),
            ("2024-03-05T15:00", "2024-03-05T16:00", 1),
        ];
        let slots = ["v@20240305T0800+420 3", "v@20240305T1500+60 2"];
        assert_eq!(slots_of(&hours, ("2024-03-04", "2024-03-11")), slots);
        // The same slots, however late the horizon begins in them.
        assert_eq!(slots_of(&hours, ("2024-03-05T14:00", "2024-03-05T15:30")), slots);
    }

    #[test]
    fn hours_joined_over_more_than_a_day_are_cut_at_local_midnights() {
        let hours = [
            ("2024-03-05T22:00", "2024-03-06T06:00", 1),
            ("2024-03-06T05:00", "2024-03-06T23:00", 4),
            ("2024-03-06T22:00", "2024-03-07T06:00", 2),
        ];
        let slots = ["v@20240305T2200+120 1", "v@20240306T0000+1440 4", "v@20240307T0000+360 2"];
        assert_eq!(slots_of(&hours, ("2024-03-04", "2024-03-11")), slots);
        assert_eq!(slots_of(&hours, ("2024-03-06T08:00", "2024-03-06T09:00")), slots[1..2]);
        // Two shifts of one night stay one slot of the day on which it begins.
        let night =
            [("2024-03-04T22:00", "2024-03-05T06:00", 1), ("2024-03-05T04:00", "2024-03-05T08:00", 1)];
        assert_eq!(slots_of(&night, ("2024-03-04", "2024-03-11")), ["v@20240304T2200+600 1"]);
    }

    #[test]
    fn hours_that_take_no_task_lend_no_time() {
        let hours = [
            ("2024-03-05T08:00", "2024-03-05T12:00", 0),
            ("2024-03-05T11:00", "2024-03-05T13:00", 1),
            ("2024-03-06T08:00", "2024-03-06T12:00", 0),
        ];
        assert_eq!(
            slots_of(&hours, ("2024-03-04", "2024-03-11")),
            ["v@20240305T1100+120 1", "v@20240306T0800+240 0"]
        );
    }
}
