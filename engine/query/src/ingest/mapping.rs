//! What people settled: which header is which column, and which word stands for which value.
//!
//! ```text
//! {"table": "volunteer", "columns": {"志愿者号码": "volunteer_id", "备注": null},
//!  "values": {"status": {"在编": "active"}}}
//! ```
//!
//! A header that stands for null is known not to be read. What a load was told is kept in the
//! pool, in `mappings/<table>.json`, and holds for later loads of the table, header by header
//! and word by word, until another file says otherwise. It is kept only once the load has made
//! its snapshot, in a file that takes its place whole: a load that is cut off in between has
//! loaded, and loading again with the same file settles it.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use linli_model::{FieldType, TableSchema, Text};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::header::{fold, same};
use super::nearest::nearest;
use crate::error::{Error, Result};
use crate::store::digest::hex;
use crate::store::schema_of;

/// Stands for no mapping at all where a file could stand.
const NOTHING: &str = "none";

/// Words of a column: found, and what is put in its place; null empties the cell.
pub(super) type Words = BTreeMap<String, Option<String>>;

/// What is done with one line of the quarantine: its cells by column, or null to give it up.
pub(super) type RowOrder = Option<BTreeMap<String, Option<String>>>;

/// What is settled for one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Settled {
    /// Header and column; null where the header is not to be read.
    columns: BTreeMap<String, Option<String>>,
    /// Column and its words.
    values: BTreeMap<String, Words>,
}

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

/// A mapping as it is written down.
#[derive(Serialize)]
struct Document<'a> {
    table: &'a str,
    columns: &'a BTreeMap<String, Option<String>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    values: &'a BTreeMap<String, Words>,
}

impl Settled {
    /// What is said of a header; none where nothing is said.
    pub(super) fn column(&self, header: &str) -> Option<Option<&str>> {
        let found = self.columns.iter().find(|(it, _)| same(it, header));
        found.map(|(_, column)| column.as_deref())
    }

    /// The words of a column.
    pub(super) fn words(&self, column: &str) -> Words {
        self.values.get(column).cloned().unwrap_or_default()
    }

    /// Whether nothing is settled.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.values.is_empty()
    }

    /// This on top of what was settled before.
    fn over(self, mut before: Self) -> Self {
        before.columns.retain(|old, _| !self.columns.keys().any(|new| same(old, new)));
        before.columns.extend(self.columns);
        for (column, words) in self.values {
            before.values.entry(column).or_default().extend(words);
        }
        before
    }

    /// The mapping as text: equal mappings, equal bytes.
    fn text(&self, table: &str) -> Result<String> {
        let document = Document { table, columns: &self.columns, values: &self.values };
        let text = serde_json::to_string_pretty(&document).map_err(crate::store::engine)?;
        Ok(text + "\n")
    }

    /// The SHA-256 of the mapping as it is written down.
    pub(super) fn digest(&self, table: &str) -> Result<String> {
        Ok(hex(&Sha256::digest(self.text(table)?)))
    }
}

/// What holds for a load of a table: what the file says, on top of what the pool knows.
///
/// **Errors.** [`Error::BadMapping`], [`Error::UnknownFile`], [`Error::FileDenied`],
/// [`Error::Unreadable`].
pub(super) fn for_load(root: &Path, table: &'static TableSchema, map: Option<&Path>) -> Result<Settled> {
    let before = match map {
        Some(it) if it == Path::new(NOTHING) => return Ok(Settled::default()),
        _ => stored(root, table)?,
    };
    let Some(path) = map else { return Ok(before) };
    let orders = read(path, Some(&table.name))?;
    if let Some(id) = orders.rows.keys().next() {
        let cause = Text::new(
            "single rows are mended by `linli quarantine POOL --fix FILE`",
            "单行修正请用 linli quarantine POOL --fix FILE",
        );
        return Err(bad(path, format!("rows.{id}"), cause, None));
    }
    Ok(orders.settled.over(before))
}

/// What holds for a replay: what the orders say, on top of what the pool knows.
pub(super) fn for_replay(root: &Path, table: &'static TableSchema, said: Settled) -> Result<Settled> {
    Ok(said.over(stored(root, table)?))
}

/// Where the pool keeps what is settled for a table.
pub(super) fn place(root: &Path, table: &str) -> PathBuf {
    root.join("mappings").join(format!("{table}.json"))
}

/// The name of that place within the pool.
pub(super) fn shown(table: &TableSchema) -> String {
    format!("mappings/{}.json", table.name)
}

fn stored(root: &Path, table: &'static TableSchema) -> Result<Settled> {
    let path = place(root, &table.name);
    match std::fs::exists(&path) {
        Ok(false) => Ok(Settled::default()),
        _ => Ok(read(&path, Some(&table.name))?.settled),
    }
}

/// Keeps what is settled, if that is not what is kept already.
///
/// **Errors.** [`Error::Io`]; then what was kept before is as it was.
pub(super) fn keep(root: &Path, table: &str, settled: &Settled) -> Result<()> {
    let (path, text) = (place(root, table), settled.text(table)?);
    let known = std::fs::read_to_string(&path).is_ok_and(|it| it == text);
    if settled.is_empty() || known {
        return Ok(());
    }
    // Whoever writes the same name at the same time writes the same bytes.
    let part = path.with_extension(format!("{}.part", &hex(&Sha256::digest(&text))[..12]));
    let io = |source| Error::Io { path: path.display().to_string(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(io)?;
    }
    let mut file = std::fs::File::create(&part).map_err(io)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io)?;
    std::fs::rename(&part, &path).map_err(io)
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

/// A cell with the settled words in place of those found: the whole cell, or else the items
/// of a list.
pub(super) fn reworded(words: &Words, field_type: FieldType, cell: &str) -> String {
    let word = |it: &str| words.get(it.trim()).map(|it| it.clone().unwrap_or_default());
    if let Some(it) = word(cell) {
        return it;
    }
    if field_type != FieldType::List {
        return cell.to_owned();
    }
    let items = cell.split([';', '；']).map(|it| word(it).unwrap_or_else(|| it.to_owned()));
    items.collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Orders> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("map.json");
        std::fs::write(&path, text).expect("a file");
        read(&path, Some("volunteer"))
    }

    fn refusal(text: &str) -> (String, Option<String>) {
        match parsed(text).expect_err("refused") {
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

    #[test]
    fn a_later_word_takes_the_place_of_an_earlier_one_and_the_others_stay() {
        let settled = |text: &str| parsed(text).expect("a mapping").settled;
        let before =
            settled(r#"{"columns":{"号码":"volunteer_id","Note":null},"values":{"kind":{"a":"x"}}}"#);
        let now = settled(r#"{"columns":{"note":"provenance"},"values":{"kind":{"b":null}}}"#).over(before);
        assert_eq!(now.column("号码"), Some(Some("volunteer_id")));
        assert_eq!(now.column("NOTE"), Some(Some("provenance")));
        assert_eq!(now.column("other"), None);
        assert_eq!(reworded(&now.words("kind"), FieldType::String, " a "), "x");
        assert_eq!(reworded(&now.words("kind"), FieldType::String, "b"), "");
        assert_eq!(reworded(&now.words("kind"), FieldType::List, "a; c；b"), "x; c;");
    }

    #[test]
    fn what_is_kept_is_read_again_and_equal_mappings_are_equal_bytes() {
        let folder = tempfile::tempdir().expect("a folder");
        let table = schema_of("volunteer").expect("a table");
        let settled = parsed(r#"{"columns":{"b":"kind","a":null}}"#).expect("a mapping").settled;
        keep(folder.path(), "volunteer", &settled).expect("kept");
        assert_eq!(for_load(folder.path(), table, None).expect("read"), settled);
        let bytes = std::fs::read(place(folder.path(), "volunteer")).expect("a file");
        assert_eq!(hex(&Sha256::digest(bytes)), settled.digest("volunteer").expect("a digest"));
        let none = for_load(folder.path(), table, Some(Path::new("none"))).expect("read");
        assert!(none.is_empty());
        let names = std::fs::read_dir(folder.path().join("mappings")).expect("a folder").count();
        assert_eq!(names, 1, "nothing half-written is left");
    }
}
