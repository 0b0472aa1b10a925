//! The OpenAPI document, the routes and their answers are the same list.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::site::Site;

/// What outsiders rely on. A route that comes or goes changes this list.
const ROUTES: [&str; 26] = [
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
    "get /v1/needs/{need_id}/relaxations",
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

/// Routes that answer with pages of rows.
const LISTS: [&str; 8] = [
    "/v1/evaluations",
    "/v1/needs/{need_id}/match",
    "/v1/plugins",
    "/v1/quarantine",
    "/v1/runs",
    "/v1/runs/{run_id}/matches",
    "/v1/runs/{run_id}/unmatched",
    "/v1/tables/{table}",
];

const FORMS: [&str; 5] = [
    "application/json",
    "application/vnd.apache.arrow.stream",
    "application/vnd.apache.parquet",
    "application/x-ndjson",
    "text/csv",
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
    for (status, response) in operation["responses"].as_object().expect("responses") {
        if status == "default" || status.starts_with(['4', '5']) {
            let schema = &response["content"]["application/problem+json"]["schema"];
            assert_eq!(schema["$ref"], "#/components/schemas/Problem", "{name}: {status}");
        }
    }
    assert!(operation["responses"]["default"].is_object(), "{name}");
    // The route is there: whatever is wrong with the request, it is not the path or the method,
    // and it is not our fault.
    let address = path.replace(['{', '}'], "");
    let answer = site.ask(&method.to_uppercase(), &address, &[], (method == "post").then_some(""));
    let code = serde_json::from_slice::<Value>(&answer.body).ok().map(|it| it["code"].clone());
    assert!(answer.status != 405 && code != Some("unknown-route".into()), "{name}: {}", answer.status);
    assert!(answer.status < 500, "{name}: {}", answer.text());
    // Whatever the document points at is in it.
    let text = operation.to_string();
    for (at, _) in text.match_indices("#/components/schemas/") {
        let schema: String = text[at + 21..].chars().take_while(|it| it.is_alphanumeric()).collect();
        assert!(document["components"]["schemas"][&schema].is_object(), "{name} points at {schema}");
    }
    // What can be read twice has a tag, and what has a tag can be refused as unchanged.
    if method == "get" && path.starts_with("/v1/") {
        assert!(operation["responses"]["200"]["headers"]["ETag"].is_object(), "{name}");
        assert!(parameters(operation).contains("If-None-Match"), "{name}");
        for status in ["304", "406"] {
            assert!(operation["responses"][status].is_object(), "{name}: {status}");
        }
    }
}

fn parameters(operation: &Value) -> BTreeSet<&str> {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    parameters.iter().filter_map(|it| it["name"].as_str()).collect()
}

fn forms(operation: &Value) -> Vec<&str> {
    let content = operation["responses"]["200"]["content"].as_object().expect("an answer");
    let mut forms: Vec<&str> = content.keys().map(String::as_str).collect();
    forms.sort_unstable();
    forms
}

#[test]
fn every_list_names_its_parameters_and_forms_and_takes_them() {
    let site = Site::new();
    let run = site.run(&json!({}));
    let snapshot = site.get("/readyz").ok()["snapshot"].clone();
    let document = site.get("/openapi.json").ok();
    for path in LISTS {
        let operation = &document["paths"][path]["get"];
        let named = parameters(operation);
        for name in ["page_size", "page_token", "as_of", "columns"] {
            assert!(named.contains(name), "{path} does not name {name}");
        }
        assert_eq!(forms(operation), FORMS, "{path}");
        for status in ["404", "410"] {
            assert!(operation["responses"][status].is_object(), "{path}: {status}");
        }
        let headers = &operation["responses"]["200"]["headers"];
        for name in ["ETag", "Link", "linli-snapshot"] {
            assert!(headers[name].is_object(), "{path}: {name}");
        }
        let address = path
            .replace("{run_id}", run["run_id"].as_str().expect("a run"))
            .replace("{need_id}", "n003")
            .replace("{table}", "need");
        for form in FORMS {
            let answer = site.get_as(&format!("{address}?page_size=1&as_of={snapshot}"), form);
            assert_eq!(answer.status, 200, "{address} as {form}: {}", String::from_utf8_lossy(&answer.body));
            assert!(answer.header("content-type").starts_with(form), "{address} as {form}");
            assert!(!answer.header("etag").is_empty(), "{address} as {form}");
        }
    }
    for (path, method) in
        [("/v1/sql", "post"), ("/v1/queries/{name}", "get"), ("/v1/needs/{need_id}/candidates", "get")]
    {
        assert_eq!(forms(&document["paths"][path][method]), FORMS, "{path}");
    }
}

#[test]
fn answers_have_the_keys_of_their_schemas() {
    let site = Site::new();
    let document = site.get("/openapi.json").ok();
    let run = site.run(&json!({}));
    let run_id = run["run_id"].as_str().expect("a run");
    let matches = site.get("/v1/runs/latest/matches").ok();
    let (need, provider) = (&matches["items"][0]["need_id"], &matches["items"][0]["provider_id"]);
    let (need, provider) = (need.as_str().expect("a need"), provider.as_str().expect("a provider"));
    let asked = [
        ("/healthz", "/healthz".to_owned()),
        ("/readyz", "/readyz".to_owned()),
        ("/problems/{code}", "/problems/unknown-table".to_owned()),
        ("/v1/tables", "/v1/tables".to_owned()),
        ("/v1/tables/{table}", "/v1/tables/need?page_size=2".to_owned()),
        ("/v1/queries", "/v1/queries".to_owned()),
        ("/v1/queries/{name}", "/v1/queries/completion".to_owned()),
        ("/v1/plugins", "/v1/plugins".to_owned()),
        ("/v1/runs", "/v1/runs".to_owned()),
        ("/v1/runs/{run_id}", format!("/v1/runs/{run_id}")),
        ("/v1/runs/{run_id}/certificate", format!("/v1/runs/{run_id}/certificate")),
        ("/v1/needs/{need_id}", format!("/v1/needs/{need}")),
        ("/v1/needs/{need_id}/candidates", format!("/v1/needs/{need}/candidates")),
        ("/v1/needs/{need_id}/why-not", format!("/v1/needs/{need}/why-not")),
        ("/v1/needs/{need_id}/why-not", "/v1/needs/n000/why-not".to_owned()),
        ("/v1/needs/{need_id}/why-not", format!("/v1/needs/{need}/why-not?provider={provider}")),
        ("/v1/needs/{need_id}/why-not", "/v1/needs/n000/why-not?provider=v1".to_owned()),
        ("/v1/needs/{need_id}/why-not", format!("/v1/needs/{need}/why-not?provider=v3")),
    ];
    for (path, address) in asked {
        covers(&document, path, "get", "200", &site.get(&address).ok());
    }
    let order = json!({ "sql": "SELECT need_id FROM need" });
    covers(&document, "/v1/sql", "post", "200", &site.post("/v1/sql", &order).ok());
    covers(&document, "/v1/runs", "post", "202", &site.post("/v1/runs", &json!({})).json());
    let publish = site.post(&format!("/v1/runs/{run_id}/publish"), &json!({})).ok();
    covers(&document, "/v1/runs/{run_id}/publish", "post", "200", &publish);
    let problem = site.get("/v1/tables/ned").json();
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    let missing = missing(&document, &schema, &problem, "problem");
    assert!(missing.iter().all(|it| it.starts_with("not described: ")), "{missing:?}");
}

#[test]
fn what_may_be_null_is_described_so() {
    let site = Site::new();
    let document = site.get("/openapi.json").ok();
    let schemas = &document["components"]["schemas"];
    for line in ["VetoLine", "PartLine"] {
        assert_eq!(schemas[line]["properties"]["veto"]["type"], json!(["object", "null"]), "{line}");
    }
    let params = &schemas["SqlOrder"]["properties"]["params"];
    assert!(params["type"].is_null() && params["description"].is_string(), "{params}");
    let forms: Vec<_> = params["oneOf"].as_array().expect("forms").iter().map(|it| &it["type"]).collect();
    assert_eq!(forms, ["object", "array", "null"]);
}

fn covers(document: &Value, path: &str, method: &str, status: &str, answer: &Value) {
    let response = &document["paths"][path][method]["responses"][status];
    let schema = &response["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{method} {path} has no schema");
    let missing = missing(document, schema, answer, "");
    assert!(missing.is_empty(), "{method} {path}: {missing:?} of {answer}");
}

/// Keys of a document that its schema does not describe, and required ones that it lacks.
fn missing(document: &Value, schema: &Value, found: &Value, at: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str().and_then(|it| it.strip_prefix("#/components/schemas/")) {
        return missing(document, &document["components"]["schemas"][name], found, at);
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(schemas) = schema[choice].as_array() {
            // One of them must fit; null fits whatever is null.
            let all = schemas.iter().map(|it| missing(document, it, found, at));
            return all.min_by_key(Vec::len).unwrap_or_default();
        }
    }
    match (found, schema["properties"].as_object()) {
        (Value::Array(items), _) if schema["items"].is_object() => {
            items.iter().flat_map(|it| missing(document, &schema["items"], it, at)).collect()
        }
        (Value::Object(fields), Some(properties)) => {
            let mut missed = Vec::new();
            for (name, value) in fields {
                match properties.get(name) {
                    Some(schema) => missed.extend(missing(document, schema, value, &format!("{at}/{name}"))),
                    None if schema["additionalProperties"].is_null() => {
                        missed.push(format!("not described: {at}/{name}"));
                    }
                    None => {}
                }
            }
            let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
            let lacking = required.iter().filter_map(Value::as_str).filter(|it| !fields.contains_key(*it));
            missed.extend(lacking.map(|it| format!("required: {at}/{it}")));
            missed
        }
        // An object where a null is all that is allowed does not fit.
        (Value::Object(_), None) if schema["type"] == "null" => vec![format!("not null: {at}")],
        _ => Vec::new(),
    }
}
