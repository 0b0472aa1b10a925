//! The hotline of 育兰: 501 requests in somewhat more than a year, 494 of them completed.
//!
//! ```text
//! answered by whoever is on duty, who owns it ─┬─▶ answered at once ─────────────────────────┐
//!                                              └─▶ property company ─▶ craftsman ─▶ another ─┤
//!                        closed by the owner ◀── evaluated ◀── return visit ◀── replied ◀────┘
//! ```

use chrono::{NaiveDateTime, TimeDelta, Timelike};

use crate::calendar::{at, later};
use crate::draw::Draw;
use crate::place::{MALU, Spot};
use crate::record::{Community, Degree, Need};

use super::channels::{on_duty, opened};
use super::log::{Course, Log};
use super::places::YULAN;
use super::{DISTRICT, monday};

/// Completed ones, each with a return visit.
const CLOSED: usize = 494;
/// Those left unresolved, by their place among all that have run their course.
const UNRESOLVED: [usize; 2] = [203, 431];
/// Days after the opening until which requests have run their course by the day of the decision,
/// and those until which one may take long.
const SETTLED: i64 = 399;
const MAY_BE_SLOW: i64 = 380;

/// Who mends it where the staff of the property company does not.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    /// The owner answers.
    Answer,
    /// The committee itself goes there.
    Committee,
    /// The property company, then the craftsman whom the committee knows, then another.
    Craft(&'static str),
}

/// Service, class, who serves it, weight.
type Kind = (&'static str, &'static str, Line);

const KINDS: &[(Kind, usize)] = &[
    (("community_advice", "consultation", Line::Answer), 36),
    (("power_failure", "problem", Line::Craft("请小区专职电工")), 15),
    (("gate_repair", "problem", Line::Craft("请门锁师傅")), 12),
    (("water_leak", "problem", Line::Craft("请水暖师傅")), 13),
    (("lift_failure", "problem", Line::Craft("请电梯维保单位")), 5),
    (("noise_mediation", "complaint", Line::Committee), 10),
    (("parking_mediation", "complaint", Line::Committee), 9),
];

/// Lets every request run its course; returns those that still wait for the week.
pub(super) fn take(log: &mut Log, communities: &[Community]) -> Vec<Need> {
    let mut draw = Draw::new("malu hotline");
    let mut times: Vec<NaiveDateTime> =
        (0..CLOSED + UNRESOLVED.len()).map(|_| called(&mut draw, SETTLED)).collect();
    times.sort_unstable();
    for (row, received_at) in times.into_iter().enumerate() {
        let vain = UNRESOLVED.contains(&row);
        let crafts = &KINDS[1..5];
        let (service_id, class, line) = draw.weighted(if vain { crafts } else { KINDS });
        let need = request(&mut draw, service_id, class, received_at);
        run(log.begin(need), &mut draw, line, vain);
    }
    let received_at = at(later(monday(), -4), 1912);
    let mut course = log.begin(request(&mut draw, "water_leak", "problem", received_at));
    register(&mut course, &mut draw);
    hand_over(&mut course, &mut draw, "请水暖师傅");
    course.wait(&mut draw, 10, 30);
    course.step("waiting_resident", "executor", "等住户约定时间");
    course.end("waiting_resident");
    waiting(&mut draw, communities)
}

/// A call at some time of a day, more at day than at night.
fn called(draw: &mut Draw, last_day: i64) -> NaiveDateTime {
    const HOURS: &[((i64, i64), usize)] =
        &[((0, 5), 5), ((6, 7), 6), ((8, 16), 50), ((17, 21), 29), ((22, 23), 10)];
    let (first, last) = draw.weighted(HOURS);
    let clock = draw.between(first, last) * 100 + draw.between(0, 59);
    at(later(opened(), draw.between(0, last_day)), clock) + TimeDelta::seconds(draw.between(0, 59))
}

fn request(
    draw: &mut Draw,
    service_id: &'static str,
    class: &'static str,
    received_at: NaiveDateTime,
) -> Need {
    Need {
        district_id: DISTRICT,
        community_id: YULAN.to_owned(),
        service_id,
        class,
        channel: "hotline",
        received_at,
        tier: draw.weighted(&[(0, 45), (1, 35), (2, 15), (3, 5)]),
        group: draw.weighted(&[("", 8), ("elderly", 4), ("lonely_elder", 1), ("floating", 3)]),
        demand: 1,
        due_at: Some(at(later(received_at.date(), 5), 1800)),
        ..Need::default()
    }
}

fn register(course: &mut Course, draw: &mut Draw) {
    let worker = on_duty(course.clock);
    course.step("received", "owner", worker);
    course.clock += TimeDelta::seconds(draw.between(10, 50));
    course.step("registered", "owner", "");
    course.clock += TimeDelta::seconds(draw.between(5, 40));
    course.step("classified", "owner", "");
}

fn run(mut course: Course, draw: &mut Draw, line: Line, vain: bool) {
    let worker = on_duty(course.clock);
    let may_be_slow = (course.clock.date() - opened()).num_days() < MAY_BE_SLOW;
    register(&mut course, draw);
    if line == Line::Answer && draw.chance(92) {
        course.clock += TimeDelta::seconds(draw.between(20, 200));
        course.step("answered_immediately", "owner", "");
    } else {
        match line {
            Line::Craft(other) => hand_over(&mut course, draw, other),
            Line::Answer | Line::Committee => {
                course.wait(draw, 2, 20);
                course.step("dispatched", "owner", "居委干部");
                course.wait(draw, 5, 40);
                course.step("accepted", "executor", "居委干部");
            }
        }
        if may_be_slow && draw.chance(8) {
            course.wait(draw, 10, 40);
            course.step("waiting_resident", "executor", "等配件到货");
            let days = draw.between(5, 8);
            course.office(draw, days);
        } else if matches!(line, Line::Craft(_)) {
            course.wait(draw, 10, 50);
        } else {
            let days = draw.between(0, 2);
            course.office(draw, days);
        }
        course.step("in_progress", "executor", "");
        course.wait(draw, 20, 120);
        if vain {
            course.step("unresolved", "executor", "须更换公共设备,待业主表决");
            course.wait(draw, 10, 60);
            course.step("replied", "owner", "");
            return course.end("unresolved");
        }
        course.step("done", "executor", "");
        course.wait(draw, 5, 40);
        course.step("replied", "owner", "");
    }
    follow_up(&mut course, draw);
    course.wait(draw, 5, 60);
    course.step("closed", "owner", worker);
    course.end("closed");
}

/// The owner asks the property company first, then the craftsman whom the committee knows, then
/// whoever else can be had.
fn hand_over(course: &mut Course, draw: &mut Draw, craftsman: &'static str) {
    let office = (800..1730).contains(&(course.clock.hour() * 100 + course.clock.minute()));
    course.wait(draw, 1, 10);
    course.step("dispatched", "owner", "请物业公司");
    let mut taken_by = "物业公司";
    if !office || draw.chance(8) {
        course.wait(draw, 2, 12);
        course.step("transferred", "owner", if office { "物业无此工种" } else { "物业人员已下班" });
        course.wait(draw, 1, 5);
        course.step("dispatched", "owner", craftsman);
        taken_by = "专职师傅";
        if draw.chance(12) {
            course.wait(draw, 2, 10);
            course.step("transferred", "owner", "师傅不在");
            course.wait(draw, 5, 15);
            course.step("dispatched", "owner", "另请师傅");
            taken_by = "另请师傅";
        }
    }
    course.wait(draw, 3, 20);
    course.step("accepted", "executor", taken_by);
}

/// Everybody is asked how it went; some are asked again.
fn follow_up(course: &mut Course, draw: &mut Draw) {
    let days = draw.between(1, 2);
    course.office(draw, days);
    let satisfied = draw.chance(96);
    course.visit(draw, satisfied, "owner");
    if !satisfied && draw.chance(60) {
        course.wait(draw, 10, 60);
        course.step("reopened", "owner", "");
        for step in ["in_progress", "done"] {
            course.wait(draw, 20, 90);
            course.step(step, "executor", "");
        }
        course.wait(draw, 5, 30);
        course.step("replied", "owner", "");
        course.wait(draw, 30, 60);
        course.visit(draw, true, "owner");
    }
    course.wait(draw, 1, 15);
    course.step("evaluated", "owner", "");
}

/// Four requests of the last days wait: one for the electrician in the evening, one for the
/// property company; nobody mends lifts, and nobody is about at two in the morning.
fn waiting(draw: &mut Draw, communities: &[Community]) -> Vec<Need> {
    const WAITING: [Waiting; 4] = [
        ("power_failure", "电工", (-2, 2215), (0, 2000, 2300), 3),
        ("gate_repair", "门锁", (-1, 1040), (1, 900, 1700), 1),
        ("lift_failure", "电梯", (-2, 1725), (1, 900, 1700), 2),
        ("noise_mediation", "治安", (-1, 230), (2, 200, 400), 1),
    ];
    let home = communities.iter().find(|it| it.community_id == YULAN);
    let home = home.map_or(MALU.at(0, 0), |it| {
        let (Degree(lon), Degree(lat)) = (it.lon, it.lat);
        Spot { lon, lat }
    });
    let need = |(row, &(service_id, skill, call, window, tier)): (usize, &Waiting)| {
        let (lon, lat) = MALU.near(draw, home, 200).cells();
        let class = if service_id == "noise_mediation" { "complaint" } else { "problem" };
        let received_at = at(later(monday(), call.0), call.1);
        let day = later(monday(), window.0);
        Need {
            need_id: format!("ml-n{:03}", row + 1),
            skills: vec![skill],
            tier,
            window_start: Some(at(day, window.1)),
            window_end: Some(at(day, window.2)),
            due_at: Some(at(day, 2400)),
            duration_min: Some(60),
            lon: Some(lon),
            lat: Some(lat),
            reach_m: Some(4000),
            at_home: service_id == "power_failure",
            status: "open",
            provenance: "synthetic",
            ..request(draw, service_id, class, received_at)
        }
    };
    WAITING.iter().enumerate().map(need).collect()
}

/// Service, skill, when it was asked for (days from the Monday, clock), when it can be done, tier.
type Waiting = (&'static str, &'static str, (i64, i64), (i64, i64, i64), i64);
