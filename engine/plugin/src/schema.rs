//! What may be set of a plugin, and whether what is given is that.
//!
//! A plugin declares its settings as JSON Schema, of which only what a form could show is read:
//! a flat object of numbers, switches and words, each with a default. A general validator would
//! bring patterns and references along, and the schema is a guest's: it could be made to never
//! end. Keywords beyond these are refused, since a limit that nobody keeps is worse than none.

use linli_model::Text;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::state::one_line;

/// What may stand in the schema of one setting.
const KEYWORDS: [&str; 8] =
    ["type", "default", "minimum", "maximum", "enum", "title", "description", "description_zh"];
/// What may stand in the schema of all.
const FRAME: [&str; 6] = ["$schema", "type", "additionalProperties", "properties", "title", "description"];
/// Bytes shown of a value that is not as it should be.
const SHOWN: usize = 80;

/// The settings a plugin has, in the order of their names.
#[derive(Debug)]
pub(crate) struct Schema(Vec<Setting>);

#[derive(Debug)]
struct Setting {
    name: String,
    kind: Kind,
    default: Value,
}

#[derive(Debug)]
enum Kind {
    Number { is_integer: bool, least: Option<f64>, most: Option<f64> },
    Switch,
    Word { options: Option<Vec<String>> },
}

/// What is wrong with a declaration: what was found, what was expected.
type Wrong = (String, Text);

impl Schema {
    /// Reads what `describe` says of the settings.
    ///
    /// **Errors.** [`Error::BadDescription`] for the first setting that has no type, no default or
    /// one that it would not take itself, and for keywords that nobody would check.
    pub(crate) fn read(schema: &Value, plugin: &str) -> Result<Self> {
        let read = || -> std::result::Result<Vec<Setting>, Wrong> {
            let frame = schema.as_object().ok_or_else(|| wrong(schema, "a JSON object", " JSON 对象"))?;
            only(frame, &FRAME, "settings")?;
            if let Some(Value::Bool(true) | Value::Object(_)) = frame.get("additionalProperties") {
                let (en, zh) =
                    ("false: settings that are not declared are refused", "false：不接受未声明的设置");
                return Err(("additionalProperties".to_owned(), Text::new(en, zh)));
            }
            let Some(properties) = frame.get("properties") else { return Ok(Vec::new()) };
            let properties = properties
                .as_object()
                .ok_or_else(|| wrong(properties, "an object of settings", "由设置组成的对象"))?;
            properties.iter().map(|(name, it)| Setting::read(name, it)).collect()
        };
        let settings = read().map_err(|(found, expected)| Error::BadDescription {
            plugin: plugin.to_owned(),
            key: "settings",
            found,
            expected,
        })?;
        Ok(Self(settings))
    }

    /// Checks what is given.
    ///
    /// **Errors.** [`Error::BadSettings`] for the first key that is not declared, or whose value is
    /// of another type or beyond its limits.
    pub(crate) fn check(&self, given: &Map<String, Value>, plugin: &str) -> Result<()> {
        for (name, value) in given {
            let bad =
                |found, expected| Err(Error::BadSettings { plugin: plugin.to_owned(), found, expected });
            let Some(setting) = self.0.iter().find(|it| it.name == *name) else {
                let name = one_line(name, SHOWN);
                return bad(Text::new(format!("`{name}`"), format!(" `{name}`")), self.names());
            };
            if !setting.takes(value) {
                let value = one_line(&value.to_string(), SHOWN);
                let found = format!("`{name}` = {value}");
                return bad(Text::new(found.clone(), format!(" {found}")), setting.expected());
            }
        }
        Ok(())
    }

    /// Every setting at its default.
    pub(crate) fn defaults(&self) -> Map<String, Value> {
        self.0.iter().map(|it| (it.name.clone(), it.default.clone())).collect()
    }

    /// One setting at a time at each end of what it may be, the others left out.
    pub(crate) fn ends(&self) -> Vec<Value> {
        let alone = |it: &Setting, value: Value| json!({ it.name.as_str(): value });
        self.0.iter().flat_map(|it| it.ends().into_iter().map(|value| alone(it, value))).collect()
    }

    fn names(&self) -> Text {
        let names: Vec<String> = self.0.iter().map(|it| format!("`{}`", it.name)).collect();
        if names.is_empty() {
            return Text::new("none: it has no settings", "空对象：该插件没有设置");
        }
        Text::new(format!("only {}", names.join(", ")), format!("下列设置：{}", names.join("、")))
    }
}

impl Setting {
    fn read(name: &str, schema: &Value) -> std::result::Result<Self, Wrong> {
        let place = format!("`{}`", one_line(name, SHOWN));
        let missing = |what: &str, en: &str, zh: &str| (format!("{place} {what}"), Text::new(en, zh));
        let fields = schema.as_object().ok_or_else(|| missing("is no object", "an object", "对象"))?;
        only(fields, &KEYWORDS, &place)?;
        let kind = match fields.get("type").and_then(Value::as_str) {
            Some(number @ ("number" | "integer")) => {
                let limit = |key: &str| fields.get(key).and_then(Value::as_f64);
                Kind::Number {
                    is_integer: number == "integer",
                    least: limit("minimum"),
                    most: limit("maximum"),
                }
            }
            Some("boolean") => Kind::Switch,
            Some("string") => Kind::Word { options: options(fields) },
            _ => {
                let en = "a type: number, integer, boolean or string";
                return Err(missing("has none", en, "类型 number、integer、boolean 或 string"));
            }
        };
        let default = fields
            .get("default")
            .cloned()
            .ok_or_else(|| missing("has no default", "a default for every setting", "每项设置都有默认值"))?;
        let setting = Self { name: name.to_owned(), kind, default };
        if setting.takes(&setting.default) {
            Ok(setting)
        } else {
            let found = format!("{place} = {}", one_line(&setting.default.to_string(), SHOWN));
            Err((found, setting.expected()))
        }
    }

    fn ends(&self) -> Vec<Value> {
        match &self.kind {
            Kind::Number { least, most, .. } => {
                [least, most].into_iter().flatten().map(|it| json!(it)).collect()
            }
            Kind::Switch => vec![json!(false), json!(true)],
            Kind::Word { options } => options.iter().flatten().map(|it| json!(it)).collect(),
        }
    }

    fn takes(&self, value: &Value) -> bool {
        match &self.kind {
            Kind::Number { is_integer, least, most } => value.as_f64().is_some_and(|it| {
                (!is_integer || it.fract() == 0.0)
                    && least.is_none_or(|least| it >= least)
                    && most.is_none_or(|most| it <= most)
            }),
            Kind::Switch => value.is_boolean(),
            Kind::Word { options } => value
                .as_str()
                .is_some_and(|it| options.as_ref().is_none_or(|options| options.iter().any(|one| one == it))),
        }
    }

    fn expected(&self) -> Text {
        match &self.kind {
            Kind::Number { is_integer, least, most } => {
                let (en, zh) = if *is_integer { ("an integer", "整数") } else { ("a number", "数值") };
                let (from, to) = (least.map(|it| it.to_string()), most.map(|it| it.to_string()));
                match (from, to) {
                    (Some(from), Some(to)) => {
                        Text::new(format!("{en} from {from} to {to}"), format!(" {from} 到 {to} 的{zh}"))
                    }
                    (Some(from), None) => {
                        Text::new(format!("{en} from {from}"), format!("不小于 {from} 的{zh}"))
                    }
                    (None, Some(to)) => Text::new(format!("{en} up to {to}"), format!("不大于 {to} 的{zh}")),
                    (None, None) => Text::new(en, zh),
                }
            }
            Kind::Switch => Text::new("true or false", " true 或 false"),
            Kind::Word { options: None } => Text::new("a text", "文本"),
            Kind::Word { options: Some(options) } => Text::new(
                format!("one of {}", options.join(", ")),
                format!("下列之一：{}", options.join("、")),
            ),
        }
    }
}

/// The words that a setting takes, if it takes some only.
fn options(fields: &Map<String, Value>) -> Option<Vec<String>> {
    let options = fields.get("enum")?.as_array()?;
    // What is no text can never be given for a text.
    Some(options.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Refuses keywords that would not be kept.
fn only(fields: &Map<String, Value>, known: &[&str], place: &str) -> std::result::Result<(), Wrong> {
    match fields.keys().find(|it| !known.contains(&it.as_str())) {
        None => Ok(()),
        Some(key) => {
            let found = format!("{} in {place}", one_line(key, SHOWN));
            let list = known.join(", ");
            Err((found, Text::new(format!("only {list}"), format!("下列关键字：{list}"))))
        }
    }
}

fn wrong(found: &Value, en: &str, zh: &str) -> Wrong {
    (one_line(&found.to_string(), SHOWN), Text::new(en, zh))
}

#[cfg(test)]
mod tests;
