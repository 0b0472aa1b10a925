//! Who helps in 马陆: social workers, the team of 白银, party members, craftsmen, doctors.

use chrono::NaiveDate;

use crate::calendar::{EVERY_DAY, at, day, later, weekly};
use crate::draw::Draw;
use crate::place::{MALU, Spot};
use crate::record::{Availability, Community, Degree, Team, Volunteer};

use super::channels::WORKERS;
use super::places::{BAIYIN, YULAN};
use super::{DISTRICT, monday};

/// What the team of 白银 is for, as the text has it.
pub(super) const FUNCTIONS: [&str; 5] = ["宣传", "法律", "治安", "修理", "保健"];
/// What members of the party have signed for, and what neighbours add.
const SIGNED: [&str; 5] = ["清洁", "走访", "预约", "代收", "走访"];

const TEAM: usize = 40;
const NEIGHBOURS: usize = 50;

/// Days of the week and two clock times.
type Hours = (&'static [usize], i64, i64);

const WORKDAYS: &[usize] = &[0, 1, 2, 3, 4];
const TEAM_HOURS: [Hours; 5] = [
    (&[0, 2, 4], 1830, 2130),
    (&[1, 3, 5], 1830, 2200),
    (&[5, 6], 830, 1130),
    (&[5, 6], 1330, 1700),
    (&[1, 4], 1400, 1700),
];
const NEIGHBOUR_HOURS: [Hours; 4] =
    [(WORKDAYS, 800, 1100), (&[0, 2, 4], 1400, 1730), (&[5, 6], 830, 1130), (&[1, 3], 1600, 1900)];

/// Skills, kind, where (community), hours, last day of the credential.
type Craft = (&'static [&'static str], &'static str, &'static str, Hours, Option<(i32, u32, u32)>);

/// The staff of property companies goes home at half past five; the electrician and the
/// locksmith whom the committee knows can be called in the evening. The permit of the only one
/// for high voltage has run out.
const CRAFTS: [Craft; 9] = [
    (&["电工", "门锁"], "property_staff", YULAN, (EVERY_DAY, 800, 1730), None),
    (&["电工", "水暖"], "property_staff", YULAN, (EVERY_DAY, 800, 1730), None),
    (&["门锁", "水暖"], "property_staff", BAIYIN, (EVERY_DAY, 800, 1730), None),
    (&["电工", "水暖"], "property_staff", "ml-c04", (EVERY_DAY, 800, 1730), None),
    (&["门锁", "修理"], "property_staff", "ml-c05", (WORKDAYS, 800, 1730), None),
    (&["电工"], "specialist", YULAN, (EVERY_DAY, 1800, 2400), None),
    (&["门锁"], "specialist", "ml-c03", (EVERY_DAY, 1800, 2230), None),
    (&["高压", "电工"], "specialist", BAIYIN, (EVERY_DAY, 800, 2000), Some((2014, 2, 28))),
    (&["水暖"], "specialist", "ml-c06", (EVERY_DAY, 700, 2200), None),
];

/// Doctors of the partner hospital; each comes to the service day on 4 March.
const DOCTORS: usize = 4;

/// Everybody but the visit groups, and when they are free; the duty of social workers is kept
/// with their telephones.
pub(super) fn roster(communities: &[Community]) -> (Vec<Volunteer>, Vec<Availability>) {
    let mut draw = Draw::new("malu volunteer");
    let mut people = Vec::new();
    let mut hours = Vec::new();
    let spot = |id: &str| {
        let home = communities.iter().find(|it| it.community_id == id);
        home.map_or(MALU.at(0, 0), |it| {
            let (Degree(lon), Degree(lat)) = (it.lon, it.lat);
            Spot { lon, lat }
        })
    };
    for id in WORKERS {
        people.push(person(&mut draw, id.to_owned(), "social_worker", vec!["社工"], YULAN, spot(YULAN)));
    }
    for row in 0..TEAM {
        let mut skills = vec![FUNCTIONS[row % FUNCTIONS.len()]];
        if row % 4 == 3 {
            skills.push(FUNCTIONS[(row + 1) % FUNCTIONS.len()]);
        }
        let id = format!("ml-v{:03}", row + 1);
        hours.push(weekly_hours(&id, draw.pick(&TEAM_HOURS)));
        people.push(person(&mut draw, id, "resident", skills, BAIYIN, spot(BAIYIN)));
    }
    for row in 0..NEIGHBOURS {
        let home = &communities[1 + row % 5].community_id;
        let id = format!("ml-v{:03}", TEAM + row + 1);
        let kind = if row % 5 < 4 { "party_member" } else { "resident" };
        let skills = vec![SIGNED[row % SIGNED.len()], SIGNED[draw.below(SIGNED.len())]];
        hours.push(weekly_hours(&id, draw.pick(&NEIGHBOUR_HOURS)));
        people.push(person(&mut draw, id, kind, skills, home, spot(home)));
    }
    // The only one who signs has not agreed to be proposed.
    if let Some(last) = people.last_mut() {
        last.skills.push("手语");
        last.consent = false;
    }
    for (row, &(skills, kind, home, times, valid_to)) in CRAFTS.iter().enumerate() {
        let id = format!("ml-p{:02}", row + 1);
        hours.push(weekly_hours(&id, times));
        people.push(Volunteer {
            credential_valid_to: valid_to.map(|(year, month, of)| day(year, month, of)),
            max_per_day: 2,
            max_per_week: 8,
            ..person(&mut draw, id, kind, skills.to_vec(), home, spot(home))
        });
    }
    for row in 0..DOCTORS {
        let id = format!("ml-p{:02}", CRAFTS.len() + row + 1);
        hours.push(stretch(&id, later(monday(), 1), (830, 1130), String::new()));
        people.push(person(&mut draw, id, "partner", vec!["义诊"], BAIYIN, spot(BAIYIN)));
    }
    for it in &mut people {
        it.skills.dedup();
    }
    (people, hours)
}

/// The team that the text names, with as many members as the case gives it.
pub(super) fn teams() -> Vec<Team> {
    vec![Team {
        team_id: "ml-t01".to_owned(),
        district_id: DISTRICT,
        community_id: BAIYIN.to_owned(),
        subject: "宣传、法律、治安、修理、生活保健",
        members: TEAM as i64,
        provenance: "published",
    }]
}

fn person(
    draw: &mut Draw,
    volunteer_id: String,
    kind: &'static str,
    skills: Vec<&'static str>,
    home: &str,
    spot: Spot,
) -> Volunteer {
    let (lon, lat) = MALU.near(draw, spot, 300).cells();
    Volunteer {
        volunteer_id,
        district_id: DISTRICT,
        community_id: home.to_owned(),
        kind,
        skills,
        lon,
        lat,
        max_per_day: 1,
        max_per_week: draw.between(1, 2),
        consent: true,
        credential_valid_to: None,
        status: "active",
        provenance: "synthetic",
    }
}

fn weekly_hours(provider_id: &str, (days, from, to): Hours) -> Availability {
    // Hours have been the same since six weeks before the week.
    let first = later(monday(), days[0] as i64 - 42);
    stretch(provider_id, first, (from, to), weekly(days))
}

/// A stretch of free time.
pub(super) fn stretch(
    provider_id: &str,
    first: NaiveDate,
    (from, to): (i64, i64),
    rrule: String,
) -> Availability {
    Availability {
        provider_id: provider_id.to_owned(),
        start: at(first, from),
        end: at(first, to),
        rrule,
        capacity: 1,
        provenance: "synthetic",
    }
}
