//! What the town-run communities measure, counted from the rows of the case.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeDelta, Timelike};

use crate::rules::{Week, recurs, time};
use crate::{Row, Tables, case, count, open};

fn calls(tables: &Tables) -> Vec<&Row> {
    tables["need"].iter().filter(|it| it["channel"] == "hotline").collect()
}

#[test]
fn the_hotline_received_501_and_completed_494_which_is_98_60_percent() {
    let tables = case("malu");
    let calls = calls(&tables);
    let closed = calls.iter().filter(|it| it["status"] == "closed").count();
    assert_eq!((calls.len(), closed), (501, 494));
    let rate = closed as f64 / calls.len() as f64;
    assert!((rate - 0.986_027_94).abs() < 5e-9, "{rate}");
    assert_eq!(format!("{:.2}", rate * 100.0), "98.60");
    // No other need of the community would change the rate of its place.
    let place = calls[0]["community_id"].as_str();
    assert_eq!(count(&tables["need"], "community_id", place), calls.len());
    let span = time(&calls.iter().map(|it| &it["received_at"]).max().expect("one")[..])
        - time(&calls.iter().map(|it| &it["received_at"]).min().expect("one")[..]);
    assert!(span > TimeDelta::days(365), "more than a year");
}

#[test]
fn every_completed_request_was_followed_by_a_return_visit() {
    let tables = case("malu");
    let visited: BTreeSet<&str> = tables["return_visit"].iter().map(|it| it["need_id"].as_str()).collect();
    for need in tables["need"].iter().filter(|it| it["status"] == "closed") {
        assert!(visited.contains(need["need_id"].as_str()), "{need:?}");
    }
    let satisfied = count(&tables["return_visit"], "satisfied", "true");
    assert!(satisfied < tables["return_visit"].len(), "not everybody is satisfied");
}

#[test]
fn somebody_is_on_duty_at_any_hour_and_owns_what_is_asked_then() {
    let tables = case("malu");
    let shifts = &tables["duty_shift"];
    let column = |name: &str| shifts.iter().map(|it| it[name].clone()).collect::<BTreeSet<_>>().len();
    assert_eq!((shifts.len(), column("volunteer_id"), column("channel_id")), (6, 6, 6));
    assert_eq!(count(&tables["volunteer"], "kind", "social_worker"), 6);
    assert_eq!(count(&tables["channel"], "kind", "mobile"), 6);
    let on_duty = |at: NaiveDateTime| -> Vec<&str> {
        let on = shifts.iter().filter(|it| {
            let from = time(&it["start"]).hour();
            recurs(&it["rrule"], at.date()) && (from..from + 8).contains(&at.hour())
        });
        on.map(|it| it["volunteer_id"].as_str()).collect()
    };
    let opened = time("2013-01-21T00:00:00+08:00");
    for hour in 0..7 * 24 {
        assert_eq!(on_duty(opened + TimeDelta::hours(hour)).len(), 1, "{hour} h after Monday");
    }
    let mut owners: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in tables["need_event"].iter().filter(|it| matches!(&*it["kind"], "received" | "closed")) {
        owners.entry(&row["need_id"]).or_default().push(row);
    }
    let mut at_night = 0;
    for call in calls(&tables) {
        let at = time(&call["received_at"]);
        let owner = on_duty(at)[0];
        for row in &owners[call["need_id"].as_str()] {
            assert_eq!((&*row["actor_role"], &*row["note"]), ("owner", owner), "{row:?}");
        }
        at_night += usize::from(at.hour() < 7 || at.hour() >= 22);
    }
    assert!((20..200).contains(&at_night), "{at_night} at night");
}

/// The property company first; who is asked next is asked because it could not.
#[test]
fn executors_are_sought_along_the_chain() {
    let tables = case("malu");
    let mut chains: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in tables["need_event"].iter().filter(|it| matches!(&*it["kind"], "dispatched" | "transferred")) {
        chains.entry(&row["need_id"]).or_default().push(&row["note"]);
    }
    let mut lengths = [0; 6];
    for call in calls(&tables) {
        let Some(chain) = chains.get(call["need_id"].as_str()) else { continue };
        lengths[chain.len()] += 1;
        if chain.len() > 1 {
            assert_eq!(chain[0], "请物业公司");
            let hour = time(&call["received_at"]).hour();
            let reason = if (8..17).contains(&hour) { "物业无此工种" } else { "物业人员已下班" };
            assert!(chain[1] == reason || matches!(hour, 7 | 17), "{hour}: {chain:?}");
            assert!(chain[2].starts_with('请'), "{chain:?}");
        }
        if chain.len() > 3 {
            assert_eq!(chain[3..], ["师傅不在", "另请师傅"]);
        }
    }
    assert!(lengths[1] > 0 && lengths[3] > 0 && lengths[5] > 0, "{lengths:?}");
}

#[test]
fn fourteen_people_are_one_petition_that_was_settled_on_the_fourth_day() {
    let tables = case("malu");
    let petitions = &tables["petition"];
    assert_eq!(petitions.len(), 17);
    let large: Vec<&Row> = petitions.iter().filter(|it| it["petitioners"] == "14").collect();
    let [large] = large.as_slice() else { panic!("{large:?}") };
    assert_eq!(large["topics"].split(';').count(), 3);
    assert_eq!(large["representatives"], "8");
    assert_eq!(large["task_group"], "综治联动办公室;居务办公室");
    assert_eq!(&large["opened_at"][..10], "2013-12-26");
    assert_eq!(&large["hearing_at"][..10], "2013-12-30");
    let took = time(&large["closed_at"]) - time(&large["opened_at"]);
    assert!(took > TimeDelta::days(3) && took <= TimeDelta::days(4), "{took}");
    let merged: Vec<&Row> =
        tables["need"].iter().filter(|it| it["duplicate_of"] == large["need_id"]).collect();
    assert_eq!(merged.len() + 1, 14);
    for need in &merged {
        assert_eq!((&*need["status"], &need["received_at"][..10]), ("merged", "2013-12-26"));
    }
    let group = tables["need_event"]
        .iter()
        .find(|it| it["need_id"] == large["need_id"] && it["kind"] == "escalated")
        .expect("a task group");
    assert_eq!(&group["at"][..10], "2013-12-26", "on the same day");
    let cases: BTreeSet<&str> = petitions.iter().map(|it| it["need_id"].as_str()).collect();
    assert_eq!(cases.len(), 17);
}

#[test]
fn twelve_groups_of_three_and_twelve_households_are_one_to_one() {
    let tables = case("malu");
    let groups: BTreeSet<&str> = tables["visit_group"].iter().map(|it| it["group_id"].as_str()).collect();
    let members = &tables["visit_group_member"];
    assert_eq!((groups.len(), members.len()), (12, 36));
    for group in &groups {
        let of: Vec<&Row> = members.iter().filter(|it| it["group_id"] == *group).collect();
        assert_eq!(of.len(), 3);
        assert!(of.iter().any(|it| it["role"] == "social_worker"), "{of:?}");
    }
    let pairs = &tables["pairing"];
    let side = |column: &str| pairs.iter().map(|it| it[column].as_str()).collect::<BTreeSet<_>>();
    assert_eq!(side("volunteer_id"), groups);
    assert_eq!((pairs.len(), side("household_code").len(), side("need_id").len()), (12, 12, 12));

    // In the week each group has room for one, each household asks for one, and the pairs of the
    // first visit are possible: whatever serves all of them is one to one.
    let week = Week::of("malu", &tables);
    let visits: Vec<&Row> = open(&tables).filter(|it| it["service_id"] == "group_visit").collect();
    assert_eq!(visits.len(), 12);
    let mut choices = 0;
    for visit in visits {
        assert_eq!(visit["demand"], "1");
        let pair = pairs.iter().find(|it| it["need_id"] == visit["need_id"]).expect("a pair");
        let able: BTreeSet<&str> =
            week.failures(visit).into_iter().filter(|it| it.1.is_empty()).map(|it| it.0).collect();
        assert!(able.contains(pair["volunteer_id"].as_str()) && able.is_subset(&groups), "{able:?}");
        choices += usize::from(able.len() > 1);
    }
    assert!(choices > 0, "a match has something to decide");
    for row in tables["volunteer"].iter().filter(|it| it["kind"] == "visit_group") {
        assert_eq!((&*row["max_per_day"], &*row["max_per_week"]), ("1", "1"));
    }
}

#[test]
fn the_account_has_three_sections_and_ten_items() {
    let items = &case("malu")["channel_item"];
    let sections: BTreeSet<&str> = items.iter().map(|it| it["section"].as_str()).collect();
    let names: BTreeSet<&str> = items.iter().map(|it| it["name"].as_str()).collect();
    assert_eq!((sections.len(), names.len(), items.len()), (3, 10, 10));
}
