//! What may be set of a plugin, and whether what is given is that.
//!
//! A plugin declares its settings as JSON Schema, of which only what a form could show is read:
//! a flat object of numbers, switches and words, each with a default. A general validator would
//! bring patterns and references along, and the schema is a guest's: it could be made to never
//! end. Keywords beyond these are refused, since a limit that nobody keeps is worse than none.

mod setting;

use linli_model::Text;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::state::one_line;
use setting::Setting;

/// What may stand in the schema of all.
const FRAME: [&str; 6] = ["$schema", "type", "additionalProperties", "properties", "title", "description"];
/// Bytes shown of a name or a value that is not as it should be.
const SHOWN: usize = 80;

/// The settings a plugin has, in the order of their names.
#[derive(Debug)]
pub(crate) struct Schema(Vec<Setting>);

/// What is wrong with a declaration: what was found, in no language, and what was expected.
type Wrong = (String, Text);

impl Schema {
    /// Reads what `describe` says of the settings.
    ///
    /// **Errors.** [`Error::BadDescription`] for too many settings or words, for the first setting
    /// that has no type, no default or one that it would not take itself, and for keywords that
    /// nobody would check.
    pub(crate) fn read(schema: &Value, plugin: &str, limits: &Limits) -> Result<Self> {
        let settings = read(schema, limits).map_err(|(found, expected)| Error::BadDescription {
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
            let bad = |found: String, expected| {
                let found = Text::new(found.clone(), format!(" {found}"));
                Err(Error::BadSettings { plugin: plugin.to_owned(), found, expected })
            };
            let shown = one_line(name, SHOWN);
            let Some(setting) = self.0.iter().find(|it| it.name == *name) else {
                return bad(format!("`{shown}`"), self.names());
            };
            if !setting.takes(value) {
                let value = one_line(&value.to_string(), SHOWN);
                return bad(format!("`{shown}` = {value}"), setting.expected());
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
        let names: Vec<String> = self.0.iter().map(|it| format!("`{}`", one_line(&it.name, SHOWN))).collect();
        if names.is_empty() {
            return Text::new("none: it has no settings", "空对象：该插件没有设置");
        }
        Text::new(format!("only {}", names.join(", ")), format!("下列设置：{}", names.join("、")))
    }
}

fn read(schema: &Value, limits: &Limits) -> std::result::Result<Vec<Setting>, Wrong> {
    let frame =
        schema.as_object().ok_or_else(|| (shown(schema), Text::new("a JSON object", " JSON 对象")))?;
    only(frame, &FRAME, "")?;
    if let Some(other) = frame.get("type").filter(|it| *it != "object") {
        return Err((format!("type {}", shown(other)), Text::new("type \"object\"", " type \"object\"")));
    }
    if let Some(other) = frame.get("additionalProperties").filter(|it| **it != Value::Bool(false)) {
        let (en, zh) = ("false: settings that are not declared are refused", " false：不接受未声明的设置");
        return Err((format!("additionalProperties {}", shown(other)), Text::new(en, zh)));
    }
    let Some(properties) = frame.get("properties") else { return Ok(Vec::new()) };
    let properties = properties.as_object().ok_or_else(|| {
        (format!("properties {}", shown(properties)), Text::new("an object of settings", "由设置组成的对象"))
    })?;
    let max = limits.settings_max;
    if properties.len() > max {
        let expected = Text::new(format!("at most {max} settings"), format!("至多 {max} 项设置"));
        return Err((properties.len().to_string(), expected));
    }
    properties.iter().map(|(name, it)| Setting::read(name, it, limits.options_max)).collect()
}

/// Refuses keywords that would not be kept.
fn only(fields: &Map<String, Value>, known: &[&str], place: &str) -> std::result::Result<(), Wrong> {
    match fields.keys().find(|it| !known.contains(&it.as_str())) {
        None => Ok(()),
        Some(key) => {
            let list = known.join(", ");
            let expected = Text::new(format!("only {list}"), format!("下列关键字：{list}"));
            Err((format!("{place}`{}`", one_line(key, SHOWN)), expected))
        }
    }
}

fn shown(value: &Value) -> String {
    one_line(&value.to_string(), SHOWN)
}

#[cfg(test)]
mod tests;
