//! Social workers, neighbours, those who were helped and now help, and the people of
//! organizations under contract.

use crate::calendar::{at, day, first_monday, later, weekly};
use crate::draw::Draw;
use crate::place::NANXING;
use crate::record::{Availability, Contract, Volunteer};
use crate::site::Site;

use super::DISTRICT;
use super::communities::SPECIALITIES;
use super::organizations::PURCHASES;

/// Neighbours on file in each community.
const NEIGHBOURS: usize = 12;
/// Who works at a speciality point.
const STAFF: usize = 6;
/// Who was helped and now helps.
pub(super) const FORMER: &str = "former_recipient";

const WORKDAYS: &[usize] = &[0, 1, 2, 3, 4];

/// Everybody on file, and when they are free. Who comes under a contract can be asked until it
/// ends, and not a day longer.
pub(super) fn roster(sites: &[Site], contracts: &[Contract]) -> (Vec<Volunteer>, Vec<Availability>) {
    let mut roster = Roster { draw: Draw::new("nanxing volunteer"), rows: vec![], slots: vec![] };
    for site in sites {
        for row in 0..NEIGHBOURS {
            let skills = match row {
                0..=4 => vec!["便民"],
                5..=9 => vec!["陪伴"],
                _ => vec!["便民", "陪伴"],
            };
            let kind = match row {
                0 | 5 => "social_worker",
                4 | 9 => FORMER,
                _ => "resident",
            };
            roster.add(site, kind, skills);
        }
    }
    for field in &SPECIALITIES {
        for row in 0..STAFF {
            let kind = if row < 2 { "social_worker" } else { "resident" };
            roster.add(&sites[field.community], kind, vec![field.skill]);
        }
    }
    for (bought, contract) in PURCHASES.iter().zip(contracts) {
        for _ in 0..bought.people {
            roster.add(&sites[0], "contracted", vec![bought.skill]);
            if let Some(last) = roster.rows.last_mut() {
                last.credential_valid_to = contract.valid_to;
            }
        }
    }
    (roster.rows, roster.slots)
}

struct Roster {
    draw: Draw,
    rows: Vec<Volunteer>,
    slots: Vec<Availability>,
}

impl Roster {
    fn add(&mut self, site: &Site, kind: &'static str, skills: Vec<&'static str>) {
        let draw = &mut self.draw;
        let number = self.rows.len() + 1;
        let works = matches!(kind, "social_worker" | "contracted");
        let (lon, lat) = NANXING.near(draw, site.spot, 260).cells();
        let (days, from, to) = if works {
            (WORKDAYS, 830, 1700)
        } else {
            draw.pick(&[
                (&[0, 2, 4][..], 1330, 1730),
                (&[1, 3], 830, 1130),
                (&[1, 3, 5], 1830, 2030),
                (&[5, 6], 830, 1730),
                (WORKDAYS, 1500, 1800),
            ])
        };
        let volunteer = Volunteer {
            volunteer_id: format!("nx-v{number:03}"),
            district_id: DISTRICT,
            community_id: site.id.clone(),
            kind,
            skills,
            lon,
            lat,
            max_per_day: if works { 2 } else { 1 },
            max_per_week: if works { 6 } else { draw.between(1, 3) },
            consent: works || !draw.chance(4),
            credential_valid_to: (kind == "social_worker")
                .then(|| later(day(2013, 6, 30), draw.between(0, 400))),
            status: if works || !draw.chance(5) { "active" } else { "paused" },
            provenance: "synthetic",
        };
        if volunteer.consent && volunteer.status == "active" {
            let start = later(first_monday(), days[0] as i64);
            self.slots.push(Availability {
                provider_id: volunteer.volunteer_id.clone(),
                start: at(start, from),
                end: at(start, to),
                rrule: weekly(days),
                capacity: 1,
                provenance: "synthetic",
            });
        }
        self.rows.push(volunteer);
    }
}
