//! Files that nobody else may read: secret keys, and the secret under which compiled code is kept.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write as _};
use std::path::Path;

use linli_pool::plugin::random_bytes;

/// The file of the user's cache that holds the secret.
const NAME: &str = "code.key";

/// The secret with which this user seals machine code, made at the first use.
///
/// Nothing where there is no home, no room or no right to keep one, or where others can read it:
/// then nothing compiled is kept. It lies in the user's cache, and never in a pool.
pub fn code_secret() -> Option<[u8; 32]> {
    let folder = linli_craft::cache().ok()?;
    let path = folder.join(NAME);
    if !path.exists() {
        std::fs::create_dir_all(&folder).ok()?;
        make(&folder, &path)?;
    }
    expect_own(&path).ok()?;
    std::fs::read(&path).ok()?.try_into().ok()
}

/// Writes beside and links: of several that begin at once one wins, and all read the same.
fn make(folder: &Path, path: &Path) -> Option<()> {
    let part = folder.join(format!("{NAME}.{}", std::process::id()));
    let secret = random_bytes().ok()?;
    let written = write_new(&part, &secret).and_then(|()| match std::fs::hard_link(&part, path) {
        Err(it) if it.kind() != ErrorKind::AlreadyExists => Err(it),
        _ => Ok(()),
    });
    // The secret has its own name now, or nobody needs it.
    let _ = std::fs::remove_file(&part);
    written.ok()
}

/// Makes a file that only its owner can read.
///
/// **Errors.** It is there already; the system refuses.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes sure that nobody but its owner can read a file.
///
/// **Errors.** [`ErrorKind::PermissionDenied`] where others can.
pub fn expect_own(path: &Path) -> Result<()> {
    if is_open_to_others(&std::fs::metadata(path)?) {
        return Err(Error::from(ErrorKind::PermissionDenied));
    }
    Ok(())
}

#[cfg(unix)]
fn create(path: &Path) -> Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(unix)]
fn is_open_to_others(found: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    found.permissions().mode() & 0o077 != 0
}

/// Elsewhere the folder decides who can read what is in it.
#[cfg(not(unix))]
fn create(path: &Path) -> Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(not(unix))]
fn is_open_to_others(_found: &std::fs::Metadata) -> bool {
    false
}
