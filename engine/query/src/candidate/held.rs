//! What published runs hold: who serves which need already, and how much of whose time is taken.
//!
//! Slots come and go with availability, so a task is not looked up by the slot it was published
//! with: it counts where it lies in time.

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
    /// Need → occurrence and provider.
    by_need: BTreeMap<String, Vec<(i64, String)>>,
}

/// One task of a provider, half-open.
#[derive(Debug, Clone, Copy)]
struct Task {
    start: i64,
    end: i64,
    units: i64,
}

impl Tasks {
    pub(super) async fn read(session: &Session) -> Result<Self> {
        let rows = frame(session, &rule::sql("held")?).await?;
        let (needs, providers) = (rows.texts("need_id")?, rows.texts("provider_id")?);
        let occurrences = rows.times("occurrence_start")?;
        let (starts, ends) = (rows.times("starts_at")?, rows.times("ends_at")?);
        let units = rows.integers("units")?;
        let mut tasks = Self::default();
        for row in 0..rows.rows() {
            let start = starts.value(row);
            // A task without length still stands somewhere.
            let end = integer_at(&ends, row).unwrap_or(start).max(start + 1);
            let task = Task { start, end, units: units.value(row) };
            tasks.add((needs.value(row), occurrences.value(row)), providers.value(row), task);
        }
        Ok(tasks)
    }

    fn add(&mut self, (need, occurrence): (&str, i64), provider: &str, task: Task) {
        self.by_provider.entry(provider.to_owned()).or_default().push(task);
        self.by_need.entry(need.to_owned()).or_default().push((occurrence, provider.to_owned()));
    }

    /// Who serves an occurrence already.
    ///
    /// A need that happens once is served by whoever was published for it: where its window
    /// begins may depend on the horizon.
    pub(super) fn holders(&self, it: &Occurrence) -> Vec<String> {
        let all = self.by_need.get(&it.need.need_id).map(Vec::as_slice).unwrap_or_default();
        let same = all.iter().filter(|(start, _)| !it.recurs || *start == it.start);
        same.map(|(_, provider)| provider.clone()).collect()
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
    /// the day and week of the first slot they overlap, else of their own beginning.
    pub(super) fn held(&self, slots: &[Slot], zone: Zone) -> Held {
        let mut held = Held::default();
        for (provider, tasks) in &self.by_provider {
            let from = slots.partition_point(|it| it.provider_id < *provider);
            let count = slots[from..].partition_point(|it| it.provider_id == *provider);
            for task in tasks {
                let mut first: Option<&Slot> = None;
                let own = slots[from..from + count].iter();
                for slot in own.filter(|it| it.start < task.end && it.end > task.start) {
                    *held.by_slot.entry(slot.slot_id.clone()).or_default() += task.units;
                    first = first.or(Some(slot));
                }
                let (day, week) = first
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

    fn tasks(of: &[(&str, &str, &str)]) -> Tasks {
        let mut tasks = Tasks::default();
        for (provider, start, end) in of {
            let task = Task { start: at(start), end: at(end), units: 1 };
            tasks.add(("n1", at(start)), provider, task);
        }
        tasks
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
