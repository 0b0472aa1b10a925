//! Makes a pool of an archive, or nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};

use linli_model::{Failure as _, Text};
use serde::Serialize;

use super::export::{beside, io};
use super::{Entry, Hashing, INDEX, Index, LAYOUT};
use crate::Pending;
use crate::error::{Error, Result};
use crate::store::format::TableFormat as _;
use crate::store::{Snapshot, Store, blocking, create, persist};

/// The longest `export.json`: a few million files.
const INDEX_BYTES_MAX: u64 = 1 << 30;

/// What an import made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// The pool's folder.
    pub pool: String,
    /// The newest snapshot.
    pub snapshot: u64,
    /// How many snapshots there are.
    pub snapshots: usize,
    /// How many files were written.
    pub files: usize,
    /// Their length.
    pub bytes: u64,
}

/// Makes a pool in a missing or empty folder of what [`export`](super::export()) wrote.
///
/// **Errors.** [`Error::PoolExists`], [`Error::NotEmpty`], [`Error::UnknownFile`],
/// [`Error::NotAnExport`] for whatever is not wholly what was exported,
/// [`Error::NewerFormat`]; then no pool is made.
/// **Cost.** Reads and writes the archive once; memory does not grow with it.
pub fn import<'a>(file: &'a Path, root: &'a Path) -> Pending<'a, Result<ImportReport>> {
    Box::pin(async move {
        create::check_is_unused(root)?;
        let (archive, target) = (file.to_owned(), root.to_owned());
        let unpacked = blocking(move || unpack(&archive, &target)).await?;
        let settled = settle(file, &unpacked, root).await;
        let history = settled.inspect_err(|_| clear(&unpacked.scratch))?;
        let (files, bytes) = (unpacked.paths.len(), unpacked.bytes);
        Ok(ImportReport {
            pool: root.display().to_string(),
            snapshot: history.last().map_or(0, |it| it.id),
            snapshots: history.len(),
            files,
            bytes,
        })
    })
}

/// What came out of an archive.
struct Unpacked {
    scratch: PathBuf,
    paths: Vec<PathBuf>,
    bytes: u64,
    /// The newest snapshot, as the index has it.
    snapshot: u64,
}

/// Opens what was unpacked, makes sure that nothing it names is missing, and puts it in its place.
async fn settle(archive: &Path, unpacked: &Unpacked, root: &Path) -> Result<Vec<Snapshot>> {
    let scratch = &unpacked.scratch;
    persist(unpacked.paths.clone(), vec![scratch.clone()]).await?;
    let store = Store::open(scratch).await?;
    let history = store.history().await?;
    // The archive says how many there are, and may say anything.
    if !history.iter().map(|it| it.id).eq(0..=unpacked.snapshot) {
        return Err(wrong(
            archive,
            Text::new(
                format!("found {} snapshots, expected those from 0 to {}", history.len(), unpacked.snapshot),
                format!("现有 {} 个快照，应为 0 至 {} 的全部快照", history.len(), unpacked.snapshot),
            ),
        ));
    }
    let mut seen = BTreeSet::new();
    for (table, state) in history.iter().flat_map(|it| &it.tables) {
        if !seen.insert((table.clone(), state.version)) {
            continue;
        }
        // The log that names the files, and the files in their length.
        if let Err(error) = store.inner.tables.files(table, state.version).await {
            let version = state.version;
            let cause = Text::new(
                format!("table {table}, version {version}: {error}"),
                format!("表 {table} 版本 {version}：{}", error.zh()),
            );
            return Err(wrong(archive, cause));
        }
    }
    if root.exists() {
        std::fs::remove_dir(root).map_err(|it| io(root, it))?;
    }
    std::fs::rename(scratch, root).map_err(|it| io(root, it))?;
    Ok(history)
}

fn wrong(archive: &Path, cause: Text) -> Error {
    Error::NotAnExport { path: archive.display().to_string(), cause }
}

fn clear(scratch: &Path) {
    // Best effort: the failure itself is what must be told.
    let _ = std::fs::remove_dir_all(scratch);
}

/// How many imports into one place may have been cut off and left their folders.
const SCRATCHES: u32 = 1_000;

/// A new folder beside the target: nobody else's is touched. One that a killed import left stays
/// until somebody takes it away.
fn scratch(root: &Path) -> Result<PathBuf> {
    let parent = root.parent().filter(|it| !it.as_os_str().is_empty());
    if let Some(parent) = parent {
        std::fs::create_dir_all(parent).map_err(|it| io(parent, it))?;
    }
    for attempt in 0..SCRATCHES {
        let path = beside(root, &format!("importing-{attempt}"));
        match std::fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(it) if it.kind() == ErrorKind::AlreadyExists => {}
            Err(it) => return Err(io(&path, it)),
        }
    }
    Err(io(root, ErrorKind::AlreadyExists.into()))
}

/// Unpacks beside the target and compares with the index.
fn unpack(archive: &Path, root: &Path) -> Result<Unpacked> {
    let scratch = scratch(root)?;
    let fill = || {
        for folder in create::FOLDERS {
            let path = scratch.join(folder);
            std::fs::create_dir_all(&path).map_err(|it| io(&path, it))?;
        }
        Unpacking { archive, scratch: &scratch, found: BTreeMap::new() }.run()
    };
    fill().inspect_err(|_| clear(&scratch))
}

struct Unpacking<'a> {
    archive: &'a Path,
    scratch: &'a Path,
    found: BTreeMap<String, Entry>,
}

impl Unpacking<'_> {
    fn run(mut self) -> Result<Unpacked> {
        let file = File::open(self.archive).map_err(|it| Error::reading(self.archive, &it))?;
        let mut tar = tar::Archive::new(BufReader::new(file));
        let mut index = None;
        let entries = tar.entries().map_err(|it| self.broken(&it))?;
        for entry in entries {
            let entry = entry.map_err(|it| self.broken(&it))?;
            let name = entry.path_bytes().to_vec();
            let name = String::from_utf8(name).map_err(|_| {
                self.wrong(Text::new("an entry's name is no UTF-8", "有条目的名称不是 UTF-8"))
            })?;
            if name == INDEX {
                index = Some(self.index(entry)?);
            } else {
                self.file(&name, entry)?;
            }
        }
        let index = index.ok_or_else(|| {
            self.wrong(Text::new(
                format!("it has no {INDEX}, its last entry: it was cut off, or is no export of linli"),
                format!("缺少末尾条目 {INDEX}：文件不完整，或不是 linli 的导出文件"),
            ))
        })?;
        self.compare(&index)?;
        if !self.found.contains_key("pool.json") {
            return Err(self.wrong(Text::new("it has no pool.json", "缺少 pool.json")));
        }
        // Says of a newer pool that it is newer.
        create::read_config(self.scratch)?;
        Ok(Unpacked {
            scratch: self.scratch.to_owned(),
            paths: self.found.keys().map(|it| self.scratch.join(it)).collect(),
            bytes: self.found.values().map(|it| it.bytes).sum(),
            snapshot: index.snapshot,
        })
    }

    fn index(&self, entry: impl Read) -> Result<Index> {
        let mut text = Vec::new();
        entry.take(INDEX_BYTES_MAX).read_to_end(&mut text).map_err(|it| self.broken(&it))?;
        let index: Index = serde_json::from_slice(&text).map_err(|it| self.broken(&it))?;
        if index.layout > LAYOUT {
            let (found, known) = (u64::from(index.layout), LAYOUT);
            return Err(Error::NewerFormat {
                path: self.archive.display().to_string(),
                found,
                supported: known,
            });
        }
        if index.layout != LAYOUT {
            let (found, known) = (index.layout, LAYOUT);
            return Err(self.wrong(Text::new(
                format!("found layout {found}, expected {known}"),
                format!("格式版本现为 {found}，应为 {known}"),
            )));
        }
        Ok(index)
    }

    fn file<R: Read>(&mut self, name: &str, mut entry: tar::Entry<'_, R>) -> Result<()> {
        let is_file = entry.header().entry_type().is_file();
        if !is_file || !belongs(name) {
            return Err(self.wrong(Text::new(
                format!("found the entry {name:?}, which is no file of a pool"),
                format!("有条目 {name:?}，不属于资源池的文件"),
            )));
        }
        let path = self.scratch.join(name);
        let folder = path.parent().unwrap_or(self.scratch);
        std::fs::create_dir_all(folder).map_err(|it| io(folder, it))?;
        let out = OpenOptions::new().write(true).create_new(true).open(&path);
        let out = out.map_err(|it| match it.kind() {
            ErrorKind::AlreadyExists => self.wrong(Text::new(
                format!("the entry {name:?} is there twice"),
                format!("条目 {name:?} 重复"),
            )),
            _ => io(&path, it),
        })?;
        let mut out = Hashing::new(BufWriter::new(out));
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = entry.read(&mut buffer).map_err(|it| self.broken(&it))?;
            if read == 0 {
                break;
            }
            out.write_all(&buffer[..read]).map_err(|it| io(&path, it))?;
        }
        out.flush().map_err(|it| io(&path, it))?;
        self.found.insert(name.to_owned(), out.entry());
        Ok(())
    }

    fn compare(&self, index: &Index) -> Result<()> {
        let names = index.files.keys().chain(self.found.keys());
        let differs = |it: &&String| index.files.get(*it) != self.found.get(*it);
        match names.into_iter().find(differs) {
            None => Ok(()),
            Some(name) => {
                let told = |entry: Option<&Entry>| {
                    entry.map_or_else(|| "-".to_owned(), |it| format!("{} B, {}", it.bytes, it.sha256))
                };
                let (found, expected) = (told(self.found.get(name)), told(index.files.get(name)));
                Err(self.wrong(Text::new(
                    format!("entry {name:?}: found {found}, expected {expected}"),
                    format!("条目 {name:?}：现为 {found}，应为 {expected}"),
                )))
            }
        }
    }

    fn broken(&self, cause: &dyn std::fmt::Display) -> Error {
        self.wrong(Text::new(cause.to_string(), format!("系统返回 {cause}")))
    }

    fn wrong(&self, cause: Text) -> Error {
        wrong(self.archive, cause)
    }
}

/// Whether a name is that of a file of a pool, and of nothing above or beside it.
fn belongs(name: &str) -> bool {
    let path = Path::new(name);
    let is_plain = path.components().all(|it| matches!(it, Component::Normal(_)));
    let parts: Vec<&str> = name.split('/').collect();
    let is_place = match parts.as_slice() {
        ["pool.json" | "policy.toml"] | ["mappings" | "plugins" | "snapshots", _] | ["tables", _, _] => true,
        ["tables", _, log, _] => *log == "_delta_log",
        _ => false,
    };
    is_plain && is_place && parts.iter().all(|it| !it.is_empty() && !it.contains('\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_a_pool_belong_into_it() {
        for name in ["pool.json", "plugins/a.wasm", "tables/need/1.parquet", "tables/need/_delta_log/0.json"]
        {
            assert!(belongs(name), "{name}");
        }
        for name in [
            "../pool.json",
            "/etc/passwd",
            "tables/../../x",
            "tables/need/x/y",
            "plugins/",
            "plugins/a/b",
            "x",
            "",
            "plugins/..",
            "./pool.json",
        ] {
            assert!(!belongs(name), "{name}");
        }
    }
}
