//! The town-run communities from their files: what the hotline measures, who visits whom, which
//! names wait for somebody to compare them.

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
