//! Wrong things typed: the right kind, the right exit code, a message in both languages, and
//! nothing half-written.

use std::fs;

use crate::support::{Story, json, refused, text};

fn check(arguments: &[&str], exit: i32, kind: &str, code: &str) {
    let (found, error) = refused(arguments);
    let seen = (found, error["kind"].as_str().unwrap(), error["code"].as_str().unwrap());
    assert_eq!(seen, (exit, kind, code), "{}: {error}", arguments.join(" "));
    assert!(!error["message"].as_str().unwrap().is_empty());
    assert!(!error["message_zh"].as_str().unwrap().is_ascii(), "{error}");
    // Both are texts, or neither is there.
    assert_eq!(error["hint"].is_string(), error["hint_zh"].is_string(), "{error}");
}

#[test]
fn files_that_cannot_be_loaded() {
    let story = Story::new();
    let pool = story.pool();
    let snapshots = || json(&["history", &pool])["snapshots"].as_array().unwrap().len();
    let before = snapshots();
    let header = story.file("header.csv", "name,age\nx,1\n");
    let empty = story.file("empty.csv", "");
    let wrong = story.file("wrong.csv", "need_id,district_id,tier\nq1,d1,high\nq2,d1,9\n");
    check(&["load", &pool, "ned", &header], 3, "not_found", "unknown-table");
    check(&["load", &pool, "run", &header], 2, "request", "not-loadable");
    check(&["load", &pool, "need", &header], 4, "data", "missing-column");
    check(&["load", &pool, "need", &empty], 4, "data", "empty-file");
    let alone = story.file("alone.csv", "need_id,district_id,tier\n");
    check(&["load", &pool, "need", &alone], 4, "data", "empty-file");
    check(&["load", &pool, "need", &alone, "--mode", "replace"], 4, "data", "empty-file");
    let quote = story.file("quote.csv", "need_id,\"district_id,tier\nq1,d1,1\n");
    check(&["load", &pool, "need", &quote], 4, "data", "open-quote");
    let pdf = story.file("need.csv", "%PDF-1.7\n");
    check(&["load", &pool, "need", &pdf], 4, "data", "unknown-kind");
    check(&["load", &pool, "need", &alone, "--encoding", "gb13080"], 2, "request", "unknown-encoding");
    let no_text = story.file("latin.csv", b"need_id,district_id\nq1,caf\xE9,\n");
    check(&["load", &pool, "need", &no_text], 4, "data", "undecodable-text");
    check(&["load", &pool, "need", "/no/such/file.csv"], 3, "not_found", "unknown-file");
    check(&["load", &pool, "need", &pool], 4, "data", "unreadable-file");
    check(&["load", &pool, "need", &wrong], 4, "data", "nothing-kept");
    let (_, error) = refused(&["load", &pool, "need", &wrong]);
    let issues = error["details"]["issues"].as_array().unwrap();
    assert_eq!((issues.len(), &error["details"]["issues_total"]), (2, &2.into()));
    for issue in issues {
        for key in ["file", "line", "column", "rule", "found", "expected", "expected_zh"] {
            assert!(!issue[key].is_null(), "{key} is missing: {issue}");
        }
    }
    assert_eq!(snapshots(), before, "nothing was half-written");
}

#[test]
fn answers_that_cannot_be_written() {
    let story = Story::new();
    let (pool, folder) = (story.pool(), story.folder.path().display().to_string());
    let ask = |sql: &'static str, out: &str| -> Vec<String> {
        ["sql", pool.as_str(), sql, "--format", "csv", "--out", out].map(str::to_owned).to_vec()
    };
    let refusal = |arguments: Vec<String>, exit: i32, kind: &str, code: &str| {
        check(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), exit, kind, code);
    };
    refusal(ask("SELECT 1 AS a", "/no/such/dir/x.csv"), 3, "not_found", "unwritable-file");
    refusal(ask("SELECT 1 AS a", &folder), 2, "request", "unwritable-file");
    // What goes wrong in the middle leaves the file of before.
    let kept = story.file("kept.csv", "before\n");
    let halfway = "SELECT 1 / (value - 50000) AS a FROM generate_series(1, 100000)";
    refusal(ask(halfway, &kept), 4, "data", "bad-value");
    assert_eq!(fs::read_to_string(&kept).unwrap(), "before\n");
    let good = ask("SELECT 1 AS a", &kept);
    text(&good.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(fs::read_to_string(&kept).unwrap(), "a\n1\n");
    let left = fs::read_dir(&folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    assert_eq!(left.filter(|it| it.ends_with(".part")).count(), 0);
    // A device takes what comes, as long as it does.
    refusal(ask("SELECT 1 AS a", "/dev/full"), 6, "limit", "unwritable-file");
    text(&ask("SELECT 1 AS a", "/dev/null").iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn bad_rows_are_quarantined_with_their_place_and_the_others_are_kept() {
    let story = Story::new();
    let rows = "need_id,district_id,tier,window_start,window_end\n\
        q1,d1,1,2024-03-05T09:00,2024-03-05T10:00\n\
        q2,d1,high,,\n\
        q3,d1,1,2024-03-05T09:00,2024-03-05T08:00\n\
        q1,d1,2,,\n";
    let file = story.file("some.csv", rows);
    let report = json(&["load", &story.pool(), "need", &file]);
    assert_eq!(
        (report["rows"].as_i64(), report["kept"].as_i64(), report["quarantined"].as_i64()),
        (Some(4), Some(1), Some(3))
    );
    let issues: Vec<_> = report["issues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["line"].as_i64().unwrap(), it["rule"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(issues, [(3, "type".to_owned()), (4, "order".to_owned()), (5, "duplicate_key".to_owned())]);
    assert_eq!(story.rows("SELECT count(*) AS n FROM quarantine")[0]["n"], 3);
    let again = json(&["load", &story.pool(), "need", &file]);
    assert_eq!(
        (again["unchanged"].as_i64(), again["snapshot"].as_i64()),
        (Some(1), report["snapshot"].as_i64())
    );
}

#[test]
fn pools_that_are_none_or_too_new() {
    let story = Story::new();
    let pool = story.pool();
    check(&["sql", "/no/such/pool", "SELECT 1"], 3, "not_found", "no-pool");
    check(&["init", &pool], 8, "conflict", "pool-exists");
    let config = format!("{pool}/pool.json");
    let text = fs::read_to_string(&config).unwrap();
    let mut newer: serde_json::Value = serde_json::from_str(&text).unwrap();
    newer["format"] = 99.into();
    newer["of_the_future"] = true.into();
    fs::write(&config, newer.to_string()).unwrap();
    check(&["sql", &pool, "SELECT 1"], 2, "request", "newer-format");
    fs::write(&config, text).unwrap();
    json(&["sql", &pool, "SELECT 1"]);
}

#[test]
fn sql_that_writes_or_never_ends() {
    let story = Story::new();
    let pool = story.pool();
    for sql in [
        "DELETE FROM need",
        "INSERT INTO need SELECT * FROM need",
        "DROP TABLE need",
        "CREATE TABLE t AS SELECT 1",
        "COPY need TO '/tmp/linli-should-not-exist.csv'",
        "SET datafusion.execution.batch_size = 1",
        "EXPLAIN ANALYZE SELECT 1",
    ] {
        check(&["sql", &pool, sql], 7, "denied", "not-read-only");
    }
    assert!(!std::path::Path::new("/tmp/linli-should-not-exist.csv").exists());
    check(&["sql", &pool, "SELEC 1"], 2, "request", "bad-sql");
    check(&["sql", &pool, "SELECT * FROM volunter"], 3, "not_found", "unknown-table");
    let endless = "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b, \
        generate_series(1, 1000000) c WHERE (a.value + b.value * c.value) % 7 = 3";
    let (exit, error) = refused(&["sql", &pool, endless, "--timeout", "2"]);
    assert_eq!((exit, error["kind"].as_str().unwrap()), (6, "limit"), "{error}");
    for timeout in ["0", "18446744073709551615"] {
        json(&["sql", &pool, "SELECT 1", "--timeout", timeout]);
    }
}

#[test]
fn sql_that_makes_too_much() {
    let story = Story::new();
    let pool = story.pool();
    let everything = |count: usize| {
        let tables: Vec<String> = (0..count).map(|it| format!("need a{it}")).collect();
        // Not all columns, so that the answer is too large and not what is joined.
        let of = |it: usize| {
            ["need_id", "status", "window_start", "window_end"]
                .map(|name| format!("a{it}.{name} AS {name}{it}"))
        };
        let columns: Vec<String> = (0..count).flat_map(of).collect();
        format!("SELECT {} FROM {}", columns.join(", "), tables.join(", "))
    };
    // Nobody said how long it may take: what it says is enough.
    let (exit, error) = refused(&["sql", &pool, &everything(8)]);
    assert_eq!((exit, error["kind"].as_str(), error["code"].as_str()), (6, Some("limit"), Some("too-many")));
    assert!(error["hint"].as_str().unwrap().contains("--out"), "{error}");
    let out = story.folder.path().join("answer").display().to_string();
    check(&["sql", &pool, &everything(8), "--format", "table", "--out", &out], 6, "limit", "too-many");
    check(&["sql", &pool, &everything(65)], 6, "limit", "too-many");
    let long = "SELECT length(repeat(arrow_cast('x', 'LargeUtf8'), 40000000000))";
    check(&["sql", &pool, long], 6, "limit", "too-many");
    let months = "SELECT INTERVAL '1 month' AS a";
    let to_parquet = ["sql", &pool, months, "--format", "parquet", "--out", &out];
    check(&to_parquet, 2, "request", "unsupported-type");
    assert!(!fs::exists(&out).unwrap(), "nothing half-written");
    json(&["sql", &pool, "SELECT 1"]);
}

#[test]
fn requests_that_make_no_sense() {
    let story = Story::new();
    let pool = story.pool();
    check(&["match", &pool, "--scorer", "nobody"], 3, "not_found", "unknown-plugin");
    check(&["match", &pool, "--scorer", "skill-fit=heavy"], 2, "request", "bad-weight");
    check(&["match", &pool, "--scorer", "skill-fit=0"], 2, "request", "bad-request");
    check(&["match", &pool, "--as-of", "yesterday"], 2, "request", "bad-time");
    check(&["explain", &pool, "ffff", "n1"], 3, "not_found", "unknown-run");
    check(&["evaluate", &pool, "--period", "soon"], 2, "request", "bad-request");
    check(&["query", &pool, "complation"], 3, "not_found", "unknown-query");
    check(&["sql", &pool, "SELECT * FROM q_complation()"], 3, "not_found", "unknown-query");
    check(&["history", &pool, "ned"], 3, "not_found", "unknown-table");
    let (_, error) = refused(&["history", &pool, "ned"]);
    assert_eq!(error["details"]["nearest"], "need");
    check(&["query", &pool, "match_list"], 2, "request", "bad-parameter");
    check(&["sql", &pool, "SELECT 1", "--as-of", "999"], 3, "not_found", "unknown-snapshot");
    check(&["sql", &pool, "SELECT 1", "--format", "csv"], 2, "request", "two-formats");
    check(&["sql", &pool, "SELECT 1", "--as-of", "1999-01-01"], 3, "not_found", "no-snapshot-at");
    check(&["sql", &pool, "--limt=5"], 2, "request", "usage");
    check(&["frobnicate"], 2, "request", "usage");
}

#[test]
fn a_pool_that_lost_a_file_says_so_and_counts_nothing_without_it() {
    let story = Story::new();
    let pool = story.pool();
    let mut files = fs::read_dir(format!("{pool}/tables/volunteer")).unwrap().map(|it| it.unwrap().path());
    let file = files.find(|it| it.extension().is_some_and(|it| it == "parquet")).unwrap();
    let whole = fs::read(&file).unwrap();
    let check_all = || {
        for sql in ["SELECT count(*) FROM volunteer", "SELECT * FROM volunteer LIMIT 1"] {
            check(&["sql", &pool, sql], 4, "data", "damaged-pool");
        }
        check(&["match", &pool], 4, "data", "damaged-pool");
        let (_, error) = refused(&["match", &pool]);
        let path = error["details"]["path"].as_str().unwrap();
        assert_eq!(fs::canonicalize(path).ok(), fs::canonicalize(&file).ok(), "{error}");
    };
    for length in [0, whole.len() / 2] {
        fs::write(&file, &whole[..length]).unwrap();
        check_all();
    }
    fs::remove_file(&file).unwrap();
    check_all();
    fs::write(&file, whole).unwrap();
    json(&["match", &pool]);
}

#[test]
fn reports_are_about_runs_that_are_there() {
    let story = Story::new();
    let pool = story.pool();
    check(&["query", &pool, "certificate", "run=latest"], 3, "not_found", "unknown-run");
    let run = json(&["match", &pool])["run_id"].as_str().unwrap().to_owned();
    for asked in ["latest", &run[..8], &run] {
        let asked = format!("run={asked}");
        assert_eq!(json(&["query", &pool, "certificate", &asked])["rows"][0]["certified"], true, "{asked}");
    }
    check(&["query", &pool, "match_list", "run=nonsense"], 3, "not_found", "unknown-run");
    let answer = json(&["sql", &pool, "SELECT certified, finding FROM q_certificate('nonsense')"]);
    assert_eq!(answer["rows"][0]["certified"], false);
    assert_eq!(answer["rows"][0]["finding"], "there is no such run, or it is there twice");
}

#[test]
fn the_name_of_a_file_says_its_form() {
    let story = Story::new();
    let pool = story.pool();
    let out = |name: &str| story.folder.path().join(name).display().to_string();
    json(&["sql", &pool, "-- a comment first\nSELECT 1 AS a", "--out", &out("one.csv")]);
    assert_eq!(fs::read_to_string(out("one.csv")).unwrap(), "a\n1\n");
    json(&["sql", &pool, "SELECT 1 AS a", "--out", &out("one.xlsx")]);
    assert!(fs::read(out("one.xlsx")).unwrap().starts_with(b"PK"));
    let both = out("two.xlsx");
    check(&["sql", &pool, "SELECT 1", "--format", "csv", "--out", &both], 2, "request", "two-formats");
    assert!(!fs::exists(&both).unwrap());
}

#[test]
fn a_file_where_a_folder_was_expected_is_no_fault_of_ours() {
    let story = Story::new();
    let file = story.file("file", "");
    check(&["init", &file], 3, "not_found", "io");
    check(&["init", &format!("{file}/x")], 3, "not_found", "io");
}
