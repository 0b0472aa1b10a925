//! A pool's folder: made in steps, a pool only with the last of them.
//!
//! `pool.unfinished` comes first and `pool.json` last. Who finds the first without the last goes on
//! where an attempt before was cut off, whatever that attempt had put into the tables.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{Error as ObjectError, ObjectStore, PutMode};

use super::manifest::{Manifests, Snapshot};
use super::{engine, persist};
use crate::config::{FORMAT, PoolConfig};
use crate::error::{Error, Result};

const CONFIG: &str = "pool.json";
const UNFINISHED: &str = "pool.unfinished";
const POLICY: &str = "policy.toml";
pub(super) const FOLDERS: [&str; 4] = ["mappings", "plugins", "snapshots", "tables"];

const POLICY_TEXT: &str = "\
# Who may do what with this pool over the network: the place for keys, roles and scopes.
#
# This version of linli reads nothing here: there are no keys yet. `linli serve` listens on
# this machine only, unless another address is named, and whoever reaches it may do
# everything that it offers.
#
# 本文件用于配置网络访问的密钥、角色与范围。当前版本不读取此文件，尚无密钥：
# linli serve 默认只在本机监听；能连上的人可使用其全部功能。
";

/// Makes the folders, snapshot 0 and the policy.
pub(super) async fn begin(root: &Path, at_us: i64) -> Result<()> {
    check_is_free(root)?;
    std::fs::create_dir_all(root).map_err(|it| io(root, it))?;
    write_new(&root.join(UNFINISHED), "")?;
    for folder in FOLDERS {
        let path = root.join(folder);
        std::fs::create_dir_all(&path).map_err(|it| io(&path, it))?;
    }
    write_new(&root.join(POLICY), POLICY_TEXT)?;
    let empty = Snapshot { id: 0, parent: None, at_us, action: "init".to_owned(), tables: BTreeMap::new() };
    // False when an attempt before got this far: its empty snapshot is as good.
    Manifests::new(root)?.create(&empty).await?;
    Ok(())
}

/// Writes `pool.json`, with which the folder is a pool.
pub(super) async fn finish(root: &Path, config: &PoolConfig) -> Result<()> {
    write_config(root, config).await?;
    let mark = root.join(UNFINISHED);
    match std::fs::remove_file(&mark) {
        Err(it) if it.kind() != ErrorKind::NotFound => Err(io(&mark, it)),
        _ => Ok(()),
    }
}

/// Reads `pool.json`: the format first, the rest only if this build knows the format.
pub(super) fn read_config(root: &Path) -> Result<PoolConfig> {
    let path = root.join(CONFIG);
    let bytes = std::fs::read(&path).map_err(|it| match it.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Error::NoPool { path: root.display().to_string() },
        _ => io(&path, it),
    })?;
    let damaged = |cause: String| Error::Damaged { path: path.display().to_string(), cause };
    let json: serde_json::Value = serde_json::from_slice(&bytes).map_err(|it| damaged(it.to_string()))?;
    let found = json
        .get("format")
        .and_then(serde_json::Value::as_u64)
        .ok_or_else(|| damaged("it names no format".to_owned()))?;
    if found > u64::from(FORMAT) {
        let path = root.display().to_string();
        return Err(Error::NewerFormat { path, found, supported: FORMAT });
    }
    let config: PoolConfig = serde_json::from_value(json).map_err(|it| damaged(it.to_string()))?;
    // `±hh:mm` and nothing shorter, so that every reader of it reads the same.
    let is_offset = config.time_zone.len() == "+08:00".len();
    if !is_offset || crate::ingest::offset_seconds(&config.time_zone).is_none() {
        return Err(damaged(format!("time zone {:?}, expected an offset such as +08:00", config.time_zone)));
    }
    Ok(config)
}

/// Makes sure that nothing at all is in a folder, or that there is none.
///
/// **Errors.** [`Error::PoolExists`], [`Error::NotEmpty`].
pub(super) fn check_is_unused(root: &Path) -> Result<()> {
    check_is_free(root)?;
    match names(root) {
        Err(it) if it.kind() == ErrorKind::NotFound => Ok(()),
        Ok(inside) if inside.is_empty() => Ok(()),
        Ok(_) => Err(Error::NotEmpty { path: root.display().to_string() }),
        Err(it) => Err(io(root, it)),
    }
}

/// A folder is free if nothing is in it but what an unfinished `create` leaves.
fn check_is_free(root: &Path) -> Result<()> {
    let shown = || root.display().to_string();
    if root.join(CONFIG).exists() {
        return Err(Error::PoolExists { path: shown() });
    }
    let entries = match names(root) {
        Err(it) if it.kind() == ErrorKind::NotFound => return Ok(()),
        other => other.map_err(|it| io(root, it))?,
    };
    let is_unfinished = entries.iter().any(|it| it == UNFINISHED);
    for name in entries {
        let ours = match name.as_str() {
            POLICY | UNFINISHED => true,
            // A file put beside its place, by an attempt that was cut off.
            it if it.starts_with("pool.json#") => true,
            it if is_unfinished && FOLDERS.contains(&it) => true,
            "snapshots" => {
                let inside = names(&root.join(&name)).map_err(|it| io(root, it))?;
                inside.iter().all(|it| it.starts_with("0000000.json"))
            }
            it if FOLDERS.contains(&it) => names(&root.join(it)).map_err(|it| io(root, it))?.is_empty(),
            _ => false,
        };
        if !ours {
            return Err(Error::NotEmpty { path: shown() });
        }
    }
    Ok(())
}

fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    std::fs::read_dir(folder)?.map(|it| Ok(it?.file_name().to_string_lossy().into_owned())).collect()
}

/// Writes a file unless it is there.
fn write_new(path: &Path, text: &str) -> Result<()> {
    match std::fs::OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map_err(|it| io(path, it)),
        Err(it) if it.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(it) => Err(io(path, it)),
    }
}

async fn write_config(root: &Path, config: &PoolConfig) -> Result<()> {
    let mut text = serde_json::to_string_pretty(config).map_err(engine)?;
    text.push('\n');
    let path = root.join(CONFIG);
    let failed = |it: ObjectError| io(&path, std::io::Error::other(it));
    let store = LocalFileSystem::new_with_prefix(root).map_err(failed)?;
    match store.put_opts(&ObjectPath::from(CONFIG), text.into(), PutMode::Create.into()).await {
        Ok(_) => persist(vec![path.clone(), root.join(POLICY)], vec![root.to_owned()]).await,
        Err(ObjectError::AlreadyExists { .. }) => Err(Error::PoolExists { path: root.display().to_string() }),
        Err(it) => Err(failed(it)),
    }
}

fn io(path: &Path, source: std::io::Error) -> Error {
    Error::Io { path: path.display().to_string(), source }
}
