//! The OpenAPI document and the routes are the same list.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::site::Site;

/// What outsiders rely on. A route that comes or goes changes this list.
const ROUTES: [&str; 25] = [
    "get /",
    "get /healthz",
    "get /metrics",
    "get /openapi.json",
    "get /problems/{code}",
    "get /readyz",
    "get /v1/evaluations",
    "get /v1/needs/{need_id}",
    "get /v1/needs/{need_id}/candidates",
    "get /v1/needs/{need_id}/match",
    "get /v1/needs/{need_id}/why-not",
    "get /v1/plugins",
    "get /v1/quarantine",
    "get /v1/queries",
    "get /v1/queries/{name}",
    "get /v1/runs",
    "get /v1/runs/{run_id}",
    "get /v1/runs/{run_id}/certificate",
    "get /v1/runs/{run_id}/matches",
    "get /v1/runs/{run_id}/unmatched",
    "get /v1/tables",
    "get /v1/tables/{table}",
    "post /v1/runs",
    "post /v1/runs/{run_id}/publish",
    "post /v1/sql",
];

#[test]
fn every_route_is_documented_and_every_document_answers() {
    let site = Site::new();
    let document = site.get("/openapi.json").ok();
    assert!(document["openapi"].as_str().is_some_and(|it| it.starts_with("3.1")));
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            found.insert(format!("{method} {path}"));
            check(&site, path, method, operation, &document);
        }
    }
    let expected: BTreeSet<String> = ROUTES.iter().map(|it| (*it).to_owned()).collect();
    assert_eq!(found, expected);
}

fn check(site: &Site, path: &str, method: &str, operation: &Value, document: &Value) {
    let name = format!("{method} {path}");
    assert!(operation["summary"].is_string(), "{name} has no summary");
    assert!(operation["x-summary-zh"].is_string(), "{name} has no Chinese summary");
    assert!(operation["responses"]["default"]["content"]["application/problem+json"].is_object(), "{name}");
    // The route is there: whatever is wrong with the request, it is not the path or the method.
    let address = path.replace(['{', '}'], "");
    let answer = site.ask(&method.to_uppercase(), &address, &[], (method == "post").then_some(""));
    let code = serde_json::from_slice::<Value>(&answer.body).ok().map(|it| it["code"].clone());
    assert!(answer.status != 405 && code != Some("unknown-route".into()), "{name}: {}", answer.status);
    // Whatever the document points at is in it.
    let text = operation.to_string();
    for (at, _) in text.match_indices("#/components/schemas/") {
        let schema: String = text[at + 21..].chars().take_while(|it| it.is_alphanumeric()).collect();
        assert!(document["components"]["schemas"][&schema].is_object(), "{name} points at {schema}");
    }
}
