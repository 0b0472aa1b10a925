//! Reads and checks the JSON text of `describe`.

use linli_model::Text;
use serde::Deserialize;

use super::{ColumnType, ColumnWanted, Columns, Description, PluginKind, VetoCode};
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::state::{is_unprintable, one_line};

/// The text as it comes; keys this host does not know are a newer SDK's and are ignored.
#[derive(Deserialize)]
struct Raw {
    name: String,
    version: String,
    kind: PluginKind,
    columns: Vec<RawColumn>,
    settings: serde_json::Value,
    #[serde(default)]
    vetoes: Vec<VetoCode>,
    #[serde(default)]
    authors: Vec<String>,
    licence: String,
    title: Text,
    summary: Text,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawColumn {
    Wanted(ColumnWanted),
    Word(String),
}

impl Description {
    /// Reads the text of `describe`.
    ///
    /// **Errors.** [`Error::DescriptionUnreadable`] for what is no such JSON,
    /// [`Error::BadDescription`] for the first key that makes no sense.
    pub(crate) fn read(text: &str, plugin: &str, kind: PluginKind, limits: &Limits) -> Result<Self> {
        if text.len() > limits.describe_bytes_max {
            return Err(bad(
                plugin,
                "describe",
                format!("{} B", text.len()),
                Text::new(
                    format!("at most {} bytes", limits.describe_bytes_max),
                    format!("至多 {} 字节", limits.describe_bytes_max),
                ),
            ));
        }
        let raw: Raw = serde_json::from_str(text).map_err(|it| Error::DescriptionUnreadable {
            plugin: plugin.to_owned(),
            cause: one_line(&it.to_string(), limits.remark_bytes_max),
        })?;
        raw.check(plugin, kind, limits)?;
        let columns = raw_columns(raw.columns, plugin, kind, limits)?;
        Ok(Self {
            name: raw.name,
            version: raw.version,
            kind,
            columns,
            settings: raw.settings,
            vetoes: raw.vetoes,
            authors: raw.authors,
            licence: raw.licence,
            title: raw.title,
            summary: raw.summary,
        })
    }
}

impl Raw {
    fn check(&self, plugin: &str, kind: PluginKind, limits: &Limits) -> Result<()> {
        if !is_kebab(&self.name) {
            return Err(bad(
                plugin,
                "name",
                quoted(&self.name),
                Text::new(
                    "lower-case words of letters and digits joined by -, at most 64 characters",
                    "由 - 连接的小写字母和数字，至多 64 个字符",
                ),
            ));
        }
        if !is_version(&self.version) {
            return Err(bad(
                plugin,
                "version",
                quoted(&self.version),
                Text::new("a version such as 1.2.0", "形如 1.2.0 的版本号"),
            ));
        }
        if self.kind != kind {
            let text = Text::new(
                format!("{kind}, as its world {} says", kind.world()),
                format!("{kind}（与其 world {} 一致）", kind.world()),
            );
            return Err(bad(plugin, "kind", self.kind.to_string(), text));
        }
        if !self.settings.is_object() {
            let text = Text::new("a JSON Schema object", "JSON Schema 对象");
            let found = one_line(&self.settings.to_string(), limits.remark_bytes_max);
            return Err(bad(plugin, "settings", found, text));
        }
        if self.vetoes.len() > limits.veto_codes_max {
            let max = limits.veto_codes_max;
            let text = Text::new(format!("at most {max} codes"), format!("至多 {max} 个编号"));
            return Err(bad(plugin, "vetoes", self.vetoes.len().to_string(), text));
        }
        for (index, veto) in self.vetoes.iter().enumerate() {
            if self.vetoes[..index].iter().any(|it| it.code == veto.code) {
                let text = Text::new("each code once", "每个编号只出现一次");
                return Err(bad(plugin, "vetoes", format!("{0}, {0}", veto.code), text));
            }
        }
        self.check_texts(plugin, limits)
    }

    /// People read these texts in lists and terminals: short, and nothing in them but characters.
    fn check_texts(&self, plugin: &str, limits: &Limits) -> Result<()> {
        let words = [
            ("title", &self.title.en),
            ("title", &self.title.zh),
            ("summary", &self.summary.en),
            ("summary", &self.summary.zh),
            ("licence", &self.licence),
        ];
        let vetoes = self.vetoes.iter().flat_map(|it| [("vetoes", &it.en), ("vetoes", &it.zh)]);
        let authors = self.authors.iter().map(|it| ("authors", it));
        let max = limits.wording_bytes_max;
        for (key, text) in words.into_iter().chain(vetoes).chain(authors) {
            if text.len() > max {
                let expected = Text::new(format!("at most {max} bytes"), format!("至多 {max} 字节"));
                return Err(bad(plugin, key, format!("{} B", text.len()), expected));
            }
            if text.contains(is_unprintable) {
                return Err(bad(plugin, key, quoted(text), printable()));
            }
        }
        match unprintable_in(&self.settings) {
            Some(text) => Err(bad(plugin, "settings", quoted(text), printable())),
            None => Ok(()),
        }
    }
}

fn raw_columns(raw: Vec<RawColumn>, plugin: &str, kind: PluginKind, limits: &Limits) -> Result<Columns> {
    if let (PluginKind::Evaluator, [RawColumn::Word(word)]) = (kind, raw.as_slice())
        && word == "*"
    {
        return Ok(Columns::Any);
    }
    if raw.len() > limits.columns_max {
        let max = limits.columns_max;
        let text = Text::new(format!("at most {max} columns"), format!("至多 {max} 列"));
        return Err(bad(plugin, "columns", raw.len().to_string(), text));
    }
    let mut columns: Vec<ColumnWanted> = Vec::with_capacity(raw.len());
    for column in raw {
        let wanted = match column {
            RawColumn::Wanted(it) => it,
            RawColumn::Word(word) => {
                let text = Text::new("name and type of a column", "列的名称和类型");
                return Err(bad(plugin, "columns", quoted(&word), text));
            }
        };
        if !is_snake(&wanted.name) {
            let text = Text::new("a column name in snake case", "snake_case 形式的列名");
            return Err(bad(plugin, "columns", quoted(&wanted.name), text));
        }
        if columns.iter().any(|it| it.name == wanted.name) {
            let text = Text::new("each column once", "每列只出现一次");
            return Err(bad(plugin, "columns", format!("{0}, {0}", wanted.name), text));
        }
        if kind == PluginKind::Evaluator && wanted.column_type != ColumnType::F64 {
            let text = Text::new("only f64 for an evaluator", "评价插件只能用 f64");
            return Err(bad(plugin, "columns", wanted.name, text));
        }
        columns.push(wanted);
    }
    Ok(Columns::Named(columns))
}

fn printable() -> Text {
    Text::new("one line without control characters", "不含控制字符的单行文本")
}

/// The first text of a JSON value, keys included, that cannot be shown as it is.
fn unprintable_in(value: &serde_json::Value) -> Option<&str> {
    use serde_json::Value;
    match value {
        Value::String(it) => it.contains(is_unprintable).then_some(it.as_str()),
        Value::Array(items) => items.iter().find_map(unprintable_in),
        Value::Object(fields) => fields.iter().find_map(|(key, it)| {
            if key.contains(is_unprintable) { Some(key.as_str()) } else { unprintable_in(it) }
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn bad(plugin: &str, key: &'static str, found: String, expected: Text) -> Error {
    Error::BadDescription { plugin: plugin.to_owned(), key, found, expected }
}

/// A plugin's own text in an error: short, and without control characters.
fn quoted(text: &str) -> String {
    let short: String = text.chars().take(80).collect();
    format!("{short:?}")
}

fn is_kebab(name: &str) -> bool {
    let word =
        |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    name.len() <= 64 && name.starts_with(|it: char| it.is_ascii_lowercase()) && name.split('-').all(word)
}

fn is_snake(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|it: char| it.is_ascii_lowercase())
        && name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_')
}

/// `MAJOR.MINOR.PATCH`, with whatever semantic versioning lets follow.
fn is_version(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let number = |it: &str| !it.is_empty() && it.len() <= 9 && it.bytes().all(|it| it.is_ascii_digit());
    version.len() <= 64
        && version.bytes().all(|it| it.is_ascii_graphic())
        && core.split('.').count() == 3
        && core.split('.').all(number)
}

#[cfg(test)]
mod tests;
