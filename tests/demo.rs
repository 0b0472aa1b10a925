//! The demo is the public commands on real input: two practices, proven, evaluated.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{copy, json, root, text};

fn practice<'a>(document: &'a Value, id: &str) -> &'a Value {
    document["practices"].as_array().unwrap().iter().find(|it| it["id"] == id).unwrap()
}

#[test]
fn two_practices_are_loaded_matched_with_proof_and_evaluated() {
    let document = json(&["demo"]);
    let (alliance, volunteers) = (practice(&document, "3351"), practice(&document, "365"));
    assert_eq!(alliance["tables"]["merchant_category"], 19);
    assert_eq!(volunteers["tables"]["post"], 16);
    assert_eq!(volunteers["tables"]["service_point"], 187);
    for it in [alliance, volunteers] {
        assert_eq!(it["load"]["quarantined"], 0);
        assert_eq!(it["load"]["rows"], it["load"]["kept"]);
        let report = &it["match"];
        assert_eq!((&report["certified"], &report["gap"]), (&Value::Bool(true), &Value::from(0)));
        assert_eq!(report["objective"], report["dual"]);
        let count = |key: &str| report[key].as_i64().unwrap();
        assert_eq!(count("needs"), count("matched") + count("partial") + count("unmatched"));
        assert!(count("unmatched") > 0, "some needs cannot be served by anybody");
        let district = &it["evaluate"]["districts"][0];
        let index = district["index"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&index));
        let rank = |key: &str| district[key].as_i64().unwrap();
        assert!(rank("rank_lo") <= rank("rank") && rank("rank") <= rank("rank_hi"));
        assert_eq!(it["evaluate"]["period"], "2012-09", "the period of the case");
        assert_eq!(it["evaluate"]["synthetic"], true, "and it says that the rows are made up");
    }
    let measured = |it: &Value| it["evaluate"]["districts"][0]["contributions"].as_array().unwrap().len();
    assert!(measured(alliance) >= 6 && measured(volunteers) >= 6);
}

#[test]
fn the_summary_can_be_read_and_the_pool_is_kept_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let pool = folder.path().join("pool").display().to_string();
    let story = text(&["demo", "--out", &pool]);
    for wanted in ["proven optimal", "objective 目标值", "next best", "units unserved", "index", "try next"]
    {
        assert!(story.contains(wanted), "{wanted:?} is missing in:\n{story}");
    }
    let times = |words: &str| story.lines().filter(|it| it.contains(words)).count();
    assert_eq!((times(" is served by "), times(" stay unserved: ")), (3, 2), "{story}");
    // They stay unserved for different reasons, because the cases have more than one.
    assert!(times("(full ") > 0 && times("(no_candidate ") > 0, "{story}");
    assert!(times("made-up rows") == 1, "{story}");
    let rows = |sql: &str| json(&["sql", &pool, sql])["rows"].clone();
    assert_eq!(
        rows("SELECT count(*) AS n FROM volunteer WHERE kind = 'party_member' AND district_id = 'nanming'")
            [0]["n"],
        5131
    );
    assert_eq!(
        rows("SELECT count(*) AS n FROM membership WHERE member_kind = 'merchant_party_member'")[0]["n"],
        33
    );
    assert_eq!(rows("SELECT count(*) AS n FROM run WHERE certified")[0]["n"], 2);
    assert_eq!(rows("SELECT card_no FROM card WHERE card_no = '000666'")[0]["card_no"], "000666");
    // A plan of linli's own can be carried out and is the optimum, also where needs recur and
    // nobody says which time is meant.
    let run = rows("SELECT run_id FROM run ORDER BY needs DESC LIMIT 1")[0].clone();
    let id = run["run_id"].as_str().unwrap();
    let sql = format!("SELECT need_id, provider_id, slot_id FROM match WHERE run_id = '{id}'");
    let plan = folder.path().join("plan.csv");
    let lines = text(&["sql", &pool, &sql, "--format", "csv"]);
    // Whatever the order of the lines.
    let (header, lines) = lines.split_once('\n').unwrap();
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.sort_unstable_by_key(|it| it.bytes().rev().collect::<Vec<_>>());
    fs::write(&plan, format!("{header}\n{}\n", lines.join("\n"))).unwrap();
    let case: Value =
        serde_json::from_slice(&fs::read(root().join("datasets/cases/365/case.json")).unwrap()).unwrap();
    let (plan, asked) = (plan.display().to_string(), |key: &str| case[key].as_str().unwrap().to_owned());
    let [district, as_of, from, to] = ["district_id", "as_of", "from", "to"].map(asked);
    let scorers: Vec<String> = case["scorers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{}={}", it["name"].as_str().unwrap(), it["weight"]))
        .collect();
    let mut check = vec!["check-plan", &pool, &plan, "--district", &district];
    check.extend(["--as-of", &as_of, "--from", &from, "--to", &to]);
    check.extend(scorers.iter().flat_map(|it| ["--scorer", it.as_str()]));
    let report = json(&check);
    assert_eq!((&report["violations"], &report["distance"]), (&Value::Array(vec![]), &Value::from(0)));
    assert_eq!((&report["run_id"], report["lines"].as_u64()), (&run["run_id"], Some(lines.len() as u64)));
    // The occurrences of a recurring need are matched each on its own day.
    let days = rows(
        "SELECT max(n) AS n FROM (SELECT count(DISTINCT occurrence_start) AS n FROM match GROUP BY need_id)",
    );
    assert!(days[0]["n"].as_i64().unwrap() >= 5);
}

#[test]
fn changing_one_cell_of_a_file_changes_the_outcome() {
    let folder = tempfile::tempdir().unwrap();
    let cases = folder.path().join("cases");
    copy(&root().join("datasets/cases/3351"), &cases.join("3351"));
    let run = |cases: &Path| json(&["demo", "--cases", &cases.display().to_string()]);
    let before = run(&cases);
    let file = cases.join("3351/need.csv");
    let text = fs::read_to_string(&file).unwrap();
    let open = text.lines().filter(|it| it.contains(",open,")).count();
    assert!(open > 0, "the case has open needs");
    fs::write(&file, text.replacen(",open,", ",withdrawn,", 1)).unwrap();
    let after = run(&cases);
    let needs = |it: &Value| practice(it, "3351")["match"]["needs"].as_i64().unwrap();
    assert_eq!(needs(&after), needs(&before) - 1);
    assert_ne!(practice(&after, "3351")["match"]["run_id"], practice(&before, "3351")["match"]["run_id"]);
}
