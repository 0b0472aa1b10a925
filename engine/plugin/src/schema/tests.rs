use serde_json::{Value, json};

use super::Schema;
use crate::error::Error;
use crate::limits::Limits;

fn declared() -> Value {
    json!({"type": "object", "additionalProperties": false, "properties": {
        "halving_m": {"type": "number", "default": 500, "minimum": 1, "maximum": 9000, "description": "x"},
        "mode": {"type": "string", "default": "walk", "enum": ["walk", "bus"]},
        "strict": {"type": "boolean", "default": true, "description_zh": "严"},
        "tasks": {"type": "integer", "default": 4, "minimum": 0},
    }})
}

fn refused(given: &Value) -> (String, String) {
    let schema = Schema::read(&declared(), "p", &Limits::DEFAULT).expect("a schema");
    match schema.check(given.as_object().expect("an object"), "p") {
        Err(Error::BadSettings { found, expected, .. }) => (found.en, expected.en),
        other => panic!("{given}: {other:?}"),
    }
}

fn unreadable(schema: &Value) -> (String, String) {
    match Schema::read(schema, "p", &Limits::DEFAULT) {
        Err(Error::BadDescription { key: "settings", found, expected, .. }) => (found, expected.en),
        other => panic!("{schema}: {other:?}"),
    }
}

#[test]
fn what_is_declared_is_taken_and_nothing_has_to_be_given() {
    let schema = Schema::read(&declared(), "p", &Limits::DEFAULT).expect("a schema");
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
    assert!(Schema::read(&json!({}), "p", &Limits::DEFAULT).expect("none").defaults().is_empty());
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
    let words: Vec<String> = (0..33).map(|it| it.to_string()).collect();
    let many: serde_json::Map<String, Value> =
        words.iter().map(|it| (it.clone(), json!({"type": "boolean", "default": true}))).collect();
    for (schema, found) in [
        (of(json!({"type": "number"})), "`a`"),
        (of(json!({"default": 1})), "`a`"),
        (of(json!(7)), "`a`: 7"),
        (of(json!({"type": "array", "default": []})), "`a`: \"array\""),
        (of(json!({"type": "number", "default": 1, "minimum": 2})), "`a` = 1"),
        (of(json!({"type": "number", "default": 1, "minimum": "0"})), "`a`.minimum: \"0\""),
        (of(json!({"type": "integer", "default": 1, "maximum": 1.5})), "`a`.maximum: 1.5"),
        (of(json!({"type": "integer", "default": 1, "enum": [1, 2]})), "`a`.`enum`"),
        (of(json!({"type": "boolean", "default": true, "minimum": 0})), "`a`.`minimum`"),
        (of(json!({"type": "string", "default": "", "pattern": "(a+)+$"})), "`a`.`pattern`"),
        (of(json!({"type": "string", "default": "x", "enum": "x"})), "`a`.enum: \"x\""),
        (of(json!({"type": "string", "default": "x", "enum": ["x", "x"]})), "`a`.enum: [\"x\",\"x\"]"),
        (of(json!({"type": "string", "default": "x", "enum": ["x", 1]})), "`a`.enum: [\"x\",1]"),
        (json!({"properties": many}), "33"),
        (json!({"$ref": "#"}), "`$ref`"),
        (json!({"type": "array"}), "type \"array\""),
        (json!({"additionalProperties": true}), "additionalProperties true"),
        (json!({"properties": []}), "properties []"),
    ] {
        assert_eq!(unreadable(&schema).0, found);
    }
}

#[test]
fn words_are_as_many_as_people_read() {
    let words = |count: usize| {
        let words: Vec<String> = (0..count).map(|it| it.to_string()).collect();
        json!({"properties": {"a": {"type": "string", "default": "0", "enum": words}}})
    };
    assert!(Schema::read(&words(32), "p", &Limits::DEFAULT).is_ok());
    assert_eq!(unreadable(&words(33)).1, "at most 32 different texts");
}

#[test]
fn the_ends_of_a_setting_are_those_that_were_declared() {
    let schema = Schema::read(&declared(), "p", &Limits::DEFAULT).expect("a schema");
    let expected = [
        json!({"halving_m": 1}),
        json!({"halving_m": 9000}),
        json!({"mode": "walk"}),
        json!({"mode": "bus"}),
        json!({"strict": false}),
        json!({"strict": true}),
        json!({"tasks": 0}),
    ];
    assert_eq!(schema.ends(), expected, "an integer stays one");
}
