//! What residents of 南星街道 ask for: the open needs of the week and the month before.

use crate::calendar::{at, later};
use crate::draw::Draw;
use crate::history::{Habits, History, Roles, received};
use crate::pattern::meet;
use crate::place::NANXING;
use crate::record::{Availability, Need, Pin, Volunteer};
use crate::site::Site;

use super::DISTRICT;
use super::patterns::{ANYBODY, IN_VAIN, PATTERNS};

const HISTORY: usize = 380;
/// Who accepts in front, and who passes it on behind.
pub(super) const DESK: &str = "desk";
const BACK_OFFICE: &str = "back_office";
/// What is settled by talking it over.
pub(super) const DISPUTE: &str = "neighbour_dispute";
/// Needs that one person must serve.
const MUST: usize = 2;

/// The needs that wait for the week, every kind of them in turn over all communities.
pub(super) fn open(sites: &[Site]) -> Vec<Need> {
    let mut draw = Draw::new("nanxing need");
    let mut needs = Vec::new();
    for pattern in PATTERNS.iter().chain(&IN_VAIN) {
        for row in 0..pattern.rows {
            let mut need = pattern.need(&mut draw);
            let turn = if row < sites.len() { row } else { draw.below(sites.len()) };
            settle(&mut need, &mut draw, &sites[turn]);
            need.need_id = format!("nx-n{:03}", needs.len() + 1);
            needs.push(need);
        }
    }
    needs
}

/// Elders who know who comes to them.
pub(super) fn pins(volunteers: &[Volunteer], availability: &[Availability], open: &mut [Need]) -> Vec<Pin> {
    let company = open.iter_mut().filter(|it| it.service_id == "neighbour_company" && it.rrule.is_empty());
    let pin = |need: &mut Need| {
        let known = |it: &&Volunteer| it.community_id == need.community_id && it.skills.contains(&"陪伴");
        let slot = volunteers
            .iter()
            .filter(known)
            .find_map(|one| availability.iter().find(|it| it.provider_id == one.volunteer_id))?;
        meet(need, slot);
        Some(Pin {
            need_id: need.need_id.clone(),
            provider_id: slot.provider_id.clone(),
            kind: "must",
            reason: "结对帮扶,由同一人上门",
            provenance: "synthetic",
        })
    };
    company.take(MUST).filter_map(pin).collect()
}

fn settle(need: &mut Need, draw: &mut Draw, site: &Site) {
    let (lon, lat) = NANXING.near(draw, site.spot, 220).cells();
    (need.lon, need.lat) = (Some(lon), Some(lat));
    need.district_id = DISTRICT;
    need.community_id.clone_from(&site.id);
    need.channel = draw.weighted(&[("window", 5), ("visit", 3), ("wechat", 2)]);
}

/// Service, class, who serves it.
type Kind = (&'static str, &'static str, &'static str);

const KINDS: &[(Kind, usize)] = &[
    (("policy_question", "consultation", DESK), 22),
    (("neighbour_errand", "problem", "resident"), 14),
    (("neighbour_company", "appointment", "resident"), 12),
    (("x_medicine", "problem", "social_worker"), 12),
    (("x_nursing", "problem", "social_worker"), 9),
    (("x_food", "problem", "resident"), 9),
    (("eco_output", "problem", "social_worker"), 6),
    (("child_schooling", "problem", "resident"), 6),
    (("waste_sorting", "problem", "social_worker"), 6),
    (("x_care", "problem", "organization"), 8),
    ((DISPUTE, "complaint", "workshop"), 12),
];

/// The month before: accepted in front, passed on behind. And how the open needs came in.
pub(super) fn history(sites: &[Site], open: &[Need]) -> History {
    let mut draw = Draw::new("nanxing history");
    let habits = Habits { prompt: 82, completed: 94, visited: 66, satisfied: 91, slow: 16 };
    let mut history = History::new("nx", 3);
    for _ in 0..HISTORY {
        let site = &sites[draw.below(sites.len())];
        let (service_id, class, server) = draw.weighted(KINDS);
        let received_at = received(&mut draw);
        let mut need = Need {
            service_id,
            class,
            received_at,
            tier: draw.weighted(&[(0, 50), (1, 32), (2, 14), (3, 4)]),
            group: draw.weighted(ANYBODY),
            demand: 1,
            due_at: Some(at(later(received_at.date(), 7), 1800)),
            ..Need::default()
        };
        settle(&mut need, &mut draw, site);
        // Where it was is kept for open needs only.
        (need.lon, need.lat) = (None, None);
        let roles = Roles { desk: DESK, dispatcher: BACK_OFFICE, server, visitor: "social_worker" };
        history.add(&mut draw, need, habits, roles);
    }
    history.accept(&mut Draw::new("nanxing reception"), open, DESK);
    history
}
