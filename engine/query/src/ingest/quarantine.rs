//! Rows that could not be kept, as rows of the table `quarantine`.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{Field, Schema};
use sha2::{Digest as _, Sha256};

use super::check::{BadRow, Context};
use super::database;
use crate::error::{Error, Result};
use crate::store::digest::hex;
use crate::store::{Snapshot, Store, engine};

/// The table of rows that could not be kept.
pub(super) const TABLE: &str = "quarantine";

/// One record per issue.
pub(super) struct Records {
    ids: Vec<String>,
    batch: RecordBatch,
}

/// Makes records of bad rows.
///
/// A record is named by what is wrong and where, so loading the same file again makes the
/// same records. Files are shown by their names without folders and told apart by their
/// digests: two files of one name in two folders are two files. A database is shown by its address
/// without the password.
///
/// **Cost.** Reads the files with bad rows once more, for their digests.
pub(super) fn records(context: &Context, bad: &[BadRow]) -> Result<Records> {
    let mut columns: [Vec<String>; 9] = Default::default();
    let mut lines = Vec::new();
    let mut seen = BTreeSet::new();
    let mut digests = vec![None; context.paths.len()];
    for row in bad {
        let file = base_name(context, row.file);
        let digest: &String = match &mut digests[row.file] {
            Some(it) => it,
            empty => empty.insert(file_digest(context, row.file)?),
        };
        for issue in &row.issues {
            let line = row.line.to_string();
            let parts = [&context.table.name, &file, digest, &line, &row.json, &issue.column, &issue.rule];
            let id = identity(&parts);
            if !seen.insert(id.clone()) {
                continue;
            }
            lines.push(i64::try_from(row.line).map_err(engine)?);
            let (expected, expected_zh) = (&issue.expected, &issue.expected_zh);
            let cells = [
                &id,
                &file,
                &issue.column,
                &issue.rule,
                &issue.found,
                expected,
                expected_zh,
                &row.json,
                digest,
            ];
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.push(cell.clone());
            }
        }
    }
    let [ids, file, column, rule, found, expected, expected_zh, row, digest] = columns;
    let text = |values: &[String]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
    let table = vec![context.table.name.clone(); ids.len()];
    let named: Vec<(&str, ArrayRef)> = vec![
        ("quarantine_id", text(&ids)),
        ("table", text(&table)),
        ("file", text(&file)),
        ("line", Arc::new(Int64Array::from(lines))),
        ("column", optional(&column)),
        ("rule", text(&rule)),
        ("found", optional(&found)),
        ("expected", text(&expected)),
        ("expected_zh", text(&expected_zh)),
        ("row", text(&row)),
        ("file_digest", text(&digest)),
    ];
    Ok(Records { ids, batch: batch(named)? })
}

impl Records {
    /// Those that are not in the table yet.
    pub(super) async fn new_ones(&self, store: &Store, base: &Snapshot) -> Result<RecordBatch> {
        if self.ids.is_empty() {
            return Ok(self.batch.clone());
        }
        let known = store
            .map_rows(base, TABLE, |batch| {
                let ids = batch.column_by_name("quarantine_id");
                let ids = ids.and_then(|it| it.as_string_opt::<i32>()).map(|it| it.iter());
                Ok(ids.into_iter().flatten().flatten().map(str::to_owned).collect::<Vec<_>>())
            })
            .await?;
        let known: BTreeSet<String> = known.into_iter().flatten().collect();
        let new = self.ids.iter().map(|it| Some(!known.contains(it))).collect();
        datafusion::arrow::compute::filter_record_batch(&self.batch, &new).map_err(engine)
    }
}

fn batch(named: Vec<(&str, ArrayRef)>) -> Result<RecordBatch> {
    let fields: Vec<Field> =
        named.iter().map(|(name, it)| Field::new(*name, it.data_type().clone(), true)).collect();
    let columns = named.into_iter().map(|(_, it)| it).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(engine)
}

/// Texts of which empty ones are no value.
fn optional(values: &[String]) -> ArrayRef {
    let values = values.iter().map(|it| (!it.is_empty()).then_some(it.as_str()));
    Arc::new(values.collect::<StringArray>())
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

fn base_name(context: &Context, file: usize) -> String {
    let path = &context.paths[file];
    if database::is_one(path) {
        return context.shown(file);
    }
    path.file_name().map_or_else(|| context.shown(file), |it| it.to_string_lossy().into_owned())
}

fn file_digest(context: &Context, file: usize) -> Result<String> {
    if database::is_one(&context.paths[file]) {
        // A database has no bytes of its own: its name stands for it.
        return Ok(hex(&Sha256::digest(context.shown(file))));
    }
    let unreadable = |it: std::io::Error| Error::Unreadable {
        path: context.shown(file),
        cause: linli_model::refusal(&it),
    };
    let mut reader = std::fs::File::open(&context.paths[file]).map_err(unreadable)?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match reader.read(&mut buffer).map_err(unreadable)? {
            0 => return Ok(hex(&hasher.finalize())),
            read => hasher.update(&buffer[..read]),
        }
    }
}
