//! What a plugin says of itself, declared once as a constant.

use crate::decimal;
use crate::json::push_text;

/// A wording in both languages of the users.
#[derive(Debug, Clone, Copy)]
pub struct Wording {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// What `describe` answers with.
#[derive(Debug, Clone, Copy)]
pub struct Manifest {
    /// Kebab case, unique in a pool; usually the name of the folder.
    pub name: &'static str,
    /// The plugin's own version, usually `env!("CARGO_PKG_VERSION")`.
    pub version: &'static str,
    /// A short name for lists.
    pub title: Wording,
    /// One sentence on what a high score means.
    pub summary: Wording,
    /// The columns wanted; the host sends these and no others, in this order.
    pub columns: Columns,
    /// What a district may adjust.
    pub settings: &'static [Setting],
    /// Every code the plugin may veto with.
    pub vetoes: &'static [VetoCode],
    /// Who wrote it.
    pub authors: &'static [&'static str],
    /// SPDX expression.
    pub licence: &'static str,
}

/// The columns a plugin wants.
#[derive(Debug, Clone, Copy)]
pub enum Columns {
    /// These, by name and type.
    Named(&'static [ColumnWanted]),
    /// Whatever there is; written `["*"]`. For evaluators, whose indicators the district picks.
    Any,
}

/// One column by name.
#[derive(Debug, Clone, Copy)]
pub struct ColumnWanted {
    /// Its name in the host's vocabulary, unit last.
    pub name: &'static str,
    /// What its values are.
    pub ty: ColumnType,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Numbers.
    F64,
    /// Integers.
    I64,
    /// Yes or no.
    Bool,
    /// Texts and identifiers.
    Text,
}

/// One thing a district may adjust.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its key, unit last.
    pub name: &'static str,
    /// What it does.
    pub meaning: Wording,
    /// Its type, default and limits.
    pub ty: SettingType,
}

/// The type of a setting, with the default that holds when it is left out.
///
/// Numbers here have at most 9 decimals and lie below 1e9.
#[derive(Debug, Clone, Copy)]
pub enum SettingType {
    /// A number from `min` to `max`, both included.
    Number {
        /// Used when left out.
        default: f64,
        /// The smallest value allowed.
        min: f64,
        /// The largest value allowed.
        max: f64,
    },
    /// Yes or no.
    Bool {
        /// Used when left out.
        default: bool,
    },
    /// One of a few words.
    Choice {
        /// Used when left out; one of `options`.
        default: &'static str,
        /// The words allowed.
        options: &'static [&'static str],
    },
}

/// A reason to veto.
#[derive(Debug, Clone, Copy)]
pub struct VetoCode {
    /// The number used in the answer.
    pub code: u16,
    /// What the resident or the office reads.
    pub wording: Wording,
}

/// Which world the plugin is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Scorer,
    Evaluator,
}

impl ColumnType {
    const fn as_str(self) -> &'static str {
        match self {
            Self::F64 => "f64",
            Self::I64 => "i64",
            Self::Bool => "bool",
            Self::Text => "text",
        }
    }
}

impl Manifest {
    /// The JSON text of `describe`; the same every time.
    pub(crate) fn to_json(self, kind: Kind) -> String {
        let mut out = Writer::default();
        out.open('{');
        out.text("name", self.name);
        out.text("version", self.version);
        out.text("kind", if kind == Kind::Scorer { "scorer" } else { "evaluator" });
        out.wording("title", self.title);
        out.wording("summary", self.summary);
        out.key("columns").open('[');
        match self.columns {
            Columns::Any => out.item("*"),
            Columns::Named(columns) => columns.iter().for_each(|it| out.column(it)),
        }
        out.close(']');
        out.key("settings").schema(self.settings);
        out.key("vetoes").open('[');
        for veto in self.vetoes {
            out.next();
            out.open('{');
            out.key("code").number(f64::from(veto.code));
            out.text("zh", veto.wording.zh);
            out.text("en", veto.wording.en);
            out.close('}');
        }
        out.close(']');
        out.key("authors").open('[');
        self.authors.iter().for_each(|it| out.item(it));
        out.close(']');
        out.text("licence", self.licence);
        out.close('}');
        out.text
    }
}

/// Puts the commas where they belong.
#[derive(Default)]
struct Writer {
    text: String,
}

impl Writer {
    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
    }

    fn close(&mut self, bracket: char) {
        self.text.push(bracket);
    }

    fn next(&mut self) {
        if !self.text.ends_with(['{', '[', ':']) {
            self.text.push(',');
        }
    }

    fn key(&mut self, key: &str) -> &mut Self {
        self.item(key);
        self.text.push(':');
        self
    }

    fn item(&mut self, text: &str) {
        self.next();
        push_text(&mut self.text, text);
    }

    fn number(&mut self, value: f64) {
        decimal::push(&mut self.text, value);
    }

    fn bool(&mut self, value: bool) {
        self.text.push_str(if value { "true" } else { "false" });
    }

    fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        push_text(&mut self.text, text);
    }

    fn wording(&mut self, key: &str, wording: Wording) {
        self.key(key).open('{');
        self.text("zh", wording.zh);
        self.text("en", wording.en);
        self.close('}');
    }

    fn column(&mut self, column: &ColumnWanted) {
        self.next();
        self.open('{');
        self.text("name", column.name);
        self.text("type", column.ty.as_str());
        self.close('}');
    }

    /// The settings as JSON Schema, draft 2020-12.
    fn schema(&mut self, settings: &[Setting]) {
        self.open('{');
        self.text("type", "object");
        self.key("additionalProperties").bool(false);
        self.key("properties").open('{');
        for setting in settings {
            self.key(setting.name).open('{');
            self.setting_type(setting.ty);
            self.text("description", setting.meaning.en);
            self.text("description_zh", setting.meaning.zh);
            self.close('}');
        }
        self.close('}');
        self.close('}');
    }

    fn setting_type(&mut self, ty: SettingType) {
        match ty {
            SettingType::Number { default, min, max } => {
                self.text("type", "number");
                self.key("default").number(default);
                self.key("minimum").number(min);
                self.key("maximum").number(max);
            }
            SettingType::Bool { default } => {
                self.text("type", "boolean");
                self.key("default").bool(default);
            }
            SettingType::Choice { default, options } => {
                self.text("type", "string");
                self.text("default", default);
                self.key("enum").open('[');
                options.iter().for_each(|it| self.item(it));
                self.close(']');
            }
        }
    }
}

#[cfg(test)]
mod tests;
