//! Wrong things typed: the right kind, the right exit code, a message in both languages, and
//! nothing half-written.

use std::fs;

use crate::support::{Story, json, refused};

fn check(arguments: &[&str], exit: i32, kind: &str, code: &str) {
    let (found, error) = refused(arguments);
    let seen = (found, error["kind"].as_str().unwrap(), error["code"].as_str().unwrap());
    assert_eq!(seen, (exit, kind, code), "{}: {error}", arguments.join(" "));
    assert!(!error["message"].as_str().unwrap().is_empty());
    assert!(!error["message_zh"].as_str().unwrap().is_ascii(), "{error}");
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
    check(&["load", &pool, "need", "/no/such/file.csv"], 4, "data", "unreadable-file");
    check(&["load", &pool, "need", &wrong], 4, "data", "nothing-kept");
    assert_eq!(snapshots(), before, "nothing was half-written");
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
    check(&["query", &pool, "match_list"], 2, "request", "bad-parameter");
    check(&["sql", &pool, "SELECT 1", "--as-of", "999"], 3, "not_found", "unknown-snapshot");
    check(&["frobnicate"], 2, "request", "usage");
}
