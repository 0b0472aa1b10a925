//! "3351": the merchant alliance of 政和社区 in 滨州.
//!
//! Published and kept here: 2470 households, 6259 residents, 9 staff; more than 200 merchants,
//! more than 150 of them in the alliance, 19 trades of which 5 are named; 33 merchant party
//! members; a centre of 9 + 2 + 2; card 000666; 95折 with the card, half price at an
//! appliance repair shop for those in need.

mod medicine;
mod merchants;
mod needs;

use crate::calendar::{at, day, first_monday, later};
use crate::draw::Draw;
use crate::gazetteer::{division, named};
use crate::place::{Spot, ZHENGHE};
use crate::record::practice::{Channel, PlaceRow};
use crate::record::{
    Availability, Card, Community, District, Membership, Merchant, Organization, ServicePoint, Table,
    Volunteer,
};
use crate::service;

const DISTRICT: &str = "bincheng";
const COMMUNITY: &str = "zh-c01";

/// The card that the text shows.
const PUBLISHED_CARD: usize = 666;
const CARDS: usize = 260;
const HOUSEHOLDS: i64 = 2470;
const STAFF: i64 = 9;

const CENTRE: Spot = ZHENGHE.at(0, 0);

/// Every table of the case, those that others point at first.
pub(crate) fn tables() -> Vec<Table> {
    let merchants = merchants::registry();
    let cards = cards();
    let (volunteers, mut availability) = volunteers();
    availability.extend(merchants::opening_hours(&merchants));
    let in_use = in_use(&cards);
    let open = needs::open(&in_use);
    let watches = medicine::watches(&merchants, &in_use, &open);
    let pins = medicine::pins(&watches, &open);
    let history = needs::history(&in_use, &open);
    vec![
        Table::of(&[district()]),
        Table::of(&gazetteer()),
        Table::of(&[community()]),
        Table::of(&[telephone()]),
        Table::of(&service::zhenghe()),
        Table::of(&[centre()]),
        Table::of(&merchants::categories()),
        Table::of(&merchants),
        Table::of(&merchants::offers(&merchants)),
        Table::of(&volunteers),
        Table::of(&availability),
        Table::of(&organizations()),
        Table::of(&memberships(&merchants)),
        Table::of(&cards),
        Table::of(&watches),
        Table::of(&[open, history.needs].concat()),
        Table::of(&history.events),
        Table::of(&history.visits),
        Table::of(&pins),
    ]
}

fn district() -> District {
    District {
        district_id: DISTRICT,
        name: "滨城区",
        code: "371602",
        parent_id: "binzhou",
        provenance: "published",
        ..District::default()
    }
}

/// From the province down to the compound that the text names.
fn gazetteer() -> Vec<PlaceRow> {
    vec![
        division("shandong", "山东省", "province", "", "370000"),
        division("binzhou", "滨州市", "city", "shandong", "371600"),
        division(DISTRICT, "滨城区", "district", "binzhou", "371602"),
        named("zh-shidong", "市东街道", "street", DISTRICT),
        named(COMMUNITY, "政和社区", "community", "zh-shidong"),
        named("zh-dormitory", "市东宿舍院", "site", COMMUNITY),
    ]
}

/// The telephone for disputes and complaints. Its number is a name and stays text.
fn telephone() -> Channel {
    Channel {
        channel_id: "zh-phone".to_owned(),
        community_id: COMMUNITY,
        kind: "phone",
        name: "服务电话".to_owned(),
        number: "3369019",
        provenance: "published",
        ..Channel::default()
    }
}

fn community() -> Community {
    let (lon, lat) = CENTRE.cells();
    Community {
        community_id: COMMUNITY.to_owned(),
        district_id: DISTRICT,
        name: "政和社区".to_owned(),
        households: HOUSEHOLDS,
        residents: 6259,
        staff: Some(STAFF),
        lon,
        lat,
        provenance: "published",
        ..Community::default()
    }
}

fn centre() -> ServicePoint {
    let (lon, lat) = CENTRE.cells();
    ServicePoint {
        point_id: "zh-s01".to_owned(),
        community_id: COMMUNITY.to_owned(),
        name: "社区便民服务中心".to_owned(),
        kind: "centre",
        specialities: vec!["shop_advice", "shop_dispute"],
        lon,
        lat,
        provenance: "published",
        ..ServicePoint::default()
    }
}

fn organizations() -> Vec<Organization> {
    let body = |organization_id, kind, name| Organization {
        organization_id,
        community_id: COMMUNITY,
        kind,
        name,
        provenance: "published",
    };
    vec![
        body("zh-branch", "branch", "社区便民服务党支部"),
        body("zh-alliance", "alliance", "社区便民服务联盟"),
        body("zh-centre", "centre", "社区便民服务中心"),
    ]
}

/// 33 in the branch, every merchant with a plate in the alliance, 9 + 2 + 2 in the centre.
fn memberships(merchants: &[Merchant]) -> Vec<Membership> {
    let joined: Vec<&Merchant> = merchants.iter().filter(|it| merchants::joined(it)).collect();
    let mut draw = Draw::new("zhenghe membership");
    let mut members = Vec::new();
    let mut join = |organization_id, member_kind, role, merchant: Option<&Merchant>| {
        members.push(Membership {
            membership_id: format!("zh-mb{:03}", members.len() + 1),
            organization_id,
            member_kind,
            role,
            merchant_id: merchant.map(|it| it.merchant_id.clone()).unwrap_or_default(),
            provenance: "synthetic",
        });
    };
    let (clinic, mut others): (Vec<&Merchant>, Vec<&Merchant>) =
        joined.iter().partition(|it| it.name == merchants::PUBLISHED_CLINIC);
    draw.shuffle(&mut others);
    join("zh-branch", "merchant_party_member", "secretary", clinic.first().copied());
    for merchant in &others[..32] {
        join("zh-branch", "merchant_party_member", "member", Some(merchant));
    }
    for merchant in &joined {
        join("zh-alliance", "merchant", "member", Some(merchant));
    }
    for _ in 0..STAFF {
        join("zh-centre", "staff", "member", None);
    }
    for _ in 0..2 {
        join("zh-centre", "resident", "representative", None);
    }
    for merchant in &others[32..34] {
        join("zh-centre", "merchant", "representative", Some(merchant));
    }
    members
}

fn cards() -> Vec<Card> {
    let mut draw = Draw::new("zhenghe card");
    let mut numbers: Vec<usize> = (1..=HOUSEHOLDS as usize).filter(|&it| it != PUBLISHED_CARD).collect();
    draw.shuffle(&mut numbers);
    numbers.truncate(CARDS - 1);
    numbers.push(PUBLISHED_CARD);
    numbers.sort_unstable();
    let card = |number: usize| {
        let published = number == PUBLISHED_CARD;
        Card {
            card_no: format!("{number:06}"),
            community_id: COMMUNITY,
            issued_on: later(day(2012, 3, 15), draw.between(0, 150)),
            status: match draw.between(0, 99) {
                0..=94 => "active",
                _ if published => "active",
                95..=97 => "lost",
                _ => "cancelled",
            },
            provenance: if published { "published" } else { "synthetic" },
        }
    };
    numbers.into_iter().map(card).collect()
}

/// The cards that needs are asked with; what the card of the text is for is told elsewhere.
fn in_use(cards: &[Card]) -> Vec<Card> {
    cards.iter().filter(|it| it.status == "active" && it.provenance != "published").cloned().collect()
}

/// Neighbours who visit, run errands and read aloud, and two who give health advice.
/// Nobody has the skill to escort people to hospital.
fn volunteers() -> (Vec<Volunteer>, Vec<Availability>) {
    let mut draw = Draw::new("zhenghe volunteer");
    let mut slots = Vec::new();
    let roster = (1..=26)
        .map(|row| {
            let skills = match row {
                1 | 2 => vec!["健康", "走访"],
                3..=12 => vec!["走访"],
                13..=19 => vec!["代办", "走访"],
                20..=23 => vec!["读报"],
                _ => vec!["读报", "走访"],
            };
            let volunteer_id = format!("zh-v{row:02}");
            let start = first_monday();
            let (from, to) = draw.pick(&[(800, 1130), (1400, 1730), (1830, 2030)]);
            slots.push(Availability {
                provider_id: volunteer_id.clone(),
                start: at(start, from),
                end: at(start, to),
                rrule: draw.pick(&["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR"]).to_owned(),
                capacity: 1,
                provenance: "synthetic",
            });
            let (lon, lat) = ZHENGHE.near(&mut draw, CENTRE, 450).cells();
            Volunteer {
                volunteer_id,
                district_id: DISTRICT,
                community_id: COMMUNITY.to_owned(),
                kind: if row % 3 == 1 { "party_member" } else { "social" },
                skills,
                lon,
                lat,
                max_per_day: 1,
                max_per_week: draw.between(2, 3),
                consent: row != 12,
                credential_valid_to: (row == 2).then(|| day(2012, 9, 30)),
                status: if row == 19 { "paused" } else { "active" },
                provenance: "synthetic",
            }
        })
        .collect();
    (roster, slots)
}
