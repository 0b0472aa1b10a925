//! Folder `plugins/cache`: machine code that was compiled before, sealed by whoever compiled it.
//!
//! Nothing rests on it: it may be emptied at any time, is not exported, and what cannot be written
//! is compiled again.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use linli_plugin::Shelf;

/// Bytes of the code of one component that are read, at most: of 4 MB of WebAssembly some 20.
const CODE_BYTES_MAX: u64 = 256 << 20;

/// The folder of one pool.
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub(crate) fn new(root: &std::path::Path) -> Self {
        Self { folder: root.join("plugins").join("cache") }
    }

    /// Takes away all code of a component, or what one user's older engines left of it.
    pub(crate) fn forget(&self, beginning: &str, except: Option<&str>) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(beginning) && Some(name.as_str()) != except {
                // What stays is never loaded by mistake, it only takes room.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

impl Shelf for Cache {
    fn take(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.folder.join(name);
        let size = std::fs::metadata(&path).ok()?.len();
        if size > CODE_BYTES_MAX { None } else { std::fs::read(path).ok() }
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        static WRITTEN: AtomicU64 = AtomicU64::new(0);
        let (process, count) = (std::process::id(), WRITTEN.fetch_add(1, Ordering::Relaxed));
        let part = self.folder.join(format!("{process}-{count}.part"));
        // Not synced: half a file has no seal and is compiled again.
        let write = || {
            std::fs::create_dir_all(&self.folder)?;
            std::fs::write(&part, bytes)?;
            std::fs::rename(&part, self.folder.join(name))
        };
        match write() {
            // `<component>.<user>.` is the same for what other versions of linli left.
            Ok(()) => {
                let beginning: String = name.split_inclusive('.').take(2).collect();
                self.forget(&beginning, Some(name));
            }
            Err(_) => {
                let _ = std::fs::remove_file(&part);
            }
        }
    }
}
