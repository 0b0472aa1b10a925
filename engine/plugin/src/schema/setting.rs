//! One setting: its type, its default, its limits.

use linli_model::Text;
use serde_json::{Map, Value, json};

use super::{SHOWN, Wrong, only, shown};
use crate::state::one_line;

/// What may be said of a setting of any type.
const COMMON: [&str; 5] = ["type", "default", "title", "description", "description_zh"];
const OF_NUMBERS: [&str; 2] = ["minimum", "maximum"];
const OF_WORDS: [&str; 1] = ["enum"];

/// A setting as it was declared.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) name: String,
    kind: Kind,
    pub(super) default: Value,
}

#[derive(Debug)]
enum Kind {
    /// The limits as they were written, so that an integer stays one.
    Number {
        is_integer: bool,
        least: Option<Value>,
        most: Option<Value>,
    },
    Switch,
    Word {
        options: Option<Vec<String>>,
    },
}

impl Setting {
    pub(super) fn read(name: &str, schema: &Value, options_max: usize) -> Result<Self, Wrong> {
        let place = format!("`{}`", one_line(name, SHOWN));
        let fields = schema
            .as_object()
            .ok_or_else(|| (format!("{place}: {}", shown(schema)), Text::new("an object", "对象")))?;
        let keywords = |own: &[&'static str]| {
            let known: Vec<&str> = COMMON.iter().chain(own).copied().collect();
            only(fields, &known, &format!("{place}."))
        };
        let kind = match fields.get("type").and_then(Value::as_str) {
            Some(number @ ("number" | "integer")) => {
                keywords(&OF_NUMBERS)?;
                let is_integer = number == "integer";
                let limit = |key| limit(fields, key, is_integer, &place);
                Kind::Number { is_integer, least: limit("minimum")?, most: limit("maximum")? }
            }
            Some("boolean") => {
                keywords(&[])?;
                Kind::Switch
            }
            Some("string") => {
                keywords(&OF_WORDS)?;
                Kind::Word { options: options(fields, options_max, &place)? }
            }
            _ => {
                let found = fields.get("type").map_or(String::new(), |it| format!(": {}", shown(it)));
                let en = "a type: number, integer, boolean or string";
                let expected = Text::new(en, "类型 number、integer、boolean 或 string");
                return Err((format!("{place}{found}"), expected));
            }
        };
        let Some(default) = fields.get("default").cloned() else {
            return Err((place, Text::new("a default for every setting", "每项设置都有默认值")));
        };
        let setting = Self { name: name.to_owned(), kind, default };
        if setting.takes(&setting.default) {
            Ok(setting)
        } else {
            Err((format!("{place} = {}", shown(&setting.default)), setting.expected()))
        }
    }

    pub(super) fn takes(&self, value: &Value) -> bool {
        let number = |it: &Value| it.as_f64();
        match &self.kind {
            Kind::Number { is_integer, least, most } => number(value).is_some_and(|it| {
                (!is_integer || it.fract() == 0.0)
                    && least.as_ref().and_then(number).is_none_or(|least| it >= least)
                    && most.as_ref().and_then(number).is_none_or(|most| it <= most)
            }),
            Kind::Switch => value.is_boolean(),
            Kind::Word { options } => value
                .as_str()
                .is_some_and(|it| options.as_ref().is_none_or(|options| options.iter().any(|one| one == it))),
        }
    }

    /// The ends of what it may be, as they were declared.
    pub(super) fn ends(&self) -> Vec<Value> {
        match &self.kind {
            Kind::Number { least, most, .. } => [least, most].into_iter().flatten().cloned().collect(),
            Kind::Switch => vec![json!(false), json!(true)],
            Kind::Word { options } => options.iter().flatten().map(|it| json!(it)).collect(),
        }
    }

    pub(super) fn expected(&self) -> Text {
        match &self.kind {
            Kind::Number { is_integer, least, most } => {
                let (en, zh) = if *is_integer { ("an integer", "整数") } else { ("a number", "数值") };
                match (least, most) {
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
            Kind::Word { options: Some(options) } => {
                let words: Vec<String> = options.iter().map(|it| one_line(it, SHOWN)).collect();
                Text::new(format!("one of {}", words.join(", ")), format!("下列之一：{}", words.join("、")))
            }
        }
    }
}

/// A limit of a number, itself a number.
fn limit(
    fields: &Map<String, Value>,
    key: &str,
    is_integer: bool,
    place: &str,
) -> Result<Option<Value>, Wrong> {
    let is_good = |it: &Value| it.as_f64().is_some_and(|it| !is_integer || it.fract() == 0.0);
    match fields.get(key) {
        Some(other) if !is_good(other) => {
            let (en, zh) = if is_integer { ("an integer", "整数") } else { ("a number", "数值") };
            Err((format!("{place}.{key}: {}", shown(other)), Text::new(en, zh)))
        }
        given => Ok(given.cloned()),
    }
}

/// The words that a setting takes, each once, if it takes some only.
fn options(fields: &Map<String, Value>, max: usize, place: &str) -> Result<Option<Vec<String>>, Wrong> {
    let Some(given) = fields.get("enum") else { return Ok(None) };
    let wrong = || {
        let (en, zh) = (format!("at most {max} different texts"), format!("至多 {max} 个不同的文本"));
        (format!("{place}.enum: {}", shown(given)), Text::new(en, zh))
    };
    let items = given.as_array().filter(|it| it.len() <= max).ok_or_else(wrong)?;
    let mut words: Vec<String> = Vec::with_capacity(items.len());
    for item in items {
        match item.as_str() {
            Some(word) if !words.iter().any(|it| it == word) => words.push(word.to_owned()),
            _ => return Err(wrong()),
        }
    }
    Ok(Some(words))
}
