//! Runs: made in the background, found by their id, published once.

use serde_json::{Value, json};

use crate::site::{JSON, NEEDS, Site};

const HOUR: i64 = 3600;

fn keyed(site: &Site, key: &str, body: &Value) -> crate::site::Answer {
    let headers = [("content-type", JSON), ("idempotency-key", key)];
    site.ask("POST", "/v1/runs", &headers, Some(&body.to_string()))
}

#[test]
fn a_run_is_made_read_and_published() {
    let site = Site::new();
    let started = site.post("/v1/runs", &json!({ "seed": 7 }));
    assert_eq!(started.status, 202);
    let run_id = started.json()["run_id"].as_str().expect("a run").to_owned();
    assert_eq!(started.header("location"), format!("/v1/runs/{run_id}"));
    assert_eq!(site.get("/healthz").status, 200);
    let report = site.wait(started.header("location"));
    assert_eq!(report["state"], "done", "{report}");
    assert_eq!(report["run_id"], run_id.as_str());
    assert_eq!(
        (&report["needs"], &report["matched"], &report["unmatched"]),
        (&json!(NEEDS), &json!(2), &json!(28))
    );
    assert_eq!((&report["gap"], &report["certified"], &report["seed"]), (&json!(0), &json!(true), &json!(7)));
    assert_eq!(report["published"], false);
    assert_eq!(report["by_tier"][0], json!({ "tier": 3, "needs": 7, "served": 2 }));

    let path = format!("/v1/runs/{run_id}");
    let matches = site.get(&format!("{path}/matches")).ok();
    assert_eq!(matches["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(matches["items"][0]["state"], "proposed");
    let unmatched = site.get(&format!("{path}/unmatched?page_size=5")).ok();
    assert_eq!(unmatched["items"].as_array().map(Vec::len), Some(5));
    assert!(unmatched["items"][0]["reason"].is_string());
    let certificate = site.get(&format!("{path}/certificate")).ok();
    assert_eq!((&certificate["certified"], &certificate["gap"]), (&json!(true), &json!("0")));
    assert_eq!(site.get("/v1/runs").ok()["items"][0]["run_id"], run_id.as_str());
    assert_eq!(site.get("/v1/runs/latest").ok()["run_id"], run_id.as_str());

    // Nothing is published for anybody until somebody says so.
    let need = matches["items"][0]["need_id"].as_str().expect("a need").to_owned();
    assert_eq!(site.get(&format!("/v1/needs/{need}/match")).ok()["items"], json!([]));
    let published = site.post(&format!("{path}/publish"), &json!({})).ok();
    assert_eq!((&published["state"], &published["matches"]), (&json!("published"), &json!(2)));
    let held = site.get(&format!("/v1/needs/{need}/match")).ok();
    assert_eq!(held["items"][0]["run_id"], run_id.as_str());
    assert_eq!(held["items"][0]["state"], "published");
    assert_eq!(site.get(&path).ok()["published"], true);
    let again = site.ask("POST", &format!("{path}/publish"), &[], None).ok();
    assert_eq!(again["snapshot"], published["snapshot"]);
}

#[test]
fn the_same_order_is_the_same_run_and_another_seed_is_not() {
    let site = Site::new();
    let first = site.run(&json!({}));
    let again = site.post("/v1/runs", &json!({ "seed": 0, "districts": [] }));
    assert_eq!((again.status, &again.json()["state"]), (202, &json!("done")));
    assert_eq!(again.json()["run_id"], first["run_id"]);
    let other = site.run(&json!({ "seed": 1, "scorers": [{ "name": "skill-fit", "weight": 500 }] }));
    assert_ne!(other["run_id"], first["run_id"]);
    assert_eq!(other["scorers"][0]["weight"], 500);
    assert_eq!(site.get("/v1/runs").ok()["items"].as_array().map(Vec::len), Some(2));
    // What was made before the other was published is stale then.
    let publish =
        |run: &Value| site.post(&format!("/v1/runs/{}/publish", run.as_str().expect("an id")), &json!({}));
    publish(&other["run_id"]).ok();
    let problem = publish(&first["run_id"]).problem(409, "stale-run");
    assert_eq!(problem["published"], other["run_id"]);
}

#[test]
fn a_key_is_answered_once_for_a_day() {
    let site = Site::new();
    let first = keyed(&site, "\"k1\"", &json!({ "seed": 3 }));
    assert_eq!((first.status, first.header("idempotency-replayed")), (202, ""));
    let again = keyed(&site, "\"k1\"", &json!({ "seed": 3, "districts": [] }));
    assert_eq!((again.status, again.body.as_slice()), (202, first.body.as_slice()));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("idempotency-replayed"), "true");
    keyed(&site, "k1", &json!({ "seed": 4 })).problem(422, "idempotency-key-reused");
    site.wait(first.header("location"));
    site.advance(25 * HOUR);
    let later = keyed(&site, "\"k1\"", &json!({ "seed": 4 }));
    assert_eq!(later.status, 202);
    assert_ne!(later.header("location"), first.header("location"));
    site.wait(later.header("location"));
    keyed(&site, "\"\"", &json!({})).problem(400, "bad-argument");
}

#[test]
fn orders_that_make_no_sense_are_refused_before_anything_runs() {
    let site = Site::new();
    site.post("/v1/runs", &json!({ "scorers": [{ "name": "nobody" }] })).problem(404, "unknown-plugin");
    site.post("/v1/runs", &json!({ "scorers": [{ "name": "skill-fit", "weight": 0 }] }))
        .problem(400, "bad-request");
    site.post("/v1/runs", &json!({ "from": "soon" })).problem(400, "bad-argument");
    site.post("/v1/runs", &json!({ "sed": 1 })).problem(400, "bad-body");
    site.get("/v1/runs/abcdef").problem(404, "unknown-run");
    site.get("/v1/runs/abcdef/matches").problem(404, "unknown-run");
    site.post("/v1/runs/abcdef/publish", &json!({})).problem(404, "unknown-run");
    assert_eq!(site.get("/v1/runs").ok()["items"], json!([]));
}

#[test]
fn pages_of_latest_stay_with_the_run_of_the_first() {
    let site = Site::new();
    let first = site.run(&json!({}));
    let page = site.get("/v1/runs/latest/unmatched?page_size=20").ok();
    site.advance(HOUR);
    let second = site.run(&json!({ "seed": 1 }));
    assert_ne!(second["run_id"], first["run_id"]);
    assert_eq!(site.get("/v1/runs/latest").ok()["run_id"], second["run_id"]);
    let token = page["next_page_token"].as_str().expect("a token");
    let short = &first["run_id"].as_str().expect("an id")[..8];
    for name in ["latest", short] {
        let next = site.get(&format!("/v1/runs/{name}/unmatched?page_size=20&page_token={token}")).ok();
        let items = next["items"].as_array().expect("items");
        assert_eq!(items.len(), 8, "{name}");
        assert!(items.iter().all(|it| it["run_id"] == first["run_id"]), "{name}");
    }
    let other = second["run_id"].as_str().expect("an id");
    site.get(&format!("/v1/runs/{other}/unmatched?page_token={token}")).problem(400, "bad-page-token");
    site.get(&format!("/v1/runs/latest/matches?page_token={token}")).problem(400, "bad-page-token");
}

#[test]
fn a_run_that_failed_and_was_made_since_is_done() {
    let site = Site::new();
    let spoilt = site.spoil("volunteer");
    assert!(!spoilt.is_empty());
    let failed = site.run(&json!({}));
    assert_eq!(failed["state"], "failed", "{failed}");
    let run_id = failed["run_id"].as_str().expect("an id").to_owned();
    let path = format!("/v1/runs/{run_id}");
    site.post(&format!("{path}/publish"), &json!({})).problem(409, "run-unfinished");
    for (file, bytes) in spoilt {
        std::fs::write(file, bytes).expect("a file");
    }
    // Made by somebody else: the terminal, another server.
    let request = linli_pool::MatchRequest::default();
    let report = site.block_on(site.pool.match_run(&request, &crate::site::witness())).expect("a run");
    assert_eq!(report.run_id, run_id);
    let done = site.get(&path).ok();
    assert_eq!((&done["state"], &done["matched"]), (&json!("done"), &json!(2)));
    assert_eq!(site.post("/v1/runs", &json!({})).json()["state"], "done");
    assert_eq!(site.get(&format!("{path}/matches")).ok()["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(site.post(&format!("{path}/publish"), &json!({})).ok()["state"], "published");
}

#[test]
fn a_run_that_fails_says_why() {
    let site = Site::new();
    // An order that no need falls under is fine; one whose tables contradict each other is not.
    site.load(
        "merchant",
        "merchant_id,community_id,name,category_id,uscc,lon,lat,plate_status,capacity_per_day\n\
        v1,c1,店,x,,106.71,26.58,valid,1\n",
    );
    let state = site.run(&json!({}));
    assert_eq!(state["state"], "failed", "{state}");
    assert_eq!(state["problem"]["code"], "ambiguous-provider");
    assert_eq!(state["problem"]["kind"], "data");
    let run_id = state["run_id"].as_str().expect("a run");
    site.get(&format!("/v1/runs/{run_id}/matches")).problem(409, "run-unfinished");
    // Asking again tries again.
    assert_eq!(site.run(&json!({}))["state"], "failed");
}
