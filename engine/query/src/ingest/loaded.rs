//! Which files were loaded: the same bytes are recognised when they come again.
//!
//! The table `loaded_file` has a record for every file and table, made in the snapshot that
//! the load made. Records are only added, so that the number of a record tells its snapshot:
//! the first in which the table has that many rows.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array, StringArray};
use datafusion::arrow::datatypes::Int64Type;
use linli_model::{TableSchema, refusal};
use sha2::{Digest as _, Sha256};

use super::quarantine::{batch, optional, times};
use super::report::FileReport;
use crate::error::{Error, Result};
use crate::store::digest::hex;
use crate::store::{Snapshot, Store, Write, engine};

/// The table of files that were loaded.
pub(super) const TABLE: &str = "loaded_file";

/// Files of one table that are known: digest, sheet, and the number of the record.
pub(super) type Known = BTreeMap<(String, String), u64>;

/// The SHA-256 of each file; none of what is no file, such as a pipe or a database.
///
/// **Cost.** Reads every file once more than the load does.
pub(super) fn digests(paths: &[PathBuf]) -> Result<Vec<Option<String>>> {
    paths.iter().map(|it| digest(it)).collect()
}

fn digest(path: &Path) -> Result<Option<String>> {
    if !std::fs::metadata(path).is_ok_and(|it| it.is_file()) {
        return Ok(None);
    }
    let unreadable =
        |it: std::io::Error| Error::Unreadable { path: path.display().to_string(), cause: refusal(&it) };
    let mut reader = std::fs::File::open(path).map_err(unreadable)?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match reader.read(&mut buffer).map_err(unreadable)? {
            0 => return Ok(Some(hex(&hasher.finalize()))),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// Reads which files of a table are known.
///
/// **Cost.** The table `loaded_file` is read once.
pub(super) async fn known(store: &Store, base: &Snapshot, table: &str) -> Result<Known> {
    let name = table.to_owned();
    let parts = store
        .map_rows(base, TABLE, move |batch| {
            let texts = |column: &str| {
                let column = batch.column_by_name(column).and_then(|it| it.as_string_opt::<i32>());
                column.ok_or_else(|| engine("loaded_file lacks a column"))
            };
            let (tables, digests, sheets) = (texts("table")?, texts("digest")?, texts("sheet")?);
            let numbers = batch.column_by_name("number").and_then(|it| it.as_primitive_opt::<Int64Type>());
            let numbers = numbers.ok_or_else(|| engine("loaded_file lacks numbers"))?;
            let rows = tables.iter().zip(digests).zip(sheets).zip(numbers);
            let rows = rows.filter(|(((table, _), _), _)| *table == Some(name.as_str()));
            let known = rows.map(|(((_, digest), sheet), number)| {
                let place = (digest.unwrap_or_default().to_owned(), sheet.unwrap_or_default().to_owned());
                (place, number.and_then(|it| u64::try_from(it).ok()).unwrap_or_default())
            });
            Ok(known.collect::<Vec<_>>())
        })
        .await?;
    Ok(parts.into_iter().flatten().collect())
}

/// Says of each file in which snapshot its bytes were loaded before.
///
/// **Cost.** For each file that is known, as many manifests as the number of snapshots has
/// binary digits.
pub(super) async fn recognise(
    store: &Store,
    base: &Snapshot,
    known: &Known,
    files: &mut [FileReport],
) -> Result<()> {
    for file in files {
        if let Some(number) = place(file).and_then(|it| known.get(&it)) {
            file.seen_in = Some(first_with(store, base, *number).await?);
        }
    }
    Ok(())
}

/// The first snapshot in which `loaded_file` has that many rows.
async fn first_with(store: &Store, base: &Snapshot, rows: u64) -> Result<u64> {
    let (mut low, mut high) = (0, base.id);
    while low < high {
        let middle = low + (high - low) / 2;
        if rows_of(&store.snapshot(middle).await?) >= rows { high = middle } else { low = middle + 1 }
    }
    Ok(low)
}

fn rows_of(snapshot: &Snapshot) -> u64 {
    snapshot.tables.get(TABLE).map_or(0, |it| it.rows)
}

/// The records of files that are not known yet.
pub(super) fn write(
    base: &Snapshot,
    table: &TableSchema,
    known: &Known,
    files: &[FileReport],
    at_us: i64,
) -> Result<Option<Write>> {
    let mut new = BTreeMap::new();
    for (order, file) in files.iter().enumerate() {
        if let Some(place) = place(file).filter(|it| !known.contains_key(it)) {
            new.entry(place).or_insert((order, file));
        }
    }
    let mut new: Vec<_> = new.into_iter().collect();
    new.sort_by_key(|(_, (order, _))| *order);
    if new.is_empty() {
        return Ok(None);
    }
    let first = i64::try_from(rows_of(base)).map_err(engine)? + 1;
    let name = |file: &FileReport| {
        let name = Path::new(&file.file).file_name().map(|it| it.to_string_lossy().into_owned());
        name.unwrap_or_else(|| file.file.clone())
    };
    let text = |of: &dyn Fn(&FileReport) -> String| -> ArrayRef {
        optional(&new.iter().map(|(_, (_, file))| of(file)).collect::<Vec<_>>())
    };
    let rows = new.iter().map(|(_, (_, file))| i64::try_from(file.rows).map_err(engine));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("number", Arc::new(Int64Array::from_iter_values((first..).take(new.len())))),
        ("table", Arc::new(StringArray::from(vec![table.name.as_str(); new.len()]))),
        ("file", text(&name)),
        ("sheet", text(&|it| it.sheet.clone().unwrap_or_default())),
        ("digest", text(&|it| it.digest.clone().unwrap_or_default())),
        ("rows", Arc::new(rows.collect::<Result<Int64Array>>()?)),
        ("loaded_at", times(&vec![Some(at_us); new.len()])),
    ];
    Ok(Some(Write { replace: false, batches: vec![batch(columns)?], sum: None }))
}

fn place(file: &FileReport) -> Option<(String, String)> {
    Some((file.digest.clone()?, file.sheet.clone().unwrap_or_default()))
}
