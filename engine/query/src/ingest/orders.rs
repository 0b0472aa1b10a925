//! Mapping files, read strictly: a slip in one would settle the wrong thing for good.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use linli_model::{TableSchema, Text};
use serde_json::{Map, Value};

use super::header::fold;
use super::nearest::nearest;
use super::settled::{Settled, Words};
use crate::error::{Error, Result};
use crate::store::schema_of;

/// What is done with one line of the quarantine: its cells by column, or null to give it up.
pub(super) type RowOrder = Option<BTreeMap<String, Option<String>>>;

/// A mapping file.
#[derive(Debug)]
pub(super) struct Orders {
    /// The table it is for.
    pub(super) table: &'static TableSchema,
    /// What it settles.
    pub(super) settled: Settled,
    /// What it does with single lines of the quarantine, by the ID of one of their records.
    pub(super) rows: BTreeMap<String, RowOrder>,
}

/// Reads a mapping file. A `given` table must be the one that it names, if it names one.
///
/// **Errors.** [`Error::BadMapping`] for whatever it says of tables, columns or codes that
/// there are not; [`Error::UnknownFile`], [`Error::FileDenied`], [`Error::Unreadable`].
pub(super) fn read(path: &Path, given: Option<&str>) -> Result<Orders> {
    let text = std::fs::read_to_string(path).map_err(|it| match it.kind() {
        ErrorKind::InvalidData => wrong(path, "", "text in UTF-8", "UTF-8 文本"),
        _ => Error::reading(path, &it),
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text).map_err(|it| {
        let cause = Text::new(format!("it is no JSON: {it}"), format!("不是有效的 JSON：{it}"));
        bad(path, String::new(), cause, None)
    })?;
    let document = object(path, "", &value)?;
    const KEYS: [&str; 4] = ["table", "columns", "values", "rows"];
    if let Some(key) = document.keys().find(|it| !KEYS.contains(&it.as_str())) {
        let cause = Text::new("there is no such key", "没有这个键");
        return Err(bad(path, key.clone(), cause, nearest(key, KEYS.into_iter())));
    }
    let table = table(path, document.get("table"), given)?;
    let empty = Value::Object(Map::new());
    let part = |key: &str| document.get(key).unwrap_or(&empty).clone();
    let settled = Settled {
        columns: columns(path, table, &part("columns"))?,
        values: values(path, table, &part("values"))?,
    };
    Ok(Orders { table, settled, rows: rows(path, table, &part("rows"))? })
}

fn table(path: &Path, said: Option<&Value>, given: Option<&str>) -> Result<&'static TableSchema> {
    let said = match said {
        None => None,
        Some(Value::String(it)) => Some(it.as_str()),
        Some(_) => return Err(wrong(path, "table", "the name of a table", "表名")),
    };
    let name = match (said, given) {
        (Some(said), Some(given)) if said != given => {
            let cause =
                Text::new(format!("found {said}, expected {given}"), format!("现为 {said}，应为 {given}"));
            return Err(bad(path, "table".to_owned(), cause, None));
        }
        (Some(it), _) | (None, Some(it)) => it,
        (None, None) => return Err(wrong(path, "table", "the name of a table", "表名")),
    };
    schema_of(name).map_err(|error| match error {
        Error::UnknownTable { table, nearest } if said.is_some() => {
            let cause = Text::new(format!("there is no table {table}"), format!("没有名为 {table} 的表"));
            bad(path, "table".to_owned(), cause, nearest)
        }
        other => other,
    })
}

fn columns(path: &Path, table: &TableSchema, value: &Value) -> Result<BTreeMap<String, Option<String>>> {
    let mut columns = BTreeMap::new();
    for (header, value) in object(path, "columns", value)? {
        let key = format!("columns.{header}");
        let column = text(path, &key, value)?;
        if let Some(column) = &column {
            check_column(path, table, &key, column)?;
        }
        columns.insert(fold(header).to_owned(), column);
    }
    Ok(columns)
}

fn values(path: &Path, table: &TableSchema, value: &Value) -> Result<BTreeMap<String, Words>> {
    let mut values = BTreeMap::new();
    for (column, value) in object(path, "values", value)? {
        let key = format!("values.{column}");
        check_column(path, table, &key, column)?;
        let allowed = table.field(column).and_then(|it| it.constraints.one_of.as_ref());
        let mut words = Words::new();
        for (found, value) in object(path, &key, value)? {
            let key = format!("{key}.{found}");
            let word = text(path, &key, value)?;
            if let (Some(word), Some(allowed)) = (&word, allowed)
                && !allowed.contains(word)
            {
                let cause = Text::new(
                    format!("found {word}, expected one of {}", allowed.join(", ")),
                    format!("现为 {word}，应为以下之一：{}", allowed.join("、")),
                );
                return Err(bad(path, key, cause, nearest(word, allowed.iter().map(String::as_str))));
            }
            words.insert(found.trim().to_owned(), word);
        }
        values.insert(column.clone(), words);
    }
    Ok(values)
}

fn rows(path: &Path, table: &TableSchema, value: &Value) -> Result<BTreeMap<String, RowOrder>> {
    let mut rows = BTreeMap::new();
    for (id, value) in object(path, "rows", value)? {
        let key = format!("rows.{id}");
        if value.is_null() {
            rows.insert(id.clone(), None);
            continue;
        }
        let mut cells = BTreeMap::new();
        for (column, value) in object(path, &key, value)? {
            let key = format!("{key}.{column}");
            check_column(path, table, &key, column)?;
            cells.insert(column.clone(), text(path, &key, value)?);
        }
        rows.insert(id.clone(), Some(cells));
    }
    Ok(rows)
}

fn check_column(path: &Path, table: &TableSchema, key: &str, column: &str) -> Result<()> {
    if table.field(column).is_some() {
        return Ok(());
    }
    let name = &table.name;
    let cause = Text::new(
        format!("table {name} has no column {column}"),
        format!("表 {name} 没有名为 {column} 的列"),
    );
    let names = table.fields.iter().map(|it| it.name.as_str());
    Err(bad(path, key.to_owned(), cause, nearest(column, names)))
}

fn object<'a>(path: &Path, key: &str, value: &'a Value) -> Result<&'a Map<String, Value>> {
    value.as_object().ok_or_else(|| wrong(path, key, "an object {…}", "对象 {…}"))
}

fn text(path: &Path, key: &str, value: &Value) -> Result<Option<String>> {
    match value {
        Value::Null => Ok(None),
        Value::String(it) => Ok(Some(it.clone())),
        _ => Err(wrong(path, key, "a text in quotes, or null", "带引号的文本或 null")),
    }
}

fn wrong(path: &Path, key: &str, en: &str, zh: &str) -> Error {
    let cause = Text::new(format!("expected {en}"), format!("应为{zh}"));
    bad(path, key.to_owned(), cause, None)
}

/// A mapping file says what cannot be.
pub(super) fn bad(path: &Path, key: String, cause: Text, nearest: Option<String>) -> Error {
    Error::BadMapping { path: path.display().to_string(), key, cause, nearest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> (String, Option<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("map.json");
        std::fs::write(&path, text).expect("a file");
        match read(&path, Some("volunteer")).expect_err("refused") {
            Error::BadMapping { key, nearest, .. } => (key, nearest),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn what_a_file_says_wrongly_is_named_by_its_key_with_the_nearest_word() {
        let near = |key: &str, word: &str| (key.to_owned(), Some(word.to_owned()));
        let far = |key: &str| (key.to_owned(), None);
        assert_eq!(refusal("[]"), far(""));
        assert_eq!(refusal(r#"{"colums":{}}"#), near("colums", "columns"));
        assert_eq!(refusal(r#"{"table":"need"}"#), far("table"));
        assert_eq!(refusal(r#"{"columns":{"a":"volunter_id"}}"#), near("columns.a", "volunteer_id"));
        assert_eq!(refusal(r#"{"columns":{"a":1}}"#), far("columns.a"));
        assert_eq!(refusal(r#"{"values":{"satus":{}}}"#), near("values.satus", "status"));
        assert_eq!(refusal(r#"{"rows":{"x":{"kinds":"a"}}}"#), near("rows.x.kinds", "kind"));
    }
}
