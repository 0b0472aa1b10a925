//! A run proves itself: its reasons are true, and whoever changes a stored row is found out.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json as value};

use crate::support::{Story, json, linli, put_in_place, refused, text};

/// The Parquet file that holds a table's rows.
fn file_of(story: &Story, table: &str) -> PathBuf {
    let folder = Path::new(&story.pool()).join("tables").join(table);
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|it| it.extension().is_some_and(|it| it == "parquet")).collect();
    assert_eq!(files.len(), 1, "{table}");
    files.remove(0)
}

/// Puts the rows of a query in the place of a table's, in its very file, as somebody would who
/// has the disk but not linli. Returns what stood there.
fn forge(story: &Story, table: &str, sql: &str) -> Vec<u8> {
    let forged = story.folder.path().join(format!("{table}.forged")).display().to_string();
    text(&["sql", &story.pool(), sql, "--format", "parquet", "--out", &forged]);
    let file = file_of(story, table);
    let before = fs::read(&file).unwrap();
    put_in_place(&file, &fs::read(forged).unwrap());
    before
}

/// The exit code and the report of a verification.
fn verify(story: &Story) -> (i32, Value) {
    let output = linli(&["verify", &story.pool(), "latest", "--json"]);
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

/// Changes the settings of a pool by hand.
fn configure(story: &Story, change: impl FnOnce(&mut Value)) {
    let file = Path::new(&story.pool()).join("pool.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    change(&mut config);
    fs::write(&file, config.to_string()).unwrap();
}

fn load(story: &Story, table: &str, rows: &str) {
    json(&["load", &story.pool(), table, &story.file(&format!("more_{table}.csv"), rows)]);
}

fn explain(story: &Story, more: &[&str]) -> Value {
    let pool = story.pool();
    let mut arguments = vec!["explain", pool.as_str(), "latest"];
    arguments.extend(more);
    json(&arguments)
}

/// The sentence of an explanation; there is one in Chinese too.
fn sentence(explanation: &Value) -> &str {
    assert!(!explanation["sentence"]["zh"].as_str().unwrap().is_ascii());
    explanation["sentence"]["en"].as_str().unwrap()
}

const FORGED: [(&str, &str); 6] = [
    (
        "match",
        "SELECT * REPLACE (CASE need_id WHEN 'n1' THEN 'v9' ELSE provider_id END AS provider_id) FROM match",
    ),
    ("unmatched", "SELECT * REPLACE ('vetoed' AS reason) FROM unmatched"),
    ("price", "SELECT * REPLACE (CASE level WHEN 'need' THEN price - 1 ELSE price END AS price) FROM price"),
    ("candidate", "SELECT * REPLACE (coalesce(distance_m, 0) + 10 AS distance_m) FROM candidate"),
    ("candidate_score", "SELECT * REPLACE (score / 2 AS score) FROM candidate_score"),
    ("run", "SELECT * REPLACE (matched + 1 AS matched) FROM run"),
];

#[test]
fn whoever_changes_a_row_of_a_run_is_found_out() {
    let story = Story::new();
    json(&["match", &story.pool()]);
    for (table, sql) in FORGED {
        let before = forge(&story, table, sql);
        let (code, report) = verify(&story);
        assert_eq!((code, &report["verified"]), (4, &Value::Bool(false)), "{table}: {report}");
        assert_eq!(
            (&report["inputs_ok"], &report["rows_ok"]),
            (&Value::Bool(true), &Value::Bool(false)),
            "{table}: {report}"
        );
        let first = &report["findings"][0];
        assert!(first["en"].as_str().unwrap().starts_with(&format!("table {table}: ")), "{report}");
        assert!(first["zh"].as_str().unwrap().starts_with(&format!("表 {table}：")), "{report}");
        put_in_place(&file_of(&story, table), &before);
    }
    let (code, report) = verify(&story);
    assert_eq!((code, &report["verified"], &report["findings"]), (0, &Value::Bool(true), &value!([])));
}

#[test]
fn whoever_changes_what_went_into_a_run_is_found_out() {
    let story = Story::new();
    let run = json(&["match", &story.pool()])["run_id"].as_str().unwrap().to_owned();
    let changed = [
        ("service", "SELECT * REPLACE ('any' AS provider_kind) FROM service", "table service: found"),
        (
            "run_input",
            "SELECT * REPLACE (coalesce(weight, 0) + 1 AS weight) FROM run_input",
            "its engine, inputs and settings make run",
        ),
    ];
    for (table, sql, finding) in changed {
        let before = forge(&story, table, sql);
        let (code, report) = verify(&story);
        assert_eq!((code, &report["inputs_ok"]), (4, &Value::Bool(false)), "{table}: {report}");
        assert!(report["findings"][0]["en"].as_str().unwrap().starts_with(finding), "{report}");
        put_in_place(&file_of(&story, table), &before);
    }
    let other = "SELECT * REPLACE ('linli 0.0.1' AS engine) FROM run";
    forge(&story, "run", other);
    let (code, report) = verify(&story);
    assert_eq!(code, 4);
    let findings = report["findings"].to_string();
    assert!(findings.contains("made by linli 0.0.1") && findings.contains(&run), "{findings}");
    assert!(!findings.contains("stored rows"), "another version may choose otherwise: {findings}");
}

#[test]
fn a_run_whose_rows_do_not_prove_it_is_not_published() {
    let story = Story::new();
    json(&["match", &story.pool()]);
    let before = forge(&story, "match", "SELECT * REPLACE (cost + 1 AS cost) FROM match");
    let (code, error) = refused(&["publish", &story.pool(), "latest"]);
    assert_eq!((code, error["code"].as_str().unwrap()), (4, "unproven-run"));
    assert_eq!(error["details"]["finding"]["en"], "a match is no scored candidate at its cost");
    assert!(!error["details"]["finding"]["zh"].as_str().unwrap().is_ascii());
    assert_eq!(story.rows("SELECT count(*) AS n FROM publication"), [value!({"n": 0})]);
    put_in_place(&file_of(&story, "match"), &before);
    assert_eq!(json(&["publish", &story.pool(), "latest"])["matches"], 3);
}

#[test]
fn who_serves_a_need_already_is_no_reason_for_the_units_that_are_left() {
    let story = Story::of(&[
        (
            "volunteer",
            "volunteer_id,skills,lon,lat,max_per_day,consent\n\
             v1,law;visit,106.70,26.57,1,true\n\
             v2,visit,106.70,26.57,1,true\n",
        ),
        (
            "need",
            "need_id,skills,tier,demand,window_start,window_end,duration_min,lon,lat\n\
             n1,law,1,2,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57\n\
             n2,visit,1,2,2024-03-06T09:00,2024-03-06T11:00,60,106.70,26.57\n\
             n3,visit,3,1,2024-03-06T09:00,2024-03-06T11:00,60,106.70,26.57\n",
        ),
    ]);
    let report = json(&["match", &story.pool()]);
    // Only v1 knows the law; of the two visitors one goes to n3, which is more urgent.
    assert_eq!(
        (&report["matched"], &report["partial"], &report["unmatched"]),
        (&value!(1), &value!(2), &value!(0))
    );
    assert_eq!(report["unmatched_by_reason"], value!({"full": 1, "no_candidate": 1, "vetoed": 0}));
    assert_eq!(
        story.rows("SELECT need_id, units, status, reason FROM unmatched ORDER BY need_id"),
        [
            value!({"need_id": "n1", "units": 1, "status": "partial", "reason": "no_candidate"}),
            value!({"need_id": "n2", "units": 1, "status": "partial", "reason": "full"}),
        ]
    );
    let open = story.rows(
        "SELECT n.need_id FROM need n \
         LEFT JOIN (SELECT need_id, sum(units) AS units FROM match GROUP BY need_id) m ON m.need_id = n.need_id \
         LEFT JOIN (SELECT need_id, sum(units) AS units FROM unmatched GROUP BY need_id) u ON u.need_id = n.need_id \
         WHERE n.demand <> coalesce(m.units, 0) + coalesce(u.units, 0)",
    );
    assert!(open.is_empty(), "{open:?}");
    let lawyer = explain(&story, &["n1"]);
    assert_eq!(
        (&lawyer["status"], &lawyer["matches"][0]["provider_id"]),
        (&value!("partial"), &value!("v1"))
    );
    assert!(sentence(&lawyer).contains("nobody else passes every rule"), "{lawyer}");
    let visitor = explain(&story, &["n2"]);
    assert_eq!((&visitor["taken"], &visitor["held"]), (&value!(1), &value!(0)));
    assert!(sentence(&visitor).contains("no other candidate is free (1 taken by tasks"), "{visitor}");
}

#[test]
fn a_need_counts_once_under_the_reason_of_its_first_unserved_occurrence() {
    let story = Story::of(&[
        ("volunteer", "volunteer_id,lon,lat,consent\nv1,106.70,26.57,true\n"),
        ("availability", "provider_id,start,end,capacity\nv1,2024-03-06T09:00,2024-03-06T11:00,1\n"),
        (
            "need",
            "need_id,tier,demand,window_start,window_end,rrule,lon,lat\n\
             n1,0,1,2024-03-05T09:00,2024-03-05T11:00,FREQ=DAILY;COUNT=2,106.70,26.57\n\
             n2,3,1,2024-03-06T09:00,2024-03-06T11:00,,106.70,26.57\n",
        ),
    ]);
    let report = json(&["match", &story.pool()]);
    // On the first day nobody has time, on the second n2 goes first.
    assert_eq!(
        story.rows("SELECT reason FROM unmatched WHERE need_id = 'n1' ORDER BY occurrence_start"),
        [value!({"reason": "no_candidate"}), value!({"reason": "full"})]
    );
    assert_eq!(report["unmatched_by_reason"], value!({"full": 0, "no_candidate": 1, "vetoed": 0}));
    let run = report["run_id"].as_str().unwrap();
    assert_eq!(
        story.rows(&format!("SELECT * FROM q_unmatched_by_reason('{run}')")),
        [value!({"reason": "no_candidate", "tier": 0, "needs": 1, "units": 2})]
    );
}

#[test]
fn a_veto_is_told_in_the_words_of_its_plugin() {
    let story = Story::new();
    configure(&story, |config| {
        let scorers = config["scorers"].as_array_mut().unwrap();
        let walking = scorers.iter_mut().find(|it| it["name"] == "walking-distance").unwrap();
        walking["settings"] = value!({"veto_beyond_m": 600});
    });
    load(
        &story,
        "need",
        "need_id,district_id,service_id,skills,tier,demand,window_start,window_end,duration_min,lon,lat,status\n\
         n6,d1,visit,走访,3,1,2024-03-05T09:00,2024-03-05T11:00,60,106.7100,26.5700,open\n",
    );
    let report = json(&["match", &story.pool()]);
    // v1 and v2 pass every rule for n6, but both would walk 700 m and more.
    assert_eq!(report["unmatched_by_reason"], value!({"full": 1, "no_candidate": 1, "vetoed": 1}));
    let pair = explain(&story, &["n6", "v1"]);
    assert_eq!((&pair["verdict"], &pair["score"]), (&value!("vetoed"), &Value::Null));
    let parts = pair["parts"].as_array().unwrap();
    let walking = parts.iter().find(|it| it["scorer"] == "walking-distance").unwrap();
    assert_eq!(walking["veto"], value!({"en": "too far to walk", "zh": "步行太远"}));
    assert!(sentence(&pair).contains("too far to walk"), "{pair}");
    let need = explain(&story, &["n6"]);
    assert_eq!((&need["vetoed"], &need["vetoes"][0]["candidates"]), (&value!(2), &value!(2)));
    assert!(
        sentence(&need).contains("every candidate was vetoed: walking-distance: too far to walk"),
        "{need}"
    );
    assert!(text(&["explain", &story.pool(), "latest", "n6", "v1"]).contains("步行太远"));
}

#[test]
fn a_provider_without_room_is_beaten_and_it_is_said_what_holds_them() {
    let story = Story::new();
    json(&["match", &story.pool()]);
    json(&["publish", &story.pool(), "latest"]);
    load(
        &story,
        "volunteer",
        "volunteer_id,district_id,skills,lon,lat,max_per_day,consent,status\nv4,d1,手语,106.7005,26.5700,0,true,active\n",
    );
    let second = json(&["match", &story.pool()]);
    assert_eq!((&second["needs"], &second["unmatched_by_reason"]["full"]), (&value!(2), &value!(2)));
    for (need, provider, holder, words) in
        [("n3", "v1", "published", "(published matches)"), ("n5", "v4", "own_limit", "(their own limit)")]
    {
        let pair = explain(&story, &[need, provider]);
        assert_eq!(pair["verdict"], "beaten", "{pair}");
        assert_eq!((&pair["regret"], &pair["score_to_enter"]), (&Value::Null, &Value::Null), "{pair}");
        assert!(pair["score"].is_number(), "{pair}");
        let path = pair["path"].as_array().unwrap();
        assert!(path.iter().any(|it| it["level"] == "day"), "{pair}");
        assert!(path.iter().all(|it| it["price"].is_null() && it["held_by"] == holder), "{pair}");
        assert!(sentence(&pair).contains("no room left") && sentence(&pair).contains(words), "{pair}");
    }
    let need = explain(&story, &["n3"]);
    assert_eq!((&need["taken"], &need["held"]), (&value!(0), &value!(2)));
    assert!(sentence(&need).contains("2 without room because of published matches"), "{need}");
}

#[test]
fn a_candidate_that_the_run_could_do_without_is_scored_when_somebody_asks() {
    let story = Story::of(&[
        (
            "volunteer",
            "volunteer_id,lon,lat,max_per_day,consent\nv1,106.70,26.57,2,true\nv2,106.71,26.57,2,true\n",
        ),
        (
            "need",
            "need_id,window_start,window_end,duration_min,lon,lat\n\
             n1,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57\n",
        ),
    ]);
    configure(&story, |config| config["working_set"] = value!(1));
    // v1 lives next door: nobody can score better.
    let report = json(&["match", &story.pool(), "--scorer", "walking-distance"]);
    assert_eq!((&report["candidates"], &report["scored"]), (&value!(2), &value!(1)));
    let pair = explain(&story, &["n1", "v2"]);
    assert_eq!((&pair["verdict"], &pair["score_to_enter"]), (&value!("beaten"), &Value::Null));
    let parts = pair["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 1, "{pair}");
    assert_eq!((&parts[0]["scorer"], &parts[0]["score"]), (&value!("walking-distance"), &pair["score"]));
    let score = pair["score"].as_f64().unwrap();
    assert!(0.0 < score && score < 1.0, "{pair}");
}

#[test]
fn the_latest_run_is_the_one_that_was_asked_for_last() {
    let story = Story::new();
    let ask = |seed: &str| json(&["match", &story.pool(), "--seed", seed])["run_id"].clone();
    let latest = || json(&["verify", &story.pool(), "latest"])["run_id"].clone();
    let (first, second) = (ask("0"), ask("1"));
    assert_eq!(latest(), second);
    assert_eq!(ask("0"), first);
    assert_eq!(latest(), first);
    let noted = story.rows("SELECT count(*) AS n FROM run_log");
    assert_eq!(ask("0"), first);
    assert_eq!(story.rows("SELECT count(*) AS n FROM run_log"), noted, "twice in a row changes nothing");
    assert_eq!(story.rows("SELECT count(*) AS n FROM run"), [value!({"n": 2})]);
}

#[test]
fn what_a_choice_costs_is_told_over_all_candidates() {
    let mut slots = "provider_id,start,end,capacity\n".to_owned();
    for (provider, count) in [("p", 24), ("q", 1), ("r", 1)] {
        for half in 16..16 + count {
            let (hour, minute) = (half / 2, half % 2 * 30);
            slots += &format!(
                "{provider},2024-03-04T{hour:02}:{minute:02},2024-03-04T{hour:02}:{:02},1\n",
                minute + 25
            );
        }
    }
    let story = Story::of(&[
        (
            "volunteer",
            "volunteer_id,lon,lat,max_per_day,consent\n\
             p,106.7000,26.6000,1,true\nq,106.7100,26.6000,1,true\nr,106.7005,26.6050,1,true\n",
        ),
        ("availability", slots.as_str()),
        (
            "need",
            "need_id,tier,window_start,window_end,duration_min,lon,lat,reach_m\n\
             A,0,2024-03-04T08:00,2024-03-04T20:00,20,106.7004,26.6049,700\n\
             B,0,2024-03-04T08:00,2024-03-04T20:00,20,106.7000,26.6000,5000\n",
        ),
    ]);
    let report = json(&["match", &story.pool(), "--scorer", "walking-distance"]);
    // The slots of p fill both working sets, so the run never asked what B would be with q or r.
    assert_eq!((&report["candidates"], &report["matched"]), (&value!(51), &value!(2)));
    assert!(report["scored"].as_i64().unwrap() < 51, "{report}");
    let cost = |need: &str, provider: &str| {
        let score = explain(&story, &[need, provider])["score"].as_f64().unwrap();
        ((1.0 - score) * 1e6).round() as i64
    };
    let plan = cost("A", "r") + cost("B", "p");
    // With p for A the best of all other plans gives r to B.
    let swapped = cost("A", "p") + cost("B", "r") - plan;
    let pair = explain(&story, &["A", "p"]);
    assert_eq!((&pair["verdict"], &pair["regret"]), (&value!("beaten"), &value!(swapped)), "{pair}");
    let prices: i64 = pair["path"].as_array().unwrap().iter().map(|it| it["price"].as_i64().unwrap()).sum();
    assert_eq!(pair["own"].as_i64().unwrap() + prices, swapped, "{pair}");
    assert!(text(&["explain", &story.pool(), "latest", "A", "p"]).contains("own part of the pair"));
    let runners_up = explain(&story, &["B"])["runners_up"].clone();
    let named = |it: &Value| (it["provider_id"].as_str().unwrap().to_owned(), it["regret"].as_i64().unwrap());
    let named: Vec<_> = runners_up.as_array().unwrap().iter().map(named).collect();
    assert_eq!(named, [("q".to_owned(), cost("B", "q") - cost("B", "p")), ("r".to_owned(), swapped)]);
}

#[test]
fn whoever_passes_with_another_slot_does_not_come_one_short() {
    let story = Story::of(&[
        (
            "volunteer",
            "volunteer_id,lon,lat,consent\nv1,106.70,26.57,true\nv2,106.70,26.57,false\nv3,106.70,26.57,false\n",
        ),
        (
            "availability",
            "provider_id,start,end,capacity\n\
             v1,2024-03-05T09:00,2024-03-05T11:00,1\nv1,2024-03-06T09:00,2024-03-06T11:00,1\n\
             v2,2024-03-05T09:00,2024-03-05T11:00,1\nv2,2024-03-06T09:00,2024-03-06T11:00,1\n\
             v3,2024-03-06T09:00,2024-03-06T11:00,1\n",
        ),
        (
            "need",
            "need_id,demand,window_start,window_end,duration_min,lon,lat\n\
             n1,2,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57\n",
        ),
    ]);
    json(&["match", &story.pool()]);
    let need = explain(&story, &["n1"]);
    let rules = need["rules"].as_array().unwrap();
    let counts = |it: &Value| {
        let count = |name: &str| it[name].as_i64().unwrap();
        (it["rule"].as_str().unwrap().to_owned(), count("failing"), count("only_this"))
    };
    // v1 helps; v2 has the time but did not agree; v3 has neither.
    let counts: Vec<_> = rules.iter().map(counts).collect();
    assert_eq!(counts, [("consent".to_owned(), 2, 1), ("window".to_owned(), 1, 0)]);
    assert!(sentence(&need).contains("1 come one short, and it is this: The provider has agreed"), "{need}");
}

#[test]
fn the_units_that_published_matches_hold_are_told() {
    let story = Story::of(&[
        ("volunteer", "volunteer_id,lon,lat,max_per_day,consent\nv1,106.70,26.57,1,true\n"),
        (
            "need",
            "need_id,demand,window_start,window_end,duration_min,lon,lat\n\
             n1,2,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57\n",
        ),
    ]);
    json(&["match", &story.pool()]);
    assert_eq!(explain(&story, &["n1"])["held_units"], 0);
    json(&["publish", &story.pool(), "latest"]);
    let second = json(&["match", &story.pool()]);
    assert_eq!((&second["needs"], &second["unmatched"]), (&value!(1), &value!(1)));
    let need = explain(&story, &["n1"]);
    assert_eq!((&need["units"], &need["held_units"]), (&value!(1), &value!(1)), "{need}");
    assert_eq!(need["unmatched"][0]["held_units"], 1, "{need}");
    // v1 fails only the rule that one helps a need once, and nobody would mend that.
    assert_eq!(
        sentence(&need),
        "1 of 1 units of n1 stay unserved, 1 more is held by published matches: \
         nobody else passes every rule, and nobody comes within one"
    );
    assert!(need["sentence"]["zh"].as_str().unwrap().contains("另有 1 人次已由已发布的匹配承接"), "{need}");
}
