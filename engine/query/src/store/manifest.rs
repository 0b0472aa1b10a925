//! The manifests: which version of every table belongs to which snapshot.
//!
//! `snapshots/0000042.json` is written beside its place and then linked to its name, which
//! fails when the name is taken. So nobody reads half a manifest, and of two writers that
//! want the same number one wins and the other learns it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{Error as ObjectError, ObjectStore, ObjectStoreExt, PutMode};
use serde::{Deserialize, Serialize};

use super::{engine, persist};
use crate::error::{Error, Result};

const FOLDER: &str = "snapshots";

/// One state of all tables of a pool. Snapshots never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Its number; 0 is the empty pool.
    pub id: u64,
    /// The snapshot it was made from.
    pub parent: Option<u64>,
    /// When it was made, microseconds UTC, as its writer said.
    pub at_us: i64,
    /// What made it, e.g. `load need`.
    pub action: String,
    /// The tables that were ever written, by name.
    pub tables: BTreeMap<String, TableState>,
}

/// One table in one snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableState {
    /// The version in the table's own log.
    pub version: u64,
    /// How many rows it has.
    pub rows: u64,
    /// What it contains, whatever the order of rows: 64 hexadecimal digits.
    pub digest: String,
}

/// The folder of manifests.
#[derive(Debug)]
pub(super) struct Manifests {
    root: PathBuf,
    store: Arc<dyn ObjectStore>,
    /// A snapshot that was there once: where the search for the newest begins.
    seen: AtomicU64,
}

impl Manifests {
    /// The manifests below a pool's root, which must exist.
    pub(super) fn new(root: &Path) -> Result<Self> {
        let store = LocalFileSystem::new_with_prefix(root).map_err(|it| failed(root, it))?;
        Ok(Self { root: root.to_owned(), store: Arc::new(store), seen: AtomicU64::new(0) })
    }

    /// Writes a manifest; false when that number is taken.
    ///
    /// When it returns true the manifest was handed to the disk.
    pub(super) async fn create(&self, snapshot: &Snapshot) -> Result<bool> {
        let path = ObjectPath::from(format!("{FOLDER}/{}", file_name(snapshot.id)));
        let mut text = serde_json::to_string_pretty(snapshot).map_err(engine)?;
        text.push('\n');
        match self.store.put_opts(&path, text.into(), PutMode::Create.into()).await {
            Ok(_) => {
                persist(vec![self.file(snapshot.id)], vec![self.root.join(FOLDER)]).await?;
                self.seen.fetch_max(snapshot.id, Ordering::Relaxed);
                Ok(true)
            }
            Err(ObjectError::AlreadyExists { .. }) => Ok(false),
            Err(it) => Err(failed(&self.file(snapshot.id), it)),
        }
    }

    /// Reads a manifest, if there is one of that number.
    pub(super) async fn read(&self, id: u64) -> Result<Option<Snapshot>> {
        let path = ObjectPath::from(format!("{FOLDER}/{}", file_name(id)));
        let bytes = match self.store.get(&path).await {
            Ok(it) => it.bytes().await.map_err(|it| failed(&self.file(id), it))?,
            Err(ObjectError::NotFound { .. }) => return Ok(None),
            Err(it) => return Err(failed(&self.file(id), it)),
        };
        let damaged = |cause: String| Error::Damaged { path: self.file(id).display().to_string(), cause };
        let snapshot: Snapshot = serde_json::from_slice(&bytes).map_err(|it| damaged(it.to_string()))?;
        if snapshot.id != id {
            return Err(damaged(format!("it says it is snapshot {}", snapshot.id)));
        }
        Ok(Some(snapshot))
    }

    /// The newest snapshot.
    ///
    /// **Cost.** Two small reads when this process saw the one before; else a listing first.
    pub(super) async fn newest(&self) -> Result<Snapshot> {
        let seen = self.seen.load(Ordering::Relaxed);
        let mut newest = match self.read(seen).await? {
            // 0 says only that nothing was seen yet, and counting up from there is slow.
            Some(it) if seen > 0 => it,
            _ => self.newest_listed().await?,
        };
        while let Some(next) = self.read(newest.id + 1).await? {
            newest = next;
        }
        self.seen.store(newest.id, Ordering::Relaxed);
        Ok(newest)
    }

    async fn newest_listed(&self) -> Result<Snapshot> {
        let missing = || Error::Damaged {
            path: self.root.join(FOLDER).display().to_string(),
            cause: "there is no snapshot in it".to_owned(),
        };
        let id = self.list().await?.last().copied().ok_or_else(missing)?;
        self.read(id).await?.ok_or_else(missing)
    }

    /// The numbers of all snapshots, ascending.
    pub(super) async fn list(&self) -> Result<Vec<u64>> {
        let files: Vec<_> = self
            .store
            .list(Some(&ObjectPath::from(FOLDER)))
            .try_collect()
            .await
            .map_err(|it| failed(&self.root.join(FOLDER), it))?;
        let mut ids: Vec<u64> = files.iter().filter_map(|it| number(it.location.filename()?)).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    fn file(&self, id: u64) -> PathBuf {
        self.root.join(FOLDER).join(file_name(id))
    }
}

fn file_name(id: u64) -> String {
    format!("{id:07}.json")
}

/// The number a manifest's name stands for. Files still being written have other names.
fn number(name: &str) -> Option<u64> {
    let id = name.strip_suffix(".json")?.parse().ok()?;
    (file_name(id) == name).then_some(id)
}

fn failed(path: &Path, error: ObjectError) -> Error {
    Error::Io { path: path.display().to_string(), source: std::io::Error::other(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finished_manifests_have_a_number() {
        assert_eq!(number("0000042.json"), Some(42));
        assert_eq!(number("12345678.json"), Some(12_345_678));
        for other in ["42.json", "0000042.json#1", "+000042.json", "0000042.json.tmp", "x.json"] {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
