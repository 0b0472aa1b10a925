//! What is asked for in the week that is matched: one pattern per kind of need.

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::calendar::{at, first_monday, later, monday, weekly};
use crate::draw::Draw;
use crate::record::{Availability, Need};

/// Weights of the tiers 0 to 3 where nothing presses.
pub(crate) const CALM: [usize; 4] = [55, 32, 10, 3];
/// Weights of the tiers where somebody depends on it.
pub(crate) const PRESSING: [usize; 4] = [20, 40, 28, 12];

/// When a need can be served.
#[derive(Clone, Copy)]
pub(crate) enum When {
    /// On one of these days (Monday = 0), between two clock times.
    Once(&'static [usize], i64, i64),
    /// Every week on all of these days, between two clock times.
    Weekly(&'static [usize], i64, i64),
    /// Every week on one of these days, between two clock times.
    WeeklyOn(&'static [usize], i64, i64),
    /// At any time before it is due, that many days after the Monday.
    Before(i64),
}

/// A kind of need.
#[derive(Clone, Copy)]
pub(crate) struct Pattern {
    pub(crate) service: &'static str,
    pub(crate) rows: usize,
    pub(crate) skills: &'static [&'static str],
    /// Skills of which one is asked for on top, in a sixth of the rows.
    pub(crate) extra: &'static [&'static str],
    pub(crate) groups: &'static [(&'static str, usize)],
    pub(crate) tiers: [usize; 4],
    pub(crate) demand: (i64, i64),
    pub(crate) when: When,
    pub(crate) minutes: &'static [i64],
    pub(crate) class: &'static str,
    pub(crate) at_home: bool,
    /// Metres; 0 leaves the reach open.
    pub(crate) reach_m: i64,
}

impl Pattern {
    /// One person for half an hour, as a request for an appointment, within walking reach.
    pub(crate) const PLAIN: Self = Self {
        service: "",
        rows: 1,
        skills: &[],
        extra: &[],
        groups: &[("", 1)],
        tiers: CALM,
        demand: (1, 1),
        when: When::Before(5),
        minutes: &[30],
        class: "appointment",
        at_home: false,
        reach_m: 1200,
    };

    /// A need of this kind, still without identity and place.
    pub(crate) fn need(&self, draw: &mut Draw) -> Need {
        let mut skills = self.skills.to_vec();
        if !self.extra.is_empty() && draw.chance(16) {
            skills.push(draw.pick(self.extra));
        }
        let tiers: Vec<(i64, usize)> = (0..4).zip(self.tiers).collect();
        let (days, minutes) = (draw.between(0, 5), draw.between(0, 599));
        let mut need = Need {
            service_id: self.service,
            skills,
            tier: draw.weighted(&tiers),
            group: draw.weighted(self.groups),
            demand: draw.between(self.demand.0, self.demand.1),
            duration_min: Some(draw.pick(self.minutes)),
            class: self.class,
            status: "open",
            at_home: self.at_home,
            reach_m: (self.reach_m > 0).then_some(self.reach_m),
            provenance: "synthetic",
            ..Need::default()
        };
        let begins = self.when.set(&mut need, draw);
        // Asked for in office hours of the week before it begins.
        need.received_at = at(later(begins, days - 7), 800) + TimeDelta::minutes(minutes);
        need
    }
}

impl When {
    /// Sets the times of a need; returns the Monday of the week in which it begins.
    fn set(self, need: &mut Need, draw: &mut Draw) -> NaiveDate {
        let mut begins = monday();
        match self {
            Self::Once(days, from, to) => {
                window(need, later(monday(), draw.pick(days) as i64), from, to);
                let slack = draw.between(0, 2);
                need.due_at = need.window_end.map(|end| at(later(end.date(), slack), 2400));
            }
            Self::Weekly(days, from, to) => {
                begins = since(draw);
                window(need, later(begins, days[0] as i64), from, to);
                need.rrule = weekly(days);
            }
            Self::WeeklyOn(days, from, to) => {
                let day = draw.pick(days);
                begins = since(draw);
                window(need, later(begins, day as i64), from, to);
                need.rrule = weekly(&[day]);
            }
            Self::Before(days) => {
                need.due_at = Some(at(later(monday(), days - draw.between(0, 2)), 1800));
            }
        }
        begins
    }
}

fn window(need: &mut Need, day: NaiveDate, from: i64, to: i64) {
    need.window_start = Some(at(day, from));
    need.window_end = Some(at(day, to));
}

/// The Monday on which a recurring need began: this one, or an earlier one.
fn since(draw: &mut Draw) -> NaiveDate {
    if draw.chance(50) { monday() } else { first_monday() }
}

/// Makes a need one for one volunteer, in a stretch in which that one is free.
pub(crate) fn meet(need: &mut Need, slot: &Availability) {
    let weekday = slot.start.date().weekday().num_days_from_monday();
    let date: NaiveDate = later(monday(), i64::from(weekday));
    need.window_start = Some(date.and_time(slot.start.time()));
    need.window_end = Some(date.and_time(slot.end.time()));
    need.due_at = need.window_end;
    need.reach_m = None;
    need.demand = 1;
}
