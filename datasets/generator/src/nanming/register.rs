//! The register of households in need: those somebody stands by, and those who wait for it.
//!
//! A household is a code. Its categories fit what its pair was promised, and what it needs
//! follows from its categories.

use chrono::NaiveDate;

use crate::calendar::{day, later};
use crate::draw::Draw;
use crate::record::forms::Household;
use crate::record::{Need, Pairing, Volunteer};

use super::DISTRICT;
use super::communities::{HOUBA, Place};

/// Households of the register, those with a pair among them.
const HOUSEHOLDS: usize = 420;
/// Households of poor disabled people in 后坝社区, of which the text counts more than 60.
const HOUBA_DISABLED: usize = 63;

/// The five categories of the register, by weight.
const TAGS: &[(&str, usize)] =
    &[("poor_family", 5), ("lonely_elder", 4), ("poor_disabled", 3), ("laid_off", 3), ("poor_student", 2)];

/// What a household of a category asks for.
fn services(tag: &str) -> &'static [&'static str] {
    match tag {
        "lonely_elder" => &["elder_visit", "hospital_escort", "housework"],
        "poor_student" => &["tutoring", "reading_guidance"],
        "poor_disabled" => &["warmth", "certificate_errand", "housework"],
        "laid_off" => &["job_placement", "job_guidance"],
        _ => &["warmth", "policy_advice"],
    }
}

/// The category that a promise or a group of the open needs implies.
fn tag(draw: &mut Draw, group: &str, task: &str) -> &'static str {
    match (group, task) {
        ("low_income", _) => "poor_family",
        ("disabled", _) => "poor_disabled",
        ("laid_off", _) => "laid_off",
        ("lonely_elder" | "elderly", _) | (_, "关爱一名孤寡老人") => "lonely_elder",
        ("minor", _) | (_, "资助一名困难学生") => "poor_student",
        (_, "帮扶一户特困家庭") => {
            draw.weighted(&[("poor_family", 5), ("poor_disabled", 3), ("laid_off", 2)])
        }
        _ => draw.weighted(TAGS),
    }
}

/// Every household: those of the pairs in their order, then those that wait for a pair.
pub(crate) fn households(
    places: &[Place],
    volunteers: &[Volunteer],
    pairings: &[Pairing],
    open: &[Need],
) -> Vec<Household> {
    let mut draw = Draw::new("nanming household");
    let mut households: Vec<Household> = Vec::new();
    for pairing in pairings {
        let home = volunteers.iter().find(|it| it.volunteer_id == pairing.volunteer_id);
        let group = open.iter().find(|it| it.need_id == pairing.need_id).map_or("", |it| it.group);
        let tag = tag(&mut draw, group, pairing.task);
        let community = home.map(|it| it.community_id.clone()).unwrap_or_default();
        let registered_on = later(pairing.started_on, -draw.between(10, 200));
        households.push(household(&mut draw, &pairing.household_code, community, tag, registered_on));
    }
    let houba = &places[HOUBA].id;
    let has = |it: &&Household| it.community_id == *houba && it.tags.contains(&"poor_disabled");
    let lacking = HOUBA_DISABLED.saturating_sub(households.iter().filter(has).count());
    for turn in 0..HOUSEHOLDS - households.len() {
        let code = format!("nm-f{:03}", households.len() + 1);
        let (place, tag) = if turn < lacking {
            (HOUBA, "poor_disabled")
        } else {
            // The others of 后坝社区 have a pair.
            (HOUBA + 1 + draw.below(places.len() - HOUBA - 1), draw.weighted(TAGS))
        };
        let registered_on = later(day(2010, 6, 1), draw.between(0, 820));
        let mut waiting = household(&mut draw, &code, places[place].id.clone(), tag, registered_on);
        // Help reached some of them: they are off the register.
        let gone = place != HOUBA && draw.chance(6);
        waiting.removed_on = gone.then(|| later(day(2012, 9, 3), draw.between(0, 40)));
        households.push(waiting);
    }
    households
}

fn household(
    draw: &mut Draw,
    code: &str,
    community_id: String,
    tag: &'static str,
    registered_on: NaiveDate,
) -> Household {
    let mut tags = vec![tag];
    // Who lives alone as an elder has neither pupils nor work to lose.
    if tag != "lonely_elder" && draw.chance(18) {
        tags.push(draw.pick(&["poor_family", "poor_disabled", "laid_off", "poor_student"]));
    }
    tags.sort_unstable();
    tags.dedup();
    let mut needs: Vec<&'static str> = tags.iter().map(|it| draw.pick(services(it))).collect();
    if draw.chance(35) {
        needs.push(draw.pick(services(tag)));
    }
    needs.sort_unstable();
    needs.dedup();
    Household {
        household_code: code.to_owned(),
        district_id: DISTRICT,
        community_id,
        members: if tags == ["lonely_elder"] { draw.weighted(&[(1, 4), (2, 1)]) } else { draw.between(2, 5) },
        tags,
        needs,
        registered_on,
        removed_on: None,
        provenance: "synthetic",
    }
}
