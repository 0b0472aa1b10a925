//! Lines of the quarantine that nobody has mended yet.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};

use super::quarantine::TABLE;
use crate::error::Result;
use crate::store::{Snapshot, Store, engine};

/// The state of a record that nobody has settled; records of old pools have none.
pub(super) const OPEN: &str = "open";

/// Where an open line stands, and the line itself.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    since: i64,
    file: String,
    sheet: String,
    digest: String,
    line: i64,
    json: String,
    crs: String,
}

/// A line that could not be kept, with all its records.
#[derive(Debug)]
pub(super) struct OpenRow {
    /// The file's name without folders.
    pub(super) file: String,
    /// The sheet; empty where there is none.
    pub(super) sheet: String,
    /// The coordinate system that its file was read in; empty where that was not written down.
    pub(super) crs: String,
    /// The line of the file.
    pub(super) line: u64,
    /// The IDs of its records.
    pub(super) ids: Vec<String>,
    /// What was wrong with it.
    pub(super) rules: BTreeSet<String>,
    /// Headers and cells, in the order of the file.
    pub(super) cells: Vec<(String, String)>,
}

impl OpenRow {
    /// Whether its key is another row's.
    pub(super) fn is_repeated(&self) -> bool {
        self.rules.contains("duplicate_key")
    }

    /// Whether nobody can say which of its cells is which.
    pub(super) fn is_torn(&self) -> bool {
        ["columns", "quote", "json"].iter().any(|it| self.rules.contains(*it))
    }
}

/// Reads the open lines of a table, those that came first before the others.
///
/// **Cost.** The quarantine is read once; the open lines of the table stay in memory.
pub(super) async fn read(store: &Store, base: &Snapshot, table: &str) -> Result<Vec<OpenRow>> {
    let name = table.to_owned();
    let parts = store.map_rows(base, TABLE, move |batch| records(&batch, &name)).await?;
    let mut rows = BTreeMap::<Place, (Vec<String>, BTreeSet<String>)>::new();
    for (place, id, rule) in parts.into_iter().flatten() {
        let (ids, rules) = rows.entry(place).or_default();
        ids.push(id);
        rules.insert(rule);
    }
    let row = |(place, (ids, rules)): (Place, (Vec<String>, BTreeSet<String>))| {
        let Place { file, sheet, crs, line, json, .. } = place;
        let line = u64::try_from(line).map_err(engine)?;
        Ok(OpenRow { file, sheet, crs, line, ids, rules, cells: cells(&json)? })
    };
    rows.into_iter().map(row).collect()
}

fn records(batch: &RecordBatch, table: &str) -> Result<Vec<(Place, String, String)>> {
    let texts = |name: &str| {
        let column = batch.column_by_name(name).and_then(|it| it.as_string_opt::<i32>());
        column.ok_or_else(|| engine(format!("the quarantine has no texts in {name}")))
    };
    let [ids, tables, files, sheets] =
        [texts("quarantine_id")?, texts("table")?, texts("file")?, texts("sheet")?];
    let [digests, rules, rows, states] =
        [texts("file_digest")?, texts("rule")?, texts("row")?, texts("state")?];
    let systems = texts("crs")?;
    let lines = batch.column_by_name("line").and_then(|it| it.as_primitive_opt::<Int64Type>());
    let lines = lines.ok_or_else(|| engine("the quarantine has no lines"))?;
    let times = batch.column_by_name("loaded_at");
    let times = times.and_then(|it| it.as_primitive_opt::<TimestampMicrosecondType>());
    let times = times.ok_or_else(|| engine("the quarantine has no times"))?;
    let is_open =
        |row: &usize| tables.value(*row) == table && (states.is_null(*row) || states.value(*row) == OPEN);
    let text = |row: usize, column: &datafusion::arrow::array::StringArray| {
        if column.is_null(row) { String::new() } else { column.value(row).to_owned() }
    };
    let record = |row: usize| {
        let since = if times.is_null(row) { 0 } else { times.value(row) };
        let place = Place {
            since,
            file: text(row, files),
            sheet: text(row, sheets),
            digest: text(row, digests),
            line: lines.value(row),
            json: text(row, rows),
            crs: text(row, systems),
        };
        (place, text(row, ids), text(row, rules))
    };
    Ok((0..batch.num_rows()).filter(is_open).map(record).collect())
}

/// Headers and cells of a stored line. A map would lose their order, and headers that stand
/// there twice.
fn cells(json: &str) -> Result<Vec<(String, String)>> {
    struct Cells;
    impl<'de> Visitor<'de> for Cells {
        type Value = Vec<(String, String)>;

        fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
            out.write_str("headers and texts")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
            let mut cells = Vec::new();
            while let Some((header, cell)) = map.next_entry::<String, Option<String>>()? {
                cells.push((header, cell.unwrap_or_default()));
            }
            Ok(cells)
        }
    }
    serde_json::Deserializer::from_str(json).deserialize_map(Cells).map_err(engine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_their_order_and_headers_that_stand_there_twice() {
        let cells = cells(r#"{"b":"1","a":null,"b":"2"}"#).expect("cells");
        let cells: Vec<_> = cells.iter().map(|(header, cell)| (header.as_str(), cell.as_str())).collect();
        assert_eq!(cells, [("b", "1"), ("a", ""), ("b", "2")]);
    }
}
