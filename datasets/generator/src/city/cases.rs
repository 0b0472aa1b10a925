//! Cases: needs of the month before, each with its events and the return visit.
//!
//! ```text
//! received → registered → classified ─┬─▶ answered_immediately ───────────┐
//!                                     └─▶ dispatched → accepted →         │
//!                                         in_progress → done → replied ───┤
//!                       closed ◀── [return_visited → evaluated] ◀─────────┘
//! ```
//!
//! Aside: withdrawn, merged, unresolved.

use crate::draw::Draw;

use super::places::{community_id, district_id};
use super::plan::Plan;
use super::sheet::{Sheet, Value};
use super::time::{DAYS, MONDAY};

pub(super) const TIERS: [(i64, usize); 4] = [(0, 55), (1, 28), (2, 12), (3, 5)];
pub(super) const CHANNELS: [(&str, usize); 6] =
    [("hotline", 50), ("window", 18), ("wechat", 14), ("phone", 9), ("visit", 6), ("sms", 3)];
pub(super) const GROUPS: [(&str, usize); 7] = [
    ("", 46),
    ("elderly", 22),
    ("lonely_elder", 9),
    ("low_income", 9),
    ("disabled", 6),
    ("minor", 5),
    ("laid_off", 3),
];

/// Calls by the hour of the day: mornings and early afternoons, hardly any at night.
const HOURS: [(i64, usize); 24] = [
    (0, 2),
    (1, 1),
    (2, 1),
    (3, 1),
    (4, 1),
    (5, 2),
    (6, 4),
    (7, 14),
    (8, 60),
    (9, 95),
    (10, 88),
    (11, 60),
    (12, 28),
    (13, 34),
    (14, 72),
    (15, 75),
    (16, 60),
    (17, 38),
    (18, 22),
    (19, 20),
    (20, 16),
    (21, 11),
    (22, 6),
    (23, 3),
];
/// Calls by the day of the week, from Monday: what waited over Sunday comes on Monday.
const WEEKDAYS: [usize; 7] = [20, 17, 16, 15, 14, 10, 8];

const SERVICES: [((&str, &str), usize); 8] = [
    (("policy_advice", "consultation"), 24),
    (("legal_advice", "consultation"), 12),
    (("hospital_escort", "appointment"), 14),
    (("elder_visit", "appointment"), 14),
    (("appliance_repair", "problem"), 14),
    (("housework", "problem"), 10),
    (("mediation", "problem"), 7),
    (("sanitation", "problem"), 5),
];

/// When a call came, in seconds since 1970 UTC: in the so many days from `first` days after the
/// first Monday on.
pub(super) fn received(draw: &mut Draw, first: i64, days: i64) -> i64 {
    let weights: Vec<(i64, usize)> =
        (first..first + days).map(|day| (day, WEEKDAYS[day.rem_euclid(7) as usize])).collect();
    let day = draw.weighted(&weights);
    let hour = draw.weighted(&HOURS);
    let second = draw.between(0, 3_599);
    super::time::at(MONDAY + day, hour * 100) + second
}

/// What became of a need.
struct Course {
    status: &'static str,
    service: &'static str,
    class: &'static str,
    events: Vec<(i64, &'static str, &'static str)>,
    /// When a visitor came, and the score.
    visit: Option<(i64, i64)>,
}

/// How well a community does, in percent.
struct Habits {
    prompt: i64,
    completed: i64,
    visited: i64,
    satisfied: i64,
}

/// The cases of a community, the same for every table.
fn courses(plan: &Plan, row: usize) -> impl Iterator<Item = (u64, Course)> {
    let community = &plan.communities[row];
    let mut draw = plan.draw("case", row);
    let quality = plan.districts[community.district].quality;
    let mut about = |spread: i64| (quality + draw.between(-spread, spread)).clamp(5, 100);
    let habits = Habits { prompt: about(20), completed: about(8), visited: about(30), satisfied: about(12) };
    community.cases.numbers().map(move |number| (number, course(&mut draw, &habits)))
}

fn course(draw: &mut Draw, habits: &Habits) -> Course {
    let (service, class) = draw.weighted(&SERVICES);
    // The last week is left for what follows.
    let mut clock = received(draw, -DAYS, DAYS - 7);
    let mut course = Course { status: "closed", service, class, events: vec![], visit: None };
    let mut step = |draw: &mut Draw, least: i64, most: i64, kind, role| {
        course.events.push((clock, kind, role));
        clock += draw.between(least, most);
        clock
    };
    step(draw, 10, 40, "received", "desk");
    step(draw, 10, 40, "registered", "desk");
    if draw.chance(2) {
        step(draw, 0, 0, "withdrawn", "resident");
        course.status = "withdrawn";
        return course;
    }
    step(draw, 20, 180, "classified", "desk");
    if draw.chance(1) {
        step(draw, 0, 0, "merged", "desk");
        course.status = "merged";
        return course;
    }
    if class != "problem" && draw.chance(habits.prompt) {
        step(draw, 60, 1_800, "answered_immediately", "desk");
    } else {
        step(draw, 600, 9_000, "dispatched", "station");
        step(draw, 1_800, 90_000, "accepted", "server");
        step(draw, 1_800, 200_000, "in_progress", "server");
        if !draw.chance(habits.completed) {
            step(draw, 300, 3_600, "unresolved", "server");
            step(draw, 0, 0, "replied", "desk");
            course.status = "unresolved";
            return course;
        }
        step(draw, 300, 9_000, "done", "server");
        step(draw, 3_600, 90_000, "replied", "desk");
    }
    if draw.chance(habits.visited) {
        let satisfied = draw.chance(habits.satisfied);
        let at = step(draw, 0, 0, "return_visited", "visitor");
        step(draw, 60, 900, "evaluated", "visitor");
        step(draw, 0, 0, "closed", "desk");
        let score = if satisfied { draw.weighted(&[(5, 3), (4, 2)]) } else { draw.between(1, 3) };
        course.visit = Some((at, score));
    } else {
        step(draw, 0, 0, "closed", "desk");
    }
    course
}

pub(super) fn needs(plan: &Plan, row: usize, sheet: &mut Sheet) {
    let district = plan.communities[row].district;
    let mut draw = plan.draw("case need", row);
    for (number, course) in courses(plan, row) {
        let received_at = course.events.first().map_or(0, |it| it.0);
        sheet.push(&[
            ("need_id", Value::Text(case_id(number))),
            ("district_id", Value::Text(district_id(district))),
            ("community_id", Value::Text(community_id(row))),
            ("service_id", Value::Code(course.service)),
            ("tier", Value::Whole(draw.weighted(&TIERS))),
            ("group", Value::Code(draw.weighted(&GROUPS))),
            ("demand", Value::Whole(1)),
            ("channel", Value::Code(draw.weighted(&CHANNELS))),
            ("class", Value::Code(course.class)),
            ("received_at", Value::Time(received_at)),
            ("due_at", Value::Time(received_at + 5 * 86_400)),
            ("status", Value::Code(course.status)),
            ("provenance", Value::Code("synthetic")),
        ]);
    }
}

pub(super) fn events(plan: &Plan, row: usize, sheet: &mut Sheet) {
    for (number, course) in courses(plan, row) {
        for (part, (at, kind, role)) in course.events.iter().enumerate() {
            sheet.push(&[
                ("event_id", Value::Text(format!("{}-{}", case_id(number), part + 1))),
                ("need_id", Value::Text(case_id(number))),
                ("at", Value::Time(*at)),
                ("kind", Value::Code(kind)),
                ("actor_role", Value::Code(role)),
                ("provenance", Value::Code("synthetic")),
            ]);
        }
    }
}

pub(super) fn visits(plan: &Plan, row: usize, sheet: &mut Sheet) {
    for (number, course) in courses(plan, row) {
        let Some((at, score)) = course.visit else { continue };
        sheet.push(&[
            ("visit_id", Value::Text(format!("{}-r", case_id(number)))),
            ("need_id", Value::Text(case_id(number))),
            ("at", Value::Time(at)),
            ("satisfied", Value::Is(score > 3)),
            ("score", Value::Whole(score)),
            ("visitor_role", Value::Code("visitor")),
            ("provenance", Value::Code("synthetic")),
        ]);
    }
}

fn case_id(number: u64) -> String {
    format!("h{number:09}")
}
