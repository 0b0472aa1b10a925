//! Volunteers and when they are free.

use crate::draw::Draw;

use super::places::{community_id, district_id};
use super::plan::{Plan, near};
use super::sheet::{Sheet, Value};
use super::time::{MONDAY, at, day};

/// Days of the week on which somebody is free, first of them as offset from Monday, hours.
type Free = (&'static str, i64, i64, i64);

const EVENINGS: &[Free] =
    &[("FREQ=WEEKLY;BYDAY=MO,WE", 0, 1830, 2130), ("FREQ=WEEKLY;BYDAY=TU,TH", 1, 1830, 2130)];
const WEEKENDS: &[Free] = &[
    ("FREQ=WEEKLY;BYDAY=SA", 5, 830, 1200),
    ("FREQ=WEEKLY;BYDAY=SA", 5, 1330, 1730),
    ("FREQ=WEEKLY;BYDAY=SU", 6, 830, 1200),
    ("FREQ=WEEKLY;BYDAY=SU", 6, 1330, 1730),
];
const DAYTIME: &[Free] = &[
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0, 830, 1130),
    ("FREQ=WEEKLY;BYDAY=MO,WE,FR", 0, 1330, 1730),
    ("FREQ=WEEKLY;BYDAY=TU,TH", 1, 1330, 1730),
];
const AFTER_SCHOOL: &[Free] = &[("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0, 1600, 1800)];

/// Skills by how common they are, roughly Zipf: the k-th is 1/k as common as the first. With
/// the hours that usually go with them.
pub(super) const SKILLS: [(&str, usize, &[Free]); 20] = [
    ("走访", 1000, WEEKENDS),
    ("环卫", 500, WEEKENDS),
    ("政策", 333, EVENINGS),
    ("巡逻", 250, EVENINGS),
    ("家务", 200, DAYTIME),
    ("文艺", 167, WEEKENDS),
    ("辅导", 143, AFTER_SCHOOL),
    ("代办", 125, DAYTIME),
    ("陪护", 111, DAYTIME),
    ("调解", 100, EVENINGS),
    ("就业", 91, EVENINGS),
    ("驾驶", 83, WEEKENDS),
    ("健康", 77, WEEKENDS),
    ("交通", 71, DAYTIME),
    ("维修", 67, WEEKENDS),
    ("法律", 62, EVENINGS),
    ("心理", 40, EVENINGS),
    ("英语", 30, AFTER_SCHOOL),
    ("电脑", 20, WEEKENDS),
    ("护理", 6, WEEKENDS),
];

/// A skill that is asked for and that nobody has.
pub(super) const NOBODY: &str = "手语";

pub(super) fn volunteers(plan: &Plan, row: usize, sheet: &mut Sheet) {
    let it = &plan.communities[row];
    let (mut main, mut draw) = (plan.draw("main skill", row), plan.draw("volunteer", row));
    for number in it.volunteers.numbers() {
        let spot = near(&mut draw, it);
        let skills = skills(main_skill(&mut main).0, &mut draw);
        let kind = if draw.chance(72) { "party_member" } else { "social" };
        let expired = draw.chance(4);
        sheet.push(&[
            ("volunteer_id", Value::Text(volunteer_id(number))),
            ("district_id", Value::Text(district_id(it.district))),
            ("community_id", Value::Text(community_id(row))),
            ("kind", Value::Code(kind)),
            ("skills", Value::List(skills)),
            ("lon", Value::Degree(spot.lon)),
            ("lat", Value::Degree(spot.lat)),
            ("max_per_day", Value::Whole(draw.weighted(&[(1, 5), (2, 2)]))),
            ("max_per_week", Value::Whole(draw.between(1, 4))),
            ("consent", Value::Is(!draw.chance(4))),
            ("credential_valid_to", Value::Day(if expired { day(-30) } else { day(700) })),
            ("status", Value::Code(draw.weighted(&[("active", 94), ("paused", 4), ("left", 2)]))),
            ("provenance", Value::Code("synthetic")),
        ]);
    }
}

/// A skill and its usual hours, by how common it is.
fn main_skill(draw: &mut Draw) -> (&'static str, &'static [Free]) {
    let weights = SKILLS.map(|it| ((it.0, it.2), it.1));
    draw.weighted(&weights)
}

/// The main skill alone in most cases, rarely more than two.
fn skills(main: &'static str, draw: &mut Draw) -> Vec<&'static str> {
    let weights = SKILLS.map(|it| (it.0, it.1));
    let mut skills = vec![main];
    for percent in [35, 12] {
        let more = draw.weighted(&weights);
        if draw.chance(percent) && !skills.contains(&more) {
            skills.push(more);
        }
    }
    skills
}

pub(super) fn availability(plan: &Plan, row: usize, sheet: &mut Sheet) {
    // The draws of the roster, for hours go with the main skill.
    let (mut main, mut draw) = (plan.draw("main skill", row), plan.draw("availability", row));
    for number in plan.communities[row].volunteers.numbers() {
        let usual = main_skill(&mut main).1;
        free(sheet, number, draw.pick(usual));
        if draw.chance(20) {
            // At another part of the day, so that no two stretches of one person overlap.
            let other = if usual[0].2 >= 1800 { WEEKENDS } else { EVENINGS };
            free(sheet, number, draw.pick(other));
        }
    }
}

fn free(sheet: &mut Sheet, number: u64, (rule, first, from, to): Free) {
    sheet.push(&[
        ("provider_id", Value::Text(volunteer_id(number))),
        ("start", Value::Time(at(MONDAY + first, from))),
        ("end", Value::Time(at(MONDAY + first, to))),
        ("rrule", Value::Code(rule)),
        ("capacity", Value::Whole(1)),
        ("provenance", Value::Code("synthetic")),
    ]);
}

pub(super) fn volunteer_id(number: u64) -> String {
    format!("v{number:08}")
}
