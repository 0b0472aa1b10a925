//! The sampled volunteers, the counsellors, the responsible doctors, and when they are free.

use crate::calendar::{EVERY_DAY, at, day, first_monday, later, weekly};
use crate::draw::Draw;
use crate::place::CANGZHOU;
use crate::record::{Availability, Volunteer};
use crate::site::Site;

use super::communities::by_district;
use super::{SAMPLE, YUNHE};

/// Registered volunteers of 运河区 and of the rest of the city.
pub(super) const REGISTERED: [i64; 2] = [8160, 12_240];
const COUNSELLORS: usize = 83;

/// Days of the week, from, until.
type Times = &'static [(&'static [usize], i64, i64)];

const WORKDAYS: &[usize] = &[0, 1, 2, 3, 4];
const DAYTIME: Times = &[(&[0, 2, 4], 830, 1130), (&[1, 3], 1400, 1730), (WORKDAYS, 1400, 1700)];
const WEEKENDS: Times = &[(&[5], 830, 1200), (&[6], 830, 1200), (&[5, 6], 1400, 1730)];
const AFTER_SCHOOL: Times = &[(WORKDAYS, 1630, 1830), (&[0, 2, 4], 1630, 1800), (&[1, 3], 1630, 1830)];
const EVENINGS: Times = &[(&[1, 3, 5], 1900, 2200), (EVERY_DAY, 1900, 2100), (&[4, 5], 1930, 2230)];
const CLINIC: Times = &[(WORKDAYS, 1430, 1730), (&[0, 1, 2, 3, 4, 5], 830, 1130)];

/// A main skill, its weight, the usual times: the six kinds of activities, elders, jobs.
const TALENTS: [(&str, usize, Times); 8] = [
    ("助老", 26, DAYTIME),
    ("帮困", 13, WEEKENDS),
    ("文化", 12, WEEKENDS),
    ("教育", 11, AFTER_SCHOOL),
    ("治安", 13, EVENINGS),
    ("环保", 9, WEEKENDS),
    ("便民", 11, DAYTIME),
    ("就业", 5, DAYTIME),
];

const KINDS: [(&str, usize); 7] = [
    ("party_member", 26),
    ("league_member", 14),
    ("youth", 15),
    ("women", 13),
    ("enthusiast", 12),
    ("neighbour", 11),
    ("young_elder", 9),
];

/// Everybody on file, and the times of those who can be proposed.
pub(super) fn roster(sites: &[Site]) -> (Vec<Volunteer>, Vec<Availability>) {
    let mut roster = Roster { draw: Draw::new("cangzhou volunteer"), rows: vec![], slots: vec![] };
    let (inner, outer): (Vec<&Site>, Vec<&Site>) = sites.iter().partition(|it| it.district == YUNHE);
    for (places, registered) in [inner, outer].iter().zip(REGISTERED) {
        for _ in 0..registered / SAMPLE {
            let site = places[roster.draw.below(places.len())];
            let kind = roster.draw.weighted(&KINDS);
            let talents = TALENTS.map(|it| ((it.0, it.2), it.1));
            let (skill, times) = roster.draw.weighted(&talents);
            roster.add(site, kind, skill, times);
        }
    }
    let yunhe = by_district(sites)[0];
    for row in 0..COUNSELLORS {
        roster.add(&yunhe[row % yunhe.len()], "counsellor", "心理疏导", DAYTIME);
    }
    for site in sites {
        roster.add(site, "doctor", "责任医师", CLINIC);
    }
    (roster.rows, roster.slots)
}

struct Roster {
    draw: Draw,
    rows: Vec<Volunteer>,
    slots: Vec<Availability>,
}

impl Roster {
    fn add(&mut self, site: &Site, kind: &'static str, skill: &'static str, times: Times) {
        let draw = &mut self.draw;
        let professional = matches!(kind, "counsellor" | "doctor");
        let mut skills = vec![skill];
        if !professional && draw.chance(28) {
            skills.push(draw.pick(&["助老", "便民", "帮困", "文化"]));
            skills.dedup();
        }
        let (lon, lat) = CANGZHOU.near(draw, site.spot, 380).cells();
        let (least, most) = if professional { (3, 4) } else { (1, 2) };
        let volunteer = Volunteer {
            volunteer_id: format!("cz-v{:04}", self.rows.len() + 1),
            district_id: site.district,
            community_id: site.id.clone(),
            kind,
            skills,
            lon,
            lat,
            max_per_day: draw.between(least, most),
            max_per_week: if professional { draw.between(8, 14) } else { draw.between(1, 3) },
            consent: professional || !draw.chance(4),
            credential_valid_to: professional.then(|| later(day(2013, 6, 30), draw.between(0, 700))),
            status: if professional {
                "active"
            } else {
                draw.weighted(&[("active", 93), ("paused", 5), ("left", 2)])
            },
            provenance: "synthetic",
        };
        let (days, from, to) = draw.pick(times);
        if volunteer.consent && volunteer.status == "active" {
            let start = later(first_monday(), days[0] as i64);
            self.slots.push(Availability {
                provider_id: volunteer.volunteer_id.clone(),
                start: at(start, from),
                end: at(start, to),
                rrule: weekly(days),
                capacity: if professional { 2 } else { 1 },
                provenance: "synthetic",
            });
        }
        self.rows.push(volunteer);
    }
}
