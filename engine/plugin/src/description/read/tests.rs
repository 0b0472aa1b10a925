use serde_json::{Value, json};

use super::*;

fn fair() -> Value {
    json!({
        "name": "near-by", "version": "1.2.0-rc.1", "kind": "scorer",
        "columns": [{"name": "distance_m", "type": "i64"}],
        "settings": {"type": "object"},
        "vetoes": [{"code": 1, "en": "too far", "zh": "太远"}],
        "authors": ["me"], "licence": "Apache-2.0",
        "title": {"en": "Near by", "zh": "就近"}, "summary": {"en": "…", "zh": "……"},
        "of_a_newer_kit": true,
    })
}

fn read(text: &str) -> Result<Description> {
    Description::read(text, "p", PluginKind::Scorer, &Limits::DEFAULT)
}

/// What is said about a description with one key changed.
fn complaint(key: &str, value: Value) -> String {
    let mut description = fair();
    description[key] = value;
    match read(&description.to_string()) {
        Ok(_) => "fine".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_fair_description_is_read() {
    let description = read(&fair().to_string()).expect("a description");
    assert_eq!(description.name, "near-by");
    assert_eq!(description.veto(1).map(|it| it.zh.as_str()), Some("太远"));
    assert_eq!(description.veto(2), None);
    let written = serde_json::to_value(&description).expect("JSON");
    assert_eq!(written["columns"], fair()["columns"]);
}

#[test]
fn each_key_that_makes_no_sense_is_named() {
    let two = json!({"name": "a", "type": "f64"});
    let veto = json!({"code": 1, "en": "", "zh": ""});
    for (key, value, expected) in [
        ("name", json!("Near By"), "its name as \"Near By\", expected lower-case words"),
        ("name", json!("a".repeat(65)), "at most 64 characters"),
        ("version", json!("1.2"), "its version as \"1.2\", expected a version such as 1.2.0"),
        ("kind", json!("evaluator"), "its kind as evaluator, expected scorer, as its world"),
        ("kind", json!("judge"), "unknown variant `judge`"),
        ("settings", json!([]), "its settings as [], expected a JSON Schema object"),
        ("vetoes", json!([veto, veto]), "its vetoes as 1, 1, expected each code once"),
        ("columns", json!([two, two]), "its columns as a, a, expected each column once"),
        ("columns", json!(["*"]), "its columns as \"*\", expected name and type of a column"),
        ("columns", json!([{"name": "A", "type": "f64"}]), "a column name in snake case"),
        ("columns", json!(vec![two; 65]), "its columns as 65, expected at most 64 columns"),
        ("title", json!("no"), "describes itself in a way that cannot be read"),
        ("licence", Value::Null, "invalid type: null, expected a string"),
    ] {
        let complaint = complaint(key, value);
        assert!(complaint.contains(expected), "{key}: {complaint}");
    }
}

#[test]
fn an_evaluator_may_take_any_indicators_but_only_numbers() {
    let read = |columns: Value| {
        let mut description = fair();
        description["kind"] = json!("evaluator");
        description["columns"] = columns;
        let text = description.to_string();
        Description::read(&text, "p", PluginKind::Evaluator, &Limits::DEFAULT)
    };
    assert_eq!(read(json!(["*"])).map(|it| it.columns), Ok(Columns::Any));
    let complaint = read(json!([{"name": "a", "type": "text"}])).expect_err("no numbers");
    assert!(complaint.to_string().contains("only f64 for an evaluator"), "{complaint}");
}

#[test]
fn a_book_is_no_description() {
    let complaint = read(&" ".repeat(64 * 1024 + 1)).expect_err("too long").to_string();
    assert!(complaint.contains("65537 B, expected at most 65536 bytes"), "{complaint}");
}

#[test]
fn texts_that_would_do_something_to_a_terminal_are_refused() {
    let red = "a\u{1b}[31mb";
    let turned = "a\u{202e}b";
    for (key, value) in [
        ("title", json!({"en": red, "zh": "就近"})),
        ("title", json!({"en": "Near by", "zh": turned})),
        ("summary", json!({"en": "two\nlines", "zh": "……"})),
        ("summary", json!({"en": "…", "zh": "a\u{2066}b"})),
        ("vetoes", json!([{"code": 1, "en": red, "zh": "太远"}])),
        ("vetoes", json!([{"code": 1, "en": "too far", "zh": turned}])),
        ("authors", json!(["me", red])),
        ("licence", json!("MIT\u{9b}31m")),
        ("settings", json!({"properties": {"a": {"description": red}}})),
        ("settings", json!({"required": [turned]})),
        ("settings", json!({"properties": {red: {}}})),
    ] {
        let complaint = complaint(key, value);
        let expected = format!("its {key} as \"");
        assert!(complaint.contains(&expected), "{key}: {complaint:?}");
        assert!(complaint.ends_with("expected one line without control characters"), "{complaint:?}");
        assert!(!complaint.contains(is_unprintable), "{complaint:?}");
    }
}

#[test]
fn texts_that_are_too_long_for_a_list_are_refused() {
    let long = "长".repeat(400);
    for (key, value) in [
        ("title", json!({"en": "Near by", "zh": long})),
        ("summary", json!({"en": long, "zh": "……"})),
        ("vetoes", json!([{"code": 1, "en": long, "zh": "太远"}])),
        ("authors", json!([long])),
        ("licence", json!(long)),
    ] {
        let complaint = complaint(key, value);
        let expected = format!("its {key} as 1200 B, expected at most 1024 bytes");
        assert!(complaint.contains(&expected), "{complaint}");
    }
}

#[test]
fn what_cannot_be_read_is_quoted_on_one_short_line() {
    let foreign = format!("\u{202e}\u{1b}[2J\n{}", "x".repeat(20_000));
    for (key, value) in [("kind", json!(foreign)), ("settings", json!([foreign]))] {
        let complaint = complaint(key, value);
        assert!(!complaint.contains(is_unprintable), "{key}: {complaint:?}");
        assert!(complaint.len() < 5_000, "{key}: {} bytes", complaint.len());
    }
}
