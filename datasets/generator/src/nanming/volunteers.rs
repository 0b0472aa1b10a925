//! The volunteers and when they are free.

use chrono::NaiveDate;

use crate::calendar::{at, day, first_monday, later, monday, weekly};
use crate::draw::Draw;
use crate::place::NANMING;
use crate::record::{Availability, Volunteer};

use super::DISTRICT;
use super::communities::{OUTSKIRTS, Place};

const PARTY_MEMBERS: usize = 5131;
const SOCIAL: usize = 2027;

/// Where a stretch of free time lies in the week.
type Times = &'static [(&'static [usize], i64, i64)];

const EVENINGS: Times =
    &[(&[0, 2], 1830, 2130), (&[1, 3], 1830, 2130), (&[2, 4], 1900, 2130), (&[1, 5], 1900, 2200)];
const WEEKENDS: Times = &[(&[5], 830, 1200), (&[5], 1330, 1730), (&[6], 830, 1200), (&[6], 1330, 1730)];
const AFTERNOONS: Times = &[(&[0, 2, 4], 1330, 1730), (&[1, 3], 1330, 1730), (&[1, 4], 1400, 1700)];
const MORNINGS: Times = &[(&[0, 2, 4], 800, 1200), (&[1, 3], 800, 1200), (&[0, 1, 2, 3, 4], 830, 1130)];
const AFTER_SCHOOL: Times =
    &[(&[0, 1, 2, 3, 4], 1600, 1800), (&[0, 2, 4], 1600, 1800), (&[1, 3], 1600, 1800)];
const SCHOOL_WAY: Times = &[(&[0, 1, 2, 3, 4], 700, 830), (&[0, 2, 4], 700, 830)];
const FRIDAYS: Times = &[(&[4], 1400, 1700), (&[4], 1330, 1730), (&[5], 900, 1200)];
const NIGHT_ROUNDS: Times = &[(&[1, 5], 1930, 2230), (&[2, 6], 1930, 2230), (&[4, 5], 2000, 2230)];

/// A main skill, its weight among party members and among social volunteers, the usual times.
type Talent = (&'static str, usize, usize, Times);

const TALENTS: [Talent; 17] = [
    ("政策", 13, 3, EVENINGS),
    ("走访", 19, 15, WEEKENDS),
    ("巡逻", 13, 8, NIGHT_ROUNDS),
    ("环卫", 10, 7, WEEKENDS),
    ("检查", 6, 2, EVENINGS),
    ("交通", 5, 4, SCHOOL_WAY),
    ("辅导", 7, 13, AFTER_SCHOOL),
    ("调解", 6, 4, EVENINGS),
    ("就业", 5, 2, EVENINGS),
    ("法律", 3, 1, FRIDAYS),
    ("健康", 3, 4, WEEKENDS),
    ("文艺", 4, 13, WEEKENDS),
    ("代办", 4, 5, AFTERNOONS),
    ("驾驶", 3, 2, WEEKENDS),
    ("心理", 1, 1, EVENINGS),
    ("家务", 3, 14, AFTERNOONS),
    ("陪护", 3, 12, MORNINGS),
];

/// Hobbies that some needs ask for on top.
const HOBBIES: [(&str, usize); 9] = [
    ("电脑", 20),
    ("阅读", 18),
    ("书法", 12),
    ("摄影", 12),
    ("英语", 10),
    ("数学", 10),
    ("维修", 8),
    ("太极拳", 6),
    ("象棋", 6),
];

/// Skills that a few have and nobody can bring at present, see [`bar`].
const BARRED_SKILLS: [&str; 2] = ["护理", "手语"];
/// One volunteer in so many has one of them.
const BARRED_EVERY: usize = 700;

/// All volunteers, party members first, and the times of those who can be proposed.
pub(crate) fn roster(places: &[Place]) -> (Vec<Volunteer>, Vec<Availability>) {
    let mut draw = Draw::new("nanming volunteer");
    let mut times = Draw::new("nanming availability");
    let weights: Vec<(usize, usize)> = (0..places.len())
        .map(|row| (row, if row < OUTSKIRTS { draw.between(20, 70) } else { draw.between(1, 9) } as usize))
        .collect();
    let mut slots = Vec::new();
    let roster = (1..=PARTY_MEMBERS + SOCIAL)
        .map(|number| {
            let party = number <= PARTY_MEMBERS;
            let talents: Vec<(Talent, usize)> =
                TALENTS.iter().map(|it| (*it, if party { it.1 } else { it.2 })).collect();
            let talent = draw.weighted(&talents);
            let place = &places[draw.weighted(&weights)];
            let mut volunteer = volunteer(&mut draw, number, party, talent.0, place);
            if number % BARRED_EVERY == 0 {
                bar(&mut volunteer, number / BARRED_EVERY);
            }
            if volunteer.consent && volunteer.status == "active" {
                let id = &volunteer.volunteer_id;
                let first = slot(&mut times, id, talent.3);
                let other = times.pick(&[EVENINGS, WEEKENDS]);
                let second = slot(&mut times, id, other);
                if times.chance(8) && !clash(&first, &second) {
                    slots.push(second);
                }
                slots.push(first);
            }
            volunteer
        })
        .collect();
    (roster, slots)
}

fn volunteer(
    draw: &mut Draw,
    number: usize,
    party: bool,
    main_skill: &'static str,
    place: &Place,
) -> Volunteer {
    let mut skills = vec![main_skill];
    if draw.chance(30) {
        skills.push(draw.pick(&["走访", "政策", "环卫", "文艺", "家务", "巡逻"]));
    }
    if main_skill == "辅导" && draw.chance(60) {
        skills.push(draw.pick(&["英语", "数学"]));
    } else if draw.chance(22) {
        skills.push(draw.weighted(&HOBBIES));
    }
    skills.dedup();
    let (lon, lat) = NANMING.near(draw, place.spot, 330).cells();
    let busy = matches!(main_skill, "辅导" | "交通");
    Volunteer {
        volunteer_id: format!("nm-v{number:04}"),
        district_id: DISTRICT,
        community_id: place.id.clone(),
        kind: if party { "party_member" } else { "social" },
        skills,
        lon,
        lat,
        max_per_day: draw.weighted(&[(1, 7), (2, 3)]),
        max_per_week: if busy { draw.between(2, 5) } else { draw.weighted(&[(1, 5), (2, 4), (3, 1)]) },
        consent: !draw.chance(4),
        credential_valid_to: credential(draw),
        status: draw.weighted(&[("active", 92), ("paused", 6), ("left", 2)]),
        provenance: "synthetic",
    }
}

/// Most credentials do not expire; some run out next year, a few already have.
fn credential(draw: &mut Draw) -> Option<NaiveDate> {
    match draw.between(0, 99) {
        0..=2 => Some(day(2012, 9, draw.between(1, 30) as u32)),
        3..=12 => Some(later(day(2013, 1, 1), draw.between(0, 700))),
        _ => None,
    }
}

/// Gives a rare skill to somebody who cannot be proposed: paused, without consent, or with a
/// credential that has run out. Needs for that skill stay open for exactly that reason.
fn bar(volunteer: &mut Volunteer, turn: usize) {
    volunteer.skills.push(BARRED_SKILLS[turn % 2]);
    match turn % 3 {
        0 => volunteer.status = "paused",
        1 => volunteer.consent = false,
        _ => volunteer.credential_valid_to = Some(day(2012, 9, 30)),
    }
}

/// A stretch of free time: mostly every week, sometimes only in the week that is matched.
fn slot(draw: &mut Draw, volunteer_id: &str, usual: Times) -> Availability {
    let times = if draw.chance(80) { usual } else { draw.pick(&[EVENINGS, WEEKENDS, AFTERNOONS]) };
    let (days, from, to) = draw.pick(times);
    let (start, rrule) = match draw.between(0, 99) {
        0..=2 => (later(monday(), days[0] as i64), String::new()),
        3..=6 => (first_monday(), "FREQ=DAILY".to_owned()),
        _ => (later(first_monday(), days[0] as i64), weekly(days)),
    };
    Availability {
        provider_id: volunteer_id.to_owned(),
        start: at(start, from),
        end: at(start, to),
        rrule,
        capacity: draw.weighted(&[(1, 9), (2, 1)]),
        provenance: "synthetic",
    }
}

/// Whether two stretches could overlap; that they lie on different days is not looked at.
fn clash(a: &Availability, b: &Availability) -> bool {
    a.start.time() < b.end.time() && b.start.time() < a.end.time()
}
