//! 2833: what the platforms of 沧州 promise: whom they serve, when, in which order, and how.

use std::collections::{BTreeMap, BTreeSet};

use crate::figures::{number, words};
use crate::networks::{district, points};
use crate::rules::Week;
use crate::{Row, case, open};

#[test]
fn one_yuan_is_for_those_in_need_and_for_nobody_else() {
    let tables = case("2833");
    let offers: Vec<&Row> = tables["offer"].iter().filter(|it| it["service_id"] == "one_yuan").collect();
    for offer in &offers {
        assert!(
            matches!(offer["audience"].as_str(), "low_income" | "lonely_elder" | "disabled"),
            "{offer:?}"
        );
        let pays = number(&offer["price"]) * number(&offer["pay_ratio"]);
        assert!((pays - 1.0).abs() < 1e-9, "{offer:?}");
    }
    let shops: BTreeSet<&str> = offers.iter().map(|it| it["merchant_id"].as_str()).collect();
    for shop in tables["merchant"].iter().filter(|it| shops.contains(it["merchant_id"].as_str())) {
        assert_eq!(district(&tables, &shop["community_id"]), "yunhe");
        assert!(points(&tables, "charity_shop").any(|it| it["community_id"] == shop["community_id"]));
    }
    let week = Week::of("2833", &tables);
    let (mut served, mut refused) = (0, 0);
    for need in open(&tables).filter(|it| it["service_id"] == "one_yuan") {
        let able = week.failures(need).iter().any(|it| it.1.is_empty());
        if need["group"].is_empty() {
            assert!(!able, "{need:?}");
            let only = |fails: &[&str]| fails == ["offer"];
            assert!(week.failures(need).iter().any(|it| only(&it.1)), "{need:?}");
            refused += 1;
        } else {
            served += usize::from(able);
        }
    }
    assert!(served > 0 && refused > 0, "{served} served, {refused} refused");
}

#[test]
fn the_hotline_is_asked_and_answered_by_day_and_by_night() {
    let tables = case("2833");
    let week = Week::of("2833", &tables);
    let mut calls = [0, 0];
    for need in open(&tables).filter(|it| it["channel"] == "hotline") {
        let hour = number(&need["received_at"][11..13]);
        calls[usize::from(!(8.0..18.0).contains(&hour))] += 1;
    }
    assert!(calls.iter().all(|it| *it > 10), "{calls:?}");
    for service in ["emergency_help", "household_repair"] {
        let night = open(&tables).filter(|it| {
            it["service_id"] == service && matches!(it["window_start"].get(11..13), Some("21" | "01"))
        });
        let able = night.filter(|it| week.failures(it).iter().any(|one| one.1.is_empty())).count();
        assert!(able > 0, "{service}");
    }
}

#[test]
fn nobody_can_serve_what_is_in_vain() {
    let tables = case("2833");
    let week = Week::of("2833", &tables);
    for (column, value, reason) in
        [("service_id", "sign_talk", "skills"), ("window_start", "T02:00", "window")]
    {
        let needs: Vec<&Row> = open(&tables).filter(|it| it[column].contains(value)).collect();
        assert!(!needs.is_empty(), "{value}");
        for need in needs {
            let fails = week.failures(need);
            assert!(fails.iter().all(|it| !it.1.is_empty()), "{need:?}");
            assert!(fails.iter().any(|it| it.1 == [reason]), "{need:?}");
        }
    }
}

#[test]
fn a_household_without_work_comes_first() {
    let tables = case("2833");
    let needs: Vec<&Row> = tables["need"].iter().filter(|it| it["group"] == "zero_employment").collect();
    assert!(!needs.is_empty());
    assert!(needs.iter().all(|it| it["tier"] == "3" && it["service_id"] == "job_vacancy"));
}

#[test]
fn windows_have_an_a_and_a_b_and_one_window_sees_a_need_through() {
    let tables = case("2833");
    let mut courses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for event in &tables["need_event"] {
        if matches!(event["kind"].as_str(), "received" | "registered" | "replied" | "closed") {
            courses.entry(&event["need_id"]).or_default().insert(&event["actor_role"]);
        }
    }
    assert!(courses.values().all(|it| it.len() == 1), "one window accepts and completes");
    let desks: BTreeSet<&str> = courses.values().flatten().copied().collect();
    assert_eq!(desks, words("window_a window_b hotline"));
}

#[test]
fn elders_are_stood_by_in_three_ways() {
    let tables = case("2833");
    let mut homes: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in &tables["pairing"] {
        homes.entry(&row["household_code"]).or_default().push(row);
    }
    let modes: BTreeSet<&str> = tables["pairing"].iter().map(|it| it["mode"].as_str()).collect();
    assert_eq!(modes, words("one_to_one many_to_one neighbour"));
    for pairs in homes.values() {
        assert!(pairs.len() == 1 || pairs[0]["mode"] == "many_to_one", "{pairs:?}");
    }
    assert!(homes.values().any(|it| it.len() > 1));
    let helpers: BTreeSet<&str> = tables["pairing"].iter().map(|it| it["volunteer_id"].as_str()).collect();
    assert_eq!(helpers.len(), tables["pairing"].len(), "nobody is promised twice");
}
