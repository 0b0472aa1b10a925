//! Needs and availability, which may recur, laid out over a horizon.

mod hours;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use hours::Hours;

use super::recurrence;
use super::{Horizon, Need, Provider, Slot};
use crate::frame::{Frame, integer_at, text_at};
use crate::zone::{DAY_US, Zone};
use crate::{Error, Result};

/// More than this in one run is a horizon chosen by mistake, or work for more machines.
const OCCURRENCES_MAX: usize = 2_000_000;
const SLOTS_MAX: usize = 20_000_000;

/// More hands than this for one need are a slip of the pen.
const DEMAND_MAX: u32 = 100_000;

/// A need as `need.sql` returns it, with the times of one occurrence.
#[derive(Debug, Clone)]
pub(super) struct Occurrence {
    /// The row of `need.sql`'s result.
    pub row: usize,
    /// Who it is and what is left of its demand.
    pub need: Need,
    /// Whether the need has other occurrences, in this horizon or another.
    pub recurs: bool,
    /// When the need's occurrences begin, sorted: those of the horizon and those around it, as
    /// far as their windows could overlap one of these or begin on the same day. Empty where it
    /// does not recur.
    pub known: Arc<[i64]>,
    /// When help may begin, and by when it must have ended.
    pub start: i64,
    pub end: i64,
    /// Providers fixed for it, providers ruled out, providers who serve it already.
    pub must: Vec<String>,
    pub never: Vec<String>,
    pub holders: Vec<String>,
}

impl Occurrence {
    /// Notes who serves it already; one provider is one unit, however often it was promised.
    pub(super) fn hold(&mut self, provider: &str) {
        if !self.holders.iter().any(|it| it == provider) {
            self.holders.push(provider.to_owned());
        }
    }
}

/// The needs of one horizon, one entry per occurrence, sorted by (need, start), and how many
/// needs have no occurrence in it.
///
/// **Errors.** [`Error::BadRecurrence`]; [`Error::Over`] for a demand or a number of occurrences
/// beyond all measure.
pub(super) fn occurrences(needs: &Frame, horizon: Horizon, zone: Zone) -> Result<(Vec<Occurrence>, u64)> {
    let ids = needs.texts("need_id")?;
    let rules = needs.texts("rrule")?;
    let (starts, ends) = (needs.times("window_start")?, needs.times("window_end")?);
    let due = needs.times("due_at")?;
    let (tiers, demands) = (needs.integers("tier")?, needs.integers("demand")?);
    let (districts, communities) = (needs.texts("district_id")?, needs.texts("community_id")?);
    let (mut all, mut outside) = (Vec::new(), 0);
    for row in 0..needs.rows() {
        let id = ids.value(row);
        let first = integer_at(&starts, row);
        let end = integer_at(&ends, row).or_else(|| integer_at(&due, row));
        // Without a first occurrence there is nothing to repeat.
        let rule = text_at(&rules, row).filter(|_| first.is_some());
        let (windows, known) = windows(first, end, rule, horizon, zone)
            .map_err(|cause| bad_rule(id, rule.unwrap_or_default(), cause))?;
        let demand = demand(id, integer_at(&demands, row).unwrap_or(1))?;
        let known: Arc<[i64]> = Arc::from(known);
        outside += u64::from(windows.is_empty());
        all.extend(windows.into_iter().map(|it| Occurrence {
            row,
            need: Need {
                need_id: id.to_owned(),
                occurrence_start: it.start,
                tier: u8::try_from(integer_at(&tiers, row).unwrap_or(0)).unwrap_or(0).min(3),
                demand,
                district_id: text_at(&districts, row).map(str::to_owned),
                community_id: text_at(&communities, row).map(str::to_owned),
                pinned: false,
            },
            recurs: rule.is_some(),
            known: Arc::clone(&known),
            start: it.start,
            end: it.end,
            must: Vec::new(),
            never: Vec::new(),
            holders: Vec::new(),
        }));
        if all.len() > OCCURRENCES_MAX {
            let within = stretch(horizon.start..horizon.end, zone);
            let (en, zh) = (format!("occurrences of needs in {within}"), format!("{within} 内的需求次数"));
            return Err(Error::over(en, zh, OCCURRENCES_MAX as u64));
        }
    }
    all.sort_by(|a, b| (&a.need.need_id, a.start).cmp(&(&b.need.need_id, b.start)));
    Ok((all, outside))
}

/// The windows of one need that lie in the horizon, and, where it recurs, when the windows in
/// and around the horizon begin.
fn windows(
    first: Option<i64>,
    end: Option<i64>,
    rule: Option<&str>,
    horizon: Horizon,
    zone: Zone,
) -> Result<(Vec<Range<i64>>, Vec<i64>), String> {
    let (mut windows, known): (Vec<Range<i64>>, Vec<i64>) = match (rule, first) {
        (Some(rule), Some(first)) => {
            let length = end.map_or(DAY_US, |it| (it - first).max(0));
            // What is under way when the horizon begins is still to be served; what lies a
            // window or a day further off may be what a promise was made for.
            let (from, to) = (horizon.start - 2 * length - DAY_US, horizon.end + length + DAY_US);
            let starts = recurrence::expand(rule, first, from, to, zone)?;
            (starts.iter().map(|it| *it..it + length).collect(), starts)
        }
        // A need without a window may be met at any time of the horizon.
        _ => {
            let window = first.unwrap_or(horizon.start)..end.unwrap_or(horizon.end);
            (vec![window], Vec::new())
        }
    };
    windows.retain(|it| horizon.overlaps(it.start, it.end));
    Ok((windows, known))
}

fn demand(need: &str, demand: i64) -> Result<u32> {
    let found = u32::try_from(demand).ok().filter(|it| *it <= DEMAND_MAX);
    found.ok_or_else(|| {
        Error::over(format!("demand of need {need}"), format!("需求 {need} 的所需人数"), DEMAND_MAX.into())
    })
}

/// The slots of all providers, sorted by (provider, start, end), each provider's as far as they
/// overlap the stretch of time that is wanted for them. No two of one provider overlap.
///
/// Hours that overlap share their time: see [`hours::slots`]. A stretch longer than a day is cut
/// at local midnights; a shorter one belongs to the day on which it begins. A provider without
/// any availability is taken at their word's absence: free every day, for as many tasks as they
/// take a day, or one.
///
/// **Errors.** [`Error::BadRecurrence`]; [`Error::Over`].
pub(super) fn slots(
    availability: &Frame,
    providers: &BTreeMap<String, Provider>,
    wanted: impl Fn(&str) -> Range<i64>,
    zone: Zone,
) -> Result<Vec<Slot>> {
    let mut told = told(availability, providers, &wanted, zone)?;
    let mut slots = Vec::new();
    for (id, provider) in providers {
        let wanted = wanted(id);
        if let Some(hours) = told.remove(id.as_str()) {
            slots.extend(hours::slots(id, hours, &wanted, zone));
        } else {
            let capacity = provider.max_per_day.unwrap_or(1);
            let days = zone.day(wanted.start)..=zone.day(wanted.end - 1);
            slots.extend(days.map(|day| {
                let (start, end) = (zone.day_start(day), zone.day_start(day + 1));
                hours::slot(id, Hours { start, end, capacity }, zone)
            }));
        }
        enough(slots.len(), wanted, zone)?;
    }
    Ok(slots)
}

/// A slot as its provider's own would be called.
pub(super) fn slot(provider: &str, start: i64, end: i64, capacity: i64, zone: Zone) -> Slot {
    hours::slot(provider, Hours { start, end, capacity }, zone)
}

/// The hours that providers tell, as far as they decide about the slots that are wanted. Who
/// tells any has an entry, if an empty one.
fn told<'a>(
    availability: &Frame,
    providers: &'a BTreeMap<String, Provider>,
    wanted: &impl Fn(&str) -> Range<i64>,
    zone: Zone,
) -> Result<BTreeMap<&'a str, Vec<Hours>>> {
    let ids = availability.texts("provider_id")?;
    let (starts, ends) = (availability.times("start")?, availability.times("end")?);
    let rules = availability.texts("rrule")?;
    let capacities = availability.integers("capacity")?;
    let (mut told, mut count): (BTreeMap<&str, Vec<Hours>>, usize) = (BTreeMap::new(), 0);
    for row in 0..availability.rows() {
        let (Some((id, _)), Some(first), Some(end)) =
            (providers.get_key_value(ids.value(row)), integer_at(&starts, row), integer_at(&ends, row))
        else {
            continue;
        };
        let own = told.entry(id.as_str()).or_default();
        let (wanted, length) = (wanted(id), end - first);
        let within = hours::around(&wanted);
        let begins = match text_at(&rules, row) {
            Some(rule) => recurrence::expand(rule, first, within.start - length, within.end, zone)
                .map_err(|cause| bad_rule(id, rule, cause))?,
            None => vec![first],
        };
        let capacity = integer_at(&capacities, row).unwrap_or(1);
        let before = own.len();
        own.extend(
            begins
                .into_iter()
                .map(|start| Hours { start, end: start + length, capacity })
                .filter(|it| it.start < it.end && it.start < within.end && it.end > within.start),
        );
        count += own.len() - before;
        enough(count, wanted, zone)?;
    }
    Ok(told)
}

fn enough(slots: usize, within: Range<i64>, zone: Zone) -> Result<()> {
    if slots > SLOTS_MAX {
        let within = stretch(within, zone);
        let (en, zh) = (format!("slots of providers in {within}"), format!("{within} 内的服务时段"));
        return Err(Error::over(en, zh, SLOTS_MAX as u64));
    }
    Ok(())
}

/// A stretch of time as ISO 8601 writes it: what to shorten, with `from` and `to`.
fn stretch(within: Range<i64>, zone: Zone) -> String {
    format!("{}/{}", zone.rfc3339(within.start), zone.rfc3339(within.end))
}

fn bad_rule(what: &str, rule: &str, cause: String) -> Error {
    Error::BadRecurrence { what: what.to_owned(), rule: rule.to_owned(), cause }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{
        ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    };

    use super::*;

    fn zone() -> Zone {
        Zone::parse("+08:00")
    }

    fn at(text: &str) -> i64 {
        zone().instant(text).expect("a time")
    }

    fn texts(texts: &[&str]) -> ArrayRef {
        Arc::new(texts.iter().map(|it| (!it.is_empty()).then_some(*it)).collect::<StringArray>())
    }

    fn times(texts: &[&str]) -> ArrayRef {
        let times = texts.iter().map(|it| (!it.is_empty()).then(|| at(it)));
        Arc::new(times.collect::<TimestampMicrosecondArray>())
    }

    fn frame(columns: Vec<(&str, ArrayRef)>) -> Frame {
        let batch = RecordBatch::try_from_iter(columns).expect("a batch");
        Frame::new(&batch.schema(), std::slice::from_ref(&batch)).expect("a frame")
    }

    /// A week from Monday.
    fn week() -> Horizon {
        Horizon { as_of: at("2024-03-04"), start: at("2024-03-04"), end: at("2024-03-11") }
    }

    /// need_id, window_start, window_end, due_at, rrule.
    fn needs(rows: &[[&str; 5]], demand: i64) -> Frame {
        let column = |index: usize| rows.iter().map(|it| it[index]).collect::<Vec<_>>();
        let none = vec![""; rows.len()];
        let numbers = |it: i64| -> ArrayRef { Arc::new(Int64Array::from(vec![it; rows.len()])) };
        frame(vec![
            ("need_id", texts(&column(0))),
            ("window_start", times(&column(1))),
            ("window_end", times(&column(2))),
            ("due_at", times(&column(3))),
            ("rrule", texts(&column(4))),
            ("tier", numbers(1)),
            ("demand", numbers(demand)),
            ("district_id", texts(&none)),
            ("community_id", texts(&none)),
        ])
    }

    fn windows_of(rows: &[[&str; 5]]) -> (Vec<String>, u64) {
        let (found, outside) = occurrences(&needs(rows, 1), week(), zone()).expect("occurrences");
        let shown = |it: &Occurrence| {
            let (start, end) = (zone().format(it.start, "%d %H:%M"), zone().format(it.end, "%d %H:%M"));
            format!("{} {start} {end}", it.need.need_id)
        };
        (found.iter().map(shown).collect(), outside)
    }

    /// provider_id, start, end, rrule; capacity 2. Start, end, day and id of each slot.
    fn slots_of(rows: &[[&str; 4]]) -> Vec<String> {
        let column = |index: usize| rows.iter().map(|it| it[index]).collect::<Vec<_>>();
        let capacities: ArrayRef = Arc::new(Int64Array::from(vec![2; rows.len()]));
        let availability = frame(vec![
            ("provider_id", texts(&column(0))),
            ("start", times(&column(1))),
            ("end", times(&column(2))),
            ("rrule", texts(&column(3))),
            ("capacity", capacities),
        ]);
        let provider = Provider { max_per_day: None, max_per_week: None };
        let providers = rows.iter().map(|it| (it[0].to_owned(), provider.clone())).collect();
        let wanted = |_: &str| week().start..week().end;
        let found = slots(&availability, &providers, wanted, zone()).expect("slots");
        let shown = |it: &Slot| {
            assert_eq!((it.capacity, it.week), (2, zone().week(it.start)));
            format!("{} {}", it.slot_id, zone().format(zone().day_start(it.day), "%d"))
        };
        found.iter().map(shown).collect()
    }

    #[test]
    fn a_stretch_longer_than_a_day_is_cut_at_local_midnights() {
        assert_eq!(
            slots_of(&[["v1", "2024-03-05T08:00", "2024-03-07T18:00", ""]]),
            ["v1@20240305T0800+960 05", "v1@20240306T0000+1440 06", "v1@20240307T0000+1080 07"]
        );
        // Only what lies in the horizon, however long it is.
        let long = slots_of(&[["v1", "2020-01-01T08:00", "2024-03-05T18:00", ""]]);
        assert_eq!(long, ["v1@20240304T0000+1440 04", "v1@20240305T0000+1080 05"]);
    }

    #[test]
    fn a_shorter_stretch_belongs_to_the_day_on_which_it_begins() {
        assert_eq!(
            slots_of(&[["v1", "2024-03-05T22:00", "2024-03-06T06:00", ""]]),
            ["v1@20240305T2200+480 05"]
        );
        assert_eq!(
            slots_of(&[["v1", "2024-03-05T12:00", "2024-03-06T12:00", ""]]),
            ["v1@20240305T1200+1440 05"]
        );
        // One that began the evening before reaches into the horizon.
        let recurring = ["v1", "2024-02-01T22:00", "2024-02-02T06:00", "FREQ=WEEKLY;BYDAY=SU,TU"];
        assert_eq!(
            slots_of(&[recurring]),
            ["v1@20240303T2200+480 03", "v1@20240305T2200+480 05", "v1@20240310T2200+480 10"]
        );
    }

    #[test]
    fn slots_of_other_hours_have_other_ids_and_the_same_hours_one() {
        assert_eq!(
            slots_of(&[
                ["v1", "2024-03-05T08:00:00", "2024-03-05T09:00:00", ""],
                ["v1", "2024-03-05T09:00:30", "2024-03-05T10:00:30", ""],
                ["v2", "2024-03-05T08:00:00", "2024-03-05T09:00:30", ""],
                ["v1", "2024-03-05T08:00", "2024-03-05T09:00", "FREQ=DAILY;COUNT=1"],
            ]),
            ["v1@20240305T0800+60 05", "v1@20240305T090030+60 05", "v2@20240305T0800+3630s 05"]
        );
    }

    #[test]
    fn hours_of_rows_that_overlap_share_their_time_on_every_day_on_which_they_do() {
        assert_eq!(
            slots_of(&[
                ["v1", "2024-03-05T08:00", "2024-03-05T12:00", ""],
                ["v1", "2024-03-04T11:00", "2024-03-04T13:00", "FREQ=DAILY;COUNT=2"],
                ["v2", "2024-03-05T09:00", "2024-03-05T10:00", ""],
            ]),
            [
                "v1@20240304T1100+120 04",
                "v1@20240305T0800+240 05",
                "v1@20240305T1200+60 05",
                "v2@20240305T0900+60 05"
            ]
        );
    }

    #[test]
    fn a_stretch_that_ends_before_it_begins_holds_nothing() {
        assert!(slots_of(&[["v1", "2024-03-05T09:00", "2024-03-05T08:00", ""]]).is_empty());
    }

    #[test]
    fn an_occurrence_under_way_when_the_horizon_begins_is_kept() {
        let night = "2024-02-01T22:00";
        let (found, outside) = windows_of(&[
            ["n1", night, "2024-02-02T06:00", "", "FREQ=WEEKLY;BYDAY=SU"],
            ["n2", "2024-03-03T22:00", "2024-03-04T06:00", "", ""],
            ["n3", "2024-03-03T20:00", "2024-03-04T00:00", "", ""],
        ]);
        assert_eq!(found, ["n1 03 22:00 04 06:00", "n1 10 22:00 11 06:00", "n2 03 22:00 04 06:00"]);
        assert_eq!(outside, 1, "n3 is over when the horizon begins");
    }

    #[test]
    fn a_need_without_a_window_takes_the_horizon_up_to_its_due_time() {
        let (found, outside) = windows_of(&[
            ["n1", "", "", "", ""],
            ["n2", "", "", "2024-03-06T12:00", ""],
            ["n3", "", "", "2024-03-04", ""],
            ["n4", "2024-03-11", "", "", ""],
            ["n5", "", "", "", "FREQ=DAILY"],
        ]);
        assert_eq!(found, ["n1 04 00:00 11 00:00", "n2 04 00:00 06 12:00", "n5 04 00:00 11 00:00"]);
        assert_eq!(outside, 2, "n3 was due and n4 has not begun");
    }

    #[test]
    fn a_demand_beyond_all_measure_is_refused_by_name() {
        let frame = needs(&[["n7", "", "", "", ""]], 5_000_000_000);
        let error = occurrences(&frame, week(), zone()).expect_err("too many hands");
        assert_eq!(error.to_string(), "demand of need n7: more than 100000");
    }
}
