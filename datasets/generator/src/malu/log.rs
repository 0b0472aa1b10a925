//! What became of needs: one step after the other, each with who took it.

use chrono::{NaiveDateTime, TimeDelta, Timelike};

use crate::calendar::{at, later};
use crate::draw::Draw;
use crate::record::{Need, NeedEvent, ReturnVisit};

/// Needs that are history, the steps of all needs, the return visits.
#[derive(Default)]
pub(super) struct Log {
    pub(super) needs: Vec<Need>,
    pub(super) events: Vec<NeedEvent>,
    pub(super) visits: Vec<ReturnVisit>,
}

impl Log {
    /// Begins the course of a need that is not open any more; the need comes to the table when
    /// the course has run.
    pub(super) fn begin(&mut self, mut need: Need) -> Course<'_> {
        need.need_id = self.next_id();
        need.provenance = "synthetic";
        let clock = need.received_at;
        Course { log: self, need, clock }
    }

    /// The identity that the next need in history gets.
    pub(super) fn next_id(&self) -> String {
        format!("ml-h{:03}", self.needs.len() + 1)
    }

    /// Notes how open needs were accepted; what comes next is for a match to propose.
    pub(super) fn accept(&mut self, draw: &mut Draw, open: &[Need]) {
        for need in open {
            let mut clock = need.received_at;
            let (role, note) = if need.channel == "hotline" {
                ("owner", super::channels::on_duty(clock))
            } else {
                ("window", "")
            };
            for (kind, note) in [("received", note), ("registered", ""), ("classified", "")] {
                self.note(&need.need_id, clock, kind, role, note);
                clock += TimeDelta::seconds(draw.between(10, 40));
            }
        }
    }

    fn note(
        &mut self,
        need_id: &str,
        at: NaiveDateTime,
        kind: &'static str,
        actor_role: &'static str,
        note: &'static str,
    ) {
        self.events.push(NeedEvent {
            event_id: format!("ml-e{:04}", self.events.len() + 1),
            need_id: need_id.to_owned(),
            at,
            kind,
            actor_role,
            note,
            provenance: "synthetic",
        });
    }
}

/// One need on its way.
pub(super) struct Course<'a> {
    log: &'a mut Log,
    pub(super) need: Need,
    pub(super) clock: NaiveDateTime,
}

impl Course<'_> {
    /// Takes a step now.
    pub(super) fn step(&mut self, kind: &'static str, role: &'static str, note: &'static str) {
        self.log.note(&self.need.need_id, self.clock, kind, role, note);
    }

    /// Lets some minutes pass.
    pub(super) fn wait(&mut self, draw: &mut Draw, least_min: i64, most_min: i64) {
        self.clock += TimeDelta::seconds(draw.between(least_min * 60, most_min * 60));
    }

    /// Goes on in office hours so many days later; today only before it is evening.
    pub(super) fn office(&mut self, draw: &mut Draw, days: i64) {
        if days == 0 && (8..16).contains(&self.clock.hour()) {
            return self.wait(draw, 10, 60);
        }
        // Before the office opens it is still the day on which the night began.
        let days = if self.clock.hour() < 8 { days } else { days.max(1) };
        self.clock = at(later(self.clock.date(), days), 830) + TimeDelta::minutes(draw.between(0, 450));
    }

    /// The return visit with its answer, and what follows where the resident is not satisfied.
    pub(super) fn visit(&mut self, draw: &mut Draw, satisfied: bool, role: &'static str) {
        self.step("return_visited", role, "");
        let score = if satisfied { draw.weighted(&[(5, 3), (4, 2)]) } else { draw.between(1, 3) };
        self.log.visits.push(ReturnVisit {
            visit_id: format!("ml-r{:03}", self.log.visits.len() + 1),
            need_id: self.need.need_id.clone(),
            at: self.clock,
            satisfied,
            score,
            visitor_role: "social_worker",
            provenance: "synthetic",
        });
    }

    /// Ends the course: the need is history, with this status.
    pub(super) fn end(mut self, status: &'static str) {
        self.need.status = status;
        self.log.needs.push(self.need);
    }
}
