//! Plans made by hand: what breaks a line is named, what is left is priced, and the distance to
//! the optimum is true.

use serde_json::{Value, json as value};

use crate::support::{Story, json, linli, refused, text};

const HEADER: &str = "need_id,provider_id,slot_id\n";

/// The slot of a whole day in March 2024.
fn day(provider: &str, day: u32) -> String {
    format!("{provider}@202403{day:02}T0000+1440")
}

/// Checks lines of need, provider and slot.
fn check(story: &Story, lines: &[(&str, &str, &str)], more: &[&str]) -> Value {
    let rows = lines.iter().map(|(need, provider, slot)| format!("{need},{provider},{slot}\n"));
    check_file(story, &(HEADER.to_owned() + &rows.collect::<String>()), more)
}

fn check_file(story: &Story, plan: &str, more: &[&str]) -> Value {
    let (pool, file) = (story.pool(), story.file("plan.csv", plan));
    let mut arguments = vec!["check-plan", pool.as_str(), file.as_str()];
    arguments.extend(more);
    json(&arguments)
}

/// Line and rule of every violation.
fn broken(report: &Value) -> Vec<(u64, String)> {
    let violations = report["violations"].as_array().unwrap();
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    assert_eq!(report["feasible"], violations.is_empty(), "{report}");
    for it in violations {
        assert!(!it["en"].as_str().unwrap().is_empty() && !it["zh"].as_str().unwrap().is_ascii(), "{it}");
        assert!(it["need_id"].is_string() && it["provider_id"].is_string(), "{it}");
    }
    violations.iter().map(|it| (it["line"].as_u64().unwrap(), text(&it["rule"]))).collect()
}

fn rules(report: &Value) -> Vec<String> {
    broken(report).into_iter().map(|it| it.1).collect()
}

fn number(report: &Value, key: &str) -> i64 {
    report[key].as_i64().unwrap_or_else(|| panic!("{key}: {report}"))
}

/// What linli itself would write down as a plan.
fn exported(story: &Story, columns: &str) -> String {
    let sql = format!(
        "SELECT {columns} FROM match WHERE run_id = (SELECT run_id FROM run_log ORDER BY at DESC LIMIT 1) \
         ORDER BY provider_id, need_id"
    );
    text(&["sql", &story.pool(), &sql, "--format", "csv"])
}

#[test]
fn the_plan_of_a_match_can_be_carried_out_and_is_at_no_distance() {
    let story = Story::new();
    let report = json(&["match", &story.pool()]);
    for columns in
        ["need_id, provider_id, slot_id", "slot_id, occurrence_start, score, need_id, cost, provider_id"]
    {
        let plan = check_file(&story, &exported(&story, columns), &[]);
        assert_eq!(broken(&plan), [], "{plan}");
        assert_eq!(
            (&plan["objective"], &plan["distance"], &plan["missed"]),
            (&report["objective"], &value!(0), &value!([])),
            "{plan}"
        );
        assert_eq!((&plan["optimum"], &plan["run_id"]), (&report["objective"], &report["run_id"]));
        assert_eq!((&plan["lines"], &plan["held"]), (&value!(3), &value!(3)));
    }
    // Nothing was stored, whether the run was there before or not.
    let runs = || story.rows("SELECT count(*) AS n FROM run");
    check(&story, &[], &["--seed", "5"]);
    assert_eq!(runs(), [value!({"n": 1})]);
}

#[test]
fn a_plan_is_as_far_from_the_optimum_as_its_costs_and_unserved_units_say() {
    let story = Story::new();
    let report = json(&["match", &story.pool()]);
    let cost = |need: &str, provider: &str| {
        let sql =
            format!("SELECT cost FROM candidate WHERE need_id = '{need}' AND provider_id = '{provider}'");
        story.rows(&sql)[0]["cost"].as_i64().unwrap()
    };
    let penalty = |need: &str| {
        let sql = format!("SELECT penalty FROM price WHERE level = 'need' AND need_id = '{need}'");
        story.rows(&sql)[0]["penalty"].as_i64().unwrap()
    };
    let (v1, v2, m1) = (day("v1", 5), day("v2", 5), day("m1", 5));
    // n3 is served instead of n2, which is most urgent.
    let plan = check(&story, &[("n1", "v1", &v1), ("n3", "v2", &v2), ("n4", "m1", &m1)], &[]);
    assert_eq!(broken(&plan), []);
    let costs = cost("n1", "v1") + cost("n3", "v2") + cost("n4", "m1");
    assert_eq!(number(&plan, "objective"), costs + penalty("n2") + penalty("n5"));
    assert_eq!(plan["optimum"], report["objective"]);
    let distance = number(&plan, "objective") - number(&plan, "optimum");
    assert!(distance > 0);
    assert_eq!(number(&plan, "distance"), distance);
    let missed = value!([{
        "need_id": "n2", "occurrence_start": "2024-03-05T09:00:00+08:00", "tier": 3, "units": 1
    }]);
    assert_eq!(plan["missed"], missed);
    let tiers = plan["by_tier"].as_array().unwrap();
    assert_eq!(tiers[0], value!({"tier": 3, "units": 1, "plan": 0, "optimum": 1}));
    assert_eq!(tiers[3], value!({"tier": 0, "units": 1, "plan": 1, "optimum": 0}));
    // Nobody is served by a plan without lines, and that is a plan.
    let nobody = check(&story, &[], &[]);
    assert_eq!((&nobody["feasible"], &nobody["lines"]), (&value!(true), &value!(0)));
    let all: i64 = ["n1", "n2", "n3", "n4", "n5"].map(penalty).iter().sum();
    assert_eq!(number(&nobody, "objective"), all);
}

#[test]
fn every_hard_rule_that_a_line_breaks_is_one_violation_by_its_name() {
    let story = Story::new();
    let lines = [
        ("n3", "v3", day("v3", 5)),
        ("n5", "v3", day("v3", 5)),
        ("n4", "v1", day("v1", 5)),
        ("n1", "m1", day("m1", 5)),
    ];
    let lines: Vec<_> =
        lines.iter().map(|(need, provider, slot)| (*need, *provider, slot.as_str())).collect();
    let plan = check(&story, &lines, &[]);
    let told = |need: &str, provider: &str| -> Vec<String> {
        json(&["match", &story.pool()]);
        let answer = json(&["explain", &story.pool(), "latest", need, provider]);
        let failed = answer["rules"].as_array().unwrap().iter().filter(|it| it["ok"] == false);
        failed.map(|it| it["rule"].as_str().unwrap().to_owned()).collect()
    };
    let mut expected = Vec::new();
    for (line, (need, provider, _)) in (2..).zip(&lines) {
        expected.extend(told(need, provider).into_iter().map(|rule| (line, rule)));
    }
    assert_eq!(broken(&plan), expected);
    assert!(expected.contains(&(2, "consent".to_owned())) && expected.len() > lines.len(), "{expected:?}");
    assert_eq!((&plan["held"], &plan["feasible"]), (&value!(0), &value!(false)));
}

#[test]
fn ids_that_are_not_there_are_told_apart() {
    let story = Story::new();
    let later = "need_id,district_id,window_start,window_end,status\n\
                 n8,d1,2024-03-05T09:00,2024-03-05T11:00,closed\n";
    json(&["load", &story.pool(), "need", &story.file("more.csv", later)]);
    let (v1, v2) = (day("v1", 5), day("v2", 5));
    let plan = check(
        &story,
        &[
            ("n9", "v1", &v1),
            ("n8", "v1", &v1),
            ("n1", "v9", &v1),
            ("n1", "v1", &v2),
            ("n1", "v1", "tomorrow"),
            ("n9", "v9", &v1),
        ],
        &[],
    );
    let expected = [
        (2, "unknown_need"),
        (3, "not_asked"),
        (4, "unknown_provider"),
        (5, "unknown_slot"),
        (6, "unknown_slot"),
        (7, "unknown_provider"),
        (7, "unknown_need"),
    ];
    assert_eq!(broken(&plan), expected.map(|(line, rule)| (line, rule.to_owned())));
    let other_time = format!("need_id,provider_id,slot_id,occurrence_start\nn1,v1,{v1},2024-03-04T09:00\n");
    assert_eq!(rules(&check_file(&story, &other_time, &[])), ["unknown_occurrence"]);
}

#[test]
fn what_published_matches_hold_is_neither_asked_for_nor_free() {
    let story = Story::new();
    json(&["match", &story.pool()]);
    let plan = exported(&story, "need_id, provider_id, slot_id");
    json(&["publish", &story.pool(), "latest"]);
    assert_eq!(rules(&check_file(&story, &plan, &[])), ["not_asked", "not_asked", "not_asked"]);
    // The day of v1 is taken, though no line before takes it.
    let mine = check(&story, &[("n3", "v1", &day("v1", 5))], &[]);
    assert_eq!(rules(&mine), ["slot_full", "day_full"]);
}

#[test]
fn who_comes_first_in_the_file_keeps_the_place() {
    let volunteers = "volunteer_id,lon,lat,max_per_day,max_per_week,consent\n\
                      v1,106.70,26.57,9,3,true\nv2,106.70,26.57,1,9,true\nv3,106.70,26.57,9,9,true\n";
    let hours = "provider_id,start,end,capacity\n\
                 v1,2024-03-04T08:00,2024-03-04T18:00,2\nv1,2024-03-05T08:00,2024-03-05T18:00,2\n\
                 v2,2024-03-05T08:00,2024-03-05T12:00,5\nv2,2024-03-05T13:00,2024-03-05T18:00,5\n\
                 v3,2024-03-05T08:00,2024-03-05T18:00,5\n";
    let mut needs = "need_id,demand,window_start,window_end,duration_min,lon,lat\n".to_owned();
    for it in 1..=6 {
        needs += &format!("n{it},2,2024-03-04T08:00,2024-03-05T18:00,60,106.70,26.57\n");
    }
    let story = Story::of(&[("volunteer", volunteers), ("availability", hours), ("need", &needs)]);
    let (monday, tuesday) = ("v1@20240304T0800+600", "v1@20240305T0800+600");
    let (morning, noon) = ("v2@20240305T0800+240", "v2@20240305T1300+300");
    let plan = check(
        &story,
        &[
            ("n1", "v1", monday),
            ("n2", "v1", monday),
            // The slot is full,
            ("n3", "v1", monday),
            ("n4", "v1", tuesday),
            // and so is the week, which is not filled by the line before that does not hold.
            ("n5", "v1", tuesday),
            ("n5", "v2", morning),
            ("n6", "v2", noon),
            // Twice for one need, in another slot and in the same.
            ("n1", "v1", tuesday),
            ("n5", "v2", morning),
            // Two serve n1 already when the fourth comes.
            ("n1", "v3", "v3@20240305T0800+600"),
            ("n1", "v2", noon),
        ],
        &[],
    );
    let expected = [
        (4, "slot_full"),
        (6, "week_full"),
        (8, "day_full"),
        (9, "provider_twice"),
        (10, "repeated_line"),
        (12, "over_served"),
    ];
    assert_eq!(broken(&plan), expected.map(|(line, rule)| (line, rule.to_owned())), "{plan}");
    assert_eq!((number(&plan, "lines"), number(&plan, "held")), (11, 5));
    assert!(number(&plan, "distance") >= 0);
    let said = plan["violations"][0]["en"].as_str().unwrap();
    assert!(said.contains("slot 2024-03-04 08:00–18:00 has room for 2"), "{said}");
}

#[test]
fn a_line_that_leaves_the_occurrence_open_serves_one_that_others_leave_over() {
    // Two occurrences of the need reach into the same day, a third does not.
    let volunteers = "volunteer_id,lon,lat,max_per_day,consent\n\
                      v1,106.70,26.57,9,true\nv2,106.70,26.57,9,true\n";
    let needs = "need_id,window_start,window_end,rrule,duration_min,lon,lat\n\
                 n1,2024-03-04T12:00,2024-03-05T12:00,FREQ=DAILY;COUNT=3,60,106.70,26.57\n";
    let story = Story::of(&[("volunteer", volunteers), ("need", needs)]);
    let report = json(&["match", &story.pool()]);
    assert_eq!((&report["units"], &report["matched"]), (&value!(3), &value!(1)));
    let exported = exported(&story, "need_id, provider_id, slot_id");
    let plan = check_file(&story, &exported, &[]);
    assert_eq!((broken(&plan), &plan["distance"]), (vec![], &value!(0)), "{plan}");
    // The second line can only mean what the first one may mean too.
    let (tuesday, wednesday) = (day("v1", 5), day("v1", 6));
    let plan = check_file(
        &story,
        &format!(
            "need_id,provider_id,slot_id,occurrence_start\n\
             n1,v1,{tuesday},\nn1,v1,{tuesday},2024-03-04T12:00\nn1,v1,{wednesday},\nn1,v2,{},\n",
            day("v2", 6)
        ),
        &[],
    );
    assert_eq!(broken(&plan), [(5, "over_served".to_owned())], "{plan}");
    assert_eq!(plan["held"], 3);
}

#[test]
fn a_veto_names_who_vetoed_and_why() {
    let story = Story::of(&[
        (
            "volunteer",
            "volunteer_id,lon,lat,max_per_day,consent\nv1,106.70,26.57,9,true\nv2,106.71,26.57,9,true\n",
        ),
        (
            "need",
            "need_id,window_start,window_end,lon,lat,reach_m\n\
             n1,2024-03-05T09:00,2024-03-05T11:00,106.70,26.57,20000\n",
        ),
    ]);
    let file = format!("{}/pool.json", story.pool());
    let mut config: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    // The match never asks about the one who lives further off: nobody is better than the first.
    config["working_set"] = value!(1);
    config["scorers"] =
        value!([{"name": "walking-distance", "weight": 1000, "settings": {"veto_beyond_m": 600}}]);
    std::fs::write(&file, config.to_string()).unwrap();
    let report = json(&["match", &story.pool()]);
    assert_eq!((&report["candidates"], &report["scored"]), (&value!(2), &value!(1)));
    let plan = check(&story, &[("n1", "v2", &day("v2", 5))], &[]);
    assert_eq!(rules(&plan), ["vetoed"]);
    let veto = &plan["violations"][0];
    assert_eq!((&veto["scorer"], veto["veto_code"].is_number()), (&value!("walking-distance"), true));
    assert_eq!(veto["en"], "vetoed by walking-distance: too far to walk");
    assert_eq!((&plan["optimum"], &plan["run_id"]), (&report["objective"], &report["run_id"]));
    // Other scorers, another model: nobody vetoes, and the distance counts.
    let plan = check(&story, &[("n1", "v2", &day("v2", 5))], &["--scorer", "walking-distance"]);
    assert_eq!(broken(&plan), []);
    assert!(number(&plan, "distance") > 0, "{plan}");
}

#[test]
fn files_come_as_people_have_them() {
    let story = Story::new();
    json(&["match", &story.pool()]);
    let (v1, v2) = (day("v1", 5), day("v2", 5));
    // Chinese headers below a title, in another order and encoding, a total below.
    let utf8 = format!("排班表,,\n服务者编号,工单号,时段编号\nv1,n1,{v1}\nv2,n3,{v2}\n合计,,2\n");
    let plan = check_file(&story, &utf8, &[]);
    assert_eq!((broken(&plan), number(&plan, "lines")), (vec![], 2), "{plan}");
    let lines = [("n1", "v1", v1.as_str()), ("n3", "v2", v2.as_str())];
    assert_eq!(plan["objective"], check(&story, &lines, &[])["objective"]);
}

#[test]
fn what_cannot_be_read_is_refused_with_line_and_column() {
    let story = Story::new();
    let refusal = |plan: &str| {
        let (pool, file) = (story.pool(), story.file("plan.csv", plan));
        refused(&["check-plan", &pool, &file])
    };
    let (code, error) = refusal("need_id,provider_id\nn1,v1\n");
    assert_eq!((code, &error["kind"], &error["code"]), (4, &value!("data"), &value!("missing-column")));
    assert_eq!(error["details"]["column"], "slot_id");
    assert!(error["hint"].as_str().unwrap().contains("slot_id"), "{error}");
    let (code, error) = refusal("need_id,provider_id,slot_id\nn1,v1,x\nn2,,y\n");
    assert_eq!((code, &error["kind"], &error["code"]), (4, &value!("data"), &value!("bad-rows")));
    let issue = &error["details"]["issues"][0];
    assert_eq!((&issue["line"], &issue["column"]), (&value!(3), &value!("provider_id")), "{error}");
    assert!(error["message"].as_str().unwrap().contains("plan.csv:3, column `provider_id`"), "{error}");
    assert!(error["message_zh"].as_str().unwrap().contains("第 3 行"), "{error}");
    let (code, error) = refusal("need_id,provider_id,slot_id,occurrence_start\nn1,v1,x,soon\n");
    let issue = &error["details"]["issues"][0];
    assert_eq!((code, &issue["line"], &issue["column"]), (4, &value!(2), &value!("occurrence_start")));
    let (code, error) = refusal("need_id,provider_id,slot_id\nn1,v1,x,more,cells\n");
    assert_eq!((code, &error["details"]["issues"][0]["rule"]), (4, &value!("columns")));
    let (code, error) = refusal("");
    assert_eq!((code, &error["code"]), (4, &value!("empty-file")));
    let (code, error) = refused(&["check-plan", &story.pool(), "/no/such/plan.csv"]);
    assert_eq!((code, &error["code"]), (3, &value!("unknown-file")));
}

#[test]
fn people_are_told_in_both_languages() {
    let story = Story::new();
    let plan = format!("{HEADER}n1,v1,{}\nn3,v3,{}\n", day("v1", 5), day("v3", 5));
    let said = text(&["check-plan", &story.pool(), &story.file("plan.csv", &plan)]);
    for words in [
        "1 of 2 lines do not hold",
        "2 行中有 1 行不成立",
        "line 3 (n3, v3): not so: The provider has agreed to be asked.",
        "第 3 行：不满足",
        "最优方案更能满足: 2: n2, n4",
        "distance 相差",
        "tier 3 级: 0 of 1 units served, 1 by the optimum",
    ] {
        assert!(said.contains(words), "{words:?} is missing in:\n{said}");
    }
    assert!(linli(&["check-plan", "--help"]).status.success());
}
