//! Who may help when, and what earlier promises leave over: pools small enough to check by hand.

use std::fs;
use std::path::Path;

use serde_json::{Value, json as value};

use crate::support::{Story, json, put_in_place, refused, text};

/// A pool of volunteers, their hours and needs, all at one place. See [`add`].
fn story(volunteers: &[&str], availability: &[&str], needs: &[&str]) -> Story {
    let story = Story::of(&[]);
    for (table, rows) in [("volunteer", volunteers), ("availability", availability), ("need", needs)] {
        add(&story, table, rows);
    }
    story
}

/// Adds rows with these columns, and with a place where the table has one:
///
/// volunteer: `volunteer_id,max_per_day,max_per_week,credential_valid_to`,
/// availability: `provider_id,start,end,rrule,capacity`,
/// need: `need_id,demand,window_start,window_end,due_at,rrule`,
/// pin: `need_id,provider_id,kind`.
fn add(story: &Story, table: &str, rows: &[&str]) {
    let (head, tail) = match table {
        "volunteer" => (
            "volunteer_id,max_per_day,max_per_week,credential_valid_to,lon,lat,consent",
            ",106.70,26.57,true",
        ),
        "availability" => ("provider_id,start,end,rrule,capacity", ""),
        "need" => ("need_id,demand,window_start,window_end,due_at,rrule,lon,lat", ",106.70,26.57"),
        _ => ("need_id,provider_id,kind", ""),
    };
    if !rows.is_empty() {
        let text = rows.iter().fold(format!("{head}\n"), |text, row| format!("{text}{row}{tail}\n"));
        json(&["load", &story.pool(), table, &story.file("rows.csv", &text)]);
    }
}

fn matching(story: &Story, more: &[&str]) -> Value {
    let pool = story.pool();
    let mut arguments = vec!["match", pool.as_str()];
    arguments.extend(more);
    json(&arguments)
}

fn publish(story: &Story, report: &Value) {
    json(&["publish", &story.pool(), report["run_id"].as_str().unwrap()]);
}

/// Need and provider of every match of a run.
fn served(story: &Story, report: &Value) -> Vec<String> {
    column(story, report, "match", "need_id || ' ' || provider_id")
}

/// One text per row of a run's table, sorted.
fn column(story: &Story, report: &Value, table: &str, expression: &str) -> Vec<String> {
    let run = report["run_id"].as_str().unwrap();
    let sql = format!("SELECT {expression} AS it FROM {table} WHERE run_id = '{run}' ORDER BY it");
    story.rows(&sql).iter().map(|it| it["it"].as_str().unwrap().to_owned()).collect()
}

/// The rules that a pair fails.
fn failed(story: &Story, need: &str, provider: &str) -> Vec<String> {
    let answer = json(&["explain", &story.pool(), "latest", need, provider]);
    let rules = answer["rules"].as_array().unwrap().iter().filter(|it| it["ok"] == false);
    rules.map(|it| it["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_need_without_a_window_is_served_once_whatever_the_next_horizon() {
    let needs = ["n1,1,,,,", "n2,1,2024-03-05T09:00,2024-03-05T11:00,,"];
    let story = story(&["v1,5,,", "v2,5,,"], &[], &needs);
    let first = matching(&story, &[]);
    assert_eq!((&first["needs"], &first["matched"]), (&value!(2), &value!(2)));
    publish(&story, &first);
    // The horizon begins earlier now, and with it the window of whoever has none.
    add(&story, "need", &["n3,1,2024-03-01T09:00,2024-03-01T11:00,,"]);
    let second = matching(&story, &[]);
    assert_eq!(second["needs"], 1);
    assert_eq!(column(&story, &second, "match", "need_id"), ["n3"]);
}

#[test]
fn needs_without_any_date_are_one_run_until_a_table_it_reads_changes() {
    let story = story(&["v1,,,"], &[], &["n1,1,,,,"]);
    let first = matching(&story, &[]);
    assert_eq!(first["matched"], 1);
    assert_eq!(matching(&story, &[])["run_id"], first["run_id"]);
    json(&["load", &story.pool(), "district", &story.file("d.csv", "district_id,name\nd1,East\n")]);
    assert_eq!(matching(&story, &[])["run_id"], first["run_id"]);
    let report = json(&["verify", &story.pool(), first["run_id"].as_str().unwrap()]);
    assert_eq!(report["verified"], true, "{report}");
    add(&story, "need", &["n2,1,,,,"]);
    assert_ne!(matching(&story, &[])["run_id"], first["run_id"]);
}

#[test]
fn what_was_published_holds_its_provider_in_hours_of_another_name_too() {
    let story = story(&["v1,,,"], &[], &["n1,1,2024-03-05T09:00,2024-03-05T10:00,,"]);
    publish(&story, &matching(&story, &[]));
    // The hours are told only now: the slot of the morning has another id than the day had.
    let hours = ["v1,2024-03-05T08:00,2024-03-05T12:00,,1", "v1,2024-03-05T14:00,2024-03-05T16:00,,1"];
    add(&story, "availability", &hours);
    let needs = ["n2,1,2024-03-05T09:00,2024-03-05T10:00,,", "n3,1,2024-03-05T14:00,2024-03-05T15:00,,"];
    add(&story, "need", &needs);
    let second = matching(&story, &[]);
    assert_eq!(served(&story, &second), ["n3 v1"]);
    assert_eq!(second["unmatched_by_reason"]["full"], 1);
}

#[test]
fn a_stretch_of_several_days_takes_as_much_on_each_of_them() {
    let needs = [
        "n1,1,2024-03-05T09:00,2024-03-05T11:00,,",
        "n2,1,2024-03-05T09:00,2024-03-05T11:00,,",
        "n3,1,2024-03-06T09:00,2024-03-06T11:00,,",
    ];
    let story = story(&["v1,1,,"], &["v1,2024-03-04T08:00,2024-03-08T18:00,,5"], &needs);
    let first = matching(&story, &[]);
    assert_eq!((&first["matched"], &first["unmatched"]), (&value!(2), &value!(1)));
    assert_eq!(
        column(&story, &first, "match", "slot_id"),
        ["v1@20240305T0000+1440", "v1@20240306T0000+1440"]
    );
    publish(&story, &first);
    let second = matching(&story, &[]);
    assert_eq!((&second["needs"], &second["matched"]), (&value!(1), &value!(0)));
    assert_eq!(second["unmatched_by_reason"]["full"], 1);
}

#[test]
fn a_licence_must_hold_on_the_day_of_the_task() {
    let needs = ["n1,1,2024-03-05T22:00,2024-03-05T23:30,,", "n2,1,2024-03-06T01:00,2024-03-06T05:00,,"];
    // One night, and the licence ends at midnight.
    let hours = ["v1,2024-03-05T22:00,2024-03-06T06:00,,2"];
    let story = story(&["v1,,,2024-03-05"], &hours, &needs);
    let report = matching(&story, &[]);
    assert_eq!(served(&story, &report), ["n1 v1"]);
    assert_eq!(failed(&story, "n2", "v1"), ["licence"]);
}

#[test]
fn a_week_has_one_limit_over_all_its_slots() {
    let hours = [
        "v1,2024-03-04T09:00,2024-03-04T11:00,,1",
        "v1,2024-03-07T09:00,2024-03-07T11:00,,1",
        "v1,2024-03-11T09:00,2024-03-11T11:00,,1",
    ];
    let needs = [
        "n1,1,2024-03-04T09:00,2024-03-04T11:00,,",
        "n2,1,2024-03-07T09:00,2024-03-07T11:00,,",
        "n3,1,2024-03-11T09:00,2024-03-11T11:00,,",
    ];
    let story = story(&["v1,,1,"], &hours, &needs);
    let first = matching(&story, &[]);
    assert_eq!((&first["matched"], &first["unmatched_by_reason"]["full"]), (&value!(2), &value!(1)));
    assert!(served(&story, &first).contains(&"n3 v1".to_owned()), "the next week has its own limit");
    publish(&story, &first);
    let second = matching(&story, &[]);
    assert_eq!((&second["needs"], &second["matched"]), (&value!(1), &value!(0)));
}

#[test]
fn the_days_and_weeks_of_a_provider_are_held_beyond_the_horizon() {
    // A night shift from Sunday to Monday: its task on Monday morning belongs to Sunday's week.
    let hours = ["v1,2024-03-10T22:00,2024-03-11T06:00,,1", "v1,2024-03-12T09:00,2024-03-12T11:00,,1"];
    let needs = ["n1,1,2024-03-11T01:00,2024-03-11T05:00,,"];
    let story = story(&["v1,,1,"], &hours, &needs);
    publish(&story, &matching(&story, &[]));
    add(&story, "need", &["n2,1,2024-03-12T09:00,2024-03-12T11:00,,"]);
    let second = matching(&story, &["--from", "2024-03-12"]);
    assert_eq!(served(&story, &second), ["n2 v1"]);
}

#[test]
fn a_need_that_recurs_is_served_as_often_as_the_week_allows() {
    let need = ["n1,1,2024-03-04T16:00,2024-03-04T18:00,,FREQ=DAILY"];
    let story = story(&["v1,,3,"], &[], &need);
    let report = matching(&story, &[]);
    assert_eq!((&report["needs"], &report["units"]), (&value!(1), &value!(7)));
    assert_eq!((&report["matched"], &report["partial"]), (&value!(0), &value!(1)));
    assert_eq!(served(&story, &report).len(), 3);
    let open = story.rows("SELECT sum(units) AS n FROM unmatched");
    assert_eq!(open, [value!({"n": 4})]);
    // What was published of it is not asked for again, what was not is.
    publish(&story, &report);
    let second = matching(&story, &[]);
    assert_eq!((&second["units"], &second["unmatched_by_reason"]["full"]), (&value!(4), &value!(1)));
}

#[test]
fn the_working_set_decides_nothing() {
    let (plain, narrow) = (Story::new(), Story::new());
    let path = format!("{}/pool.json", narrow.pool());
    let mut config: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    config["working_set"] = value!(1);
    std::fs::write(&path, config.to_string()).unwrap();
    let (wide, small) = (matching(&plain, &[]), matching(&narrow, &[]));
    assert_ne!(wide["run_id"], small["run_id"], "what was scored belongs to the run");
    assert!(small["rounds"].as_i64().unwrap() > 1, "with one candidate each, others must enter");
    for key in ["objective", "dual", "certified", "matched", "unmatched_by_reason"] {
        assert_eq!(wide[key], small[key], "{key}");
    }
    assert_eq!(served(&plain, &wide), served(&narrow, &small));
}

#[test]
fn needs_outside_the_horizon_are_counted() {
    let needs = [
        "n1,1,2024-03-05T09:00,2024-03-05T11:00,,",
        "n2,1,2024-03-20T09:00,2024-03-20T11:00,,",
        "n3,1,,,2024-02-20T12:00,",
    ];
    let story = story(&["v1,,,"], &[], &needs);
    let counts = |more: &[&str]| {
        let report = matching(&story, more);
        let run = report["run_id"].as_str().unwrap();
        let stored = story.rows(&format!("SELECT outside_horizon AS n FROM run WHERE run_id = '{run}'"));
        assert_eq!(stored[0]["n"], report["outside_horizon"]);
        let count = |key: &str| report[key].as_i64().unwrap();
        (count("needs"), count("matched"), count("outside_horizon"))
    };
    assert_eq!(counts(&[]), (3, 3, 0), "by default every date is covered");
    assert_eq!(counts(&["--from", "2024-03-05", "--to", "2024-03-06"]), (1, 1, 2));
    assert_eq!(counts(&["--as-of", "2024-03-10"]), (1, 1, 2), "what is overdue is not forgotten");
}

#[test]
fn an_unknown_district_is_refused_with_the_name_spelt_most_like_it() {
    let story = story(&["v1,,,"], &[], &["n1,1,,,,"]);
    json(&["load", &story.pool(), "district", &story.file("d.csv", "district_id,name\neast,East\n")]);
    let (code, error) = refused(&["match", &story.pool(), "--district", "eest"]);
    assert_eq!(
        (code, &error["kind"], &error["code"]),
        (3, &value!("not_found"), &value!("unknown-district"))
    );
    assert_eq!(error["details"]["nearest"], "east");
    assert!(story.rows("SELECT run_id FROM run").is_empty());
}

#[test]
fn a_district_stands_in_for_a_missing_place() {
    let volunteers = "volunteer_id,district_id,max_per_day,consent\nv1,east,5,true\nv2,west,5,true\n";
    let needs = "need_id,district_id,window_start,window_end\n\
                 n1,east,2024-03-05T09:00,2024-03-05T11:00\n\
                 n2,,2024-03-05T09:00,2024-03-05T11:00\n";
    let story = Story::of(&[("volunteer", volunteers), ("need", needs)]);
    let report = matching(&story, &[]);
    assert_eq!(report["matched"], 2);
    let pairs = column(&story, &report, "candidate", "need_id || ' ' || provider_id");
    assert_eq!(pairs, ["n1 v1", "n2 v1", "n2 v2"], "who has neither place nor district may meet anybody");
    assert_eq!(failed(&story, "n1", "v2"), ["place"]);
    assert!(failed(&story, "n2", "v2").is_empty());
}

#[test]
fn a_reach_too_wide_for_cells_is_measured_all_the_same() {
    // At this latitude 0.40° of longitude are 40 km, 0.65° are 65 km.
    let volunteers = "volunteer_id,lon,lat,consent\nv1,107.10,26.57,true\nv2,107.35,26.57,true\n";
    let needs = "need_id,reach_m,lon,lat,window_start,window_end\n\
                 n1,50000,106.70,26.57,2024-03-05T09:00,2024-03-05T11:00\n";
    let story = Story::of(&[("volunteer", volunteers), ("need", needs)]);
    let report = matching(&story, &[]);
    assert_eq!(column(&story, &report, "candidate", "provider_id"), ["v1"]);
    assert_eq!(failed(&story, "n1", "v2"), ["reach"]);
}

#[test]
fn pins_fix_a_provider_or_rule_one_out() {
    let needs = ["n1,1,2024-03-05T09:00,2024-03-05T11:00,,", "n2,1,2024-03-05T09:00,2024-03-05T11:00,,"];
    let story = story(&["v1,1,,", "v2,1,,", "v3,1,,"], &[], &needs);
    add(&story, "pin", &["n1,v1,never", "n2,v2,must"]);
    let report = matching(&story, &[]);
    assert_eq!(served(&story, &report), ["n1 v3", "n2 v2"], "whoever is fixed for n2 is not free for n1");
    assert_eq!(failed(&story, "n1", "v1"), ["not_excluded"]);
    assert_eq!(failed(&story, "n2", "v1"), ["pinned"]);
    // A fixed provider who cannot come is not booked all the same, and nobody takes their place.
    add(&story, "volunteer", &["v2,0,,"]);
    let without = matching(&story, &[]);
    assert_eq!(column(&story, &without, "match", "need_id"), ["n1"]);
}

#[test]
fn a_demand_of_two_wants_two_providers() {
    let need = ["n1,2,2024-03-05T09:00,2024-03-05T11:00,,"];
    let alone = story(&["v1,5,,"], &[], &need);
    let report = matching(&alone, &[]);
    assert_eq!(
        (&report["matched"], &report["partial"], &report["units"]),
        (&value!(0), &value!(1), &value!(2))
    );
    assert_eq!(served(&alone, &report), ["n1 v1"]);
    // The other half is still to be served, and not by the same.
    publish(&alone, &report);
    let again = matching(&alone, &[]);
    assert_eq!((&again["units"], &again["candidates"]), (&value!(1), &value!(0)));
    assert_eq!(failed(&alone, "n1", "v1"), ["once"]);
    let both = story(&["v1,5,,", "v2,5,,"], &[], &need);
    let report = matching(&both, &[]);
    assert_eq!(served(&both, &report), ["n1 v1", "n1 v2"]);
}

#[test]
fn an_offer_must_be_valid_on_the_day_of_the_task() {
    let story = Story::of(&[
        ("service", "service_id,name_zh,name_en,provider_kind\nrepair,家电维修,repair,merchant\n"),
        (
            "merchant",
            "merchant_id,name,lon,lat,plate_status,home_visit,capacity_per_day\n\
             m1,修理铺,106.70,26.57,valid,true,5\n",
        ),
        (
            "offer",
            "offer_id,merchant_id,service_id,pay_ratio,valid_from,valid_to\n\
             o1,m1,repair,0.5,,2024-03-05\n\
             o2,m1,repair,0.9,2024-03-06,2024-03-06\n",
        ),
        (
            "need",
            "need_id,service_id,window_start,window_end,duration_min,lon,lat\n\
             n1,repair,2024-03-05T09:00,2024-03-06T12:00,60,106.70,26.57\n\
             n2,repair,2024-03-07T09:00,2024-03-07T12:00,60,106.70,26.57\n",
        ),
    ]);
    add(&story, "availability", &["m1,2024-03-05T09:00,2024-03-05T12:00,FREQ=DAILY,5"]);
    let report = matching(&story, &[]);
    assert_eq!(
        column(&story, &report, "candidate", "need_id || ' ' || slot_id || ' ' || offer_id"),
        ["n1 m1@20240305T0900+180 o1", "n1 m1@20240306T0900+180 o2"]
    );
    assert_eq!(failed(&story, "n2", "m1"), ["service"]);
}

#[test]
fn nobody_is_booked_twice_at_one_time_however_many_rows_tell_of_it() {
    let hours = ["v1,2024-03-05T08:00,2024-03-05T12:00,,1", "v1,2024-03-05T09:00,2024-03-05T13:00,,1"];
    let needs = ["n1,1,2024-03-05T09:30,2024-03-05T10:30,,", "n2,1,2024-03-05T09:30,2024-03-05T10:30,,"];
    let story = story(&["v1,,,"], &hours, &needs);
    let report = matching(&story, &[]);
    assert_eq!((&report["matched"], &report["certified"]), (&value!(1), &value!(true)));
    assert_eq!(report["unmatched_by_reason"]["full"], 1);
    assert_eq!(column(&story, &report, "match", "slot_id"), ["v1@20240305T0800+240"]);
    publish(&story, &report);
    let second = matching(&story, &[]);
    assert_eq!((&second["needs"], &second["matched"]), (&value!(1), &value!(0)));
}

#[test]
fn a_task_is_of_the_same_day_in_the_run_that_books_it_and_in_the_next() {
    // Two shifts of one night, which belongs to the fourth, and the morning after.
    let hours = [
        "v1,2024-03-04T22:00,2024-03-05T06:00,,5",
        "v1,2024-03-05T04:00,2024-03-05T08:00,,5",
        "v1,2024-03-05T10:00,2024-03-05T12:00,,5",
    ];
    let early = "n1,1,2024-03-05T04:30,2024-03-05T06:00,,";
    let more = ["n2,1,2024-03-05T10:00,2024-03-05T12:00,,", "n3,1,2024-03-05T10:00,2024-03-05T12:00,,"];
    let at_once = story(&["v1,1,,"], &hours, &[early, more[0], more[1]]);
    let report = matching(&at_once, &[]);
    assert_eq!((&report["matched"], &report["unmatched"]), (&value!(2), &value!(1)));
    let one_by_one = story(&["v1,1,,"], &hours, &[early]);
    publish(&one_by_one, &matching(&one_by_one, &[]));
    // The night is taken, the day after has one task.
    add(&one_by_one, "need", &[more[0], more[1], "n4,1,2024-03-04T22:30,2024-03-04T23:30,,"]);
    let second = matching(&one_by_one, &[]);
    assert_eq!((&second["needs"], &second["matched"]), (&value!(3), &value!(1)));
    assert_eq!(second["unmatched_by_reason"]["full"], 2);
    assert!(!served(&one_by_one, &second).contains(&"n4 v1".to_owned()));
    publish(&one_by_one, &second);
    assert_eq!(matching(&one_by_one, &[])["matched"], 0);
}

#[test]
fn a_need_that_recurs_keeps_its_promises_when_its_hours_are_corrected() {
    let need = "n1,1,2024-03-05T09:00,2024-03-05T11:00,,FREQ=DAILY;COUNT=2";
    let story = story(&["v1,,,", "v2,,,"], &[], &[need]);
    let first = matching(&story, &[]);
    assert_eq!((&first["units"], &first["matched"]), (&value!(2), &value!(1)));
    publish(&story, &first);
    // Half an hour later, and on one day more: only that day is still to be served.
    add(&story, "need", &["n1,1,2024-03-05T09:30,2024-03-05T11:30,,FREQ=DAILY;COUNT=3"]);
    let second = matching(&story, &[]);
    assert_eq!((&second["units"], &second["matched"]), (&value!(1), &value!(1)));
    let slots = column(&story, &second, "match", "slot_id");
    assert!(slots[0].ends_with("@20240307T0000+1440"), "{slots:?}");
    publish(&story, &second);
    // To the afternoon of the same days.
    let needs = ["n1,1,2024-03-05T14:00,2024-03-05T15:00,,FREQ=DAILY;COUNT=3", "n2,1,,,,"];
    add(&story, "need", &needs);
    let third = matching(&story, &[]);
    assert_eq!((&third["needs"], &third["units"]), (&value!(1), &value!(1)));
}

#[test]
fn a_run_whose_tables_changed_since_is_not_published() {
    let need = "n1,1,2024-03-05T09:00,2024-03-05T11:00,,";
    let story = story(&["v1,5,,", "v2,5,,"], &[], &[need]);
    let first = matching(&story, &[]);
    let withdrawn = story.file("v.csv", "volunteer_id,lon,lat,consent\nv1,106.70,26.57,false\n");
    json(&["load", &story.pool(), "volunteer", &withdrawn]);
    let (code, error) = refused(&["publish", &story.pool(), first["run_id"].as_str().unwrap()]);
    assert_eq!(
        (code, &error["kind"], &error["code"]),
        (8, &value!("conflict"), &value!("stale-run")),
        "{error}"
    );
    assert_eq!(error["details"]["tables"], value!(["volunteer"]));
    assert!(story.rows("SELECT run_id FROM publication").is_empty());
    // What no match reads may change, and so may the records of other runs.
    let second = matching(&story, &[]);
    json(&["load", &story.pool(), "district", &story.file("d.csv", "district_id,name\nd1,East\n")]);
    matching(&story, &["--seed", "7"]);
    publish(&story, &second);
    assert_eq!(served(&story, &second), ["n1 v2"]);
    // What is published stays so, and the next run is published as well.
    add(&story, "need", &["n2,1,2024-03-06T09:00,2024-03-06T11:00,,"]);
    publish(&story, &second);
    let third = matching(&story, &[]);
    publish(&story, &third);
    assert_eq!(served(&story, &third), ["n2 v2"]);
}

#[test]
fn a_run_that_would_be_decided_otherwise_is_not_published() {
    let story = story(&["v1,,,"], &[], &["n1,1,2024-03-05T09:00,2024-03-05T11:00,,"]);
    let report = matching(&story, &[]);
    // What kind of provider it is, the certificate does not read.
    let sql = "SELECT * REPLACE ('merchant' AS provider_kind) FROM match";
    let forged = story.folder.path().join("forged").display().to_string();
    text(&["sql", &story.pool(), sql, "--format", "parquet", "--out", &forged]);
    let files = fs::read_dir(Path::new(&story.pool()).join("tables").join("match")).unwrap();
    let mut files = files.map(|it| it.unwrap().path());
    let file = files.find(|it| it.extension().is_some_and(|it| it == "parquet")).unwrap();
    let before = fs::read(&file).unwrap();
    put_in_place(&file, &fs::read(forged).unwrap());
    let (code, error) = refused(&["publish", &story.pool(), report["run_id"].as_str().unwrap()]);
    assert_eq!((code, error["code"].as_str().unwrap()), (4, "unproven-run"), "{error}");
    let finding = error["details"]["finding"]["en"].as_str().unwrap();
    assert!(finding.starts_with("table match: "), "{finding}");
    put_in_place(&file, &before);
    publish(&story, &report);
}
