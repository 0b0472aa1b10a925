//! Parquet files: written once under a name nobody else has, never changed.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, new_null_array};
use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{DataType, Float64Type, SchemaRef};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::schema::types::ColumnPath;
use futures::{StreamExt, TryStreamExt};

use super::engine;
use crate::error::{Error, Result};

/// Rows of one file: small enough that a large table is written and read by several threads.
const ROWS_PER_FILE: usize = 524_288;

/// Rows of one row group, the unit in which files are read in parallel.
const ROWS_PER_GROUP: usize = 131_072;

/// Rows that are looked at before a column gets a dictionary.
const ROWS_SAMPLED: usize = 4_096;

/// Rows of one batch when a table is read as a whole.
const ROWS_PER_BATCH: usize = 65_536;

/// A Parquet file of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DataFile {
    /// Its name in the table's folder.
    pub(super) name: String,
    /// Its length.
    pub(super) bytes: i64,
    /// Its rows.
    pub(super) rows: usize,
    /// When it was written, milliseconds UTC, as the writer said.
    pub(super) at_ms: i64,
}

/// How many things to do at a time. It decides how fast, never what comes out.
pub(crate) fn workers() -> usize {
    std::thread::available_parallelism().map_or(2, |it| it.get())
}

/// Writes batches into as many files as their rows fill; none for no rows.
///
/// **Shape.** Files are cut every 524,288 rows, wherever the batches are cut.
pub(super) async fn write(
    folder: &Path,
    version: u64,
    batches: Vec<RecordBatch>,
    at_ms: i64,
) -> Result<Vec<DataFile>> {
    let parts = split(batches, ROWS_PER_FILE);
    futures::stream::iter(parts.into_iter().enumerate())
        .map(|(part, batches)| {
            let folder = folder.to_owned();
            blocking(move || write_one(&folder, version, part, &batches, at_ms))
        })
        .buffered(workers())
        .try_collect()
        .await
}

fn write_one(
    folder: &Path,
    version: u64,
    part: usize,
    batches: &[RecordBatch],
    at_ms: i64,
) -> Result<DataFile> {
    let Some(first) = batches.first() else {
        return Err(engine("a file without rows"));
    };
    let (name, file) = create_new(folder, version, part)?;
    let path = folder.join(&name);
    fill(&path, file, first.schema(), batches).inspect_err(|_| {
        // Nobody knows the file yet, and on a full disk it would take the room that others need.
        std::fs::remove_file(&path).ok();
    })?;
    let bytes = std::fs::metadata(&path).map_err(|it| io(&path, it))?.len();
    Ok(DataFile {
        name,
        bytes: i64::try_from(bytes).map_err(engine)?,
        rows: batches.iter().map(RecordBatch::num_rows).sum(),
        at_ms,
    })
}

/// Writes rows into a new file.
fn fill(path: &Path, file: std::fs::File, schema: SchemaRef, batches: &[RecordBatch]) -> Result<()> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("linli".to_owned())
        .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
        // Lists get the inner name of the Parquet standard, so that others find it.
        .set_coerce_types(true);
    for (column, field) in schema.fields().iter().enumerate() {
        if is_distinct(batches.iter().map(|it| it.column(column))) {
            let path = ColumnPath::from(field.name().as_str());
            properties = properties.set_column_dictionary_enabled(path, false);
        }
    }
    let properties = properties.build();
    let refused = |it| super::refused(path, &it);
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).map_err(refused)?;
    for batch in batches {
        writer.write(batch).map_err(refused)?;
    }
    writer.close().map_err(refused)?;
    Ok(())
}

/// Whether nearly every value of a column is another one, as far as its first rows tell: then a
/// dictionary costs its making and saves nothing.
fn is_distinct<'a>(parts: impl Iterator<Item = &'a ArrayRef>) -> bool {
    let (mut rows, mut values, mut seen) = (0, 0_usize, HashSet::new());
    for part in parts {
        let part = part.slice(0, part.len().min(ROWS_SAMPLED - rows));
        rows += part.len();
        values += part.len() - part.null_count();
        match part.data_type() {
            DataType::Utf8 => {
                seen.extend(part.as_string::<i32>().iter().flatten().map(|it| it.as_bytes().to_vec()))
            }
            DataType::Float64 => {
                let numbers = part.as_primitive::<Float64Type>().iter().flatten();
                seen.extend(numbers.map(|it| it.to_bits().to_le_bytes().to_vec()));
            }
            _ => return false,
        }
        if rows == ROWS_SAMPLED {
            break;
        }
    }
    seen.len() * 8 > values * 7
}

/// Takes a name for good: whoever else wants it, now or after a crash, gets another.
fn create_new(folder: &Path, version: u64, part: usize) -> Result<(String, std::fs::File)> {
    for attempt in 0..u32::MAX {
        let name = format!("{version:07}-{part:04}-{attempt}.parquet");
        match OpenOptions::new().write(true).create_new(true).open(folder.join(&name)) {
            Ok(file) => return Ok((name, file)),
            Err(it) if it.kind() == ErrorKind::AlreadyExists => {}
            Err(it) => return Err(io(&folder.join(name), it)),
        }
    }
    Err(engine("no name is left for a file"))
}

fn split(batches: Vec<RecordBatch>, rows: usize) -> Vec<Vec<RecordBatch>> {
    let mut parts: Vec<Vec<RecordBatch>> = Vec::new();
    let mut room = 0;
    for mut batch in batches {
        while batch.num_rows() > 0 {
            if room == 0 {
                parts.push(Vec::new());
                room = rows;
            }
            let taken = room.min(batch.num_rows());
            if let Some(last) = parts.last_mut() {
                last.push(batch.slice(0, taken));
            }
            batch = batch.slice(taken, batch.num_rows() - taken);
            room -= taken;
        }
    }
    parts
}

/// Reads files batch by batch in `schema` and keeps what `map` makes of each.
///
/// **Shape.** One result per batch, in the order of files and rows.
/// **Cost.** Row groups are read in parallel; only the results stay in memory.
pub(super) async fn map_rows<T, F>(paths: Vec<PathBuf>, schema: SchemaRef, map: F) -> Result<Vec<T>>
where
    T: Send + 'static,
    F: Fn(RecordBatch) -> Result<T> + Clone + Send + Sync + 'static,
{
    let mut groups = Vec::new();
    for path in paths {
        let metadata = blocking({
            let path = path.clone();
            move || {
                let file = std::fs::File::open(&path).map_err(|it| damaged(&path, it))?;
                ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|it| damaged(&path, it))
            }
        })
        .await?;
        let path = Arc::new(path);
        for group in 0..metadata.metadata().num_row_groups() {
            groups.push((Arc::clone(&path), metadata.clone(), group));
        }
    }
    let results: Vec<Vec<T>> = futures::stream::iter(groups)
        .map(|(path, metadata, group)| {
            let (schema, map) = (Arc::clone(&schema), map.clone());
            blocking(move || {
                let file = std::fs::File::open(&*path).map_err(|it| damaged(&path, it))?;
                let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
                    .with_row_groups(vec![group])
                    .with_batch_size(ROWS_PER_BATCH)
                    .build()
                    .map_err(|it| damaged(&path, it))?;
                reader
                    .map(|it| map(align(&it.map_err(|it| damaged(&path, it))?, &schema)?))
                    .collect::<Result<Vec<T>>>()
            })
        })
        .buffered(workers())
        .try_collect()
        .await?;
    Ok(results.into_iter().flatten().collect())
}

/// Brings a batch into a schema: columns by name, missing ones without values, types cast,
/// others left out.
///
/// **Errors.** A value that the type cannot hold.
pub(super) fn align(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    if batch.schema_ref() == schema {
        return Ok(batch.clone());
    }
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let columns = schema
        .fields()
        .iter()
        .map(|field| match batch.column_by_name(field.name()) {
            None => Ok(new_null_array(field.data_type(), batch.num_rows())),
            Some(it) if it.data_type() == field.data_type() => Ok(Arc::clone(it)),
            Some(it) => cast_with_options(it, field.data_type(), &options),
        })
        .collect::<std::result::Result<Vec<ArrayRef>, _>>()
        .map_err(engine)?;
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(engine)
}

/// Runs work that holds a thread for long apart from the threads that serve.
pub(crate) async fn blocking<T, F>(work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.map_err(engine)?
}

fn io(path: &Path, source: std::io::Error) -> Error {
    Error::Io { path: path.display().to_string(), source }
}

fn damaged(path: &Path, cause: impl std::fmt::Display) -> Error {
    Error::Damaged { path: path.display().to_string(), cause: cause.to_string() }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::Int64Array;
    use datafusion::arrow::datatypes::{DataType, Field, Schema};

    use super::*;

    #[test]
    fn files_are_cut_by_rows_and_not_by_batches() {
        let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, true)]));
        let batch = |rows: std::ops::Range<i64>| {
            let column: ArrayRef = Arc::new(Int64Array::from_iter_values(rows));
            RecordBatch::try_new(Arc::clone(&schema), vec![column]).expect("a batch")
        };
        let sizes = |batches| -> Vec<usize> {
            let parts: Vec<Vec<RecordBatch>> = split(batches, 4);
            parts.iter().map(|it| it.iter().map(RecordBatch::num_rows).sum()).collect()
        };
        assert_eq!(sizes(vec![batch(0..10)]), [4, 4, 2]);
        assert_eq!(sizes(vec![batch(0..3), batch(3..3), batch(3..10)]), [4, 4, 2]);
        assert!(sizes(vec![]).is_empty());
    }
}
