//! Settings: what a district may adjust, checked before the plugin sees them.

use crate::json::Json;
use crate::{Fault, Setting, SettingType, decimal};

/// The settings of one plugin, every one present and within its limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    values: Vec<(&'static str, Json)>,
}

impl Settings {
    /// Reads a JSON object against its declaration; what is left out gets its default.
    ///
    /// **Errors.** [`Fault::BadSettings`] for no JSON, no object, an unknown key, a wrong type
    /// or a value beyond its limits; the text says which.
    pub fn read(declared: &[Setting], text: &str) -> Result<Self, Fault> {
        let given = match Json::parse(text) {
            Ok(Json::Object(given)) => given,
            Ok(_) => return Err(bad("expected an object")),
            Err(problem) => return Err(bad(problem)),
        };
        for (key, _) in &given {
            if !declared.iter().any(|it| it.name == key) {
                return Err(bad(format!("unknown setting `{key}`")));
            }
        }
        let mut values = Vec::with_capacity(declared.len());
        for setting in declared {
            let given = given.iter().find(|(key, _)| key == setting.name).map(|(_, value)| value);
            values.push((setting.name, setting.value(given)?));
        }
        Ok(Self { values })
    }

    /// A number.
    ///
    /// # Panics
    /// When the manifest declares no number of this name: a mistake of the plugin's author.
    pub fn number(&self, name: &str) -> f64 {
        match self.get(name) {
            Some(Json::Number(it)) => *it,
            _ => panic!("the manifest declares no number `{name}`"),
        }
    }

    /// A yes or no.
    ///
    /// # Panics
    /// When the manifest declares no boolean of this name.
    pub fn bool(&self, name: &str) -> bool {
        match self.get(name) {
            Some(Json::Bool(it)) => *it,
            _ => panic!("the manifest declares no boolean `{name}`"),
        }
    }

    /// One of the words of a choice.
    ///
    /// # Panics
    /// When the manifest declares no choice of this name.
    pub fn choice(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Json::Text(it)) => it,
            _ => panic!("the manifest declares no choice `{name}`"),
        }
    }

    fn get(&self, name: &str) -> Option<&Json> {
        self.values.iter().find(|(it, _)| *it == name).map(|(_, value)| value)
    }
}

impl Setting {
    fn value(&self, given: Option<&Json>) -> Result<Json, Fault> {
        let name = self.name;
        match (self.ty, given) {
            (SettingType::Number { default, .. }, None) => Ok(Json::Number(default)),
            (SettingType::Number { min, max, .. }, Some(&Json::Number(it))) => {
                if (min..=max).contains(&it) {
                    Ok(Json::Number(it))
                } else {
                    let [it, min, max] = [it, min, max].map(decimal::text);
                    Err(bad(format!("`{name}` is {it}, expected {min} to {max}")))
                }
            }
            (SettingType::Number { .. }, _) => Err(bad(format!("`{name}` must be a number"))),
            (SettingType::Bool { default }, None) => Ok(Json::Bool(default)),
            (SettingType::Bool { .. }, Some(&Json::Bool(it))) => Ok(Json::Bool(it)),
            (SettingType::Bool { .. }, _) => Err(bad(format!("`{name}` must be true or false"))),
            (SettingType::Choice { default, .. }, None) => Ok(Json::Text(default.into())),
            (SettingType::Choice { options, .. }, Some(Json::Text(it))) if options.contains(&it.as_str()) => {
                Ok(Json::Text(it.clone()))
            }
            (SettingType::Choice { options, .. }, _) => {
                Err(bad(format!("`{name}` must be one of: {}", options.join(", "))))
            }
        }
    }
}

fn bad(text: impl Into<String>) -> Fault {
    Fault::BadSettings(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Wording;

    const NO_WORDS: Wording = Wording { zh: "", en: "" };
    const DECLARED: &[Setting] = &[
        Setting {
            name: "halving_m",
            meaning: NO_WORDS,
            ty: SettingType::Number { default: 500.0, min: 1.0, max: 9000.0 },
        },
        Setting { name: "strict", meaning: NO_WORDS, ty: SettingType::Bool { default: true } },
        Setting {
            name: "mode",
            meaning: NO_WORDS,
            ty: SettingType::Choice { default: "walk", options: &["walk", "bus"] },
        },
    ];

    fn problem(text: &str) -> String {
        match Settings::read(DECLARED, text) {
            Err(Fault::BadSettings(it)) => it,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn what_is_left_out_gets_its_default() {
        let settings = Settings::read(DECLARED, r#"{"strict": false}"#).unwrap();
        assert_eq!(settings.number("halving_m"), 500.0);
        assert!(!settings.bool("strict"));
        assert_eq!(settings.choice("mode"), "walk");
    }

    #[test]
    fn what_is_given_counts() {
        let text = r#"{"mode": "bus", "halving_m": 250}"#;
        let settings = Settings::read(DECLARED, text).unwrap();
        assert_eq!(settings.number("halving_m"), 250.0);
        assert_eq!(settings.choice("mode"), "bus");
    }

    #[test]
    fn wrong_settings_are_named() {
        assert_eq!(problem("[]"), "expected an object");
        assert_eq!(problem("{"), "expected a text at byte 1 of the JSON");
        assert_eq!(problem(r#"{"x": 1}"#), "unknown setting `x`");
        assert_eq!(problem(r#"{"halving_m": 0}"#), "`halving_m` is 0, expected 1 to 9000");
        assert_eq!(problem(r#"{"halving_m": "500"}"#), "`halving_m` must be a number");
        assert_eq!(problem(r#"{"strict": 1}"#), "`strict` must be true or false");
        assert_eq!(problem(r#"{"mode": "car"}"#), "`mode` must be one of: walk, bus");
        assert_eq!(problem(r#"{"mode": null}"#), "`mode` must be one of: walk, bus");
    }
}
