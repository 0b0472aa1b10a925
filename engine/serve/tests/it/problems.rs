//! What goes wrong, and that it says so.

use linli_serve::ServeLimits;
use serde_json::json;

use crate::site::{JSON, Site};

#[test]
fn every_wrong_turn_ends_in_a_problem_document() {
    let limits = ServeLimits { body_bytes_max: 1000, ..ServeLimits::default() };
    let site = Site::with(limits);
    let problem = site.get("/v1/nothing").problem(404, "unknown-route");
    assert_eq!((&problem["instance"], &problem["kind"]), (&json!("/v1/nothing"), &json!("not_found")));
    let wrong = site.ask("DELETE", "/v1/runs", &[], None);
    wrong.problem(405, "method-not-allowed");
    assert_eq!(wrong.header("allow"), "GET,HEAD,POST");
    let post = |headers: &[(&str, &str)], body: &str| site.ask("POST", "/v1/sql", headers, Some(body));
    post(&[("content-type", JSON)], "{").problem(400, "bad-body");
    post(&[("content-type", JSON)], "{}").problem(400, "bad-body");
    post(&[("content-type", JSON)], "{\"sql\":\"SELECT 1\",\"snapshot\":1}").problem(400, "bad-body");
    post(&[("content-type", "text/plain")], "{\"sql\":\"SELECT 1\"}").problem(415, "unsupported-media-type");
    let long = format!("{{\"sql\":\"SELECT '{}'\"}}", "x".repeat(1000));
    let problem = post(&[("content-type", JSON)], &long).problem(413, "body-too-large");
    assert_eq!(problem["bytes_max"], 1000);
    post(&[("content-type", JSON), ("accept", "text/html")], "{\"sql\":\"SELECT 1\"}")
        .problem(406, "not-acceptable");
    post(&[("content-type", JSON), ("origin", "https://elsewhere.example")], "{\"sql\":\"SELECT 1\"}")
        .problem(403, "foreign-origin");
    assert_eq!(site.get("/v1/tables/%ff").header("content-type"), "application/problem+json");
    let named = site.ask("GET", "/v1/nothing", &[("x-request-id", "abc-1")], None);
    assert_eq!(named.problem(404, "unknown-route")["request_id"], "abc-1");
}

#[test]
fn a_server_of_this_machine_has_no_other_name() {
    let site = Site::new();
    for host in ["localhost", "localhost:8080", "127.0.0.1", "[::1]:80"] {
        assert!(site.ask_host(host, "/healthz").starts_with("HTTP/1.1 200"), "{host}");
    }
    for host in ["evil.example", "evil.example:8080", "127.0.0.1.evil.example"] {
        let answer = site.ask_host(host, "/v1/tables");
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
        assert!(answer.contains("\"code\":\"foreign-host\"") && answer.contains("\"kind\":\"denied\""));
        assert!(!answer.contains("\"items\""), "{answer}");
    }
}

#[test]
fn a_request_that_names_two_hosts_is_refused() {
    let site = Site::new();
    for hosts in ["localhost\r\nHost: evil.example", "localhost\r\nHost: localhost"] {
        let answer = site.ask_host(hosts, "/v1/tables");
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert!(answer.contains("\"code\":\"bad-argument\"") && answer.contains("\"name\":\"Host\""));
    }
}

#[test]
fn a_body_is_an_object_and_what_is_wrong_with_it_is_said_in_chinese_too() {
    let site = Site::new();
    let post = |path: &str, body: &str| site.ask("POST", path, &[("content-type", JSON)], Some(body));
    for path in ["/v1/sql", "/v1/runs"] {
        for body in ["[\"SELECT 1\"]", "[]", "1", "null"] {
            let problem = post(path, body).problem(400, "bad-body");
            assert_eq!((&problem["found"], &problem["expected"]), (&json!(body), &json!("an object")));
            assert_eq!(problem["expected_zh"], "对象");
        }
    }
    let problem = post("/v1/runs", "{\"scorers\":[{\"name\":\"skill-fit\"},[\"skill-fit\",500]]}");
    let problem = problem.problem(400, "bad-argument");
    assert_eq!((&problem["name"], &problem["found"]), (&json!("scorers.1"), &json!("[\"skill-fit\",500]")));
    for wrong in ["1.5", "-1", "true", "[1]", "{}"] {
        let body = format!("{{\"sql\":\"SELECT 1\",\"as_of\":{wrong}}}");
        let problem = post("/v1/sql", &body).problem(400, "bad-argument");
        assert_eq!((&problem["name"], &problem["found"]), (&json!("as_of"), &json!(wrong)));
        assert!(problem["detail_zh"].as_str().is_some_and(|it| it.contains("应为快照编号")), "{problem}");
    }
    for body in ["{\"sql\":1}", "{\"sql\":\"SELECT 1\",\"snapshot\":1}", "{\"sql\":"] {
        let problem = post("/v1/sql", body).problem(400, "bad-body");
        let zh = problem["detail_zh"].as_str().expect("Chinese");
        assert!(zh.contains("第 1 行第 ") && !zh.contains("expected") && !zh.contains("EOF"), "{zh}");
    }
    site.post("/v1/sql", &json!({ "sql": "SELECT 1", "as_of": null })).ok();
}

#[test]
fn causes_go_to_the_log_and_callers_get_the_number_of_their_request() {
    let site = Site::new();
    let snapshot = site.get("/readyz").ok()["snapshot"].as_u64().expect("a snapshot");
    let root = site.pool.root().display().to_string();
    std::fs::write(format!("{root}/snapshots/{snapshot:07}.json"), "{").expect("a manifest");
    assert_eq!(site.logged(), Vec::<String>::new());
    let answer = site.ask("GET", "/v1/tables", &[("x-request-id", "abc-2")], None);
    let problem = answer.problem(422, "damaged-pool");
    assert_eq!((&problem["kind"], &problem["request_id"]), (&json!("data"), &json!("abc-2")));
    assert!(!answer.text().contains(&root) && !answer.text().contains(".json"), "{problem}");
    let logged = site.logged();
    assert!(
        logged.iter().any(|it| it.starts_with("abc-2 GET /v1/tables: ") && it.contains(&root)),
        "{logged:?}"
    );
}

#[test]
fn problems_are_explained_where_they_point() {
    let site = Site::new();
    let problem = site.get("/v1/tables/nothing").problem(404, "unknown-table");
    let explained = site.get(problem["type"].as_str().expect("a link")).ok();
    assert_eq!((&explained["code"], &explained["status"]), (&json!("unknown-table"), &json!(404)));
    assert_eq!(explained["title"], problem["title"]);
    assert_eq!(explained["who"], "the caller");
    site.get("/problems/nothing").problem(404, "unknown-problem");
}

#[test]
fn the_server_says_how_it_is() {
    let site = Site::new();
    assert_eq!(site.get("/healthz").ok(), json!({ "status": "ok" }));
    let ready = site.get("/readyz").ok();
    assert!(ready["status"] == "ready" && ready["snapshot"].is_u64());
    site.get("/v1/tables/nothing");
    site.get("/guessed/path");
    let metrics = site.get("/metrics");
    assert!(metrics.header("content-type").starts_with("text/plain"));
    for line in [
        "linli_http_requests_total{method=\"GET\",route=\"/v1/tables/{table}\",status=\"404\"} 1",
        "linli_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1",
        "linli_errors_total{kind=\"not_found\"} 2",
        "linli_queries_running 0",
    ] {
        assert!(metrics.text().lines().any(|it| it == line), "{line}\n{}", metrics.text());
    }
    let home = site.get("/");
    assert!(home.header("content-type").starts_with("text/html"));
    for (at, _) in home.text().match_indices("<a href=\"") {
        let link = &home.text()[at + 9..];
        let link = &link[..link.find('"').expect("a quote")];
        assert_eq!(site.get(link).status, 200, "{link}");
    }
    assert_eq!(site.ask("HEAD", "/v1/tables", &[], None).status, 200);
}
