//! Whether the `format` and the `words` of a column fit its type and its limits.

use std::collections::BTreeMap;

use crate::{Field, FieldType, Format, half_width};

/// Numbers can be discounts, every other format is one of texts.
pub(crate) fn check_format(field: &Field) -> Result<(), String> {
    let Some(format) = field.format else { return Ok(()) };
    let wanted = if format == Format::Discount { FieldType::Number } else { FieldType::String };
    if field.field_type != wanted {
        return Err(format!("the format {format:?} is one of {wanted:?}"));
    }
    if field.words.is_empty() { Ok(()) } else { Err("either format or words".to_owned()) }
}

/// Words stand for codes that the column may hold, each for one.
pub(crate) fn check_words(field: &Field) -> Result<(), String> {
    let fits = |code: &str| match field.field_type {
        FieldType::String | FieldType::List => {
            field.constraints.one_of.as_ref().is_none_or(|it| it.iter().any(|it| it == code))
        }
        FieldType::Boolean => matches!(code, "true" | "false"),
        FieldType::Integer => code.parse::<i64>().is_ok_and(|it| {
            let limits = &field.constraints;
            limits.minimum.is_none_or(|least| it as f64 >= least)
                && limits.maximum.is_none_or(|most| it as f64 <= most)
        }),
        _ => false,
    };
    let mut known = BTreeMap::new();
    for (code, words) in &field.words {
        if !fits(code) {
            return Err(format!("there is no code {code} to have words"));
        }
        for word in std::iter::once(code).chain(words) {
            let folded = fold(word);
            if folded.is_empty() {
                return Err(format!("an empty word for {code}"));
            }
            if let Some(other) = known.insert(folded, code) {
                return Err(format!("{word} stands for {other} and for {code}"));
            }
        }
    }
    Ok(())
}

/// A word as it is compared: half width, lower case, trimmed.
pub fn fold(word: &str) -> String {
    half_width(word).trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use crate::schema::check;

    fn checked(field: serde_json::Value) -> Result<(), String> {
        let mut field = field;
        field["name"] = "a".into();
        field["title"] = serde_json::json!({ "zh": "甲", "en": "a" });
        field["pii"] = "none".into();
        let schema = serde_json::from_value(serde_json::json!({
            "name": "t", "title": { "zh": "表", "en": "t" }, "description": "", "layer": "input",
            "fields": [field], "primaryKey": ["a"],
        }));
        check(&schema.expect("a schema"), "t.json").map_err(|it| it.to_string())
    }

    #[test]
    fn a_format_fits_its_type() {
        let with = |kind: &str, format: &str| checked(serde_json::json!({ "type": kind, "format": format }));
        for format in ["uscc", "resident_id", "division_code", "phone", "person_name", "address"] {
            assert_eq!(with("string", format), Ok(()), "{format}");
            assert!(with("integer", format).is_err_and(|it| it.contains("the column a")), "{format}");
        }
        assert_eq!(with("number", "discount"), Ok(()));
        assert!(with("string", "discount").is_err());
    }

    #[test]
    fn words_stand_for_codes_that_the_column_may_hold() {
        let with = |kind: &str, words: serde_json::Value, limits: serde_json::Value| {
            checked(serde_json::json!({ "type": kind, "words": words, "constraints": limits }))
        };
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        let codes = json(r#"{ "enum": ["on", "off"] }"#);
        assert_eq!(with("string", json(r#"{ "on": ["在岗"], "off": ["退出"] }"#), codes.clone()), Ok(()));
        assert_eq!(with("list", json(r#"{ "any": ["随便"] }"#), json("{}")), Ok(()));
        assert_eq!(with("boolean", json(r#"{ "true": ["可上门"] }"#), json("{}")), Ok(()));
        assert_eq!(with("integer", json(r#"{ "3": ["特急"] }"#), json(r#"{ "maximum": 3 }"#)), Ok(()));
        for (kind, words, limits) in [
            ("string", r#"{ "of": ["退出"] }"#, codes),
            ("string", r#"{ "a": ["同"], "b": ["同"] }"#, json("{}")),
            ("string", r#"{ "a": ["Ｂ"], "b": [] }"#, json("{}")),
            ("string", r#"{ "a": [" "] }"#, json("{}")),
            ("boolean", r#"{ "yes": ["可"] }"#, json("{}")),
            ("integer", r#"{ "x": ["特急"] }"#, json("{}")),
            ("integer", r#"{ "4": ["特急"] }"#, json(r#"{ "maximum": 3 }"#)),
            ("number", r#"{ "0": ["无"] }"#, json("{}")),
        ] {
            assert!(with(kind, json(words), limits).is_err(), "{kind} {words}");
        }
    }
}
