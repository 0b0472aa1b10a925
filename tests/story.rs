//! A small story, checkable by hand, from files to published matches.

use serde_json::json as value;

use crate::support::{Story, json, text};

#[test]
fn the_urgent_are_served_first_and_everybody_is_accounted_for() {
    let story = Story::new();
    let report = json(&["match", &story.pool()]);
    // v3 gave no consent, so two volunteers face three visits; n5 asks for a skill nobody has.
    assert_eq!(report["needs"], 5);
    assert_eq!(report["matched"], 3);
    assert_eq!(report["unmatched"], 2);
    assert_eq!(report["unmatched_by_reason"], value!({"full": 1, "no_candidate": 1, "vetoed": 0}));
    assert_eq!(report["gap"], 0);
    assert_eq!(report["certified"], true);
    let unmatched = story.rows("SELECT need_id, reason FROM unmatched ORDER BY need_id");
    assert_eq!(
        unmatched,
        [value!({"need_id": "n3", "reason": "full"}), value!({"need_id": "n5", "reason": "no_candidate"})]
    );
    let open = story.rows(
        "SELECT n.need_id FROM need n \
         LEFT JOIN (SELECT need_id, sum(units) AS units FROM match GROUP BY need_id) m ON m.need_id = n.need_id \
         LEFT JOIN (SELECT need_id, sum(units) AS units FROM unmatched GROUP BY need_id) u ON u.need_id = n.need_id \
         WHERE n.demand <> coalesce(m.units, 0) + coalesce(u.units, 0)",
    );
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn the_same_inputs_are_the_same_run_in_any_pool() {
    let (one, other) = (Story::new(), Story::new());
    let (first, again) = (json(&["match", &one.pool()]), json(&["match", &one.pool()]));
    assert_eq!(first, again);
    assert_eq!(one.rows("SELECT count(*) AS n FROM run"), [value!({"n": 1})]);
    assert_eq!(first["run_id"], json(&["match", &other.pool()])["run_id"]);
    assert_ne!(first["run_id"], json(&["match", &one.pool(), "--seed", "1"])["run_id"]);
    let sql = "SELECT need_id, provider_id, slot_id, cost FROM match WHERE run_id = ";
    let run = format!("{sql}'{}' ORDER BY 1", first["run_id"].as_str().unwrap());
    json(&["match", &other.pool()]);
    assert_eq!(one.rows(&run), other.rows(&run));
}

#[test]
fn two_runs_in_a_row_never_book_anybody_twice() {
    let story = Story::new();
    let first = json(&["match", &story.pool()]);
    let run = first["run_id"].as_str().unwrap();
    assert_eq!(json(&["publish", &story.pool(), run])["matches"], 3);
    assert_eq!(json(&["publish", &story.pool(), run])["matches"], 3, "publishing twice changes nothing");
    let states = story.rows("SELECT DISTINCT state FROM match");
    assert_eq!(states, [value!({"state": "published"})]);
    let second = json(&["match", &story.pool()]);
    assert_ne!(second["run_id"], run);
    assert_eq!(second["needs"], 2, "what is published is no longer asked for");
    assert_eq!(second["matched"], 0, "and its providers are taken");
    assert_eq!(second["certified"], true);
}

#[test]
fn a_run_made_before_another_was_published_is_stale() {
    let story = Story::new();
    let (one, other) = (json(&["match", &story.pool()]), json(&["match", &story.pool(), "--seed", "7"]));
    json(&["publish", &story.pool(), one["run_id"].as_str().unwrap()]);
    let (code, error) =
        crate::support::refused(&["publish", &story.pool(), other["run_id"].as_str().unwrap()]);
    assert_eq!((code, error["code"].as_str().unwrap()), (8, "stale-run"));
}

#[test]
fn why_and_why_not_are_told_truly() {
    let story = Story::new();
    let run = json(&["match", &story.pool()])["run_id"].as_str().unwrap().to_owned();
    let explain = |need: &str, provider: &str| json(&["explain", &story.pool(), &run, need, provider]);
    let failed = |answer: &serde_json::Value| -> Vec<String> {
        let rules = answer["rules"].as_array().unwrap();
        rules
            .iter()
            .filter(|it| it["ok"] == false)
            .map(|it| it["rule"].as_str().unwrap().to_owned())
            .collect()
    };
    let no_consent = explain("n3", "v3");
    assert_eq!(
        (no_consent["verdict"].as_str().unwrap(), failed(&no_consent)),
        ("rule_failed", vec!["consent".to_owned()])
    );
    let beaten = explain("n3", "v1");
    assert_eq!(beaten["verdict"], "beaten");
    assert_eq!(beaten["score_to_enter"], serde_json::Value::Null, "no score outweighs a tier");
    assert_eq!(explain("n4", "m1")["verdict"], "chosen");
    assert_eq!(explain("n4", "nobody")["verdict"], "no_such_pair");
    let nobody = json(&["explain", &story.pool(), &run, "n5"]);
    assert_eq!(nobody["status"], "unmatched");
    // Two of three fail the skill only; the third lacks consent as well.
    let skill = nobody["rules"].as_array().unwrap().iter().find(|it| it["rule"] == "skills").unwrap();
    assert_eq!((&skill["failing"], &skill["only_this"]), (&value!(3), &value!(2)));
    // Mending the stated cause flips the answer.
    let mended = story.file("v.csv", "volunteer_id,district_id,skills,lon,lat,max_per_day,consent,status\nv3,d1,走访,106.7001,26.5700,1,true,active\n");
    json(&["load", &story.pool(), "volunteer", &mended]);
    assert_eq!(json(&["match", &story.pool()])["matched"], 4);
}

#[test]
fn a_run_can_be_derived_again_after_its_tables_changed() {
    let story = Story::new();
    let run = json(&["match", &story.pool()])["run_id"].as_str().unwrap().to_owned();
    // Later changes of the tables do not touch what was decided from their snapshot.
    let more = story.file("more.csv", "need_id,district_id,service_id,skills\nn9,d1,visit,走访\n");
    json(&["load", &story.pool(), "need", &more]);
    let report = json(&["verify", &story.pool(), &run]);
    assert_eq!(report["verified"], true, "{report}");
}

#[test]
fn every_format_holds_the_same_rows() {
    let story = Story::new();
    let sql = "SELECT volunteer_id, skills, lon FROM volunteer ORDER BY volunteer_id";
    let ask = |format: &str| text(&["sql", &story.pool(), sql, "--format", format]);
    assert_eq!(
        ask("csv"),
        "volunteer_id,skills,lon\nv1,走访;法律,106.7\nv2,走访,106.703\nv3,走访,106.7001\n"
    );
    assert_eq!(ask("ndjson").lines().count(), 3);
    let document: serde_json::Value = serde_json::from_str(&ask("json")).unwrap();
    assert_eq!((&document["row_count"], &document["truncated"]), (&value!(3), &value!(false)));
    assert!(ask("table").contains("走访;法律"));
    for (format, magic) in [("parquet", &b"PAR1"[..]), ("xlsx", b"PK"), ("arrow", b"\xff\xff\xff\xff")] {
        let out = story.folder.path().join(format);
        text(&["sql", &story.pool(), sql, "--format", format, "--out", &out.display().to_string()]);
        assert!(std::fs::read(&out).unwrap().starts_with(magic), "{format}");
    }
}
