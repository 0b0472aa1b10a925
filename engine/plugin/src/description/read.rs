//! Reads and checks the JSON text of `describe`.

use linli_model::Text;
use serde::Deserialize;

use super::{ColumnType, ColumnWanted, Columns, Description, PluginKind, VetoCode};
use crate::error::{Error, Result};
use crate::limits::Limits;

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
            cause: it.to_string(),
        })?;
        raw.check(plugin, kind)?;
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
    fn check(&self, plugin: &str, kind: PluginKind) -> Result<()> {
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
            return Err(bad(plugin, "settings", self.settings.to_string(), text));
        }
        for (index, veto) in self.vetoes.iter().enumerate() {
            if self.vetoes[..index].iter().any(|it| it.code == veto.code) {
                let text = Text::new("each code once", "每个编号只出现一次");
                return Err(bad(plugin, "vetoes", format!("{0}, {0}", veto.code), text));
            }
        }
        Ok(())
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
