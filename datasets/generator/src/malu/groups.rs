//! Twelve groups of three visit twelve households of elders, one to one.
//!
//! A match takes a group as one provider; who is in it stands in a table of its own. Each group
//! went to its household once, two weeks before; eight of the pairs have become friends and stay
//! together, the others are for the match to find.

use crate::calendar::{at, day, later, weekly};
use crate::draw::Draw;
use crate::place::HUIGU;
use crate::record::forms::Household;
use crate::record::practice::{VisitGroup, VisitGroupMember};
use crate::record::{Availability, Need, Pairing, Pin, Volunteer};

use super::monday;
use super::people::stretch;
use super::places::HUIGU_ID;

const GROUPS: usize = 12;
const SIZE: usize = 3;
/// Pairs that stay together.
const FRIENDS: usize = 8;
const DISTRICT: &str = "jingan";
/// Most go on Saturday, the last ones on Sunday.
const SATURDAYS: usize = 9;
const SKILL: &str = "慰老";

pub(super) fn groups() -> Vec<VisitGroup> {
    let group = |number: usize| VisitGroup {
        group_id: format!("jg-g{number:02}"),
        community_id: HUIGU_ID,
        organization_id: "jg-zhongyi",
        formed_on: Some(day(2014, 2, 10)),
        provenance: "synthetic",
    };
    (1..=GROUPS).map(group).collect()
}

/// Three for each group. How many of them are social workers was not published: one, in every
/// third group two.
pub(super) fn members(groups: &[VisitGroup]) -> Vec<VisitGroupMember> {
    let mut members = Vec::new();
    for (row, group) in groups.iter().enumerate() {
        let workers = if row % 3 == 2 { 2 } else { 1 };
        for seat in 0..SIZE {
            members.push(VisitGroupMember {
                member_id: format!("{}-{}", group.group_id, seat + 1),
                group_id: group.group_id.clone(),
                role: if seat < workers { "social_worker" } else { "volunteer" },
                provenance: "synthetic",
            });
        }
    }
    members
}

/// The day on which a pair meets, in days after the Monday.
const fn meets_on(row: usize) -> i64 {
    if row < SATURDAYS { 5 } else { 6 }
}

/// The groups as providers, each for one household in the week.
pub(super) fn providers(groups: &[VisitGroup]) -> (Vec<Volunteer>, Vec<Availability>) {
    let mut draw = Draw::new("malu visit_group");
    let provider = |group: &VisitGroup| {
        let (lon, lat) = HUIGU.near(&mut draw, HUIGU.at(0, 0), 250).cells();
        Volunteer {
            volunteer_id: group.group_id.clone(),
            district_id: DISTRICT,
            community_id: HUIGU_ID.to_owned(),
            kind: "visit_group",
            skills: vec![SKILL],
            lon,
            lat,
            max_per_day: 1,
            max_per_week: 1,
            consent: true,
            credential_valid_to: None,
            status: "active",
            provenance: "synthetic",
        }
    };
    let hours = |(row, group): (usize, &VisitGroup)| {
        let day = meets_on(row);
        stretch(&group.group_id, later(monday(), day - 14), (830, 1130), weekly(&[day as usize]))
    };
    let people = groups.iter().map(provider).collect();
    (people, groups.iter().enumerate().map(hours).collect())
}

/// The households that wait for the next visit.
pub(super) fn visits() -> Vec<Need> {
    let mut draw = Draw::new("malu visit");
    let visit = |row: usize| {
        let (lon, lat) = HUIGU.near(&mut draw, HUIGU.at(0, 0), 350).cells();
        let day = later(monday(), meets_on(row));
        Need {
            need_id: format!("jg-n{:02}", row + 1),
            district_id: DISTRICT,
            community_id: HUIGU_ID.to_owned(),
            service_id: "group_visit",
            skills: vec![SKILL],
            tier: 1,
            group: "lonely_elder",
            demand: 1,
            window_start: Some(at(day, 900)),
            window_end: Some(at(day, 1100)),
            duration_min: Some(90),
            lon: Some(lon),
            lat: Some(lat),
            due_at: Some(at(later(monday(), 6), 1800)),
            channel: "visit",
            class: "appointment",
            received_at: at(later(monday(), -4), 930 + row as i64),
            status: "open",
            at_home: true,
            reach_m: Some(2500),
            provenance: "synthetic",
            ..Need::default()
        }
    };
    (0..GROUPS).map(visit).collect()
}

/// The households of lonely elders, by code: one for each group.
pub(super) fn households(groups: &[VisitGroup]) -> Vec<Household> {
    let household = |row: usize| Household {
        household_code: format!("jg-f{:02}", row + 1),
        district_id: DISTRICT,
        community_id: HUIGU_ID.to_owned(),
        tags: vec!["lonely_elder"],
        members: 1,
        needs: vec!["group_visit"],
        registered_on: day(2014, 2, 10),
        removed_on: None,
        provenance: "synthetic",
    };
    (0..groups.len()).map(household).collect()
}

/// Who went to whom, and goes again.
pub(super) fn pairings(groups: &[VisitGroup], visits: &[Need]) -> Vec<Pairing> {
    let pair = |(row, (group, visit)): (usize, (&VisitGroup, &Need))| Pairing {
        pairing_id: format!("jg-k{:02}", row + 1),
        need_id: visit.need_id.clone(),
        volunteer_id: group.group_id.clone(),
        household_code: format!("jg-f{:02}", row + 1),
        mode: "one_to_one",
        task: "陪聊、整理家居、适度照料",
        started_on: day(2014, 2, 15),
        ended_on: None,
        provenance: "synthetic",
    };
    groups.iter().zip(visits).enumerate().map(pair).collect()
}

/// The pairs that a match must keep.
pub(super) fn pins(pairings: &[Pairing]) -> Vec<Pin> {
    let pin = |it: &Pairing| Pin {
        need_id: it.need_id.clone(),
        provider_id: it.volunteer_id.clone(),
        kind: "must",
        reason: "已结成忘年交,由原小组上门",
        provenance: "synthetic",
    };
    pairings.iter().take(FRIENDS).map(pin).collect()
}
