//! Posts, who claimed them, teams, and who stands by which household.

use chrono::Datelike;

use crate::calendar::{day, later};
use crate::draw::Draw;
use crate::pattern::meet;
use crate::record::{Availability, Need, Pairing, Pin, Post, Posting, Team, Volunteer};

use super::DISTRICT;
use super::communities::{NANMINGTANG, Place};

/// How many posts, from the first, the text names.
const PUBLISHED_POSTS: usize = 9;

/// Names, service and skill of a post.
type Kind = (&'static str, &'static str, &'static str, &'static str);

const POSTS: [Kind; 16] = [
    ("政策宣传员", "policy publicist", "policy_advice", "政策"),
    ("环卫监督员", "sanitation watcher", "sanitation", "环卫"),
    ("交通协管员", "traffic assistant", "traffic", "交通"),
    ("治安调解员", "mediator of disorder", "order_mediation", "调解"),
    ("巡回检查员", "inspector on rounds", "inspection", "检查"),
    ("社区治安巡防员", "community patrol member", "patrol", "巡逻"),
    ("纠纷调解员", "mediator of disputes", "mediation", "调解"),
    ("四点钟辅导员", "four o'clock tutor", "tutoring", "辅导"),
    ("民情联络员", "residents' liaison", "liaison", "走访"),
    ("法律咨询员", "legal adviser", "legal_advice", "法律"),
    ("健康保健员", "health adviser", "health_talk", "健康"),
    ("就业帮助员", "employment helper", "job_guidance", "就业"),
    ("心理疏导员", "counsellor", "counselling", "心理"),
    ("就医陪护员", "hospital escort", "hospital_escort", "陪护"),
    ("家务帮扶员", "household helper", "housework", "家务"),
    ("文体活动员", "culture and sport organiser", "recreation", "文艺"),
];

const POST_IDS: [&str; 16] = [
    "nm-p01", "nm-p02", "nm-p03", "nm-p04", "nm-p05", "nm-p06", "nm-p07", "nm-p08", "nm-p09", "nm-p10",
    "nm-p11", "nm-p12", "nm-p13", "nm-p14", "nm-p15", "nm-p16",
];

const TEAMS: usize = 312;
const PAIRINGS: usize = 160;

/// The 16 kinds of posts.
pub(crate) fn posts() -> Vec<Post> {
    let post = |(row, &(name_zh, name_en, service_id, skill)): (usize, &Kind)| Post {
        post_id: POST_IDS[row],
        name_zh,
        name_en,
        service_id,
        skills: vec![skill],
        provenance: if row < PUBLISHED_POSTS { "published" } else { "synthetic" },
    };
    POSTS.iter().enumerate().map(post).collect()
}

/// The service that the holders of a post give.
pub(crate) fn service_of(post_id: &str) -> &'static str {
    POST_IDS.iter().position(|it| *it == post_id).map_or("", |row| POSTS[row].2)
}

/// Who claimed which post in the own community. Few communities fill all 16.
pub(crate) fn postings(places: &[Place], volunteers: &[Volunteer]) -> Vec<Posting> {
    let mut draw = Draw::new("nanming posting");
    let mut postings = Vec::new();
    for place in places {
        let mut free: Vec<&Volunteer> = volunteers.iter().filter(|it| it.community_id == place.id).collect();
        draw.shuffle(&mut free);
        let ambition = draw.between(45, 100);
        for (row, &(_, _, _, skill)) in POSTS.iter().enumerate() {
            if !draw.chance(ambition) {
                continue;
            }
            let Some(found) = free.iter().position(|it| it.skills.contains(&skill)) else {
                continue;
            };
            let volunteer = free.swap_remove(found);
            postings.push(posting(&mut draw, postings.len() + 1, volunteer, POST_IDS[row]));
        }
    }
    postings
}

fn posting(draw: &mut Draw, number: usize, volunteer: &Volunteer, post_id: &'static str) -> Posting {
    let claimed_on = later(day(2010, 10, 1), draw.between(0, 600));
    let approved_on = later(claimed_on, draw.between(2, 20));
    let party = volunteer.kind == "party_member";
    Posting {
        posting_id: format!("nm-a{number:04}"),
        volunteer_id: volunteer.volunteer_id.clone(),
        post_id,
        community_id: volunteer.community_id.clone(),
        claimed_on,
        approved_on: (!draw.chance(3)).then_some(approved_on),
        ended_on: draw.chance(5).then(|| later(approved_on, draw.between(30, 90))),
        letter_no: if party { format!("{}-{number:04}", claimed_on.year()) } else { String::new() },
        provenance: "synthetic",
    }
}

/// The teams. The two of 南明堂社区 come with the sizes that the text gives.
pub(crate) fn teams(places: &[Place]) -> Vec<Team> {
    const SUBJECTS: [&str; 9] = [
        "法律咨询",
        "心理疏导家庭调解",
        "文化宣传",
        "就业指导",
        "卫生监督",
        "四点钟辅导",
        "民情联络",
        "治安巡逻",
        "健康保健",
    ];
    let mut draw = Draw::new("nanming team");
    let mut teams = vec![("秧歌、腰鼓", 30, NANMINGTANG), ("太极拳", 12, NANMINGTANG)];
    let published = teams.len();
    while teams.len() < TEAMS {
        let place = draw.below(places.len());
        teams.push((draw.pick(&SUBJECTS), draw.between(5, 26), place));
    }
    let team = |(row, &(subject, members, place)): (usize, &(&'static str, i64, usize))| Team {
        team_id: format!("nm-t{:03}", row + 1),
        district_id: DISTRICT,
        community_id: places[place].id.clone(),
        subject,
        members,
        provenance: if row < published { "published" } else { "synthetic" },
    };
    teams.iter().enumerate().map(team).collect()
}

/// The menu of paired support: the first three are for one group each, the others for anybody.
const MENU: &[&str] = &[
    "帮扶一户特困家庭",
    "关爱一名孤寡老人",
    "资助一名困难学生",
    "做一件好事实事",
    "开展一次慰问活动",
    "奉献一份爱心",
];

/// What may be promised to a household, by the group of the need that waits for a visit.
fn menu(group: Option<&str>) -> &'static [&'static str] {
    match group {
        None => MENU,
        Some("low_income" | "disabled" | "laid_off") => &MENU[..1],
        Some("lonely_elder") => &MENU[1..2],
        Some("minor") => &MENU[2..3],
        Some(_) => &MENU[3..],
    }
}

/// Who stands by which household, one to one or one to many. Half of the pairs wait for a
/// visit in the week that is matched.
pub(crate) fn pairings(places: &[Place], volunteers: &[Volunteer], open: &[Need]) -> Vec<Pairing> {
    let mut draw = Draw::new("nanming pairing");
    let mut visits = open.iter().filter(|it| it.service_id == "pairing_visit");
    let mut pairings: Vec<Pairing> = Vec::new();
    let mut taken: Vec<&str> = Vec::new();
    while pairings.len() < PAIRINGS {
        let visit = if draw.chance(60) { visits.next() } else { None };
        let community =
            visit.map_or_else(|| places[draw.below(places.len())].id.as_str(), |it| it.community_id.as_str());
        let Some(volunteer) = volunteers.iter().find(|it| {
            it.community_id == community && steady(it) && !taken.contains(&it.volunteer_id.as_str())
        }) else {
            continue;
        };
        taken.push(&volunteer.volunteer_id);
        let households = if draw.chance(22) { draw.between(2, 4) } else { 1 };
        for turn in 0..households {
            pairings.push(Pairing {
                pairing_id: format!("nm-k{:03}", pairings.len() + 1),
                need_id: match visit {
                    Some(it) if turn == 0 => it.need_id.clone(),
                    _ => String::new(),
                },
                volunteer_id: volunteer.volunteer_id.clone(),
                household_code: format!("nm-f{:03}", pairings.len() + 1),
                mode: if households == 1 { "one_to_one" } else { "one_to_many" },
                task: draw.pick(menu(visit.map(|it| it.group))),
                started_on: later(day(2011, 3, 1), draw.between(0, 500)),
                ended_on: None,
                provenance: "synthetic",
            });
        }
    }
    pairings
}

/// Whether a volunteer visits, and may be proposed for it for a long time.
fn steady(volunteer: &Volunteer) -> bool {
    volunteer.skills.contains(&"走访")
        && volunteer.consent
        && volunteer.status == "active"
        && volunteer.credential_valid_to.is_none()
}

/// Pairs that a run must choose, because the two know each other, and pairs that it may not.
///
/// These needs ask for one person, at a time that the volunteer has: without the pin, the pair
/// could be chosen like any other.
pub(crate) fn pins(pairings: &[Pairing], availability: &[Availability], open: &mut [Need]) -> Vec<Pin> {
    const MUST: usize = 4;
    const NEVER: usize = 6;
    let paired = pairings.iter().filter(|it| !it.need_id.is_empty() && it.mode == "one_to_one");
    let mut pins = Vec::new();
    for (row, pairing) in paired.take(MUST + NEVER).enumerate() {
        let must = row < MUST;
        let need = open.iter_mut().find(|it| it.need_id == pairing.need_id);
        let slot = availability.iter().find(|it| it.provider_id == pairing.volunteer_id);
        if let (Some(need), Some(slot)) = (need, slot) {
            meet(need, slot);
        }
        pins.push(Pin {
            need_id: pairing.need_id.clone(),
            provider_id: pairing.volunteer_id.clone(),
            kind: if must { "must" } else { "never" },
            reason: if must { "结对帮扶,由同一人上门" } else { "本人要求回避" },
            provenance: "synthetic",
        });
    }
    pins
}
