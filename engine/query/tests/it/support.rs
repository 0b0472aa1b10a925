//! Pools in folders that vanish, and their rows as text.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use linli_query::{LoadOptions, LoadReport, Mode, PoolConfig, Result, Snapshot, Store, load};

/// A pool and a folder for files beside it.
pub struct Pool {
    pub store: Store,
    folder: tempfile::TempDir,
}

impl Pool {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("pool");
        let store = Store::create(&root, &PoolConfig::default(), 0).await.expect("a pool");
        Self { store, folder }
    }

    /// Writes a file and names it.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    pub async fn load(&self, table: &str, text: &str, mode: Mode) -> Result<LoadReport> {
        let file = self.file(&format!("{table}.csv"), text);
        self.load_files(table, &[file], mode).await
    }

    pub async fn load_files(&self, table: &str, files: &[PathBuf], mode: Mode) -> Result<LoadReport> {
        load(&self.store, table, files, &LoadOptions { mode, at_us: 1, ..LoadOptions::default() }).await
    }

    /// The rows of the newest snapshot, one text each.
    pub async fn rows(&self, table: &str, columns: &[&str]) -> Vec<String> {
        let snapshot = self.store.latest().await.expect("a snapshot");
        rows(&self.store, &snapshot, table, columns).await
    }
}

pub async fn rows(store: &Store, at: &Snapshot, table: &str, columns: &[&str]) -> Vec<String> {
    let batches = store.read(at, table).await.expect("rows");
    let options = FormatOptions::default().with_null("-");
    let mut rows = Vec::new();
    for batch in &batches {
        let shown: Vec<_> = columns
            .iter()
            .map(|it| batch.column_by_name(it).expect("a column"))
            .map(|it| ArrayFormatter::try_new(it, &options).expect("a formatter"))
            .collect();
        for row in 0..batch.num_rows() {
            let cells: Vec<_> = shown.iter().map(|it| it.value(row).to_string()).collect();
            rows.push(cells.join(" | "));
        }
    }
    rows
}

/// A batch of texts.
pub fn texts(columns: &[(&str, &[&str])]) -> RecordBatch {
    let fields: Vec<_> = columns.iter().map(|(name, _)| Field::new(*name, DataType::Utf8, true)).collect();
    let arrays =
        columns.iter().map(|(_, values)| Arc::new(StringArray::from(values.to_vec())) as ArrayRef).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).expect("a batch")
}

/// The names of what is in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|it| it.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
