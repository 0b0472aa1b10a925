use serde_json::{Value, json};

use super::Schema;
use crate::error::Error;

fn declared() -> Value {
    json!({"type": "object", "additionalProperties": false, "properties": {
        "halving_m": {"type": "number", "default": 500, "minimum": 1, "maximum": 9000, "description": "x"},
        "mode": {"type": "string", "default": "walk", "enum": ["walk", "bus"]},
        "strict": {"type": "boolean", "default": true, "description_zh": "严"},
        "tasks": {"type": "integer", "default": 4, "minimum": 0},
    }})
}

fn refused(given: &Value) -> (String, String) {
    let schema = Schema::read(&declared(), "p").expect("a schema");
    match schema.check(given.as_object().expect("an object"), "p") {
        Err(Error::BadSettings { found, expected, .. }) => (found.en, expected.en),
        other => panic!("{given}: {other:?}"),
    }
}

fn unreadable(schema: &Value) -> (String, String) {
    match Schema::read(schema, "p") {
        Err(Error::BadDescription { key: "settings", found, expected, .. }) => (found, expected.en),
        other => panic!("{schema}: {other:?}"),
    }
}

#[test]
fn what_is_declared_is_taken_and_nothing_has_to_be_given() {
    let schema = Schema::read(&declared(), "p").expect("a schema");
    for given in [
        json!({}),
        json!({"halving_m": 1, "mode": "bus", "strict": false, "tasks": 7}),
        json!({"tasks": 3.0}),
    ] {
        schema.check(given.as_object().expect("an object"), "p").expect("settings");
    }
    assert_eq!(
        Value::Object(schema.defaults()),
        json!({"halving_m": 500, "mode": "walk", "strict": true, "tasks": 4})
    );
    assert!(Schema::read(&json!({}), "p").expect("none").defaults().is_empty());
}

#[test]
fn what_is_not_says_what_was_found_and_what_was_expected() {
    for (given, found, expected) in [
        (json!({"colour": 1}), "`colour`", "only `halving_m`, `mode`, `strict`, `tasks`"),
        (json!({"halving_m": "500"}), "`halving_m` = \"500\"", "a number from 1 to 9000"),
        (json!({"halving_m": 0.5}), "`halving_m` = 0.5", "a number from 1 to 9000"),
        (json!({"mode": "fly"}), "`mode` = \"fly\"", "one of walk, bus"),
        (json!({"strict": 1}), "`strict` = 1", "true or false"),
        (json!({"tasks": 1.5}), "`tasks` = 1.5", "an integer from 0"),
        (json!({"tasks": null}), "`tasks` = null", "an integer from 0"),
    ] {
        assert_eq!(refused(&given), (found.to_owned(), expected.to_owned()));
    }
}

#[test]
fn a_declaration_that_nobody_could_keep_is_refused() {
    let of = |setting: Value| json!({"properties": {"a": setting}});
    for (schema, found) in [
        (of(json!({"type": "number"})), "`a` has no default"),
        (of(json!({"default": 1})), "`a` has none"),
        (of(json!({"type": "array", "default": []})), "`a` has none"),
        (of(json!({"type": "number", "default": 1, "minimum": 2})), "`a` = 1"),
        (of(json!({"type": "string", "default": "", "pattern": "(a+)+$"})), "pattern in `a`"),
        (json!({"$ref": "#"}), "$ref in settings"),
        (json!({"additionalProperties": true}), "additionalProperties"),
        (json!({"properties": []}), "[]"),
    ] {
        assert_eq!(unreadable(&schema).0, found);
    }
}
