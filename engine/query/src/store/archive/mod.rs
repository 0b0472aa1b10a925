//! A pool in one file, to keep or to move house with.
//!
//! ```text
//! pool ─export─▶ FILE.tar: pool.json · policy.toml · mappings/ · plugins/ · snapshots/ · tables/ · export.json
//!                   └─import─▶ the same pool elsewhere: every snapshot, run and plugin
//! ```
//!
//! The archive holds what manifests name and nothing else: what killed writers left behind
//! stays behind. It is taken of one moment, also while others write: manifests first, then the
//! files they name, which never change. `export.json` stands last and tells length and SHA-256
//! of every other entry, so that an archive that was cut off or damaged is not imported.
//!
//! Same pool, same bytes: entries are sorted and carry no times, owners or folders.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::digest::hex;

mod export;
mod import;

pub use export::{ExportReport, export};
pub use import::{ImportReport, import};

/// The last entry.
const INDEX: &str = "export.json";

/// The version of the archive's layout.
const LAYOUT: u32 = 1;

/// What `export.json` says.
#[derive(Debug, Serialize, Deserialize)]
struct Index {
    /// The version of the archive's layout.
    layout: u32,
    /// The newest snapshot in it.
    snapshot: u64,
    /// Every other entry.
    files: BTreeMap<String, Entry>,
}

/// What an entry must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    bytes: u64,
    sha256: String,
}

/// Passes bytes on and knows their digest.
struct Hashing<T> {
    inner: T,
    hasher: Sha256,
    bytes: u64,
}

impl<T> Hashing<T> {
    fn new(inner: T) -> Self {
        Self { inner, hasher: Sha256::new(), bytes: 0 }
    }

    fn entry(self) -> Entry {
        Entry { bytes: self.bytes, sha256: hex(&self.hasher.finalize()) }
    }
}

impl<T: Read> Read for Hashing<T> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}
