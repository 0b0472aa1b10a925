//! Writes a pool into one file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Entry, Hashing, INDEX, Index, LAYOUT};
use crate::Pending;
use crate::error::{Error, Result};
use crate::store::format::TableFormat;
use crate::store::{Snapshot, Store, blocking, engine};

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    /// The archive.
    pub file: String,
    /// The newest snapshot in it.
    pub snapshot: u64,
    /// How many snapshots are in it.
    pub snapshots: usize,
    /// How many tables have rows in the newest one.
    pub tables: usize,
    /// How many files are in it.
    pub files: usize,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// Writes every snapshot of a pool, its plugins, mappings and settings into a new file.
///
/// The archive holds what the pool holds, names and telephone numbers among it.
///
/// **Errors.** [`Error::FileExists`], [`Error::LostFile`], [`Error::Io`]; then no file is made.
/// **Cost.** Reads every file of the pool once; memory does not grow with it.
pub fn export<'a>(store: &'a Store, file: &'a Path) -> Pending<'a, Result<ExportReport>> {
    Box::pin(async move {
        if file.exists() {
            return Err(Error::FileExists { path: file.display().to_string() });
        }
        let history = store.history().await?;
        let entries = entries(store, &history).await?;
        let (root, file) = (store.root().to_owned(), file.to_owned());
        blocking(move || write(&root, &entries, &history, &file)).await
    })
}

/// What belongs into the archive, by name in it.
async fn entries(store: &Store, history: &[Snapshot]) -> Result<BTreeSet<String>> {
    let root = store.root();
    let mut entries = BTreeSet::from(["pool.json".to_owned(), "policy.toml".to_owned()]);
    entries.extend(history.iter().map(|it| format!("snapshots/{:07}.json", it.id)));
    for (folder, ending) in [("mappings", ".json"), ("plugins", ".wasm"), ("plugins", ".wasm.sig")] {
        let names = names(&root.join(folder))?;
        entries
            .extend(names.into_iter().filter(|it| it.ends_with(ending)).map(|it| format!("{folder}/{it}")));
    }
    let mut versions = BTreeMap::<&str, BTreeSet<u64>>::new();
    for snapshot in history {
        for (table, state) in &snapshot.tables {
            versions.entry(table).or_default().insert(state.version);
        }
    }
    for (table, versions) in versions {
        let newest = versions.last().copied().unwrap_or_default();
        let log = format!("tables/{table}/_delta_log");
        let kept = names(&root.join(&log))?.into_iter().filter(|it| is_log(it, newest));
        entries.extend(kept.map(|it| format!("{log}/{it}")));
        for version in versions {
            for path in store.inner.tables.files(table, version).await? {
                let name = path.file_name().map(|it| it.to_string_lossy().into_owned());
                entries.extend(name.map(|it| format!("tables/{table}/{it}")));
            }
        }
    }
    Ok(entries)
}

/// Whether a file of a log tells of a version up to this one. The hint at the newest checkpoint
/// is left out: it may tell of a later one, and readers do without.
fn is_log(name: &str, newest: u64) -> bool {
    let digits = name.split('.').next().unwrap_or_default();
    digits.len() == 20 && digits.parse::<u64>().is_ok_and(|it| it <= newest)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder).map_err(|it| io(folder, it))?;
    let name = |it: std::io::Result<std::fs::DirEntry>| {
        Ok(it.map_err(|it| io(folder, it))?.file_name().to_string_lossy().into_owned())
    };
    entries.map(name).collect()
}

fn write(root: &Path, entries: &BTreeSet<String>, history: &[Snapshot], file: &Path) -> Result<ExportReport> {
    let part = beside(file, "part");
    let written = archive(root, entries, history, &part);
    let written = written.and_then(|it| {
        // Whoever made the file meanwhile keeps it.
        if file.exists() {
            return Err(Error::FileExists { path: file.display().to_string() });
        }
        std::fs::rename(&part, file).map_err(|source| io(file, source))?;
        Ok(it)
    });
    if written.is_err() {
        // Best effort: the failure itself is what must be told.
        let _ = std::fs::remove_file(&part);
    }
    let newest = history.last();
    let entry = written?;
    Ok(ExportReport {
        file: file.display().to_string(),
        snapshot: newest.map_or(0, |it| it.id),
        snapshots: history.len(),
        tables: newest.map_or(0, |it| it.tables.values().filter(|it| it.rows > 0).count()),
        files: entries.len(),
        bytes: entry.bytes,
        sha256: entry.sha256,
    })
}

fn archive(root: &Path, entries: &BTreeSet<String>, history: &[Snapshot], part: &Path) -> Result<Entry> {
    let failed = |source| io(part, source);
    let out = File::create(part).map_err(failed)?;
    let mut tar = tar::Builder::new(Hashing::new(BufWriter::new(out)));
    let mut files = BTreeMap::new();
    for name in entries {
        let path = root.join(name);
        let source = File::open(&path).map_err(|it| io(&path, it))?;
        let bytes = source.metadata().map_err(|it| io(&path, it))?.len();
        let mut reader = Hashing::new(BufReader::new(source));
        tar.append_data(&mut header(bytes), name, &mut reader).map_err(failed)?;
        let entry = reader.entry();
        if entry.bytes != bytes {
            return Err(Error::LostFile {
                path: path.display().to_string(),
                expected: i64::try_from(bytes).map_err(engine)?,
                found: Some(entry.bytes),
            });
        }
        files.insert(name.clone(), entry);
    }
    let snapshot = history.last().map_or(0, |it| it.id);
    let mut index = serde_json::to_vec_pretty(&Index { layout: LAYOUT, snapshot, files }).map_err(engine)?;
    index.push(b'\n');
    tar.append_data(&mut header(index.len() as u64), INDEX, index.as_slice()).map_err(failed)?;
    let mut out = tar.into_inner().map_err(failed)?;
    out.flush().map_err(failed)?;
    out.inner.get_ref().sync_all().map_err(failed)?;
    Ok(out.entry())
}

/// A header that says nothing of time, owner or machine.
fn header(bytes: u64) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes);
    header.set_mode(0o644);
    header.set_mtime(0);
    header
}

/// The same name with an ending, in the same folder.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.{ending}"))
}

pub(super) fn io(path: &Path, source: std::io::Error) -> Error {
    Error::Io { path: path.display().to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_goes_along_up_to_the_newest_version() {
        let is = |name: &str| is_log(name, 2);
        assert!(is("00000000000000000000.json"));
        assert!(is("00000000000000000002.checkpoint.parquet"));
        assert!(!is("00000000000000000003.json"));
        assert!(!is("_last_checkpoint"));
    }
}
