//! Open needs: what waits for help in the month ahead, part of it in vain.

use crate::draw::Draw;

use super::cases::{CHANNELS, GROUPS, TIERS, received};
use super::people::NOBODY;
use super::places::{community_id, district_id};
use super::plan::{Plan, near};
use super::sheet::{Sheet, Value};
use super::shops::{AT_SHOP_ONLY, ENDED};
use super::time::{DAYS, MONDAY, at};

/// A kind of need.
#[derive(Clone, Copy)]
struct Kind {
    service: &'static str,
    skill: &'static str,
    class: &'static str,
    /// Earliest and latest hour.
    hours: (i64, i64),
    minutes: i64,
    at_home: bool,
    /// Whether it may come every week.
    weekly: bool,
}

const fn kind(service: &'static str, skill: &'static str, hours: (i64, i64), minutes: i64) -> Kind {
    Kind { service, skill, class: "appointment", hours, minutes, at_home: false, weekly: false }
}

const fn visit(service: &'static str, hours: (i64, i64), minutes: i64) -> Kind {
    Kind { class: "problem", at_home: true, ..kind(service, "", hours, minutes) }
}

const fn weekly(kind: Kind) -> Kind {
    Kind { weekly: true, ..kind }
}

/// Kinds by how often they are asked for, in ten thousandths. The last four are in vain: a skill
/// that nobody has, an hour at which nobody is free, a visit that no shop makes, an offer that
/// ended. Together they are 18 % of what is asked.
const KINDS: [(Kind, usize); 20] = [
    (visit("meal_delivery", (1030, 1330), 30), 1_500),
    (weekly(kind("elder_visit", "走访", (830, 1730), 60)), 1_400),
    (visit("appliance_repair", (900, 1800), 60), 900),
    (kind("housework", "家务", (830, 1730), 90), 800),
    (kind("hospital_escort", "陪护", (830, 1130), 120), 600),
    (weekly(kind("tutoring", "辅导", (1600, 1800), 60)), 600),
    (visit("plumbing", (900, 1800), 60), 500),
    (kind("certificate_errand", "代办", (1330, 1730), 60), 400),
    (visit("housekeeping", (900, 1800), 120), 350),
    (kind("legal_advice", "法律", (1830, 2130), 60), 300),
    (kind("mediation", "调解", (1830, 2130), 60), 200),
    (kind("job_guidance", "就业", (1830, 2130), 60), 200),
    (kind("health_talk", "健康", (830, 1200), 60), 150),
    (kind("counselling", "心理", (1830, 2130), 60), 120),
    (visit("locksmith", (900, 1800), 30), 100),
    (kind("recreation", "文艺", (830, 1730), 90), 80),
    (kind("hospital_escort", NOBODY, (830, 1730), 120), 600),
    (kind("elder_visit", "走访", (100, 430), 30), 500),
    (visit(AT_SHOP_ONLY, (900, 1800), 60), 400),
    (visit(ENDED, (1030, 1330), 30), 300),
];

pub(super) fn open(plan: &Plan, row: usize, sheet: &mut Sheet) {
    let community = &plan.communities[row];
    // Calls have draws of their own, so that their events find the same times.
    let (mut calls, mut draw) = (plan.draw("call", row), plan.draw("open need", row));
    for number in community.open.numbers() {
        let kind = draw.weighted(&KINDS);
        let received_at = received(&mut calls, -6, 7);
        let spot = near(&mut draw, community);
        let (from, to, rule) = window(&mut draw, kind);
        sheet.push(&[
            ("need_id", Value::Text(need_id(number))),
            ("district_id", Value::Text(district_id(community.district))),
            ("community_id", Value::Text(community_id(row))),
            ("service_id", Value::Code(kind.service)),
            ("skills", Value::List(if kind.skill.is_empty() { vec![] } else { vec![kind.skill] })),
            ("tier", Value::Whole(draw.weighted(&TIERS))),
            ("group", Value::Code(draw.weighted(&GROUPS))),
            ("demand", Value::Whole(draw.weighted(&[(1, 96), (2, 3), (3, 1)]))),
            ("window_start", Value::Time(from)),
            ("window_end", Value::Time(to)),
            ("rrule", Value::Code(rule)),
            ("duration_min", Value::Whole(kind.minutes)),
            ("lon", Value::Degree(spot.lon)),
            ("lat", Value::Degree(spot.lat)),
            ("channel", Value::Code(draw.weighted(&CHANNELS))),
            ("class", Value::Code(kind.class)),
            ("received_at", Value::Time(received_at)),
            ("status", Value::Code("open")),
            ("at_home", Value::Is(kind.at_home)),
            ("reach_m", Value::Whole(draw.weighted(&[(800, 3), (1_200, 5), (2_000, 2)]))),
            ("provenance", Value::Code("synthetic")),
        ]);
    }
}

/// When it can be served: sooner is likelier. Some come every week on the same day.
fn window(draw: &mut Draw, kind: Kind) -> (i64, i64, &'static str) {
    let is_weekly = kind.weekly && draw.chance(15);
    let last = if is_weekly { 6 } else { DAYS - 1 };
    let day = MONDAY + draw.between(0, last).min(draw.between(0, last));
    let rule = if is_weekly { "FREQ=WEEKLY" } else { "" };
    (at(day, kind.hours.0), at(day, kind.hours.1), rule)
}

/// How open needs came in.
pub(super) fn reception(plan: &Plan, row: usize, sheet: &mut Sheet) {
    let (mut calls, mut draw) = (plan.draw("call", row), plan.draw("reception", row));
    for number in plan.communities[row].open.numbers() {
        let mut clock = received(&mut calls, -6, 7);
        for (part, step) in ["received", "registered", "classified"].into_iter().enumerate() {
            sheet.push(&[
                ("event_id", Value::Text(format!("{}-{}", need_id(number), part + 1))),
                ("need_id", Value::Text(need_id(number))),
                ("at", Value::Time(clock)),
                ("kind", Value::Code(step)),
                ("actor_role", Value::Code("desk")),
                ("provenance", Value::Code("synthetic")),
            ]);
            clock += draw.between(10, 40);
        }
    }
}

fn need_id(number: u64) -> String {
    format!("n{number:09}")
}
