//! One need: itself, its candidates, and why not.

use serde_json::json;

use crate::site::Site;

#[test]
fn a_need_its_candidates_and_why_not() {
    let site = Site::new();
    let need = site.get("/v1/needs/n003").ok();
    assert_eq!(
        (&need["need_id"], &need["tier"], &need["skills"]),
        (&json!("n003"), &json!(3), &json!(["visiting"]))
    );
    assert_eq!(need["window_start"], "2024-03-05T08:00:00+08:00");
    site.get("/v1/needs/nobody").problem(404, "unknown-need");
    site.get("/v1/needs/nobody/match").problem(404, "unknown-need");
    site.get("/v1/needs/n003/candidates").problem(404, "unknown-run");

    let run = site.run(&json!({}));
    let run_id = run["run_id"].as_str().expect("a run");
    let matches = site.get("/v1/runs/latest/matches").ok();
    let (chosen, provider) = (&matches["items"][0]["need_id"], &matches["items"][0]["provider_id"]);
    let chosen = chosen.as_str().expect("a need");
    let candidates = site.get(&format!("/v1/needs/{chosen}/candidates?limit=2")).ok();
    assert_eq!(candidates["items"].as_array().map(Vec::len), Some(2));
    // Both are as good, so that the seed decided.
    let held: Vec<_> =
        candidates["items"].as_array().into_iter().flatten().filter(|it| it["chosen"] == true).collect();
    assert_eq!(held.iter().map(|it| &it["provider_id"]).collect::<Vec<_>>(), [provider]);
    assert_eq!(candidates["next_page_token"], json!(null));
    let named = site.get(&format!("/v1/needs/{chosen}/candidates?run={}", &run_id[..8])).ok();
    assert!(named["items"].as_array().is_some_and(|it| !it.is_empty() && it.len() <= 3));
    site.get("/v1/needs/nobody/candidates").problem(404, "unknown-need");
    site.get(&format!("/v1/needs/{chosen}/candidates?lim=2")).problem(400, "bad-argument");

    let verdict =
        |need: &str, provider: &str| site.get(&format!("/v1/needs/{need}/why-not?provider={provider}")).ok();
    let pair = verdict(chosen, provider.as_str().expect("a provider"));
    assert_eq!(pair["verdict"], "chosen");
    let unskilled = verdict(chosen, "v3");
    assert_eq!(unskilled["verdict"], "rule_failed");
    let failed = unskilled["rules"].as_array().expect("rules").iter().find(|it| it["ok"] == false);
    assert!(failed.is_some_and(|it| it["en"].is_string() && it["zh"].is_string()));
    assert_eq!(verdict("n000", "v1")["verdict"], "beaten");
    assert_eq!(verdict("n000", "nobody")["verdict"], "no_such_pair");
    let whole = site.get("/v1/needs/n000/why-not").ok();
    assert_eq!(whole["status"], "unmatched");
    let relaxations = site.get("/v1/needs/n000/relaxations").ok();
    assert_eq!(
        (&relaxations["items"], &relaxations["next_page_token"]),
        (&whole["relaxations"], &json!(null))
    );
    let first = &relaxations["items"][0];
    assert!(first["price"].as_i64().is_some_and(|it| it < 0) && first["rank"] == 1, "{first}");
    assert!(first["en"].is_string() && first["zh"].is_string() && first["changes"][0]["kind"].is_string());
    assert_eq!(site.get(&format!("/v1/needs/{chosen}/relaxations")).ok()["items"], json!([]));
    site.get("/v1/needs/nobody/relaxations").problem(404, "unknown-need");
    site.get("/v1/needs/n000/relaxations?rn=latest").problem(400, "bad-argument");
    site.get("/v1/needs/nobody/why-not?provider=v1").problem(404, "unknown-need");
}

#[test]
fn a_need_is_looked_for_where_its_matches_are_read() {
    let site = Site::new();
    let before = site.get("/readyz").ok()["snapshot"].clone();
    site.load("need", "need_id,status\nz,closed\n");
    assert_eq!(site.get("/v1/needs/z/match").ok()["items"], json!([]));
    site.get(&format!("/v1/needs/z/match?as_of={before}")).problem(404, "unknown-need");
    assert_eq!(site.get(&format!("/v1/needs/n003/match?as_of={before}")).ok()["snapshot"], before);

    // A match outlives its need, and is read all the same.
    let run = site.run(&json!({}));
    let run_id = run["run_id"].as_str().expect("a run");
    site.post(&format!("/v1/runs/{run_id}/publish"), &json!({})).ok();
    let chosen = site.get("/v1/runs/latest/matches").ok()["items"][0]["need_id"].clone();
    let chosen = chosen.as_str().expect("a need");
    let then = site.get("/readyz").ok()["snapshot"].clone();
    site.replace("need", "need_id,status\nz,closed\n");
    site.get(&format!("/v1/needs/{chosen}")).problem(404, "unknown-need");
    let held = site.get(&format!("/v1/needs/{chosen}/match")).ok();
    assert_eq!(held["items"][0]["need_id"], chosen);
    site.get("/v1/needs/n000/match").problem(404, "unknown-need");
    assert_eq!(site.get(&format!("/v1/needs/n000/match?as_of={then}")).status, 200);
}
