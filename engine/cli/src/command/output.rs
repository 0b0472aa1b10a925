//! Files that are asked for with `--out`: whole, or not there.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failed;

/// A file that is written beside its place and moved there when it is whole. A pipe or a device
/// takes what comes as it comes.
pub(super) struct OutFile<'a> {
    /// What to write to.
    pub(super) out: BufWriter<File>,
    path: &'a Path,
    target: PathBuf,
    place: PathBuf,
}

impl<'a> OutFile<'a> {
    /// Begins a file, which nobody sees yet.
    pub(super) fn create(path: &'a Path) -> Result<Self, Failed> {
        // What a link points at is written, not the link.
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let is_stream = std::fs::metadata(&target).is_ok_and(|it| !it.is_file());
        let place = if is_stream { target.clone() } else { part_of(&target) };
        let file = File::create(&place).map_err(|it| Failed::unwritable(path, &it))?;
        Ok(Self { out: BufWriter::new(file), path, target, place })
    }

    /// Ends the file where all of it was written; else nothing of it stays.
    pub(super) fn finish<T>(self, written: Result<T, Failed>) -> Result<T, Failed> {
        let Self { mut out, path, target, place } = self;
        let failed = |it: std::io::Error| Failed::unwritable(path, &it);
        let written = written.and_then(|it| out.flush().map(|()| it).map_err(failed));
        drop(out);
        if place == target {
            return written;
        }
        let moved = written.and_then(|it| std::fs::rename(&place, &target).map(|()| it).map_err(failed));
        if moved.is_err() {
            // It may be gone already, and what went wrong first is what matters.
            let _ = std::fs::remove_file(&place);
        }
        moved
    }
}

/// A name beside a file that no other process takes.
fn part_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}
