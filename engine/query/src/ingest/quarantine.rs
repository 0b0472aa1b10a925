//! Rows that could not be kept, as rows of the table `quarantine`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray, new_null_array,
};
use datafusion::arrow::compute::{filter_record_batch, kernels::zip::zip};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use sha2::{Digest as _, Sha256};

use super::check::{BadRow, Context};
use super::database;
use super::hint::hint;
use super::open::OPEN;
use super::report::FileReport;
use crate::error::Result;
use crate::store::digest::hex;
use crate::store::{Snapshot, Store, Write, engine};

/// The table of rows that could not be kept.
pub(super) const TABLE: &str = "quarantine";

/// One record per issue.
pub(super) struct Records {
    ids: BTreeSet<String>,
    batch: RecordBatch,
}

/// Records that are open no longer.
#[derive(Default)]
pub(super) struct Settlement {
    /// Records whose row is in the table now.
    pub(super) mended: BTreeSet<String>,
    /// Records whose row was given up.
    pub(super) dropped: BTreeSet<String>,
    /// How: `reload` or `fix`.
    pub(super) by: &'static str,
    /// When, microseconds UTC.
    pub(super) at_us: i64,
}

/// Makes records of bad rows.
///
/// A record is named by what is wrong and where, so loading the same file again makes the
/// same records. Files are shown by their names without folders and told apart by their
/// digests: two files of one name in two folders are two files.
pub(super) fn records(
    context: &Context,
    bad: &[BadRow],
    files: &[FileReport],
    at_us: i64,
) -> Result<Records> {
    let mut columns: [Vec<String>; 13] = Default::default();
    let (mut lines, mut ids) = (Vec::new(), BTreeSet::new());
    for row in bad {
        let file = base_name(context, row.file);
        let digest = files[row.file].digest.clone().unwrap_or_default();
        let sheet = files[row.file].sheet.clone().unwrap_or_default();
        let crs = context.places[row.file].name(context.table, &context.mappings[row.file]).to_owned();
        let line = row.line.to_string();
        for issue in &row.issues {
            let (column, rule) = (&issue.column, &issue.rule);
            let id = identity(&[&context.table.name, &file, &digest, &sheet, &line, &row.json, column, rule]);
            if !ids.insert(id.clone()) {
                continue;
            }
            lines.push(i64::try_from(row.line).map_err(engine)?);
            let hint = hint(context.table, issue);
            let found = [&issue.found, &issue.expected, &issue.expected_zh, &hint.en, &hint.zh];
            let [found, expected, expected_zh, hint, hint_zh] = found;
            let place = [&id, &file, &sheet, column, rule];
            let cells = place.into_iter().chain([found, expected, expected_zh, hint, hint_zh]);
            let cells = cells.chain([&row.json, &digest, &crs]);
            columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell.clone()));
        }
    }
    let count = lines.len();
    let text = |value: &str| -> ArrayRef { Arc::new(StringArray::from(vec![value; count])) };
    let names = [
        "quarantine_id",
        "file",
        "sheet",
        "column",
        "rule",
        "found",
        "expected",
        "expected_zh",
        "hint",
        "hint_zh",
        "row",
        "file_digest",
        "crs",
    ];
    let mut named: Vec<(&str, ArrayRef)> =
        names.into_iter().zip(&columns).map(|(name, it)| (name, optional(it))).collect();
    named.push(("table", text(&context.table.name)));
    named.push(("line", Arc::new(Int64Array::from(lines))));
    named.push(("loaded_at", times(&vec![Some(at_us); count])));
    named.push(("state", text(OPEN)));
    Ok(Records { ids, batch: batch(named)? })
}

impl Default for Records {
    fn default() -> Self {
        Self { ids: BTreeSet::new(), batch: RecordBatch::new_empty(Arc::new(Schema::empty())) }
    }
}

impl Records {
    /// The records of these lines that are not among these here: what a load refuses again it
    /// has not mended.
    pub(super) fn without(&self, lines: Vec<Vec<String>>) -> Vec<Vec<String>> {
        lines.into_iter().filter(|ids| !ids.iter().any(|it| self.ids.contains(it))).collect()
    }

    /// The coordinate systems of these records, by their IDs.
    fn systems(&self) -> BTreeMap<String, String> {
        let Some(systems) = self.batch.column_by_name("crs").and_then(|it| it.as_string_opt::<i32>()) else {
            return BTreeMap::new();
        };
        let named = texts(&self.batch, "quarantine_id").zip(systems);
        named.filter_map(|(id, it)| Some((id.to_owned(), it?.to_owned()))).collect()
    }

    /// What happens to the table: new records come, and settled ones are marked. A record that
    /// was settled stays settled when its line is refused once more: it says nothing new. One that
    /// is open says in which coordinate system its file was read last.
    ///
    /// **Cost.** The table is read once; where records change it is written anew.
    pub(super) async fn write(
        &self,
        store: &Store,
        base: &Snapshot,
        settlement: &Settlement,
    ) -> Result<Option<Write>> {
        let is_settling = !settlement.mended.is_empty() || !settlement.dropped.is_empty();
        if self.ids.is_empty() && !is_settling {
            return Ok(None);
        }
        let systems = Arc::new(self.systems());
        let own = Arc::clone(&systems);
        let before = store
            .map_rows(base, TABLE, move |batch| {
                // Where nothing is settled only the names are needed.
                let id = batch.schema_ref().index_of("quarantine_id").map_err(engine)?;
                let is_whole = is_settling || !own.is_empty();
                if is_whole { Ok(batch) } else { batch.project(&[id]).map_err(engine) }
            })
            .await?;
        let known: BTreeSet<&str> = before.iter().flat_map(|it| texts(it, "quarantine_id")).collect();
        let is_new = texts(&self.batch, "quarantine_id").map(|it| Some(!known.contains(it))).collect();
        let new = filter_record_batch(&self.batch, &is_new).map_err(engine)?;
        let mut moved = Vec::with_capacity(before.len());
        for batch in &before {
            moved.push(read_in(batch, &systems)?);
        }
        if !is_settling && moved.iter().all(Option::is_none) {
            let write = Write { replace: false, batches: vec![new], sum: None };
            return Ok(write.batches.iter().any(|it| it.num_rows() > 0).then_some(write));
        }
        let mut batches = Vec::with_capacity(before.len() + 1);
        for (batch, moved) in before.iter().zip(&moved) {
            batches.push(settlement.mark(moved.as_ref().unwrap_or(batch))?);
        }
        batches.push(new);
        Ok(Some(Write { replace: true, batches, sum: None }))
    }
}

impl Settlement {
    /// Marks the settled records of a batch. The line as it came is kept no longer than it is
    /// needed: it may name a person.
    fn mark(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let ids: Vec<&str> = texts(batch, "quarantine_id").collect();
        let old: Vec<Option<&str>> = match batch.column_by_name("state") {
            Some(it) => it.as_string::<i32>().iter().collect(),
            None => vec![None; ids.len()],
        };
        let state = |(id, old): (&&str, &Option<&str>)| match old {
            Some(it) if *it != OPEN => None,
            _ if self.mended.contains(*id) => Some("mended"),
            _ if self.dropped.contains(*id) => Some("dropped"),
            _ => None,
        };
        let states: Vec<Option<&str>> = ids.iter().zip(&old).map(state).collect();
        let is_settled = states.iter().map(|it| Some(it.is_some())).collect();
        let by: Vec<Option<&str>> = states.iter().map(|it| it.map(|_| self.by)).collect();
        let at: Vec<Option<i64>> = states.iter().map(|it| it.map(|_| self.at_us)).collect();
        let new: [(&str, ArrayRef); 4] = [
            ("row", new_null_array(&DataType::Utf8, ids.len())),
            ("state", Arc::new(StringArray::from(states))),
            ("settled_by", Arc::new(StringArray::from(by))),
            ("settled_at", times(&at)),
        ];
        let mut columns = batch.columns().to_vec();
        for (name, new) in new {
            let at = batch.schema_ref().index_of(name).map_err(engine)?;
            columns[at] = zip(&is_settled, &new, &columns[at]).map_err(engine)?;
        }
        RecordBatch::try_new(batch.schema(), columns).map_err(engine)
    }
}

/// A batch whose open records have these coordinate systems; none where they have them already.
fn read_in(batch: &RecordBatch, systems: &BTreeMap<String, String>) -> Result<Option<RecordBatch>> {
    let text = |name: &str| batch.column_by_name(name).and_then(|it| it.as_string_opt::<i32>());
    let (Some(ids), Some(old), Some(states)) = (text("quarantine_id"), text("crs"), text("state")) else {
        return Ok(None);
    };
    let new = |row: usize| {
        let is_open = states.is_null(row) || states.value(row) == OPEN;
        let old = old.is_valid(row).then(|| old.value(row));
        systems.get(ids.value(row)).map(String::as_str).filter(|it| is_open && Some(*it) != old)
    };
    let news: Vec<Option<&str>> = (0..batch.num_rows()).map(new).collect();
    if news.iter().all(Option::is_none) {
        return Ok(None);
    }
    let changed: StringArray = news.iter().zip(old).map(|(new, old)| new.or(old)).collect();
    let mut columns = batch.columns().to_vec();
    columns[batch.schema_ref().index_of("crs").map_err(engine)?] = Arc::new(changed);
    RecordBatch::try_new(batch.schema(), columns).map(Some).map_err(engine)
}

/// The name of a file without its folders.
pub(super) fn base_name(context: &Context, file: usize) -> String {
    let path = &context.paths[file];
    if database::is_one(path) {
        return context.shown(file);
    }
    path.file_name().map_or_else(|| context.shown(file), |it| it.to_string_lossy().into_owned())
}

/// A batch of columns by name.
pub(super) fn batch(named: Vec<(&str, ArrayRef)>) -> Result<RecordBatch> {
    let fields: Vec<Field> =
        named.iter().map(|(name, it)| Field::new(*name, it.data_type().clone(), true)).collect();
    let columns = named.into_iter().map(|(_, it)| it).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(engine)
}

/// Instants, microseconds UTC.
pub(super) fn times(values: &[Option<i64>]) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(values.to_vec()).with_timezone("UTC"))
}

/// Texts of which empty ones are no value.
pub(super) fn optional(values: &[String]) -> ArrayRef {
    let values = values.iter().map(|it| (!it.is_empty()).then_some(it.as_str()));
    Arc::new(values.collect::<StringArray>())
}

/// The texts of a column; none where it holds none.
fn texts<'a>(batch: &'a RecordBatch, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let column = batch.column_by_name(name).filter(|it| *it.data_type() == DataType::Utf8);
    column.into_iter().flat_map(|it| it.as_string::<i32>().iter().flatten())
}

/// SHA-256 of the parts with their lengths, as hexadecimal digits.
fn identity(parts: &[&String]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize())
}
