//! The hard rules, written once more over the rows of a case: who fails which for a need.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};

use crate::{Row, Tables, plan};

/// From, and until.
type Span = (NaiveDateTime, NaiveDateTime);

/// A volunteer or a merchant.
struct Provider<'a> {
    id: &'a str,
    merchant: bool,
    skills: Vec<&'a str>,
    active: bool,
    consent: bool,
    home_visit: bool,
    valid_to: Option<NaiveDate>,
    place: (f64, f64),
    slots: Vec<Span>,
}

/// Everybody who could serve in the week that is matched.
pub(crate) struct Week<'a> {
    providers: Vec<Provider<'a>>,
    offers: BTreeMap<(&'a str, &'a str), Vec<&'a Row>>,
    kinds: BTreeMap<&'a str, &'a str>,
    /// The midnight with which the week begins.
    monday: NaiveDateTime,
}

impl<'a> Week<'a> {
    pub(crate) fn of(tables: &'a Tables) -> Self {
        let monday = time(&plan(tables, "from"));
        let mut free: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
        for row in &tables["availability"] {
            let slots = occurrences((time(&row["start"]), time(&row["end"])), &row["rrule"], monday);
            free.entry(&row["provider_id"]).or_default().extend(slots);
        }
        let mut providers: Vec<Provider> = tables["volunteer"].iter().map(volunteer).collect();
        let mut offers: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
        if let (Some(merchants), Some(all)) = (tables.get("merchant"), tables.get("offer")) {
            providers.extend(merchants.iter().map(merchant));
            for row in all {
                offers.entry((&row["merchant_id"], &row["service_id"])).or_default().push(row);
            }
        }
        for it in &mut providers {
            // Who has no hours on file is free at any time.
            it.slots = free.remove(it.id).unwrap_or_else(|| vec![(monday, monday + TimeDelta::days(7))]);
        }
        let kind = |row: &'a Row| (row["service_id"].as_str(), row["provider_kind"].as_str());
        Self { providers, offers, kinds: tables["service"].iter().map(kind).collect(), monday }
    }

    /// What each provider fails for a need; nothing where the two go together.
    pub(crate) fn failures(&self, need: &Row) -> Vec<(&'a str, Vec<&'static str>)> {
        let windows = windows(need, self.monday);
        self.providers.iter().map(|it| (it.id, self.fails(need, &windows, it))).collect()
    }

    /// What one provider fails for a need; `None` where the case has no such provider.
    pub(crate) fn failures_of(&self, need: &Row, provider: &str) -> Option<Vec<&'static str>> {
        let it = self.providers.iter().find(|it| it.id == provider)?;
        Some(self.fails(need, &windows(need, self.monday), it))
    }

    fn fails(&self, need: &Row, windows: &[Span], it: &Provider) -> Vec<&'static str> {
        let day = windows[0].0.date();
        let kind = self.kinds[need["service_id"].as_str()];
        let reach_m: Option<f64> = need["reach_m"].parse().ok();
        let length = TimeDelta::minutes(need["duration_min"].parse().expect("minutes"));
        let fits = |slot: &&Span| windows.iter().any(|it| it.1.min(slot.1) - it.0.max(slot.0) >= length);
        let slots: Vec<&Span> = it.slots.iter().filter(fits).collect();
        let valid = |day: NaiveDate| it.valid_to.is_none_or(|last| day <= last);
        let rules = [
            ("kind", kind == "any" || it.merchant == (kind == "merchant")),
            ("offer", !it.merchant || self.offered(need, it.id, day)),
            ("skills", it.merchant || list(&need["skills"]).all(|skill| it.skills.contains(&skill))),
            ("standing", it.active),
            ("consent", it.consent),
            ("home", need["at_home"] != "true" || it.home_visit),
            ("reach", reach_m.is_none_or(|most| apart_m(place(need), it.place) <= most)),
            ("window", !slots.is_empty()),
            (
                "licence",
                if slots.is_empty() { valid(day) } else { slots.iter().any(|it| valid(it.0.date())) },
            ),
        ];
        rules.into_iter().filter(|it| !it.1).map(|it| it.0).collect()
    }

    /// Whether the merchant offers the service to this resident on the day.
    fn offered(&self, need: &Row, merchant: &str, day: NaiveDate) -> bool {
        let offers = self.offers.get(&(merchant, need["service_id"].as_str()));
        offers.into_iter().flatten().any(|it| {
            (it["audience"] == "all" || it["audience"] == need["group"])
                && date(&it["valid_from"]).is_none_or(|first| first <= day)
                && date(&it["valid_to"]).is_none_or(|last| day <= last)
        })
    }
}

fn volunteer(row: &Row) -> Provider<'_> {
    Provider {
        id: &row["volunteer_id"],
        merchant: false,
        skills: list(&row["skills"]).collect(),
        active: row["status"] == "active",
        consent: row["consent"] == "true",
        home_visit: true,
        valid_to: date(&row["credential_valid_to"]),
        place: place(row),
        slots: Vec::new(),
    }
}

fn merchant(row: &Row) -> Provider<'_> {
    Provider {
        id: &row["merchant_id"],
        merchant: true,
        skills: Vec::new(),
        active: row["plate_status"] == "valid",
        consent: true,
        home_visit: row["home_visit"] == "true",
        valid_to: date(&row["licence_valid_to"]),
        place: place(row),
        slots: Vec::new(),
    }
}

/// The stretches in which a need can be served; without a window, any time until it is due.
fn windows(need: &Row, monday: NaiveDateTime) -> Vec<Span> {
    if need["window_start"].is_empty() {
        return vec![(monday, time(&need["due_at"]))];
    }
    occurrences((time(&need["window_start"]), time(&need["window_end"])), &need["rrule"], monday)
}

/// What a stretch that may recur is in the week.
fn occurrences((start, end): Span, rule: &str, monday: NaiveDateTime) -> Vec<Span> {
    if rule.is_empty() {
        return vec![(start, end)];
    }
    let days = (0..7).map(|it| (monday + TimeDelta::days(it)).date());
    let begins =
        days.filter(|it| *it >= start.date() && recurs(rule, *it)).map(|it| it.and_time(start.time()));
    begins.map(|it| (it, it + (end - start))).collect()
}

/// Whether a rule has an occurrence on a day.
pub(crate) fn recurs(rule: &str, day: NaiveDate) -> bool {
    const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let name = DAYS[day.weekday().num_days_from_monday() as usize];
    rule == "FREQ=DAILY"
        || rule.strip_prefix("FREQ=WEEKLY;BYDAY=").is_some_and(|it| it.split(',').any(|day| day == name))
}

/// The instant that a cell holds, in local time.
pub(crate) fn time(cell: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(cell, "%Y-%m-%dT%H:%M:%S+08:00").expect("a time")
}

fn date(cell: &str) -> Option<NaiveDate> {
    (!cell.is_empty()).then(|| cell.parse().expect("a day"))
}

fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').filter(|it| !it.is_empty())
}

fn place(row: &Row) -> (f64, f64) {
    let degrees = |column: &str| row[column].parse::<f64>().expect("degrees");
    (degrees("lon"), degrees("lat"))
}

/// How far two places are apart, in metres: good to a few in a thousand within a city.
fn apart_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    let east = (a.0 - b.0) * a.1.to_radians().cos();
    111_195.0 * east.hypot(a.1 - b.1)
}
