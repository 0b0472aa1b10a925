//! What residents of the six communities ask for in the week, besides the hotline.

use chrono::{NaiveDateTime, TimeDelta};

use crate::calendar;
use crate::draw::Draw;
use crate::pattern::{PRESSING, Pattern, When};
use crate::place::{MALU, Spot};
use crate::record::{Community, Degree, Need};

use super::places::{BAIYIN, XIWANG};
use super::{DISTRICT, monday};

const WEEKEND: &[usize] = &[5, 6];
const EVENINGS: &[usize] = &[0, 1, 2, 3, 4, 5];
const ELDERS: &[(&str, usize)] = &[("elderly", 6), ("lonely_elder", 2), ("disabled", 1)];
const ANYBODY: &[(&str, usize)] = &[("", 6), ("elderly", 3), ("floating", 2)];

const HERE: Pattern = Pattern { reach_m: 3000, groups: ANYBODY, ..Pattern::PLAIN };

/// Needs that somebody can serve, unless all who could are taken; the clinic of the service day
/// asks for more doctors than come.
const PATTERNS: [Pattern; 14] = [
    Pattern {
        service: "publicity",
        rows: 4,
        skills: &["宣传"],
        when: When::Once(EVENINGS, 1800, 2130),
        minutes: &[60],
        ..HERE
    },
    Pattern {
        service: "legal_aid",
        rows: 6,
        skills: &["法律"],
        when: When::Once(EVENINGS, 1830, 2130),
        minutes: &[45, 60],
        class: "consultation",
        ..HERE
    },
    Pattern {
        service: "night_watch",
        rows: 4,
        skills: &["治安"],
        demand: (1, 2),
        when: When::WeeklyOn(&[1, 3, 5], 1900, 2200),
        minutes: &[90],
        ..HERE
    },
    Pattern {
        service: "small_repair",
        rows: 8,
        skills: &["修理"],
        groups: ELDERS,
        when: When::Before(6),
        minutes: &[60],
        at_home: true,
        ..HERE
    },
    Pattern {
        service: "health_care",
        rows: 6,
        skills: &["保健"],
        groups: ELDERS,
        when: When::Once(WEEKEND, 830, 1700),
        ..HERE
    },
    Pattern {
        service: "cleaning",
        rows: 5,
        skills: &["清洁"],
        when: When::Before(6),
        minutes: &[60],
        ..HERE
    },
    Pattern { service: "parcel_pickup", rows: 5, skills: &["代收"], ..HERE },
    Pattern { service: "online_appointment", rows: 6, skills: &["预约"], groups: ELDERS, ..HERE },
    Pattern {
        service: "neighbour_visit",
        rows: 8,
        skills: &["走访"],
        groups: ELDERS,
        tiers: PRESSING,
        when: When::Once(&[0, 1, 2, 3, 4], 800, 1800),
        minutes: &[30, 45],
        ..HERE
    },
    Pattern {
        service: "clinic",
        rows: 1,
        skills: &["义诊"],
        demand: (6, 6),
        when: When::Once(&[1], 830, 1130),
        minutes: &[120],
        reach_m: 5000,
        ..HERE
    },
    Pattern {
        service: "power_failure",
        rows: 3,
        skills: &["电工"],
        tiers: PRESSING,
        when: When::Once(&[0, 1, 2, 3, 4], 800, 2100),
        minutes: &[60],
        class: "problem",
        at_home: true,
        ..HERE
    },
    Pattern {
        service: "gate_repair",
        rows: 3,
        skills: &["门锁"],
        when: When::Once(&[0, 1, 2, 3, 4], 900, 1700),
        minutes: &[60],
        class: "problem",
        ..HERE
    },
    Pattern {
        service: "water_leak",
        rows: 3,
        skills: &["水暖"],
        tiers: PRESSING,
        when: When::Before(5),
        minutes: &[90],
        class: "problem",
        at_home: true,
        ..HERE
    },
    Pattern {
        service: "community_advice",
        rows: 2,
        skills: &["社工"],
        when: When::Once(&[0, 1, 2, 3], 800, 1600),
        class: "consultation",
        ..HERE
    },
];

/// Needs that nobody can serve, each for a reason of its own.
const IN_VAIN: [Pattern; 3] = [
    // The permit of the only one for high voltage has run out.
    Pattern {
        service: "power_failure",
        skills: &["高压"],
        tiers: PRESSING,
        when: When::Once(&[3], 900, 1700),
        minutes: &[120],
        class: "problem",
        ..HERE
    },
    // The only one who signs has not agreed to be proposed.
    Pattern {
        service: "neighbour_visit",
        skills: &["手语"],
        groups: &[("disabled", 1)],
        when: When::Before(8),
        reach_m: 6000,
        ..HERE
    },
    // No volunteer who repairs lives that near; see `place_of`.
    Pattern { service: "small_repair", skills: &["修理"], reach_m: 300, ..HERE },
];

/// The needs that wait for the week, numbered after those of the hotline. All of 育兰 go there.
pub(super) fn open(taken: usize, communities: &[Community]) -> Vec<Need> {
    let mut draw = Draw::new("malu need");
    let mut needs = Vec::new();
    for pattern in PATTERNS.iter().chain(&IN_VAIN) {
        for _ in 0..pattern.rows {
            let mut need = moved(pattern.need(&mut draw));
            let remote = pattern.reach_m == 300;
            let home = &communities[home_of(&mut draw, pattern.service, remote)];
            let (Degree(lon), Degree(lat)) = (home.lon, home.lat);
            let (lon, lat) = MALU.near(&mut draw, Spot { lon, lat }, 250).cells();
            (need.lon, need.lat) = (Some(lon), Some(lat));
            need.district_id = DISTRICT;
            need.community_id.clone_from(&home.community_id);
            need.channel = match home.community_id.as_str() {
                XIWANG => draw.weighted(&[("wechat", 3), ("window", 1)]),
                BAIYIN => draw.weighted(&[("window", 2), ("visit", 1), ("phone", 1)]),
                _ => draw.weighted(&[("window", 2), ("phone", 1)]),
            };
            need.need_id = format!("ml-n{:03}", taken + needs.len() + 1);
            needs.push(need);
        }
    }
    needs
}

/// Where it is asked for: what the team of 白银 does mostly there, the clinic there, the rest
/// anywhere but in 育兰, whose residents call the hotline.
fn home_of(draw: &mut Draw, service: &str, remote: bool) -> usize {
    if remote {
        return 5;
    }
    match service {
        "clinic" | "publicity" | "night_watch" => 0,
        "legal_aid" | "small_repair" | "health_care" => draw.weighted(&[(0, 6), (3, 2), (4, 1)]),
        "community_advice" => 3,
        _ => draw.pick(&[0, 2, 3, 4, 5]),
    }
}

/// Patterns play in the week of `zhenghe` and `nanming`; this one is so many whole weeks later.
fn moved(mut need: Need) -> Need {
    let by: TimeDelta = monday() - calendar::monday();
    let later = |it: Option<NaiveDateTime>| it.map(|it| it + by);
    need.window_start = later(need.window_start);
    need.window_end = later(need.window_end);
    need.due_at = later(need.due_at);
    need.received_at += by;
    need
}
