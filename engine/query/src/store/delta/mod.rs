//! Tables as Delta Lake tables: plain Parquet files and a log that names them.
//!
//! The rows are written here and the log by the Delta library. One commit says both what
//! goes and what comes, so a version that had to leave out rows of a killed writer is one
//! step like any other, with no state in between.
//!
//! No partitions, no deletion vectors, no column mapping: whoever reads the files of a
//! version reads the table. Nothing is ever cleaned up: manifests name old versions, so log
//! entries are kept, and the properties ask other programs to keep them as well.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::RecordBatch;
use deltalake::kernel::StructType;
use deltalake::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake::{DeltaTable, DeltaTableBuilder, DeltaTableError, ensure_table_uri};
use linli_model::TableSchema;

use super::files::{self, DataFile};
use super::format::{NewVersion, TableFormat};
use super::{engine, persist, refused};
use crate::error::{Error, Result};

mod log;

use log::{commit, commit_info, named_files, properties};

/// Table properties that keep every version readable.
const PROPERTIES: [(&str, &str); 4] = [
    ("delta.enableExpiredLogCleanup", "false"),
    ("delta.logRetentionDuration", "interval 36500 days"),
    ("delta.deletedFileRetentionDuration", "interval 36500 days"),
    ("delta.checkpointInterval", "32"),
];

/// How often a commit is tried against other writers of the same table. Each failure means
/// that somebody else went on, and the manifest decides between us in the end.
const ATTEMPTS: usize = 16;

/// A file of fewer rows is small, and so many small files become one with the next append.
const SMALL_ROWS: usize = 65_536;
const SMALL_FILES: usize = 32;

/// Versions whose files are remembered. They never change, so nothing has to be forgotten.
const REMEMBERED: usize = 4_096;

/// The files of a version, by name.
type Files = Arc<Vec<DataFile>>;

/// The Delta tables of a pool.
#[derive(Debug)]
pub(super) struct Delta {
    folder: PathBuf,
    known: Mutex<BTreeMap<(String, u64), Files>>,
}

impl Delta {
    /// Tables in the folders of this folder.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, known: Mutex::default() }
    }

    async fn write(
        &self,
        table: &TableSchema,
        keep: Files,
        batches: Vec<RecordBatch>,
        at_us: i64,
    ) -> Result<NewVersion> {
        let folder = self.folder.join(&table.name);
        let schema: StructType = (&table.arrow()).try_into_kernel().map_err(engine)?;
        let at_ms = at_us.div_euclid(1000);
        let mut current = self.open_or_create(table, &schema, at_ms).await?;
        let next = current.version().map_or(0, |it| it + 1);
        let mut wanted = files::write(&folder, next, batches, at_ms).await?;
        let mut written: Vec<_> = wanted.iter().map(|it| folder.join(&it.name)).collect();
        wanted.extend(keep.iter().cloned());
        wanted.sort_by(|left, right| left.name.cmp(&right.name));
        for _ in 0..ATTEMPTS {
            if let Some(version) = commit(&current, &schema, &wanted, at_ms).await? {
                let log = folder.join("_delta_log");
                // Version 0 is the empty table, made in passing.
                written.extend([0, version].map(|it| log.join(format!("{it:020}.json"))));
                persist(written, vec![log, folder, self.folder.clone()]).await?;
                self.remember(&table.name, version, Arc::new(wanted));
                return Ok(Some(version));
            }
            current = self.open(&table.name, None).await?.ok_or_else(|| gone(&table.name))?;
        }
        Ok(None)
    }

    async fn open_or_create(
        &self,
        table: &TableSchema,
        schema: &StructType,
        at_ms: i64,
    ) -> Result<DeltaTable> {
        // Delta would make the folder too, but not say why it could not.
        let folder = self.folder.join(&table.name);
        std::fs::create_dir_all(&folder).map_err(|it| refused(&folder, &it))?;
        if let Some(it) = self.open(&table.name, None).await? {
            return Ok(it);
        }
        let empty = self.builder(&table.name)?.build().map_err(|it| refused(&folder, &it))?;
        let created = empty
            .create()
            .with_table_name(&table.name)
            .with_columns(schema.fields().cloned())
            .with_configuration(PROPERTIES.map(|(key, value)| (key, Some(value))))
            .with_actions([commit_info("CREATE TABLE", at_ms)])
            .with_commit_properties(properties())
            .await;
        match created {
            Ok(it) => Ok(it),
            // Somebody else made it: an empty table is the same whoever makes it.
            Err(error) => match self.open(&table.name, None).await? {
                Some(it) => Ok(it),
                None => Err(refused(&folder, &error)),
            },
        }
    }

    /// Opens the newest version or the one asked for; none if the table was never made.
    async fn open(&self, table: &str, version: Option<u64>) -> Result<Option<DeltaTable>> {
        let mut builder = self.builder(table)?;
        if let Some(it) = version {
            builder = builder.with_version(it);
        }
        match builder.load().await {
            Ok(it) => Ok(Some(it)),
            Err(DeltaTableError::NotATable(_)) => Ok(None),
            Err(it) => Err(Error::Damaged {
                path: self.folder.join(table).display().to_string(),
                cause: it.to_string(),
            }),
        }
    }

    fn builder(&self, table: &str) -> Result<DeltaTableBuilder> {
        let path = self.folder.join(table);
        let Some(text) = path.to_str() else {
            return Err(engine(format!("{} is not UTF-8", path.display())));
        };
        ensure_table_uri(text).and_then(DeltaTableBuilder::from_url).map_err(engine)
    }

    async fn data_files(&self, table: &str, version: u64) -> Result<Files> {
        let key = (table.to_owned(), version);
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(it) = known {
            return Ok(it);
        }
        let opened = self.open(table, Some(version)).await?.ok_or_else(|| gone(table))?;
        let found = Arc::new(named_files(&opened)?);
        self.remember(table, version, Arc::clone(&found));
        Ok(found)
    }

    fn remember(&self, table: &str, version: u64, found: Files) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert((table.to_owned(), version), found);
    }
}

impl TableFormat for Delta {
    async fn append(
        &self,
        table: &TableSchema,
        base: Option<u64>,
        batches: Vec<RecordBatch>,
        at_us: i64,
    ) -> Result<NewVersion> {
        let keep = match base {
            Some(version) => self.data_files(&table.name, version).await?,
            None => Arc::default(),
        };
        let (small, large): (Vec<_>, Vec<_>) = keep.iter().cloned().partition(|it| it.rows < SMALL_ROWS);
        if small.len() < SMALL_FILES {
            return self.write(table, keep, batches, at_us).await;
        }
        let folder = self.folder.join(&table.name);
        let paths = small.iter().map(|it| folder.join(&it.name)).collect();
        let mut rows = files::map_rows(paths, Arc::new(table.arrow()), Ok).await?;
        rows.extend(batches);
        self.write(table, Arc::new(large), rows, at_us).await
    }

    async fn replace(
        &self,
        table: &TableSchema,
        batches: Vec<RecordBatch>,
        at_us: i64,
    ) -> Result<NewVersion> {
        self.write(table, Arc::default(), batches, at_us).await
    }

    async fn files(&self, table: &str, version: u64) -> Result<Vec<PathBuf>> {
        let folder = self.folder.join(table);
        let found = self.data_files(table, version).await?;
        found.iter().map(|it| whole(folder.join(&it.name), it.bytes)).collect()
    }
}

/// The file, if it is there in its full length: who scans a folder passes over lost and empty ones.
fn whole(path: PathBuf, bytes: i64) -> Result<PathBuf> {
    let found = std::fs::metadata(&path).ok().map(|it| it.len());
    if found.and_then(|it| i64::try_from(it).ok()) == Some(bytes) {
        return Ok(path);
    }
    Err(Error::LostFile { path: path.display().to_string(), expected: bytes, found })
}

fn gone(table: &str) -> Error {
    Error::Damaged { path: format!("tables/{table}"), cause: "its log is gone".to_owned() }
}
