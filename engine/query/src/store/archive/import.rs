//! Makes a pool of an archive, or nothing.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

use linli_model::Text;
use serde::Serialize;

use super::export::{beside, io};
use super::{Entry, Hashing, INDEX, Index, LAYOUT};
use crate::Pending;
use crate::error::{Error, Result};
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
        let (files, bytes, paths) = blocking(move || unpack(&archive, &target)).await?;
        let scratch = beside(root, "importing");
        let history = settle(&scratch, root, paths).await.inspect_err(|_| clear(&scratch))?;
        Ok(ImportReport {
            pool: root.display().to_string(),
            snapshot: history.last().map_or(0, |it| it.id),
            snapshots: history.len(),
            files,
            bytes,
        })
    })
}

/// Opens what was unpacked and puts it in its place.
async fn settle(scratch: &Path, root: &Path, paths: Vec<PathBuf>) -> Result<Vec<Snapshot>> {
    persist(paths, vec![scratch.to_owned()]).await?;
    let history = Store::open(scratch).await?.history().await?;
    if root.exists() {
        std::fs::remove_dir(root).map_err(|it| io(root, it))?;
    }
    std::fs::rename(scratch, root).map_err(|it| io(root, it))?;
    Ok(history)
}

fn clear(scratch: &Path) {
    // Best effort: the failure itself is what must be told, and the next import clears again.
    let _ = std::fs::remove_dir_all(scratch);
}

/// Unpacks beside the target and compares with the index.
fn unpack(archive: &Path, root: &Path) -> Result<(usize, u64, Vec<PathBuf>)> {
    let scratch = beside(root, "importing");
    if scratch.exists() {
        std::fs::remove_dir_all(&scratch).map_err(|it| io(&scratch, it))?;
    }
    for folder in create::FOLDERS {
        let path = scratch.join(folder);
        std::fs::create_dir_all(&path).map_err(|it| io(&path, it))?;
    }
    let unpacked = Unpacking { archive, scratch: &scratch, found: BTreeMap::new() }.run();
    unpacked.inspect_err(|_| clear(&scratch))
}

struct Unpacking<'a> {
    archive: &'a Path,
    scratch: &'a Path,
    found: BTreeMap<String, Entry>,
}

impl Unpacking<'_> {
    fn run(mut self) -> Result<(usize, u64, Vec<PathBuf>)> {
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
        // Says of a newer pool that it is newer.
        create::read_config(self.scratch)?;
        let paths = self.found.keys().map(|it| self.scratch.join(it)).collect();
        Ok((self.found.len(), self.found.values().map(|it| it.bytes).sum(), paths))
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
            std::io::ErrorKind::AlreadyExists => self.wrong(Text::new(
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
        Error::NotAnExport { path: self.archive.display().to_string(), cause }
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
