//! What became of needs: their events and the return visits. Open needs are classified and go no
//! further; those of the month before have run their course.
//!
//! ```text
//! received → registered → classified ─┬─▶ answered_immediately ──────────────┐
//!                                     └─▶ [split] dispatched → accepted →    │
//!                                         in_progress → done → replied ──────┤
//!                       closed ◀── [return_visited → evaluated] ◀────────────┘
//! ```
//!
//! Aside: withdrawn, merged, transferred, waiting_resident, reopened, unresolved.

use chrono::{NaiveDateTime, TimeDelta, Timelike};

use crate::calendar::{at, later, month};
use crate::draw::Draw;
use crate::record::{Need, NeedEvent, ReturnVisit};

/// Days after the first of the month until which a shift may be put off: what is done in the
/// evening is followed up on the next day, and the history ends with the month.
const LAST_SHIFT: i64 = 27;

/// How well a place does, in percent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    /// Consultations and appointments answered within five minutes.
    pub(crate) prompt: i64,
    /// Needs that end well.
    pub(crate) completed: i64,
    /// Closed needs that are followed by a return visit.
    pub(crate) visited: i64,
    /// Residents who say they are satisfied.
    pub(crate) satisfied: i64,
    /// Needs handed over that wait five to nine days before anybody begins.
    pub(crate) slow: i64,
}

/// Who takes which step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Roles {
    pub(crate) desk: &'static str,
    pub(crate) dispatcher: &'static str,
    pub(crate) server: &'static str,
    pub(crate) visitor: &'static str,
}

/// The history of one case.
pub(crate) struct History {
    prefix: &'static str,
    digits: usize,
    pub(crate) needs: Vec<Need>,
    pub(crate) events: Vec<NeedEvent>,
    pub(crate) visits: Vec<ReturnVisit>,
}

impl History {
    pub(crate) const fn new(prefix: &'static str, digits: usize) -> Self {
        Self { prefix, digits, needs: vec![], events: vec![], visits: vec![] }
    }

    /// Lets a need run its course from `received_at` on. Identity and status are set here.
    pub(crate) fn add(&mut self, draw: &mut Draw, mut need: Need, habits: Habits, roles: Roles) {
        let (prefix, digits) = (self.prefix, self.digits);
        need.need_id = format!("{prefix}-h{:0digits$}", self.needs.len() + 1);
        let (need_id, clock) = (need.need_id.clone(), need.received_at);
        let mut course = Course { history: self, need_id, clock, habits, roles };
        need.status = course.run(draw, need.class);
        need.provenance = "synthetic";
        self.needs.push(need);
    }

    /// Notes how open needs were accepted; what comes next is for a match to propose.
    pub(crate) fn accept(&mut self, draw: &mut Draw, open: &[Need], desk: &'static str) {
        for need in open {
            let mut clock = need.received_at;
            for kind in ["received", "registered", "classified"] {
                self.note(&need.need_id, clock, kind, desk);
                clock += TimeDelta::seconds(draw.between(10, 40));
            }
        }
    }

    fn note(&mut self, need_id: &str, at: NaiveDateTime, kind: &'static str, actor_role: &'static str) {
        let (prefix, digits) = (self.prefix, self.digits + 1);
        self.events.push(NeedEvent {
            event_id: format!("{prefix}-e{:0digits$}", self.events.len() + 1),
            need_id: need_id.to_owned(),
            at,
            kind,
            actor_role,
            note: "",
            provenance: "synthetic",
        });
    }
}

/// A time within the first three weeks of the month, in office hours.
pub(crate) fn received(draw: &mut Draw) -> NaiveDateTime {
    let minute = TimeDelta::minutes(draw.between(0, 599));
    at(later(month(), draw.between(0, 21)), 830) + minute + TimeDelta::seconds(draw.between(0, 59))
}

/// One need on its way.
struct Course<'a> {
    history: &'a mut History,
    need_id: String,
    clock: NaiveDateTime,
    habits: Habits,
    roles: Roles,
}

impl Course<'_> {
    fn run(&mut self, draw: &mut Draw, class: &str) -> &'static str {
        let desk = self.roles.desk;
        self.note("received", desk);
        self.wait(draw, 10, 40);
        self.note("registered", desk);
        if draw.chance(2) {
            self.wait(draw, 3600, 40_000);
            self.note("withdrawn", "resident");
            return "withdrawn";
        }
        self.wait(draw, 10, 30);
        self.note("classified", desk);
        if draw.chance(1) {
            self.wait(draw, 600, 3600);
            self.note("merged", desk);
            return "merged";
        }
        let quick = matches!(class, "consultation" | "appointment");
        let prompt = quick && draw.chance(self.habits.prompt);
        if prompt {
            self.wait(draw, 20, 180);
            self.note("answered_immediately", desk);
        } else if quick && draw.chance(50) {
            self.wait(draw, 300, 5400);
            self.note("answered_immediately", desk);
        } else {
            self.hand_over(draw);
            if !self.serve(draw) {
                return "unresolved";
            }
        }
        self.follow_up(draw);
        "closed"
    }

    fn hand_over(&mut self, draw: &mut Draw) {
        let dispatcher = self.roles.dispatcher;
        if draw.chance(3) {
            self.wait(draw, 600, 3600);
            self.note("transferred", dispatcher);
        }
        if draw.chance(3) {
            self.wait(draw, 60, 600);
            self.note("split", dispatcher);
        }
        self.wait(draw, 120, 3000);
        self.note("dispatched", dispatcher);
    }

    /// True if the need was served; otherwise it was left unresolved, but not without reply.
    fn serve(&mut self, draw: &mut Draw) -> bool {
        let Roles { desk, server, .. } = self.roles;
        self.wait(draw, 600, 9000);
        self.note("accepted", server);
        if draw.chance(4) {
            self.wait(draw, 600, 3600);
            self.note("waiting_resident", server);
        }
        let (least, most) = if draw.chance(self.habits.slow) { (5, 9) } else { (0, 3) };
        self.next_shift(draw, least, most);
        self.note("in_progress", server);
        self.wait(draw, 1800, 9000);
        if !draw.chance(self.habits.completed) {
            self.note("unresolved", server);
            self.wait(draw, 300, 3600);
            self.note("replied", desk);
            return false;
        }
        self.note("done", server);
        self.wait(draw, 120, 3000);
        self.note("replied", desk);
        true
    }

    fn follow_up(&mut self, draw: &mut Draw) {
        let Roles { desk, server, visitor, .. } = self.roles;
        if draw.chance(self.habits.visited) {
            self.next_shift(draw, 1, 2);
            let satisfied = draw.chance(self.habits.satisfied);
            self.visit(draw, satisfied);
            if !satisfied && draw.chance(25) {
                self.wait(draw, 600, 3600);
                self.note("reopened", visitor);
                for step in ["in_progress", "done"] {
                    self.wait(draw, 1800, 9000);
                    self.note(step, server);
                }
                self.wait(draw, 120, 1800);
                self.note("replied", desk);
            } else {
                self.wait(draw, 60, 900);
                self.note("evaluated", visitor);
            }
        }
        self.wait(draw, 60, 1800);
        self.note("closed", desk);
    }

    fn visit(&mut self, draw: &mut Draw, satisfied: bool) {
        let visitor = self.roles.visitor;
        self.note("return_visited", visitor);
        let score = if satisfied { draw.weighted(&[(5, 3), (4, 2)]) } else { draw.between(1, 3) };
        let (prefix, digits) = (self.history.prefix, self.history.digits);
        self.history.visits.push(ReturnVisit {
            visit_id: format!("{prefix}-r{:0digits$}", self.history.visits.len() + 1),
            need_id: self.need_id.clone(),
            at: self.clock,
            satisfied,
            score,
            visitor_role: visitor,
            provenance: "synthetic",
        });
    }

    fn note(&mut self, kind: &'static str, actor_role: &'static str) {
        self.history.note(&self.need_id, self.clock, kind, actor_role);
    }

    fn wait(&mut self, draw: &mut Draw, least_s: i64, most_s: i64) {
        self.clock += TimeDelta::seconds(draw.between(least_s, most_s));
    }

    /// Goes on in office hours, so many days later, or as many as [`LAST_SHIFT`] leaves; the
    /// same day only before it is evening.
    fn next_shift(&mut self, draw: &mut Draw, least: i64, most: i64) {
        let left = (later(month(), LAST_SHIFT) - self.clock.date()).num_days();
        let days = draw.between(least, most).min(left);
        if days > 0 || self.clock.hour() >= 16 {
            let day = later(self.clock.date(), days.max(1));
            self.clock = at(day, 830) + TimeDelta::minutes(draw.between(0, 420));
        } else {
            self.wait(draw, 600, 7200);
        }
    }
}
