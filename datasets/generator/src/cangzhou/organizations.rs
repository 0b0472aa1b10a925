//! Social organizations, teams, posts for the public benefit, and agreements with units in the
//! area.

use crate::calendar::{day, later};
use crate::draw::Draw;
use crate::record::{Body, Contract, PublicPost, Team};
use crate::site::{Site, shares};

use super::YUNHE;
use super::communities::by_district;
use super::volunteers::REGISTERED;

/// Kind, how many, and what they are about.
type Group = (&'static str, usize, &'static [&'static str]);

const GROUPS: [Group; 4] = [
    ("rights", 156, &["老年人权益", "妇女权益", "儿童权益", "残疾人权益", "业主权益"]),
    ("service", 142, &["义诊", "义教", "法律援助", "心理辅导", "治安巡逻", "扶贫济困", "绿化维护"]),
    ("culture_sport", 259, &["合唱团", "书画班", "戏剧社", "舞蹈队", "武术队"]),
    (UNIT, 24, &["驻区单位"]),
];

const UNIT: &str = "resident_unit";

/// Teams of 运河区, and of the rest of the city.
const TEAMS: [usize; 2] = [104, 60];

/// People in posts for the public benefit: those who assist communities, and the others.
const ASSISTANTS: i64 = 1188;
const OTHER_POSTS: i64 = 5385 - ASSISTANTS;

/// The social organizations and the units with which communities have an agreement.
pub(super) fn registry(sites: &[Site]) -> Vec<Body> {
    let mut draw = Draw::new("cangzhou organization");
    let mut bodies: Vec<Body> = Vec::new();
    for (kind, count, subjects) in GROUPS {
        for row in 0..count {
            bodies.push(Body {
                organization_id: format!("cz-g{:03}", bodies.len() + 1),
                community_id: sites[draw.below(sites.len())].id.clone(),
                kind,
                name: format!("{}{:03}", subjects[row % subjects.len()], row + 1),
                provenance: "synthetic",
            });
        }
    }
    bodies
}

/// The teams; every registered volunteer of 运河区 is in one of its teams.
pub(super) fn teams(sites: &[Site]) -> Vec<Team> {
    const SUBJECTS: [&str; 6] = ["帮困", "文化", "教育", "治安", "环保", "便民"];
    let mut draw = Draw::new("cangzhou team");
    let (inner, outer): (Vec<&Site>, Vec<&Site>) = sites.iter().partition(|it| it.district == YUNHE);
    let mut teams: Vec<Team> = Vec::new();
    for ((places, count), registered) in [inner, outer].iter().zip(TEAMS).zip(REGISTERED) {
        let weights: Vec<i64> = (0..count).map(|_| draw.between(40, 160)).collect();
        // Elsewhere a third of those registered are in a team.
        let members = if count == TEAMS[0] { registered } else { registered / 3 };
        for members in shares(members, &weights) {
            let site = places[draw.below(places.len())];
            teams.push(Team {
                team_id: format!("cz-t{:03}", teams.len() + 1),
                district_id: site.district,
                community_id: site.id.clone(),
                subject: draw.pick(&SUBJECTS),
                members,
                provenance: "synthetic",
            });
        }
    }
    teams
}

/// How many hold posts for the public benefit, by community and by district.
pub(super) fn public_posts(sites: &[Site]) -> Vec<PublicPost> {
    const KINDS: [&str; 3] = ["social_security", "mediation", "population"];
    let mut draw = Draw::new("cangzhou public_post");
    let mut posts = Vec::new();
    let mut add = |district_id, community_id: &str, kind, holders| {
        posts.push(PublicPost {
            public_post_id: format!("cz-u{:03}", posts.len() + 1),
            district_id,
            community_id: community_id.to_owned(),
            kind,
            holders,
            provenance: "synthetic",
        });
    };
    let weights: Vec<i64> = (0..sites.len() * KINDS.len()).map(|_| draw.between(10, 30)).collect();
    for (row, holders) in shares(ASSISTANTS, &weights).into_iter().enumerate() {
        let site = &sites[row / KINDS.len()];
        add(site.district, &site.id, KINDS[row % KINDS.len()], holders);
    }
    let districts = by_district(sites);
    let weights: Vec<i64> = districts.iter().map(|it| it.len() as i64).collect();
    for (district, holders) in districts.iter().zip(shares(OTHER_POSTS, &weights)) {
        add(district[0].district, "", "other", holders);
    }
    posts
}

/// What units in the area give, and what the community does for them.
pub(super) fn contracts(bodies: &[Body]) -> Vec<Contract> {
    const GIVES: [&[&str]; 4] = [&["venue"], &["money"], &["expertise"], &["venue", "expertise"]];
    const RETURNS: [&str; 4] =
        ["half_past_four_class", "neighbourhood_patrol", "culture_activity", "environment_round"];
    let mut draw = Draw::new("cangzhou contract");
    let contract = |(row, unit): (usize, &Body)| {
        let signed = later(day(2011, 3, 1), draw.between(0, 400));
        let gives = GIVES[row % GIVES.len()];
        Contract {
            contract_id: format!("cz-x{:02}", row + 1),
            kind: "co_building",
            organization_id: unit.organization_id.clone(),
            community_id: unit.community_id.clone(),
            service_id: draw.pick(&RETURNS),
            gives: gives.to_vec(),
            budget_yuan: gives.contains(&"money").then(|| draw.between(5, 40) * 1000),
            valid_from: Some(signed),
            valid_to: Some(later(signed, 1095)),
            provenance: "synthetic",
        }
    };
    bodies.iter().filter(|it| it.kind == UNIT).enumerate().map(contract).collect()
}
