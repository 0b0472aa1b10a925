//! What residents of 南明区 ask for: the open needs of the week and the month before.

use crate::calendar::{at, later};
use crate::draw::Draw;
use crate::history::{Habits, History, Roles, received};
use crate::place::NANMING;
use crate::record::Need;

use super::DISTRICT;
use super::communities::{OUTSKIRTS, Place};
use super::patterns::{ANYBODY, IN_VAIN, PATTERNS};

const HISTORY: usize = 1450;
/// Who takes down what residents ask for.
const DESK: &str = "window";

/// The needs that wait for the week.
pub(crate) fn open(places: &[Place]) -> Vec<Need> {
    let mut draw = Draw::new("nanming need");
    let inner = weights(&places[..OUTSKIRTS]);
    let outer: Vec<(usize, usize)> = (OUTSKIRTS..places.len()).map(|row| (row, 1)).collect();
    let mut needs = Vec::new();
    for (row, pattern) in PATTERNS.iter().chain(&IN_VAIN).enumerate() {
        let remote = row + 1 == PATTERNS.len() + IN_VAIN.len();
        for _ in 0..pattern.rows {
            let mut need = pattern.need(&mut draw);
            let at = if remote || draw.chance(3) { &outer } else { &inner };
            let place = &places[draw.weighted(at)];
            settle(&mut need, &mut draw, place, if remote { 1600 } else { 240 });
            need.need_id = format!("nm-n{:04}", needs.len() + 1);
            needs.push(need);
        }
    }
    needs
}

/// Places with their weights: by residents, and some ask far more than others.
fn weights(places: &[Place]) -> Vec<(usize, usize)> {
    let mut draw = Draw::new("nanming demand");
    let weight = |place: &Place| {
        let keen = draw.between(1, 10);
        (place.residents * keen * keen / 1000).max(1) as usize
    };
    places.iter().map(weight).enumerate().collect()
}

fn settle(need: &mut Need, draw: &mut Draw, place: &Place, spread_m: i64) {
    let (lon, lat) = NANMING.near(draw, place.spot, spread_m).cells();
    (need.lon, need.lat) = (Some(lon), Some(lat));
    need.district_id = DISTRICT;
    need.community_id.clone_from(&place.id);
    need.channel =
        draw.weighted(&[("hotline", 45), ("studio", 22), ("sms", 15), ("diary", 12), ("microblog", 6)]);
}

/// The month before, uneven over the communities: the first of them asks most, the last once.
/// And how the open needs came in.
pub(crate) fn history(places: &[Place], open: &[Need]) -> History {
    const SERVICES: &[((&str, &str), usize)] = &[
        (("policy_advice", "consultation"), 24),
        (("legal_advice", "consultation"), 14),
        (("job_guidance", "consultation"), 10),
        (("tutoring", "appointment"), 9),
        (("hospital_escort", "appointment"), 9),
        (("elder_visit", "appointment"), 10),
        (("counselling", "appointment"), 4),
        (("housework", "problem"), 8),
        (("mediation", "problem"), 6),
        (("sanitation", "problem"), 7),
        (("certificate_errand", "problem"), 5),
        (("warmth", "problem"), 4),
    ];
    let mut draw = Draw::new("nanming history");
    let habits: Vec<Habits> = places.iter().map(|_| habits(&mut draw)).collect();
    let mut weights = weights(places);
    let last = weights.len() - 1;
    weights[0].1 = weights.iter().map(|it| it.1).max().unwrap_or(1) * 3 / 2;
    weights[last].1 = 0;
    let mut history = History::new("nm", 4);
    for number in 0..HISTORY {
        let place = if number == 0 { last } else { draw.weighted(&weights) };
        let (service_id, class) = draw.weighted(SERVICES);
        let received_at = received(&mut draw);
        let mut need = Need {
            service_id,
            class,
            received_at,
            tier: draw.weighted(&[(0, 52), (1, 30), (2, 13), (3, 5)]),
            group: draw.weighted(ANYBODY),
            demand: 1,
            due_at: Some(at(later(received_at.date(), 5), 1800)),
            ..Need::default()
        };
        settle(&mut need, &mut draw, &places[place], 240);
        // Where it was is kept for open needs only.
        (need.lon, need.lat) = (None, None);
        let server = if class == "consultation" { "window" } else { "volunteer" };
        let roles = Roles { desk: DESK, dispatcher: "station", server, visitor: "liaison" };
        history.add(&mut draw, need, habits[place], roles);
    }
    history.accept(&mut Draw::new("nanming reception"), open, DESK);
    history
}

fn habits(draw: &mut Draw) -> Habits {
    Habits {
        prompt: draw.between(52, 98),
        completed: draw.between(80, 100),
        visited: draw.between(20, 90),
        satisfied: draw.between(70, 99),
        slow: draw.between(0, 45),
    }
}
