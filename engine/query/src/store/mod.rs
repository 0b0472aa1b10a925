//! Tables on disk: Delta Lake tables plus one small manifest per snapshot.
//!
//! A **snapshot** names one version of every table, so several tables change at once or not
//! at all, and whoever holds a snapshot keeps reading the same rows.
//!
//! # Why no writer can harm another
//!
//! A commit has two steps: first every changed table gets a new version in its own log, then
//! one manifest names the versions. Five facts carry the argument.
//!
//! 1. *Versions and files never change.* A data file has a name that was taken exclusively,
//!    a log entry and a manifest are put only where nothing is. Nothing is deleted.
//! 2. *Readers believe manifests only.* A version that no manifest names does not exist for
//!    them, so a writer killed between the two steps leaves nothing behind but bytes.
//! 3. *A new version is built from the version that the writer's base names*, never from the
//!    newest in the log: its log entry removes what came after the base and puts back what
//!    was removed. Rows of a killed writer cannot come back; and if that writer is not dead
//!    but slow, its version stays what it was, only not the newest.
//! 4. *A manifest is accepted only if the manifest before it has, for every table that
//!    changes, the version of the writer's base.* Number `n + 1` is put exclusively after
//!    manifest `n` was looked at, so the check cannot become stale: whoever is slower finds
//!    the number taken, looks at the new manifest and checks again.
//! 5. *Log versions only count up*, so the same version means the same rows and no change
//!    hides between two looks.
//!
//! Two writers A and B with the same base and the same table: both make a version, in some
//! order (who finds the place in the log taken tries the next one, again from the base). The
//! one that puts its manifest first wins, by 4 the other gets a conflict, and by 2 nothing of
//! it is visible, even where B's log entry removed A's files: A's version still names them.
//! Different tables: 4 lets the slower one go on top of the faster one.
//!
//! # What survives a loss of power
//!
//! A writer hands the data files and log entries that it wrote itself to the disk (`fsync` on
//! files and folders) before it puts its manifest, and the manifest before the commit returns.
//! So the newest snapshot survives where one writer at a time writes a table, as far as the
//! disk keeps its word. Nothing is promised for log entries that another writer of the table
//! left in between, and for checkpoints of the Delta log. [`Store::digest`] tells whether a
//! table is still what its manifest says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use futures::future::try_join_all;
use linli_model::{Catalog, TableSchema};

use crate::config::PoolConfig;
use crate::error::{Error, Result};

mod archive;
mod commit;
mod create;
mod delta;
pub(crate) mod digest;
mod files;
mod format;
mod manifest;
#[cfg(test)]
mod tests;

pub use archive::{ExportReport, ImportReport, export, import};
pub(crate) use commit::Write;
pub use commit::{Change, CommitNote};
pub(crate) use files::{blocking, workers};
pub use manifest::{Snapshot, TableState};

use crate::Pending;
use delta::Delta;
use digest::{RowSum, row_digests};
use format::TableFormat;
use manifest::Manifests;

/// The tables of one pool. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    config: PoolConfig,
    manifests: Manifests,
    tables: Delta,
}

impl Store {
    /// Makes a pool in a folder that is not there, is empty, or holds a pool half made.
    ///
    /// **Errors.** [`Error::PoolExists`], [`Error::NotEmpty`].
    pub fn create<'a>(root: &'a Path, config: &'a PoolConfig, at_us: i64) -> Pending<'a, Result<Self>> {
        Box::pin(async move {
            let store = Self::begin(root, config, at_us).await?;
            store.finish().await?;
            Ok(store)
        })
    }

    /// The same as [`Store::create`] up to the last step: what is written now belongs to the
    /// making of the pool. Until [`Store::finish`] nobody else takes the folder for a pool, and
    /// whoever begins again goes on with what is there.
    ///
    /// **Errors.** [`Error::PoolExists`], [`Error::NotEmpty`].
    pub fn begin<'a>(root: &'a Path, config: &'a PoolConfig, at_us: i64) -> Pending<'a, Result<Self>> {
        Box::pin(async move {
            create::begin(root, at_us).await?;
            Self::with_config(root, config.clone())
        })
    }

    /// Makes the folder a pool; see [`Store::begin`].
    ///
    /// **Errors.** [`Error::PoolExists`] when somebody else made it one meanwhile.
    pub fn finish<'a>(&'a self) -> Pending<'a, Result<()>> {
        Box::pin(async move { create::finish(&self.inner.root, &self.inner.config).await })
    }

    /// Opens a pool.
    ///
    /// **Errors.** [`Error::NoPool`], [`Error::NewerFormat`], [`Error::Damaged`].
    pub fn open<'a>(root: &'a Path) -> Pending<'a, Result<Self>> {
        Box::pin(async move { Self::with_config(root, create::read_config(root)?) })
    }

    fn with_config(root: &Path, config: PoolConfig) -> Result<Self> {
        let root = std::fs::canonicalize(root)
            .map_err(|source| Error::Io { path: root.display().to_string(), source })?;
        let inner = Inner {
            manifests: Manifests::new(&root)?,
            tables: Delta::new(root.join("tables")),
            root,
            config,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The pool's folder, absolute.
    pub fn root(&self) -> &Path {
        &self.inner.root
    }

    /// What `pool.json` says.
    pub fn config(&self) -> &PoolConfig {
        &self.inner.config
    }

    /// The newest snapshot.
    pub fn latest<'a>(&'a self) -> Pending<'a, Result<Snapshot>> {
        Box::pin(async move { self.inner.manifests.newest().await })
    }

    /// The snapshot of that number.
    ///
    /// **Errors.** [`Error::UnknownSnapshot`].
    pub fn snapshot<'a>(&'a self, id: u64) -> Pending<'a, Result<Snapshot>> {
        Box::pin(async move {
            let found = self.inner.manifests.read(id).await?;
            found.ok_or(Error::UnknownSnapshot { snapshot: id })
        })
    }

    /// Every snapshot, oldest first.
    pub fn history<'a>(&'a self) -> Pending<'a, Result<Vec<Snapshot>>> {
        Box::pin(async move {
            let mut history = Vec::new();
            for id in self.inner.manifests.list().await? {
                history.push(self.snapshot(id).await?);
            }
            Ok(history)
        })
    }

    /// Reads a whole table in the catalog's schema; a table never written has no rows.
    ///
    /// **Errors.** [`Error::UnknownTable`], [`Error::Damaged`].
    pub fn read<'a>(
        &'a self,
        snapshot: &'a Snapshot,
        table: &'a str,
    ) -> Pending<'a, Result<Vec<RecordBatch>>> {
        Box::pin(async move { self.map_rows(snapshot, table, Ok).await })
    }

    /// Digests a table anew from its stored rows: what [`TableState::digest`] should say.
    pub fn digest<'a>(&'a self, snapshot: &'a Snapshot, table: &'a str) -> Pending<'a, Result<String>> {
        Box::pin(async move {
            let parts = self.map_rows(snapshot, table, |batch| Ok(RowSum::of(&row_digests(&batch)?))).await?;
            let mut sum = RowSum::default();
            parts.into_iter().for_each(|it| sum.add(it));
            Ok(sum.to_hex())
        })
    }

    /// The URLs of the Parquet files that make up a table, for a plain scan.
    pub(crate) async fn files(&self, snapshot: &Snapshot, table: &str) -> Result<Vec<String>> {
        let paths = self.paths(snapshot, table).await?;
        let folder = self.inner.root.join("tables").join(table);
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let url = deltalake::ensure_table_uri(folder.to_string_lossy()).map_err(engine)?;
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(paths
            .iter()
            .filter_map(|it| Some(format!("{base}/{}", it.file_name()?.to_string_lossy())))
            .collect())
    }

    /// Reads a table batch by batch and keeps what `map` makes of each, in order.
    pub(crate) async fn map_rows<T, F>(&self, snapshot: &Snapshot, table: &str, map: F) -> Result<Vec<T>>
    where
        T: Send + 'static,
        F: Fn(RecordBatch) -> Result<T> + Clone + Send + Sync + 'static,
    {
        let schema: SchemaRef = Arc::new(schema_of(table)?.arrow());
        files::map_rows(self.paths(snapshot, table).await?, schema, map).await
    }

    async fn paths(&self, snapshot: &Snapshot, table: &str) -> Result<Vec<PathBuf>> {
        schema_of(table)?;
        match snapshot.tables.get(table) {
            Some(state) if state.rows > 0 => self.inner.tables.files(table, state.version).await,
            _ => Ok(Vec::new()),
        }
    }
}

/// The catalog's schema of a table.
///
/// **Errors.** [`Error::UnknownTable`] with the table that is spelt most like it.
pub(crate) fn schema_of(table: &str) -> Result<&'static TableSchema> {
    let catalog = Catalog::embedded()?;
    catalog.table(table).ok_or_else(|| Error::UnknownTable {
        table: table.to_owned(),
        nearest: crate::ingest::nearest_table(table, catalog),
    })
}

/// A failure while something was written: the file system's refusal, if that lies under it.
pub(crate) fn refused(path: &Path, error: &(dyn std::error::Error + 'static)) -> Error {
    let mut cause = Some(error);
    while let Some(it) = cause {
        if let Some(io) = it.downcast_ref::<std::io::Error>()
            && io.kind() != std::io::ErrorKind::Other
        {
            let source =
                io.raw_os_error().map_or_else(|| io.kind().into(), std::io::Error::from_raw_os_error);
            return Error::Io { path: path.display().to_string(), source };
        }
        cause = it.source();
    }
    engine(error)
}

/// A failure that no input should bring about.
pub(crate) fn engine(cause: impl std::fmt::Display) -> Error {
    Error::Engine { cause: cause.to_string() }
}

/// Hands files and folders to the disk, all at the same time.
async fn persist(files: Vec<PathBuf>, folders: Vec<PathBuf>) -> Result<()> {
    // Only Unix lets a folder be opened like a file.
    let folders = folders.into_iter().filter(|_| cfg!(unix));
    let syncs = files.into_iter().chain(folders).map(|path| {
        blocking(move || {
            std::fs::File::open(&path)
                .and_then(|it| it.sync_all())
                .map_err(|source| Error::Io { path: path.display().to_string(), source })
        })
    });
    try_join_all(syncs).await?;
    Ok(())
}
