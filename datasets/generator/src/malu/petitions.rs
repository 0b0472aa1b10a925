//! The petitions to 白银 since it began: 17 cases, one of which 14 people signed.
//!
//! ```text
//! 14 mails ─▶ one case ─▶ task group on the same day ─▶ site, developer, property company
//!                                       consensus on the fourth day ◀─ hearing with 8 of them
//! ```

use chrono::{NaiveDateTime, TimeDelta};

use crate::calendar::{at, day, later};
use crate::draw::Draw;
use crate::record::Need;
use crate::record::practice::Petition;

use super::DISTRICT;
use super::log::{Course, Log};
use super::places::BAIYIN;

const CASES: i64 = 17;
const PETITIONERS: i64 = 14;
const REPRESENTATIVES: i64 = 8;

/// The topics of the large petition.
const TOPICS: [&str; 3] = ["小区与商铺间无围墙隔离", "地下车库存在管理漏洞", "绿化格局与承诺不一致"];
/// What the others are about.
const OTHERS: [&str; 5] = ["装修扰民", "物业收费", "车位分配", "房屋渗漏", "垃圾清运"];
const OFFICES: [&str; 2] = ["综治联动办公室", "居务办公室"];

/// Lets the petitions run their course, in the order in which they came in.
pub(super) fn settle(log: &mut Log) -> Vec<Petition> {
    let mut draw = Draw::new("malu petition");
    let mut petitions = Vec::new();
    // About one in five days, from the first week of December until the end of February.
    for number in 1..CASES {
        let received_at =
            at(later(day(2013, 12, 3), number * 5), 900) + TimeDelta::minutes(draw.between(0, 420));
        if received_at > noon() && petitions.iter().all(|it: &Petition| it.petitioners < PETITIONERS) {
            petitions.push(large(log, &mut draw));
        }
        petitions.push(single(log, &mut draw, received_at));
    }
    for (row, it) in petitions.iter_mut().enumerate() {
        it.petition_id = format!("ml-x{:02}", row + 1);
    }
    petitions
}

/// When the mails came in.
fn noon() -> NaiveDateTime {
    at(day(2013, 12, 26), 1205)
}

fn complaint(draw: &mut Draw, channel: &'static str, received_at: NaiveDateTime, tier: i64) -> Need {
    Need {
        district_id: DISTRICT,
        community_id: BAIYIN.to_owned(),
        service_id: "property_dispute",
        class: "complaint",
        channel,
        received_at,
        tier,
        group: draw.weighted(&[("", 4), ("elderly", 1)]),
        demand: 1,
        due_at: Some(at(later(received_at.date(), 15), 1800)),
        ..Need::default()
    }
}

fn register(course: &mut Course, draw: &mut Draw) {
    for (kind, least, most) in [("received", 1, 4), ("registered", 1, 6), ("classified", 0, 0)] {
        course.step(kind, "window", "");
        course.wait(draw, least, most);
    }
}

/// Visits whoever complained, and closes the case.
fn close(mut course: Course, draw: &mut Draw, satisfied: bool) {
    course.wait(draw, 10, 60);
    course.step("replied", "task_group", "");
    course.office(draw, 1);
    course.visit(draw, satisfied, "owner");
    course.wait(draw, 5, 20);
    course.step("evaluated", "owner", "");
    course.wait(draw, 5, 30);
    course.step("closed", "window", "");
    course.end("closed");
}

/// The petition of 26 December: the first mail is the case, the others are merged into it.
fn large(log: &mut Log, draw: &mut Draw) -> Petition {
    let case = log.next_id();
    let opened_at = noon();
    let hearing_at = at(day(2013, 12, 30), 930);
    let mut course = log.begin(complaint(draw, "web", opened_at, 3));
    register(&mut course, draw);
    course.clock = at(opened_at.date(), 1400);
    course.step("escalated", "window", "成立紧急事务小组");
    course.wait(draw, 5, 15);
    course.step("accepted", "task_group", "紧急事务小组");
    course.wait(draw, 20, 40);
    course.step("in_progress", "task_group", "实地查看");
    course.clock = hearing_at + TimeDelta::minutes(95);
    let closed_at = course.clock;
    course.step("done", "task_group", "协调答复会达成共识");
    close(course, draw, true);
    for nth in 1..PETITIONERS {
        let received_at = opened_at + TimeDelta::minutes(nth * 2);
        let need = Need { duplicate_of: case.clone(), ..complaint(draw, "web", received_at, 2) };
        let mut course = log.begin(need);
        register(&mut course, draw);
        course.clock = at(opened_at.date(), 1330) + TimeDelta::minutes(nth);
        course.step("merged", "window", "");
        course.end("merged");
    }
    Petition {
        need_id: case,
        community_id: BAIYIN,
        channel: "web",
        petitioners: PETITIONERS,
        topics: TOPICS.to_vec(),
        representatives: Some(REPRESENTATIVES),
        task_group: OFFICES.to_vec(),
        opened_at,
        hearing_at: Some(hearing_at),
        closed_at: Some(closed_at),
        provenance: "published",
        ..Petition::default()
    }
}

/// A petition of one to three people. The last one is still being worked on.
fn single(log: &mut Log, draw: &mut Draw, received_at: NaiveDateTime) -> Petition {
    let need_id = log.next_id();
    let channel = draw.pick(&["web", "visit", "letter"]);
    let office = draw.pick(&OFFICES);
    let mut course = log.begin(complaint(draw, channel, received_at, 1));
    register(&mut course, draw);
    course.wait(draw, 20, 90);
    course.step("dispatched", "window", office);
    course.wait(draw, 20, 90);
    course.step("accepted", "task_group", office);
    let days = draw.between(1, 8);
    course.office(draw, days);
    course.step("in_progress", "task_group", "");
    let is_last = received_at >= at(day(2014, 2, 20), 0);
    let mut closed_at = None;
    if is_last {
        course.end("in_progress");
    } else {
        course.wait(draw, 40, 150);
        closed_at = Some(course.clock);
        course.step("done", "task_group", "");
        let satisfied = draw.chance(85);
        close(course, draw, satisfied);
    }
    Petition {
        need_id,
        community_id: BAIYIN,
        channel,
        petitioners: draw.between(1, 3),
        topics: vec![draw.pick(&OTHERS)],
        task_group: vec![office],
        opened_at: received_at,
        closed_at,
        provenance: "synthetic",
        ..Petition::default()
    }
}
