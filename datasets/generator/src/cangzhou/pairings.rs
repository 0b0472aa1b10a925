//! Who stands by which elder: one by one, several by one, or neighbours by each other.

use crate::calendar::{day, later};
use crate::draw::Draw;
use crate::pattern::meet;
use crate::record::forms::Household;
use crate::record::{Availability, Need, Pairing, Pin, Volunteer};
use crate::site::Site;

use super::YUNHE;

const TASK: &str = "长期为老服务";
/// Households that somebody stands by.
const HOUSEHOLDS: usize = 110;
/// Pairs that know each other and must be chosen.
const MUST: usize = 3;

/// The register of households that somebody stands by, from the pairs.
pub(super) fn households(pairings: &[Pairing], volunteers: &[Volunteer]) -> Vec<Household> {
    let community = |pairing: &Pairing| {
        let found = volunteers.iter().find(|it| it.volunteer_id == pairing.volunteer_id);
        found.map_or_else(String::new, |it| it.community_id.clone())
    };
    let mut households: Vec<Household> = Vec::new();
    for pairing in pairings {
        if households.last().is_some_and(|it| it.household_code == pairing.household_code) {
            continue;
        }
        households.push(Household {
            household_code: pairing.household_code.clone(),
            district_id: YUNHE,
            community_id: community(pairing),
            tags: vec!["lonely_elder"],
            members: 1,
            needs: vec!["elder_company"],
            // Nobody is paired before being on the register.
            registered_on: later(day(2011, 3, 1), -30),
            removed_on: None,
            provenance: "synthetic",
        });
    }
    households
}

/// A household in three has several volunteers, another one neighbours.
pub(super) fn pairings(sites: &[Site], volunteers: &[Volunteer], open: &[Need]) -> Vec<Pairing> {
    let mut draw = Draw::new("cangzhou pairing");
    let mut waiting = open.iter().filter(|it| it.service_id == "elder_company" && it.rrule.is_empty());
    let mut free: Vec<&Volunteer> = volunteers.iter().filter(|it| steady(it)).collect();
    draw.shuffle(&mut free);
    let yunhe: Vec<&Site> = sites.iter().filter(|it| it.district == YUNHE).collect();
    let mut pairings: Vec<Pairing> = Vec::new();
    for household in 0..HOUSEHOLDS {
        let mode = ["one_to_one", "many_to_one", "neighbour"][household % 3];
        let need = if household % 2 == 0 { waiting.next() } else { None };
        let community = need.map_or_else(|| draw.pick(&yunhe).id.as_str(), |it| it.community_id.as_str());
        let helpers = if mode == "many_to_one" { draw.between(2, 3) } else { 1 };
        for turn in 0..helpers {
            // Whoever stands by several households would stand by none for long.
            let Some(found) = free.iter().position(|it| it.community_id == community) else { break };
            pairings.push(Pairing {
                pairing_id: format!("cz-k{:03}", pairings.len() + 1),
                need_id: need.filter(|_| turn == 0).map(|it| it.need_id.clone()).unwrap_or_default(),
                volunteer_id: free.swap_remove(found).volunteer_id.clone(),
                household_code: format!("cz-f{:03}", household + 1),
                mode,
                task: TASK,
                started_on: later(day(2011, 3, 1), draw.between(0, 480)),
                ended_on: None,
                provenance: "synthetic",
            });
        }
    }
    pairings
}

/// Whether a volunteer cares for elders, and may be proposed for it for a long time.
fn steady(volunteer: &Volunteer) -> bool {
    volunteer.skills.contains(&"助老") && volunteer.consent && volunteer.status == "active"
}

/// Pairs of one elder and one volunteer that a run must choose, at a time that both have.
pub(super) fn pins(pairings: &[Pairing], availability: &[Availability], open: &mut [Need]) -> Vec<Pin> {
    let paired = pairings.iter().filter(|it| !it.need_id.is_empty() && it.mode == "one_to_one");
    let pin = |pairing: &Pairing| {
        let need = open.iter_mut().find(|it| it.need_id == pairing.need_id)?;
        let slot = availability.iter().find(|it| it.provider_id == pairing.volunteer_id)?;
        meet(need, slot);
        Some(Pin {
            need_id: pairing.need_id.clone(),
            provider_id: pairing.volunteer_id.clone(),
            kind: "must",
            reason: "结对帮扶,由同一人上门",
            provenance: "synthetic",
        })
    };
    paired.take(MUST).filter_map(pin).collect()
}
