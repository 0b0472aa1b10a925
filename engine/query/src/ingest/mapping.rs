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
use std::io::Write as _;
use std::path::{Path, PathBuf};

use linli_model::{FieldType, TableSchema, Text};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::orders::{bad, read};
use super::settled::{Settled, Words};
use crate::error::{Error, Result};
use crate::store::digest::hex;

/// Stands for no mapping at all where a file could stand.
const NOTHING: &str = "none";

/// A mapping as it is written down.
#[derive(Serialize)]
struct Document<'a> {
    table: &'a str,
    columns: &'a BTreeMap<String, Option<String>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    values: &'a BTreeMap<String, Words>,
}

impl Settled {
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
    use crate::ingest::orders::Orders;
    use crate::store::schema_of;

    fn parsed(text: &str) -> Result<Orders> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("map.json");
        std::fs::write(&path, text).expect("a file");
        read(&path, Some("volunteer"))
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
