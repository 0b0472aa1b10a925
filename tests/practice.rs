//! Practices from their files: which plugins decide them, what the hotline measures, who visits
//! whom, which names wait for somebody to compare them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json as value};

use crate::support::{copy, json, root};

/// A pool with one case, matched and evaluated.
fn pool(case: &str) -> (tempfile::TempDir, String, Value) {
    let folder = tempfile::tempdir().unwrap();
    let cases = folder.path().join("cases");
    copy(&root().join("datasets/cases").join(case), &cases.join(case));
    let (cases, pool) = (cases.display().to_string(), folder.path().join("pool").display().to_string());
    let document = json(&["demo", "--cases", &cases, "--out", &pool]);
    let practice = document["practices"][0].clone();
    assert_eq!(practice["id"], case);
    assert_eq!(practice["load"]["quarantined"], 0);
    (folder, pool, practice)
}

#[test]
fn the_hotline_case_yields_its_rate_by_query_and_the_groups_one_household_each() {
    let (_folder, pool, practice) = pool("malu");
    let rows = json(&["query", &pool, "hotline_months", "district=jiading"])["rows"].clone();
    let total = rows.as_array().unwrap().last().unwrap().clone();
    assert_eq!(total["month"], "total");
    assert_eq!(
        (&total["received"], &total["closed"], &total["visited"]),
        (&value!(501), &value!(494), &value!(494))
    );
    let percent = |key: &str| total[key].to_string().trim_matches('"').to_owned();
    assert_eq!(
        (percent("completion_percent"), percent("visited_percent")),
        ("98.60".into(), "100.00".into())
    );
    let months: i64 = rows
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["month"] != "total")
        .map(|it| it["received"].as_i64().unwrap())
        .sum();
    assert_eq!(months, 501, "every request has its month");
    let sql = "SELECT numerator, denominator FROM q_completion() WHERE community_id = 'ml-c02'";
    assert_eq!(json(&["sql", &pool, sql])["rows"], value!([{"numerator": 494, "denominator": 501}]));

    let report = &practice["match"];
    assert_eq!((&report["certified"], &report["gap"]), (&value!(true), &value!(0)));
    assert!(report["unmatched"].as_i64().unwrap() >= 5, "some needs nobody can serve");
    let sql = "SELECT count(*) AS pairs, count(DISTINCT need_id) AS households, count(DISTINCT provider_id) AS groups \
               FROM match WHERE need_id LIKE 'jg-%'";
    assert_eq!(json(&["sql", &pool, sql])["rows"], value!([{"pairs": 12, "households": 12, "groups": 12}]));
    let sql = "SELECT count(*) AS kept FROM match m JOIN pairing k ON k.need_id = m.need_id \
               AND k.volunteer_id = m.provider_id JOIN pin i ON i.need_id = m.need_id";
    assert_eq!(json(&["sql", &pool, sql])["rows"], value!([{"kept": 8}]), "friends stay together");
    let sql = "SELECT provider_id FROM match WHERE need_id = 'ml-n001'";
    assert_eq!(
        json(&["sql", &pool, sql])["rows"],
        value!([{"provider_id": "ml-p06"}]),
        "the electrician at night"
    );
    assert!(json(&["query", &pool, "place_review"])["rows"].as_array().unwrap().is_empty());
}

#[test]
fn spellings_of_one_street_wait_for_review_and_are_not_merged() {
    let (_folder, pool, _) = pool("365");
    let rows = json(&["query", &pool, "place_review"])["rows"].clone();
    let pairs: Vec<(&str, &str, bool)> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["name"].as_str().unwrap(),
                it["other_name"].as_str().unwrap(),
                it["is_waiting"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(pairs, [("太慈街道", "太慈桥街道", true), ("新华街道", "新华路街道", true)]);
    let sql = "SELECT count(*) AS streets FROM place WHERE level = 'street' AND merged_into IS NULL";
    assert_eq!(json(&["sql", &pool, sql])["rows"], value!([{"streets": 9}]));
}

/// What a case asks for: scorers by name with their weights, and the evaluator.
fn asked(case: &str) -> (Vec<(String, i64)>, String) {
    let file = root().join("datasets/cases").join(case).join("case.json");
    let case: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let scorer = |it: &Value| (it["name"].as_str().unwrap().to_owned(), it["weight"].as_i64().unwrap());
    let mut scorers: Vec<_> = case["scorers"].as_array().unwrap().iter().map(scorer).collect();
    scorers.sort();
    (scorers, case["evaluator"].as_str().unwrap_or("weighted-index").to_owned())
}

fn cases() -> Vec<String> {
    let folders = fs::read_dir(root().join("datasets/cases")).unwrap();
    let mut names: Vec<String> = folders.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn each_practice_is_decided_by_the_plugins_its_rules_ask_for_and_each_plugin_by_a_practice() {
    let mut used = BTreeSet::new();
    for case in cases() {
        let (_folder, pool, practice) = pool(&case);
        let (scorers, evaluator) = asked(&case);
        let report = &practice["match"];
        assert_eq!((&report["certified"], &report["gap"]), (&value!(true), &value!(0)), "{case}");
        let told: Vec<(String, i64)> = report["scorers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["name"].as_str().unwrap().to_owned(), it["weight"].as_i64().unwrap()))
            .collect();
        assert_eq!(told, scorers, "{case}");
        assert_eq!(scorers.iter().map(|it| it.1).sum::<i64>(), 1000, "{case}: thousandths");
        assert_eq!(practice["evaluate"]["evaluator"], evaluator.as_str(), "{case}");
        let place = &practice["evaluate"]["districts"][0];
        assert!(place["index"].as_f64().is_some_and(|it| (0.0..=1.0).contains(&it)), "{case}: {place}");
        assert_eq!(json(&["verify", &pool, "latest"])["verified"], true, "{case}");
        used.extend(scorers.into_iter().map(|it| it.0).chain([evaluator]));
    }
    let file = root().join("engine/pool/src/plugins/reference.json");
    let rows: Vec<Value> = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let all: BTreeSet<String> = rows.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(used, all, "each reference plugin is asked for by a practice");
}

#[test]
fn the_reason_of_each_weight_stands_beside_it() {
    let text = fs::read_to_string(root().join("datasets/README.md")).unwrap();
    let mut told: BTreeMap<String, Vec<(String, i64)>> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines() {
        let cells: Vec<&str> =
            line.trim_matches('|').split('|').map(|it| it.trim().trim_matches('`')).collect();
        let [case, scorer, weight, reason] = cells[..] else { continue };
        let Ok(weight) = weight.parse() else { continue };
        if !case.is_empty() {
            current = case.to_owned();
        }
        let names_a_measure = ["S0", "S1", "S2", "S3", "S4"].iter().any(|it| reason.contains(it));
        assert!(names_a_measure, "{line}");
        told.entry(current.clone()).or_default().push((scorer.to_owned(), weight));
    }
    told.values_mut().for_each(|it| it.sort());
    let asked: BTreeMap<String, _> = cases().into_iter().map(|it| (it.clone(), asked(&it).0)).collect();
    assert_eq!(told, asked);
}

/// The week after a published one, where something is on record of both sides.
#[test]
fn once_a_week_is_published_the_past_has_a_say_in_the_next() {
    let (_folder, pool, _) = pool("365");
    json(&["publish", &pool, "latest"]);
    let (scorers, _) = asked("365");
    let scorers: Vec<String> = scorers.iter().map(|it| format!("{}={}", it.0, it.1)).collect();
    let mut next =
        vec!["match", &pool, "--district", "nanming", "--from", "2012-10-22", "--to", "2012-10-29"];
    next.extend(scorers.iter().flat_map(|it| ["--scorer", it.as_str()]));
    let report = json(&next);
    assert_eq!(report["certified"], true, "{report}");
    let run = report["run_id"].as_str().unwrap();
    for name in ["load-balance", "continuity", "time-bank-credit"] {
        let sql = format!(
            "SELECT count(DISTINCT score) AS n FROM candidate_score WHERE run_id = '{run}' AND scorer = '{name}'"
        );
        let n = json(&["sql", &pool, &sql])["rows"][0]["n"].as_i64().unwrap();
        assert!(n > 1, "{name} finds all alike");
    }
}
