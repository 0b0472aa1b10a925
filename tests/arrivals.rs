//! Files as they arrive, and what is wrong with them: a clear message in both languages, and the
//! pool as it was, or the good rows and a reason for each of the others.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::support::{Story, binary, json, refused, root, text};

/// What a pool holds, as far as a load of needs could change it.
#[derive(Debug, PartialEq)]
struct State {
    snapshots: Value,
    needs: Value,
    quarantined: Value,
}

fn state(story: &Story) -> State {
    let rows = |sql| Value::Array(story.rows(sql));
    State {
        snapshots: json(&["history", &story.pool()])["snapshots"].clone(),
        needs: rows("SELECT * FROM need ORDER BY need_id"),
        quarantined: rows("SELECT count(*) AS n FROM quarantine"),
    }
}

/// Loads a file that cannot be loaded: it is named with what was found, and nothing changed.
fn refuses(story: &Story, file: &str, code: &str, found: [&str; 2]) -> Value {
    let before = state(story);
    let (exit, error) = refused(&["load", &story.pool(), "need", file]);
    assert_eq!(
        (exit, error["kind"].as_str(), error["code"].as_str()),
        (4, Some("data"), Some(code)),
        "{error}"
    );
    for (message, found) in ["message", "message_zh"].into_iter().zip(found) {
        let message = error[message].as_str().unwrap();
        assert!(message.contains(file) && message.contains(found), "{message}");
    }
    assert_eq!(state(story), before, "nothing was half-written");
    error
}

/// The issues of a report or an error: line, column, rule.
fn issues(of: &Value) -> Vec<(i64, &str, &str)> {
    fn issue(it: &Value) -> (i64, &str, &str) {
        let text = |key: &str| it[key].as_str().unwrap();
        assert!(!text("expected").is_empty() && !text("expected_zh").is_ascii(), "{it}");
        (it["line"].as_i64().unwrap(), it["column"].as_str().unwrap(), it["rule"].as_str().unwrap())
    }
    of.as_array().unwrap().iter().map(issue).collect()
}

fn counts(report: &Value) -> [i64; 3] {
    ["rows", "kept", "quarantined"].map(|it| report[it].as_i64().unwrap())
}

/// A zip file with one member, not compressed; checksums are for whoever unpacks it.
fn zipped(name: &str, bytes: &[u8]) -> Vec<u8> {
    let (length, name_length) = (u32::try_from(bytes.len()).unwrap(), u16::try_from(name.len()).unwrap());
    let mut common = vec![10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0];
    common.extend([length.to_le_bytes(), length.to_le_bytes()].concat());
    common.extend([name_length.to_le_bytes(), [0, 0]].concat());
    let entry = [b"PK\x03\x04", common.as_slice(), name.as_bytes(), bytes].concat();
    let directory = [b"PK\x01\x02\x0a\0", common.as_slice(), &[0; 14], name.as_bytes()].concat();
    let (at, size) = (u32::try_from(entry.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    let end = [b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &size.to_le_bytes(), &at.to_le_bytes(), &[0, 0]];
    [entry, directory, end.concat()].concat()
}

#[test]
fn containers_of_another_kind_are_told_apart() {
    let story = Story::new();
    let csv = b"need_id,district_id\nq1,d1\n";
    let file = story.file("needs.zip", zipped("needs.csv", csv));
    let found = ["a zip file with needs.csv", "含有 needs.csv 的 zip 文件"];
    let error = refuses(&story, &file, "unknown-kind", found);
    assert_eq!(error["hint"], "unpack it and load what is inside");
    let fixture = |name: &str| root().join("engine/query/tests/it/fixtures").join(name);
    let locked = fixture("locked.xlsx").display().to_string();
    refuses(&story, &locked, "unknown-kind", ["a workbook with a password", "带密码的工作簿"]);
}

#[test]
fn a_workbook_that_breaks_off_is_said_to_do_so_wherever_it_does() {
    let story = Story::new();
    let whole = story.folder.path().join("whole.xlsx").display().to_string();
    let rows = "SELECT need_id, district_id, tier FROM need";
    text(&["sql", &story.pool(), rows, "--out", &whole]);
    let bytes = fs::read(&whole).unwrap();
    assert_eq!(counts(&json(&["load", &story.pool(), "need", &whole]))[0], 5);
    for length in [8, bytes.len() / 3, bytes.len() / 2, bytes.len() - 30, bytes.len() - 1] {
        let file = story.file("cut.xlsx", &bytes[..length]);
        refuses(&story, &file, "unknown-kind", ["damaged", "已损坏"]);
    }
}

#[test]
fn rows_of_another_width_are_quarantined_with_their_line() {
    let story = Story::new();
    let file = story.file("ragged.csv", "need_id,district_id,tier\nr1,d1,1\nr2,d1\nr3,d1,1,x\nr4,d1,2\n");
    let report = json(&["load", &story.pool(), "need", &file]);
    assert_eq!(counts(&report), [4, 2, 2]);
    assert_eq!(issues(&report["issues"]), [(3, "", "columns"), (4, "", "columns")]);
    let first = &report["issues"][0];
    assert_eq!(
        (first["file"].as_str(), first["expected"].as_str()),
        (Some(&*file), Some("3 cells, as in the header"))
    );
}

#[test]
fn rows_in_another_encoding_cost_nobody_else_a_character() {
    let story = Story::new();
    // Eight rows of UTF-8 and one of GB18030, whose bytes are no UTF-8.
    let row = |number: u32| format!("x{number},d1,走访慰问老人\n").into_bytes();
    let mut bytes = b"need_id,district_id,skills\n".to_vec();
    (0..8).for_each(|it| bytes.extend(row(it)));
    bytes.extend(b"y1,d1,\xD7\xDF\xB7\xC3\n");
    let file = story.file("mixed.csv", &bytes);
    let report = json(&["load", &story.pool(), "need", &file, "--encoding", "utf-8"]);
    assert_eq!(counts(&report), [9, 8, 1]);
    assert_eq!(issues(&report["issues"])[0].0, 10);
    assert!(report["issues"][0]["found"].as_str().unwrap().contains("\\xD7"), "{report}");
    let sql = "SELECT count(*) AS n FROM need WHERE array_has(skills, '走访慰问老人')";
    assert_eq!(story.rows(sql)[0]["n"], 8);
}

#[test]
fn cells_that_are_no_cells_cost_their_row() {
    let story = Story::new();
    let long = "字".repeat(1_000_000);
    let rows = format!("need_id,district_id,skills\nc1\0,d1,\n\x1b[31mc2,d1,\nc3,d1,{long}\nc4,d1,走访\n");
    let file = story.file("cells.csv", rows);
    let report = json(&["load", &story.pool(), "need", &file]);
    assert_eq!(counts(&report), [4, 1, 3]);
    let expected = [(2, "need_id", "control"), (3, "need_id", "control"), (4, "skills", "length")];
    assert_eq!(issues(&report["issues"]), expected);
    let found = report["issues"][2]["found"].as_str().unwrap();
    assert!(found.chars().count() < 200, "a message quotes the beginning");
    let seen = text(&["load", &story.pool(), "need", &file]);
    assert!(!seen.contains('\x1b'), "no cell steers a terminal: {seen:?}");
}

#[test]
fn formulas_are_texts_that_nobody_runs() {
    let story = Story::new();
    let formulas = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)"];
    let rows: Vec<String> = formulas.iter().map(|it| format!("\"{it}\",d1\n")).collect();
    let file = story.file("formulas.csv", format!("volunteer_id,district_id\n{}", rows.concat()));
    assert_eq!(counts(&json(&["load", &story.pool(), "volunteer", &file]))[1], 4);
    let sql = "SELECT volunteer_id FROM volunteer WHERE length(volunteer_id) > 2 ORDER BY 1";
    let mut kept: Vec<String> =
        story.rows(sql).iter().map(|it| it["volunteer_id"].as_str().unwrap().to_owned()).collect();
    kept.sort_unstable();
    assert_eq!(kept, ["+1+1", "-2+3", "=cmd|' /C calc'!A0", "@SUM(A1)"], "kept as they came");
    let csv = text(&["sql", &story.pool(), sql, "--format", "csv"]);
    let cells: Vec<&str> = csv.lines().skip(1).collect();
    assert!(cells.len() == 4 && cells.iter().all(|it| it.trim_start_matches('"').starts_with('\'')), "{csv}");
    // In a workbook a text stays a text: this is what a load makes of one.
    let book = story.folder.path().join("formulas.xlsx").display().to_string();
    text(&["sql", &story.pool(), sql, "--out", &book]);
    let again = json(&["load", &story.pool(), "volunteer", &book, "--mode", "upsert"]);
    assert_eq!((again["rows"].as_i64(), again["inserted"].as_i64()), (Some(4), Some(0)), "{again}");
}

#[test]
fn a_formula_without_outcome_is_not_guessed() {
    let story = Story::new();
    let book = root().join("engine/query/tests/it/fixtures/formulas.xlsx").display().to_string();
    let report = json(&["load", &story.pool(), "team", &book]);
    assert_eq!(counts(&report), [2, 1, 1]);
    assert_eq!(issues(&report["issues"]), [(2, "subject", "formula"), (2, "members", "formula")]);
    assert_eq!(report["issues"][0]["found"], "=cmd|' /C calc'!A0");
}

#[test]
fn columns_that_nobody_knows_are_listed_and_not_guessed() {
    let story = Story::new();
    let names: Vec<String> = (0..200).map(|it| format!("未知{it}")).collect();
    // A row of marks is no header, though `x` is one of a longitude.
    let rows = format!("need_id,district_id,{}\nw1,d1{}\n", names.join(","), ",x".repeat(200));
    let report = json(&["load", &story.pool(), "need", &story.file("wide.csv", rows)]);
    let ignored = report["ignored_columns"].as_array().unwrap();
    assert_eq!((counts(&report)[1], ignored.len()), (1, 200));
    assert!(ignored.iter().all(|it| it["nearest"].is_null()), "{ignored:?}");
    let alien = format!("{}\n{}1\n", names.join(","), "1,".repeat(199));
    let found = ["未知0, 未知1", "等 200 列"];
    let error = refuses(&story, &story.file("alien.csv", alien), "missing-column", found);
    let message = error["message"].as_str().unwrap();
    assert!(message.ends_with("and 180 more") && message.len() < 600, "{message}");
    assert_eq!(error["details"]["found"].as_array().unwrap().len(), 200);
}

#[test]
fn a_disk_that_fills_up_leaves_what_was_there() {
    let story = Story::new();
    let rows: String = (0..50_000_u64).map(|it| format!("z{it}-{},d1\n", it * 7_919 % 100_003)).collect();
    let file = story.file("many.csv", format!("need_id,district_id\n{rows}"));
    let (before, files) = (state(&story), files(&story));
    // No file may grow beyond 64 KB; whoever tries is told so, as on a disk without room.
    let script = "trap '' XFSZ; ulimit -f 128; exec \"$0\" load \"$1\" need \"$2\" --json";
    let output =
        Command::new("sh").args(["-c", script]).arg(binary()).args([story.pool(), file]).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let error = &document["error"];
    assert_eq!((output.status.code(), error["kind"].as_str()), (Some(6), Some("limit")), "{document}");
    assert!(error["message"].as_str().unwrap().contains(".parquet: a file may not grow"), "{error}");
    assert!(error["message_zh"].as_str().unwrap().contains("文件大小超过"), "{error}");
    assert_eq!(state(&story), before);
    assert_eq!(self::files(&story), files, "nothing of it takes room");
    json(&["load", &story.pool(), "need", &story.file("few.csv", "need_id,district_id\nz1,d1\n")]);
}

/// The names of all files of the table.
fn files(story: &Story) -> Vec<String> {
    let folder = fs::read_dir(format!("{}/tables/need", story.pool())).unwrap();
    let mut names: Vec<String> = folder.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}
