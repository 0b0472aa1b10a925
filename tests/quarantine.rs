//! What was refused is listed with how to mend it, and is mended by a file or by a fix.

use serde_json::Value;

use crate::support::{Story, json, linli, refused, text};

const TEAMS: &str = "team_id,members,备注\na,1,x\nb,两,y\nc,many,z\n";

fn listed(arguments: &[&str]) -> Vec<Value> {
    json(arguments)["rows"].as_array().unwrap().clone()
}

#[test]
fn the_quarantine_lists_what_is_open_with_its_hint() {
    let story = Story::of(&[("team", TEAMS)]);
    let pool = story.pool();
    let rows = listed(&["quarantine", &pool]);
    assert_eq!(rows.len(), 2);
    for key in
        ["quarantine_id", "table", "file", "line", "column", "rule", "found", "expected", "hint", "hint_zh"]
    {
        assert!(!rows[0][key].is_null(), "{key}: {}", rows[0]);
    }
    assert!(rows[0].as_object().unwrap().contains_key("sheet"));
    assert!(listed(&["quarantine", &pool, "--table", "post"]).is_empty());
    let (exit, error) = refused(&["quarantine", &pool, "--table", "tem"]);
    assert_eq!((exit, error["code"].as_str()), (3, Some("unknown-table")));
}

#[test]
fn a_fix_mends_rows_and_says_so_in_both_languages() {
    let story = Story::of(&[("team", TEAMS)]);
    let pool = story.pool();
    let fix = story.file("fix.json", r#"{"table":"team","values":{"members":{"两":"2"}}}"#);
    let said = text(&["quarantine", &pool, "--fix", &fix]);
    assert!(said.contains("tried 2 quarantined rows, 1 are in the table now"), "{said}");
    assert!(said.contains("重试隔离行 2 行，入库 1 行"), "{said}");
    let rows = story.rows("SELECT team_id, members FROM team ORDER BY team_id");
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1]["members"], 2);

    let open = listed(&["quarantine", &pool]);
    assert_eq!((open.len(), open[0]["line"].as_i64()), (1, Some(4)));
    let all = listed(&["quarantine", &pool, "--all"]);
    let states: Vec<_> = all.iter().map(|it| it["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["mended", "open"]);

    let id = open[0]["quarantine_id"].as_str().unwrap();
    let orders = format!(r#"{{"rows":{{"{id}":{{"members":"3"}}}}}}"#);
    let fix = story.file("fix.json", &orders);
    let report = json(&["quarantine", &pool, "--table", "team", "--fix", &fix]);
    assert_eq!((report["mended"].as_i64(), report["rows"].as_i64()), (Some(1), Some(1)));
    assert!(listed(&["quarantine", &pool]).is_empty());
}

#[test]
fn a_fix_that_cannot_be_is_refused_with_its_key_and_changes_nothing() {
    let story = Story::of(&[("team", TEAMS)]);
    let pool = story.pool();
    let before = json(&["history", &pool]);
    for (orders, exit, code, key) in [
        ("{", 2, "bad-mapping", ""),
        ("{}", 2, "bad-mapping", "table"),
        (r#"{"table":"team","columns":{"备注":"subjct"}}"#, 2, "bad-mapping", "columns.备注"),
        (r#"{"table":"team","rows":{"0123456789ab":null}}"#, 2, "bad-mapping", "rows.0123456789ab"),
    ] {
        let fix = story.file("fix.json", orders);
        let (found, error) = refused(&["quarantine", &pool, "--fix", &fix]);
        assert_eq!((found, error["code"].as_str()), (exit, Some(code)), "{orders}: {error}");
        assert_eq!(error["details"]["key"], key, "{error}");
    }
    let fix = story.file("fix.json", r#"{"table":"team"}"#);
    let (exit, error) = refused(&["quarantine", &pool, "--fix", &fix]);
    assert_eq!((exit, error["code"].as_str()), (4, Some("nothing-kept")));
    let (exit, error) = refused(&["quarantine", &pool, "--fix", "/no/such/file.json"]);
    assert_eq!((exit, error["code"].as_str()), (3, Some("unknown-file")));
    assert_eq!(json(&["history", &pool]), before);
}

#[test]
fn a_mapping_printed_by_one_load_settles_the_next() {
    let story = Story::of(&[]);
    let pool = story.pool();
    let file = story.file("team.csv", "team_id,membres,备注\na,1,x\n");
    let said = text(&["load", &pool, "team", &file]);
    let mapping = said.lines().map(str::trim).find(|it| it.starts_with('{')).unwrap();
    assert_eq!(mapping, r#"{"table":"team","columns":{"membres":"members","备注":null}}"#);
    let map = story.file("map.json", mapping);
    let settled = text(&["load", &pool, "team", &file, "--map", &map]);
    assert!(settled.contains("loaded before") && settled.contains("此前已载入"), "{settled}");
    assert!(!settled.contains("is not known"), "{settled}");
    assert_eq!(story.rows("SELECT members FROM team")[0]["members"], 1);
    // From here on the pool knows it.
    let more = story.file("more.csv", "team_id,membres,备注\nb,2,x\n");
    let report = json(&["load", &pool, "team", &more]);
    assert_eq!(report["files"][0]["mapping"]["file"], "mappings/team.json");
    assert_eq!(report["ignored_columns"], Value::Array(Vec::new()));
    let output = linli(&["load", &pool, "team", &more, "--map", "none", "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["ignored_columns"].as_array().unwrap().len(), 2);
}

#[test]
fn what_looks_like_one_is_told_and_stays_two() {
    let story = Story::of(&[("merchant", "merchant_id,name,community_id\nm1,好邻居修理店,c1\n")]);
    let file = story.file("more.csv", "merchant_id,name,community_id\nm2,好邻居修理,c1\n");
    let said = text(&["load", &story.pool(), "merchant", &file]);
    assert!(said.contains("m1 = m2? same name in one community · 同一社区内名称相同"), "{said}");
    assert!(!said.contains("好邻居"), "names are not repeated: {said}");
    assert_eq!(story.rows("SELECT count(*) AS n FROM merchant")[0]["n"], 2);
}
