//! What residents of 沧州 ask for: the open needs of the week and the month before.

use chrono::TimeDelta;

use crate::calendar::{at, later};
use crate::draw::Draw;
use crate::history::{Habits, History, Roles, received};
use crate::place::CANGZHOU;
use crate::record::Need;
use crate::site::Site;

use super::YUNHE;
use super::communities::by_district;
use super::patterns::{ANYBODY, IN_VAIN, PATTERNS};

const HISTORY: usize = 620;
/// Each window has two who can hold it: A, and B when A is away.
const WINDOWS: [(&str, usize); 2] = [("window_a", 82), ("window_b", 18)];
const HOTLINE: &str = "hotline";

/// The needs that wait for the week.
pub(super) fn open(sites: &[Site]) -> Vec<Need> {
    let mut draw = Draw::new("cangzhou need");
    let weights = weights(sites);
    let mut needs = Vec::new();
    for pattern in PATTERNS.iter().chain(&IN_VAIN) {
        for _ in 0..pattern.rows {
            let mut need = pattern.need(&mut draw);
            let site = draw.weighted(&weights);
            settle(&mut need, &mut draw, &sites[site]);
            need.need_id = format!("cz-n{:03}", needs.len() + 1);
            if need.channel == HOTLINE && draw.chance(35) {
                // 12349 is answered at night too.
                need.received_at += TimeDelta::hours(10);
            }
            needs.push(need);
        }
    }
    needs
}

/// Communities with their weights: most of what is on file is of 运河区.
fn weights(sites: &[Site]) -> Vec<(usize, usize)> {
    let mut draw = Draw::new("cangzhou demand");
    let weight = |site: &Site| {
        let keen = draw.between(4, 12) as usize;
        if site.district == YUNHE { keen * 14 } else { keen }
    };
    sites.iter().map(weight).enumerate().collect()
}

fn settle(need: &mut Need, draw: &mut Draw, site: &Site) {
    let (lon, lat) = CANGZHOU.near(draw, site.spot, 320).cells();
    (need.lon, need.lat) = (Some(lon), Some(lat));
    need.district_id = site.district;
    need.community_id.clone_from(&site.id);
    need.channel = draw.weighted(&[(HOTLINE, 55), ("window", 32), ("visit", 13)]);
}

/// Service, class, who serves it.
type Kind = (&'static str, &'static str, &'static str);

const KINDS: &[(Kind, usize)] = &[
    (("insurance_advice", "consultation", "window"), 20),
    (("health_record", "consultation", "doctor"), 10),
    (("dibao_review", "problem", "window"), 12),
    (("household_repair", "appointment", "merchant"), 24),
    (("home_help", "appointment", "merchant"), 18),
    (("emergency_help", "problem", "merchant"), 8),
    (("one_yuan", "appointment", "merchant"), 6),
    (("elder_home_service", "appointment", "volunteer"), 22),
    (("doctor_visit", "appointment", "doctor"), 18),
    (("talk_room", "appointment", "counsellor"), 9),
    (("job_vacancy", "problem", "volunteer"), 9),
    (("convenience", "problem", "volunteer"), 10),
    (("grievance", "complaint", "window"), 12),
];

/// The month before: one window accepts, one line serves, one stop completes. And how the open
/// needs came in.
pub(super) fn history(sites: &[Site], open: &[Need]) -> History {
    let mut draw = Draw::new("cangzhou history");
    let weights = weights(sites);
    let habits: Vec<Habits> = by_district(sites).iter().map(|_| habits(&mut draw)).collect();
    let districts: Vec<&str> = by_district(sites).iter().map(|it| it[0].district).collect();
    let mut history = History::new("cz", 3);
    for _ in 0..HISTORY {
        let site = &sites[draw.weighted(&weights)];
        let (service_id, class, server) = draw.weighted(KINDS);
        let received_at = received(&mut draw);
        let group = match service_id {
            "one_yuan" => "low_income",
            "job_vacancy" => draw.pick(&["zero_employment", "laid_off"]),
            _ => draw.weighted(ANYBODY),
        };
        let mut need = Need {
            service_id,
            class,
            received_at,
            tier: if group == "zero_employment" { 3 } else { draw.weighted(&[(0, 50), (1, 34), (2, 16)]) },
            group,
            demand: 1,
            due_at: Some(at(later(received_at.date(), 7), 1800)),
            ..Need::default()
        };
        settle(&mut need, &mut draw, site);
        // Where it was is kept for open needs only.
        (need.lon, need.lat) = (None, None);
        let desk = draw.weighted(&WINDOWS);
        let desk = if need.channel == HOTLINE { HOTLINE } else { desk };
        let server = if server == "window" { desk } else { server };
        let roles = Roles { desk, dispatcher: "station", server, visitor: "station" };
        let district = districts.iter().position(|it| *it == site.district).unwrap_or_default();
        history.add(&mut draw, need, habits[district], roles);
    }
    history.accept(&mut Draw::new("cangzhou reception"), open, WINDOWS[0].0);
    history
}

fn habits(draw: &mut Draw) -> Habits {
    Habits {
        prompt: draw.between(60, 95),
        completed: draw.between(88, 99),
        visited: draw.between(35, 85),
        satisfied: draw.between(80, 98),
        slow: draw.between(5, 30),
    }
}
