//! Needs and availability, which may recur, laid out over a horizon.

use std::collections::BTreeMap;

use super::recurrence;
use super::{Horizon, Need, Provider, Slot};
use crate::frame::{Frame, integer_at, text_at};
use crate::zone::{DAY_US, Zone};
use crate::{Error, Result};

/// More than this in one run is a horizon chosen by mistake, or work for more machines.
const OCCURRENCES_MAX: usize = 2_000_000;
const SLOTS_MAX: usize = 20_000_000;

/// A need as `need.sql` returns it, with the times of one occurrence.
#[derive(Debug, Clone)]
pub(super) struct Occurrence {
    /// The row of `need.sql`'s result.
    pub row: usize,
    /// Who it is and what is left of its demand.
    pub need: Need,
    /// When help may begin, and by when it must have ended.
    pub start: i64,
    pub end: i64,
}

/// The needs of one horizon, one entry per occurrence, sorted by (need, start).
pub(super) fn occurrences(needs: &Frame, horizon: Horizon, zone: Zone) -> Result<Vec<Occurrence>> {
    let ids = needs.texts("need_id")?;
    let rules = needs.texts("rrule")?;
    let (starts, ends) = (needs.times("window_start")?, needs.times("window_end")?);
    let due = needs.times("due_at")?;
    let (tiers, demands) = (needs.integers("tier")?, needs.integers("demand")?);
    let (districts, communities) = (needs.texts("district_id")?, needs.texts("community_id")?);
    let mut all = Vec::new();
    for row in 0..needs.rows() {
        let id = ids.value(row);
        let first = integer_at(&starts, row);
        let end = integer_at(&ends, row).or_else(|| integer_at(&due, row));
        let windows: Vec<(i64, i64)> = match (text_at(&rules, row), first) {
            (Some(rule), Some(first)) => {
                let length = end.map_or(DAY_US, |it| (it - first).max(0));
                recurrence::expand(rule, first, horizon.start, horizon.end, zone)
                    .map_err(|cause| bad_rule(id, rule, cause))?
                    .into_iter()
                    .map(|it| (it, it + length))
                    .collect()
            }
            (None, Some(first)) => vec![(first, end.unwrap_or(horizon.end))],
            // A need without a window may be met at any time of the horizon.
            (_, None) => vec![(horizon.start, end.unwrap_or(horizon.end))],
        };
        for (start, end) in windows {
            if start < horizon.end && end > horizon.start {
                all.push(Occurrence {
                    row,
                    need: Need {
                        need_id: id.to_owned(),
                        occurrence_start: start,
                        tier: u8::try_from(integer_at(&tiers, row).unwrap_or(0)).unwrap_or(0).min(3),
                        demand: u32::try_from(integer_at(&demands, row).unwrap_or(1)).unwrap_or(u32::MAX),
                        district_id: text_at(&districts, row).map(str::to_owned),
                        community_id: text_at(&communities, row).map(str::to_owned),
                        pinned: false,
                    },
                    start,
                    end,
                });
            }
        }
        if all.len() > OCCURRENCES_MAX {
            return Err(Error::TooMany {
                what: "occurrences of needs in the horizon".to_owned(),
                limit: OCCURRENCES_MAX as u64,
            });
        }
    }
    all.sort_by(|a, b| (&a.need.need_id, a.start).cmp(&(&b.need.need_id, b.start)));
    Ok(all)
}

/// The slots of all providers, sorted by (provider, start, end).
///
/// A provider without any availability is taken at their word's absence: free every day, for
/// as many tasks as they take a day, or one.
pub(super) fn slots(
    availability: &Frame,
    providers: &BTreeMap<String, Provider>,
    horizon: Horizon,
    zone: Zone,
) -> Result<Vec<Slot>> {
    let ids = availability.texts("provider_id")?;
    let (starts, ends) = (availability.times("start")?, availability.times("end")?);
    let rules = availability.texts("rrule")?;
    let capacities = availability.integers("capacity")?;
    let mut slots: BTreeMap<(String, i64, i64), i64> = BTreeMap::new();
    let mut spoken: BTreeMap<&str, ()> = BTreeMap::new();
    for row in 0..availability.rows() {
        let id = ids.value(row);
        let (Some((id, _)), Some(first), Some(end)) =
            (providers.get_key_value(id), integer_at(&starts, row), integer_at(&ends, row))
        else {
            continue;
        };
        spoken.insert(id, ());
        let length = end - first;
        let begins = match text_at(&rules, row) {
            Some(rule) => recurrence::expand(rule, first, horizon.start - length, horizon.end, zone)
                .map_err(|cause| bad_rule(id, rule, cause))?,
            None => vec![first],
        };
        let capacity = integer_at(&capacities, row).unwrap_or(1);
        for start in begins.into_iter().filter(|it| *it < horizon.end && *it + length > horizon.start) {
            // The same hours written down twice are the same hours.
            let known = slots.entry((id.clone(), start, start + length)).or_insert(0);
            *known = (*known).max(capacity);
        }
        enough(slots.len())?;
    }
    for (id, provider) in providers {
        if !spoken.contains_key(id.as_str()) {
            let capacity = provider.max_per_day.unwrap_or(1);
            for day in zone.day(horizon.start)..=zone.day(horizon.end - 1) {
                slots.insert((id.clone(), zone.day_start(day), zone.day_start(day + 1)), capacity);
            }
            enough(slots.len())?;
        }
    }
    Ok(slots
        .into_iter()
        .map(|((provider_id, start, end), capacity)| Slot {
            slot_id: format!(
                "{provider_id}@{}+{}",
                zone.format(start, "%Y%m%dT%H%M"),
                (end - start) / 60_000_000
            ),
            provider_id,
            start: start.max(horizon.start),
            end: end.min(horizon.end),
            day: zone.day(start),
            week: zone.week(start),
            capacity: capacity.max(0),
        })
        .collect())
}

fn enough(slots: usize) -> Result<()> {
    if slots > SLOTS_MAX {
        return Err(Error::TooMany { what: "slots in the horizon".to_owned(), limit: SLOTS_MAX as u64 });
    }
    Ok(())
}

fn bad_rule(what: &str, rule: &str, cause: String) -> Error {
    Error::BadRecurrence { what: what.to_owned(), rule: rule.to_owned(), cause }
}
