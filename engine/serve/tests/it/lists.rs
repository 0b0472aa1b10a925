//! Lists: pages, snapshots, forms, tags.

use serde_json::Value;

use crate::arrow::rows_of_batches;
use crate::site::{NEEDS, Site};

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|it| it["need_id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn tables_are_listed_with_rows_and_columns() {
    let site = Site::new();
    let tables = site.get("/v1/tables").ok();
    let need = tables["items"].as_array().expect("items").iter().find(|it| it["name"] == "need");
    let need = need.expect("table need");
    assert_eq!(need["rows"], NEEDS);
    assert_eq!(need["layer"], "input");
    assert_eq!(need["title"]["zh"], "需求");
    assert_eq!(need["columns"][0]["name"], "need_id");
    assert!(tables["snapshot"].as_u64().is_some_and(|it| it > 0));
    assert_eq!(tables["next_page_token"], Value::Null);
    site.get("/v1/tables/ned").problem(404, "unknown-table");
    site.get_as("/v1/tables", "text/csv").problem(406, "not-acceptable");
}

#[test]
fn pages_keep_reading_the_snapshot_of_the_first() {
    let site = Site::new();
    let first = site.get("/v1/tables/need?page_size=12").ok();
    let snapshot = first["snapshot"].as_u64().expect("a snapshot");
    // Rows arrive before, between and behind the pages.
    site.load("need", "need_id,status\nn000a,open\nn015a,open\nz,open\nn029,closed\n");
    let mut all = ids(&first);
    let mut next = first["next_page_token"].clone();
    let mut sizes = vec![all.len()];
    while let Some(token) = next.as_str() {
        let page = site.get(&format!("/v1/tables/need?page_size=12&page_token={token}")).ok();
        assert_eq!(page["snapshot"], snapshot);
        all.extend(ids(&page));
        sizes.push(ids(&page).len());
        next = page["next_page_token"].clone();
    }
    assert_eq!(sizes, [12, 12, 6]);
    let expected: Vec<String> = (0..NEEDS).map(|it| format!("n{it:03}")).collect();
    assert_eq!(all, expected);
    let now = site.get("/v1/tables/need").ok();
    assert_eq!(ids(&now).len(), NEEDS + 3);
    assert!(now["snapshot"].as_u64() > Some(snapshot));
    let then = site.get(&format!("/v1/tables/need?as_of={snapshot}")).ok();
    assert_eq!(ids(&then), expected);
}

#[test]
fn a_token_fits_its_list_filter_and_snapshot_only() {
    let site = Site::new();
    let page = site.get("/v1/tables/need?page_size=2&tier=3").ok();
    assert_eq!(ids(&page), ["n003", "n007"]);
    let token = page["next_page_token"].as_str().expect("a token").to_owned();
    let next = site.get(&format!("/v1/tables/need?tier=3&page_token={token}")).ok();
    assert_eq!(ids(&next), ["n011", "n015", "n019", "n023", "n027"]);
    site.get(&format!("/v1/tables/need?tier=2&page_token={token}")).problem(400, "bad-page-token");
    site.get(&format!("/v1/tables/community?page_token={token}")).problem(400, "bad-page-token");
    site.get("/v1/tables/need?page_token=abc").problem(400, "bad-page-token");
    // The same token, but of a snapshot that never was.
    let text: Vec<u8> = (0..token.len() / 2)
        .map(|it| u8::from_str_radix(&token[2 * it..2 * it + 2], 16).expect("hexadecimal digits"))
        .collect();
    let text = String::from_utf8(text).expect("UTF-8");
    let snapshot = page["snapshot"].to_string();
    let other = text.replace(&format!("\"snapshot\":{snapshot}"), "\"snapshot\":999999");
    assert_ne!(other, text);
    let other: String = other.bytes().map(|it| format!("{it:02x}")).collect();
    site.get(&format!("/v1/tables/need?tier=3&page_token={other}")).problem(400, "bad-page-token");
}

#[test]
fn a_snapshot_that_is_gone_is_told_from_one_that_never_was() {
    let site = Site::new();
    let page = site.get("/v1/tables/need?page_size=2").ok();
    let (snapshot, token) = (page["snapshot"].as_u64().expect("a snapshot"), &page["next_page_token"]);
    site.load("need", "need_id,status\nz,open\n");
    let next = format!("/v1/tables/need?page_size=2&page_token={}", token.as_str().expect("a token"));
    assert_eq!(ids(&site.get(&next).ok()), ["n002", "n003"]);
    let manifest = site.pool.root().join(format!("snapshots/{snapshot:07}.json"));
    std::fs::remove_file(manifest).expect("a manifest");
    let problem = site.get(&next).problem(410, "snapshot-gone");
    assert_eq!(problem["kind"], "not_found");
    assert_eq!(problem["snapshot"], snapshot);
    site.get(&format!("/v1/tables?as_of={snapshot}")).problem(410, "snapshot-gone");
    site.get("/v1/tables?as_of=999999").problem(404, "unknown-snapshot");
    site.get("/v1/tables?as_of=2024-02-29T23:59").problem(404, "no-snapshot-at");
    assert_eq!(site.get("/v1/tables/need").status, 200);
}

#[test]
fn what_has_no_answer_is_not_called_unchanged() {
    let site = Site::new();
    let known = |path: &str| site.ask("GET", path, &[("if-none-match", "*")], None);
    for (path, status) in [
        ("/v1/needs/nobody", 404),
        ("/v1/needs/nobody/match", 404),
        ("/v1/needs/nobody/candidates", 404),
        ("/v1/needs/nobody/why-not", 404),
        ("/v1/runs/abcd", 404),
        ("/v1/runs/abcd/certificate", 404),
        ("/v1/tables/ned", 404),
        ("/v1/tables/need?tire=3", 400),
        ("/v1/tables/need?page_token=abc", 400),
        ("/v1/queries/compleion", 404),
        ("/v1/queries/completion?fro=2024", 400),
    ] {
        assert_eq!(known(path).status, status, "{path}");
    }
    site.run(&serde_json::json!({}));
    for question in ["candidates", "why-not", "why-not?provider=v1"] {
        assert_eq!(known(&format!("/v1/needs/nobody/{question}")).status, 404, "{question}");
    }
    for path in [
        "/v1/needs/n003",
        "/v1/needs/n003/match",
        "/v1/needs/n003/candidates",
        "/v1/needs/n003/why-not",
        "/v1/runs/latest",
        "/v1/runs/latest/certificate",
        "/v1/tables",
        "/v1/tables/need",
        "/v1/queries",
        "/v1/queries/completion",
    ] {
        assert_eq!(known(path).status, 304, "{path}");
    }
}

#[test]
fn filters_are_columns_and_anything_else_is_refused() {
    let site = Site::new();
    assert_eq!(ids(&site.get("/v1/tables/need?tier=3&community_id=c2").ok()).len(), 7);
    assert_eq!(ids(&site.get("/v1/tables/need?skills=visiting&page_size=1").ok()), ["n000"]);
    assert_eq!(ids(&site.get("/v1/tables/need?received_at=2024-03-01T07:00").ok()), ["n007", "n015", "n023"]);
    assert!(ids(&site.get("/v1/tables/need?status=%27%20OR%201=1").ok()).is_empty());
    site.get("/v1/tables/need?tire=3").problem(400, "bad-argument");
    site.get("/v1/tables/need?tier=high").problem(400, "bad-argument");
    site.get("/v1/tables/need?page_size=-1").problem(400, "bad-argument");
    site.get("/v1/tables/need?page_size=1&page_size=2").problem(400, "bad-argument");
    assert_eq!(ids(&site.get("/v1/tables/need?page_size=99999").ok()).len(), NEEDS);
}

#[test]
fn a_key_with_an_open_part_is_paged_too() {
    let site = Site::new();
    let mut path = "/v1/tables/availability?page_size=1".to_owned();
    let mut rules = Vec::new();
    loop {
        let page = site.get(&path).ok();
        rules.push(format!("{} {}", page["items"][0]["provider_id"], page["items"][0]["rrule"]));
        let Some(token) = page["next_page_token"].as_str() else { break };
        path = format!("/v1/tables/availability?page_size=1&page_token={token}");
    }
    assert_eq!(rules, ["\"v1\" null", "\"v2\" null", "\"v2\" \"FREQ=WEEKLY\"", "\"v3\" null"]);
}

#[test]
fn rows_come_in_every_form() {
    let site = Site::new();
    let path = "/v1/tables/need?page_size=12";
    let json = site.get(path);
    assert_eq!(json.header("content-type"), "application/json");
    assert_eq!(json.header("vary"), "Accept");
    assert!(
        json.header("link").contains("page_size=12&page_token=")
            && json.header("link").ends_with("rel=\"next\"")
    );
    let lines = site.get_as(path, "application/x-ndjson");
    let items: Vec<Value> =
        lines.text().lines().map(|it| serde_json::from_str(it).expect("an object")).collect();
    assert_eq!(json.ok()["items"], Value::Array(items));
    assert_eq!(lines.header("link"), json.header("link"));
    let csv = site.get_as(path, "text/csv");
    assert_eq!(csv.text().lines().count(), 13);
    assert!(csv.text().starts_with("need_id,district_id,"));
    assert!(csv.header("content-type").starts_with("text/csv"));
    let arrow = site.get_as(path, "application/vnd.apache.arrow.stream");
    assert_eq!(rows_of_batches(&arrow.body).iter().sum::<i64>(), 12);
    let parquet = site.get_as("/v1/tables/pin", "application/vnd.apache.parquet");
    assert_eq!((&parquet.body[..4], parquet.status), (b"PAR1".as_slice(), 200));
    let refused = site.get_as(path, "application/xml").problem(406, "not-acceptable");
    assert_eq!(refused["offered"].as_array().map(Vec::len), Some(5));
}

#[test]
fn parquet_can_be_loaded_again() {
    let site = Site::new();
    let parquet = site.get_as("/v1/tables/community", "application/vnd.apache.parquet");
    let before = site.get("/v1/tables/community").ok();
    site.load_file("community", "community.parquet", &parquet.body);
    assert_eq!(site.get("/v1/tables/community").ok()["items"], before["items"]);
}

#[test]
fn a_tag_names_the_snapshot_and_the_form() {
    let site = Site::new();
    let first = site.get("/v1/tables/need");
    let tag = first.header("etag").to_owned();
    assert_eq!(tag, format!("\"{}\"", first.ok()["snapshot"]));
    let again = |accept: &str| {
        site.ask("GET", "/v1/tables/need", &[("if-none-match", tag.as_str()), ("accept", accept)], None)
    };
    let same = again("application/json");
    assert_eq!((same.status, same.body.len(), same.header("etag")), (304, 0, tag.as_str()));
    assert_eq!(again("text/csv").status, 200);
    site.load("need", "need_id,status\nz,open\n");
    assert_eq!(again("application/json").status, 200);
    // What linli brings along changes with its version too.
    let tables = site.get("/v1/tables");
    let (snapshot, version) = (&tables.ok()["snapshot"], env!("CARGO_PKG_VERSION"));
    assert_eq!(tables.header("etag"), format!("\"{snapshot}-{version}\""));
    assert_eq!(site.get("/v1/queries").header("etag"), tables.header("etag"));
}

#[test]
fn the_book_is_listed() {
    let site = Site::new();
    site.load("need", "need_id,tier,status\nbad,9,open\ngood,1,open\n");
    let refused = site.get("/v1/quarantine").ok();
    assert_eq!(refused["items"][0]["column"], "tier");
    assert_eq!(refused["items"][0]["table"], "need");
    let plugins = site.get("/v1/plugins?kind=scorer").ok();
    assert!(plugins["items"].as_array().is_some_and(|it| it.iter().any(|it| it["name"] == "skill-fit")));
    assert_eq!(site.get("/v1/evaluations").ok()["items"], Value::Array(Vec::new()));
    let request = linli_pool::EvaluateRequest::default();
    site.block_on(site.pool.evaluate(&request, &crate::site::witness())).expect("an evaluation");
    assert_eq!(site.get("/v1/evaluations").ok()["items"].as_array().map(Vec::len), Some(1));
}
