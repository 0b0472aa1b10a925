//! Statements and library queries: form, limits, and what they may not do.

use std::time::Duration;

use linli_serve::ServeLimits;
use serde_json::json;

use crate::arrow::rows_of_batches;
use crate::site::{JSON, NEEDS, Site};

/// Rows without end, 30^9, of which none ever comes.
pub const ENDLESS: &str = "SELECT count(*) AS n FROM need a, need b, need c, need d, need e, need f, need g, need h, need i \
     WHERE a.tier + b.tier + c.tier + d.tier + e.tier + f.tier + g.tier + h.tier * i.tier = -1";

#[test]
fn sql_answers_as_promised() {
    let site = Site::new();
    let answer = site.sql("SELECT need_id, tier, 9007199254740993 AS big FROM need ORDER BY need_id LIMIT 2");
    let document = answer.ok();
    assert_eq!(document["columns"][1], json!({ "name": "tier", "type": "Int64" }));
    assert_eq!(document["rows"][0], json!({ "need_id": "n000", "tier": 0, "big": "9007199254740993" }));
    assert_eq!((&document["row_count"], &document["truncated"]), (&json!(2), &json!(false)));
    assert_eq!(document["snapshot"].to_string(), answer.header("linli-snapshot"));
    assert_eq!(document.as_object().map(|it| it.len()), Some(5));
    let cut = site.post("/v1/sql", &json!({ "sql": "SELECT need_id FROM need", "limit": 7 })).ok();
    assert_eq!((&cut["row_count"], &cut["truncated"]), (&json!(7), &json!(true)));
}

#[test]
fn params_and_snapshots_are_those_asked_for() {
    let site = Site::new();
    let count = |body: serde_json::Value| site.post("/v1/sql", &body).ok()["rows"][0]["n"].clone();
    let sql = "SELECT count(*) AS n FROM need WHERE tier = $1";
    assert_eq!(count(json!({ "sql": sql, "params": [3] })), 7);
    let sql = "SELECT count(*) AS n FROM need WHERE tier = $tier AND community_id = $place";
    assert_eq!(count(json!({ "sql": sql, "params": { "tier": 3, "place": "c2" } })), 7);
    let sql = "SELECT count(*) AS n FROM need";
    let before = site.sql(sql).ok()["snapshot"].clone();
    site.load("need", "need_id,status\nz,open\n");
    assert_eq!(count(json!({ "sql": sql })), NEEDS + 1);
    assert_eq!(count(json!({ "sql": sql, "as_of": before })), NEEDS);
    assert_eq!(count(json!({ "sql": sql, "as_of": before.to_string() })), NEEDS);
    assert_eq!(count(json!({ "sql": sql, "as_of": "2024-03-01T00:00" })), NEEDS + 1);
    let early = json!({ "sql": sql, "as_of": "2024-02-29T23:59" });
    site.post("/v1/sql", &early).problem(404, "no-snapshot-at");
    site.post("/v1/sql", &json!({ "sql": sql, "as_of": 999_999 })).problem(404, "unknown-snapshot");
    let problem = site.post("/v1/sql", &json!({ "sql": sql, "as_of": "soon" })).problem(400, "bad-argument");
    assert!(problem["detail_zh"].as_str().is_some_and(|it| it.contains("时间") && !it.contains("such as")));
    let long = format!("{{\"sql\":\"SELECT $1 AS n\",\"params\":[{}]}}", "9".repeat(19));
    site.ask("POST", "/v1/sql", &[("content-type", JSON)], Some(&long)).problem(400, "bad-argument");
}

#[test]
fn only_reading_is_let_through() {
    let site = Site::new();
    for sql in [
        "DELETE FROM need",
        "INSERT INTO need (need_id) VALUES ('x')",
        "CREATE TABLE x AS SELECT 1",
        "COPY need TO '/tmp/need.csv'",
        "SET datafusion.execution.batch_size = 1",
        "EXPLAIN ANALYZE SELECT 1",
    ] {
        let problem = site.sql(sql).problem(403, "not-read-only");
        assert_eq!(problem["kind"], "denied");
    }
    site.sql("SELEC 1").problem(400, "bad-sql");
    let problem = site.sql("SELECT * FROM ned").problem(404, "unknown-table");
    assert_eq!(problem["nearest"], "need");
    assert!(problem["hint"].is_string() && problem["hint_zh"].is_string());
    assert_eq!(site.sql("SELECT count(*) AS n FROM need").ok()["rows"][0]["n"], NEEDS);
}

#[test]
fn a_statement_without_end_is_ended_and_holds_nobody_up() {
    let limits = ServeLimits { seconds_max: 2, ..ServeLimits::default() };
    let site = Site::with(limits);
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| site.sql(ENDLESS));
        let mut meanwhile = 0;
        while !slow.is_finished() {
            assert_eq!(site.get("/healthz").status, 200);
            meanwhile += 1;
        }
        assert!(meanwhile > 10, "only {meanwhile} answers while the statement ran");
        let problem = slow.join().expect("an answer").problem(429, "query-timeout");
        assert_eq!(problem["seconds"], 2);
    });
    assert_eq!(site.sql("SELECT 1 AS one").ok()["rows"][0]["one"], 1);
}

#[test]
fn whoever_comes_when_all_seats_are_taken_is_sent_away() {
    let limits = ServeLimits { seconds_max: 4, queries_at_once: 1, ..ServeLimits::default() };
    let site = Site::with(limits);
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| site.sql(ENDLESS).status);
        site.wait_for("linli_queries_running 1");
        let refused = site.sql("SELECT 1");
        let problem = refused.problem(503, "too-many-queries");
        assert_eq!((&problem["kind"], refused.header("retry-after")), (&json!("limit"), "1"));
        assert_eq!(site.get("/v1/tables/need").status, 200);
        assert_eq!(slow.join().expect("an answer"), 429);
    });
    assert_eq!(site.sql("SELECT 1 AS one").status, 200);
}

#[test]
fn a_result_is_never_cut_in_silence() {
    let limits = ServeLimits { rows_max: 20_000, ..ServeLimits::default() };
    let site = Site::with(limits);
    let sql = "SELECT a.need_id, repeat('x', 100) AS wide FROM need a, need b, need c";
    let document = site.sql(sql).ok();
    assert_eq!((&document["row_count"], &document["truncated"]), (&json!(20_000), &json!(true)));
    let post = |accept: &str, body: serde_json::Value| {
        let headers = [("content-type", JSON), ("accept", accept)];
        site.try_ask("POST", "/v1/sql", &headers, Some(&body.to_string()))
    };
    for accept in ["text/csv", "application/x-ndjson", "application/vnd.apache.arrow.stream"] {
        assert!(post(accept, json!({ "sql": sql })).is_err(), "{accept} ends as if it were whole");
    }
    let asked = post("text/csv", json!({ "sql": sql, "limit": 20_000 })).expect("a whole answer");
    assert_eq!(asked.text().lines().count(), 20_001);
    let short =
        post("text/csv", json!({ "sql": "SELECT need_id FROM need", "limit": 3 })).expect("a whole answer");
    assert_eq!((short.text().lines().count(), short.header("linli-truncated")), (4, "true"));
}

#[test]
fn long_answers_come_in_pieces_and_whole() {
    let site = Site::new();
    let sql = "SELECT a.need_id, repeat('x', 100) AS wide FROM need a, need b, need c";
    let headers = [("content-type", JSON), ("accept", "application/vnd.apache.arrow.stream")];
    let body = json!({ "sql": sql }).to_string();
    let arrow = site.ask("POST", "/v1/sql", &headers, Some(&body));
    assert!(arrow.body.len() > 2 << 20);
    assert_eq!(rows_of_batches(&arrow.body).iter().sum::<i64>(), 27_000);
    assert_eq!(site.sql(sql).ok()["row_count"], 27_000);
}

#[test]
fn library_queries_run_by_name() {
    let site = Site::new();
    let listed = site.get("/v1/queries").ok();
    let items = listed["items"].as_array().expect("items");
    let found = items.iter().find(|it| it["name"] == "completion").expect("query completion");
    assert_eq!((&found["folder"], &found["function"]), (&json!("indicator"), &json!("q_completion")));
    assert!(found["title"]["zh"].is_string() && !found["params"].as_array().expect("params").is_empty());
    assert!(items.iter().all(|it| it["folder"] != "candidate"));
    let answer = site.get("/v1/queries/completion?from=2024-01-01");
    let document = answer.ok();
    assert!(document["columns"].is_array() && document["truncated"] == json!(false));
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(answer.header("etag"), format!("\"{}-{version}\"", document["snapshot"]));
    site.get("/v1/queries/completion?fro=2024").problem(400, "bad-parameter");
    site.get("/v1/queries/completion?from=soon").problem(400, "bad-parameter");
    let problem = site.get("/v1/queries/compleion").problem(404, "unknown-query");
    assert_eq!(problem["nearest"], "completion");
}

#[test]
fn a_server_that_is_told_to_stop_answers_first() {
    let limits = ServeLimits { seconds_max: 2, ..ServeLimits::default() };
    let mut site = Site::with(limits);
    let (sent, waiting) = std::sync::mpsc::channel();
    let asking = std::thread::spawn(site.asker(ENDLESS, sent));
    site.wait_for("linli_queries_running 1");
    site.stop();
    assert_eq!(waiting.recv_timeout(Duration::from_secs(1)), Ok(429));
    asking.join().expect("no panic");
    assert!(site.try_ask("GET", "/healthz", &[], None).is_err());
}
