//! What published runs hold: who serves which need already, and how much of whose time is taken.
//!
//! Slots come and go with availability, so a task fills every slot that it overlaps, whatever
//! that one is called. The day and the week it takes are those of the slot it was booked in, as
//! long as there is one of that name.

use std::collections::BTreeMap;
use std::ops::Range;

use super::expand::Occurrence;
use super::stage::frame;
use super::{Held, Horizon, Slot, rule};
use crate::Result;
use crate::frame::integer_at;
use crate::session::Session;
use crate::zone::{DAY_US, Zone};

/// The tasks of all published runs.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    by_provider: BTreeMap<String, Vec<Task>>,
    /// By occurrence and provider.
    by_need: BTreeMap<String, Vec<Promise>>,
}

/// One task of a provider, half-open.
#[derive(Debug, Clone)]
struct Task {
    /// The slot it was booked in.
    slot_id: String,
    start: i64,
    end: i64,
    units: i64,
}

/// Who was promised to a need, and when.
#[derive(Debug, Clone)]
struct Promise {
    provider: String,
    /// The occurrence it was published for.
    occurrence: i64,
    /// The task, half-open.
    start: i64,
    end: i64,
}

impl Promise {
    fn overlaps(&self, it: &Occurrence) -> bool {
        self.start < it.end && self.end > it.start
    }

    /// The occurrence that the promise counts for now that its own is there no more.
    fn place(&self, own: &[Occurrence], zone: Zone) -> Option<usize> {
        let day = zone.day(self.occurrence);
        let fits = |it: &Occurrence| self.overlaps(it) || zone.day(it.start) == day;
        let asks = |it: &Occurrence| {
            it.holders.len() < it.need.demand as usize && !it.holders.contains(&self.provider)
        };
        let fitting = own.iter().enumerate().filter(|(_, it)| fits(it));
        fitting.min_by_key(|(_, it)| (!asks(it), !self.overlaps(it))).map(|(at, _)| at)
    }
}

impl Tasks {
    pub(super) async fn read(session: &Session) -> Result<Self> {
        let rows = frame(session, &rule::sql("held")?).await?;
        let (needs, providers, slots) =
            (rows.texts("need_id")?, rows.texts("provider_id")?, rows.texts("slot_id")?);
        let occurrences = rows.times("occurrence_start")?;
        let (starts, ends) = (rows.times("starts_at")?, rows.times("ends_at")?);
        let units = rows.integers("units")?;
        let mut tasks = Self::default();
        for row in 0..rows.rows() {
            let start = starts.value(row);
            // A task without length still stands somewhere.
            let end = integer_at(&ends, row).unwrap_or(start).max(start + 1);
            let task = Task { slot_id: slots.value(row).to_owned(), start, end, units: units.value(row) };
            tasks.add((needs.value(row), occurrences.value(row)), providers.value(row), task);
        }
        Ok(tasks)
    }

    fn add(&mut self, (need, occurrence): (&str, i64), provider: &str, task: Task) {
        let promise = Promise { provider: provider.to_owned(), occurrence, start: task.start, end: task.end };
        self.by_provider.entry(provider.to_owned()).or_default().push(task);
        self.by_need.entry(need.to_owned()).or_default().push(promise);
    }

    /// Says of each occurrence who serves it already; occurrences are sorted by (need, start).
    ///
    /// A need that happens once is served by whoever was published for it: where its window
    /// begins may depend on the horizon. Of one that recurs, a promise counts for the occurrence
    /// it was made for. Where the need has that occurrence no more, because its hours were
    /// corrected, it counts for one that the task overlaps or that begins on the same local day:
    /// first for one that still asks for somebody, then for one that the task overlaps.
    pub(super) fn attribute(&self, occurrences: &mut [Occurrence], zone: Zone) {
        for own in occurrences.chunk_by_mut(|a, b| a.need.need_id == b.need.need_id) {
            let Some(promises) = self.by_need.get(&own[0].need.need_id) else { continue };
            let mut moved = Vec::new();
            for it in promises {
                match own.iter().position(|one| !one.recurs || one.start == it.occurrence) {
                    Some(at) => own[at].hold(&it.provider),
                    // Else it is an occurrence beyond the horizon, which holds its own promise.
                    None if own[0].known.binary_search(&it.occurrence).is_err() => moved.push(it),
                    None => {}
                }
            }
            for it in moved {
                if let Some(at) = it.place(own, zone) {
                    own[at].hold(&it.provider);
                }
            }
        }
    }

    /// The stretch of time in which a provider's slots must be known: the horizon, or, for whom
    /// something is held, whole weeks around it, so that every task finds its day and week.
    pub(super) fn wanted(&self, provider: &str, horizon: Horizon, zone: Zone) -> Range<i64> {
        if !self.by_provider.contains_key(provider) {
            return horizon.start..horizon.end;
        }
        // A slot begins at most a day before the horizon, and a task may reach over from the
        // day before that week.
        let monday = |at: i64| zone.week(at) * 7 - 3;
        let first = monday(horizon.start - DAY_US) - 1;
        let last = monday(horizon.end - 1) + 7 + 1;
        zone.day_start(first)..zone.day_start(last)
    }

    /// Counts the tasks against slots, which are sorted by (provider, start, end), and against
    /// the day and week of the slot they were booked in; where that is there no more, of the
    /// first slot they overlap, else of their own beginning.
    pub(super) fn held(&self, slots: &[Slot], zone: Zone) -> Held {
        let mut held = Held::default();
        for (provider, tasks) in &self.by_provider {
            let from = slots.partition_point(|it| it.provider_id < *provider);
            let count = slots[from..].partition_point(|it| it.provider_id == *provider);
            for task in tasks {
                let own = &slots[from..from + count];
                let mut first: Option<&Slot> = None;
                for slot in own.iter().filter(|it| it.start < task.end && it.end > task.start) {
                    *held.by_slot.entry(slot.slot_id.clone()).or_default() += task.units;
                    first = first.or(Some(slot));
                }
                let booked = own.iter().find(|it| it.slot_id == task.slot_id);
                let (day, week) = booked
                    .or(first)
                    .map_or_else(|| (zone.day(task.start), zone.week(task.start)), |it| (it.day, it.week));
                *held.by_day.entry((provider.clone(), day)).or_default() += task.units;
                *held.by_week.entry((provider.clone(), week)).or_default() += task.units;
            }
        }
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidate::Need;

    fn zone() -> Zone {
        Zone::parse("+08:00")
    }

    fn at(text: &str) -> i64 {
        zone().instant(text).expect("a time")
    }

    fn slot(slot_id: &str, provider_id: &str, start: &str, end: &str) -> Slot {
        let (start, end, zone) = (at(start), at(end), zone());
        Slot {
            slot_id: slot_id.to_owned(),
            provider_id: provider_id.to_owned(),
            start,
            end,
            day: zone.day(start),
            week: zone.week(start),
            capacity: 1,
        }
    }

    /// Tasks that were booked in a slot of which nothing is known any more.
    fn tasks(of: &[(&str, &str, &str)]) -> Tasks {
        let mut tasks = Tasks::default();
        for (provider, start, end) in of {
            add(&mut tasks, provider, "gone", start, end);
        }
        tasks
    }

    /// A task for the occurrence of n1 that begins with it.
    fn add(tasks: &mut Tasks, provider: &str, slot_id: &str, start: &str, end: &str) {
        let task = Task { slot_id: slot_id.to_owned(), start: at(start), end: at(end), units: 1 };
        tasks.add(("n1", at(start)), provider, task);
    }

    /// An occurrence of n1, of which these are known.
    fn occurrence(start: &str, end: &str, known: &[&str]) -> Occurrence {
        let need = Need {
            need_id: "n1".to_owned(),
            occurrence_start: at(start),
            tier: 0,
            demand: 1,
            district_id: None,
            community_id: None,
            pinned: false,
        };
        Occurrence {
            row: 0,
            need,
            recurs: true,
            known: known.iter().map(|it| at(it)).collect(),
            start: at(start),
            end: at(end),
            must: Vec::new(),
            never: Vec::new(),
            holders: Vec::new(),
        }
    }

    /// Who holds each of the occurrences, which are all that are known.
    fn holders(tasks: &Tasks, windows: &[(&str, &str)]) -> Vec<Vec<String>> {
        let known: Vec<&str> = windows.iter().map(|(start, _)| *start).collect();
        let mut all: Vec<_> = windows.iter().map(|(start, end)| occurrence(start, end, &known)).collect();
        tasks.attribute(&mut all, zone());
        all.into_iter().map(|it| it.holders).collect()
    }

    #[test]
    fn a_task_counts_on_the_day_of_the_slot_it_was_booked_in() {
        let slots = [
            slot("a", "v1", "2024-03-10T22:00", "2024-03-11T06:00"),
            slot("b", "v1", "2024-03-11T04:00", "2024-03-11T08:00"),
        ];
        let mut tasks = Tasks::default();
        add(&mut tasks, "v1", "b", "2024-03-11T05:00", "2024-03-11T07:00");
        let held = tasks.held(&slots, zone());
        assert_eq!(held.by_slot.len(), 2, "it fills both");
        let monday = at("2024-03-11");
        assert_eq!(held.by_day, BTreeMap::from([(("v1".to_owned(), zone().day(monday)), 1)]));
        assert_eq!(held.by_week, BTreeMap::from([(("v1".to_owned(), zone().week(monday)), 1)]));
    }

    #[test]
    fn a_promise_follows_its_occurrence_to_other_hours_of_the_day() {
        let twice = tasks(&[
            ("v1", "2024-03-05T09:00", "2024-03-05T10:00"),
            ("v2", "2024-03-05T15:00", "2024-03-05T16:00"),
        ]);
        // As it was, a little later, and at hours that no task overlaps.
        for windows in [
            [("2024-03-05T09:00", "2024-03-05T11:00"), ("2024-03-05T15:00", "2024-03-05T17:00")],
            [("2024-03-05T09:30", "2024-03-05T11:30"), ("2024-03-05T15:30", "2024-03-05T17:30")],
            [("2024-03-05T12:00", "2024-03-05T13:00"), ("2024-03-05T18:00", "2024-03-05T19:00")],
        ] {
            assert_eq!(holders(&twice, &windows), [["v1"], ["v2"]], "{windows:?}");
        }
        // Other days, and occurrences of the same day that were not promised, are still open.
        let later = [("2024-03-05T09:00", "2024-03-05T11:00"), ("2024-03-06T09:00", "2024-03-06T11:00")];
        assert_eq!(holders(&tasks(&[("v1", later[0].0, later[0].1)]), &later), [vec!["v1"], vec![]]);
        let evening = [("2024-03-05T09:00", "2024-03-05T11:00"), ("2024-03-05T19:00", "2024-03-05T20:00")];
        assert_eq!(holders(&tasks(&[("v1", evening[0].0, evening[0].1)]), &evening), [vec!["v1"], vec![]]);
    }

    #[test]
    fn a_promise_for_an_occurrence_beyond_the_horizon_is_not_taken_from_it() {
        let tasks = tasks(&[("v1", "2024-03-05T09:00", "2024-03-05T10:00")]);
        let known = ["2024-03-05T09:00", "2024-03-05T15:00"];
        let mut afternoon = [occurrence("2024-03-05T15:00", "2024-03-05T17:00", &known)];
        tasks.attribute(&mut afternoon, zone());
        assert!(afternoon[0].holders.is_empty());
        // Without its own occurrence it is the afternoon's.
        let mut afternoon = [occurrence("2024-03-05T15:00", "2024-03-05T17:00", &known[1..])];
        tasks.attribute(&mut afternoon, zone());
        assert_eq!(afternoon[0].holders, ["v1"]);
    }

    #[test]
    fn a_task_counts_against_every_slot_it_overlaps_and_the_day_of_the_first() {
        let slots = [
            slot("a", "v1", "2024-03-10T22:00", "2024-03-11T06:00"),
            slot("b", "v1", "2024-03-11T04:00", "2024-03-11T08:00"),
            slot("c", "v1", "2024-03-11T08:00", "2024-03-11T12:00"),
            slot("d", "v2", "2024-03-11T04:00", "2024-03-11T08:00"),
        ];
        // At five on Monday morning: the night shift of Sunday and the early one of Monday.
        let held = tasks(&[("v1", "2024-03-11T05:00", "2024-03-11T06:00")]).held(&slots, zone());
        let by_slot: Vec<_> = held.by_slot.iter().map(|(slot, units)| (slot.as_str(), *units)).collect();
        assert_eq!(by_slot, [("a", 1), ("b", 1)]);
        let sunday = at("2024-03-10T22:00");
        assert_eq!(held.by_day, BTreeMap::from([(("v1".to_owned(), zone().day(sunday)), 1)]));
        assert_eq!(held.by_week, BTreeMap::from([(("v1".to_owned(), zone().week(sunday)), 1)]));
    }

    #[test]
    fn a_task_that_meets_no_slot_counts_on_its_own_local_day() {
        let slots = [slot("a", "v1", "2024-03-11T08:00", "2024-03-11T12:00")];
        // Just after midnight here is still Sunday in UTC; the slot begins when the task ends.
        let held = tasks(&[
            ("v1", "2024-03-11T00:30", "2024-03-11T08:00"),
            ("v0", "2024-03-12T09:00", "2024-03-12T10:00"),
        ])
        .held(&slots, zone());
        assert!(held.by_slot.is_empty());
        let (monday, tuesday) = (at("2024-03-11"), at("2024-03-12"));
        let days = [(("v0".to_owned(), zone().day(tuesday)), 1), (("v1".to_owned(), zone().day(monday)), 1)];
        assert_eq!(held.by_day, BTreeMap::from(days));
        let weeks =
            [(("v0".to_owned(), zone().week(tuesday)), 1), (("v1".to_owned(), zone().week(monday)), 1)];
        assert_eq!(held.by_week, BTreeMap::from(weeks));
    }

    #[test]
    fn the_slots_around_the_horizon_are_known_for_whom_something_is_held() {
        let tasks = tasks(&[("v1", "2024-03-11T09:00", "2024-03-11T10:00")]);
        // A Wednesday.
        let horizon = Horizon { as_of: 0, start: at("2024-03-13T12:00"), end: at("2024-03-14") };
        assert_eq!(tasks.wanted("v2", horizon, zone()), horizon.start..horizon.end);
        assert_eq!(tasks.wanted("v1", horizon, zone()), at("2024-03-10")..at("2024-03-19"));
    }
}
