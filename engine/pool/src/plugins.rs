//! The plugins of a pool: files named by digest, one row of table `plugin` per name.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use linli_plugin::{Plugin, PluginKind, examine};
use linli_query::{Change, Params, Session, Snapshot};
use serde::{Deserialize, Serialize};

use crate::book::Page;
use crate::{Error, Pool, Result, Witness};

mod add;
mod bundle;
mod policy;
mod reference;
mod remove;
mod said;
mod shelf;

pub use add::{AddReport, Addition, SignerRow};
pub use bundle::BundleReport;
pub use remove::RemoveReport;
pub use said::{PluginEvent, SaidReport};
pub(crate) use shelf::Cache;

/// What this process has compiled, by digest: compiling takes longer than most questions.
#[derive(Default)]
pub(crate) struct Compiled(Mutex<BTreeMap<String, Plugin>>);

impl Compiled {
    fn get(&self, digest: &str) -> Option<Plugin> {
        // Whoever panicked with the lock had not begun to change anything.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }

    fn keep(&self, plugin: &Plugin) {
        let mut plugins = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plugins.insert(plugin.digest().to_owned(), plugin.clone());
    }
}

/// A plugin as the pool lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PluginRow {
    /// Its name, unique in the pool.
    pub name: String,
    /// scorer or evaluator.
    pub kind: String,
    /// Its own version.
    pub version: String,
    /// What its bytes hash to.
    pub digest: String,
    /// Its name for people, English.
    pub title_en: String,
    /// Its name for people, Chinese.
    pub title_zh: String,
}

impl PluginRow {
    /// How a pool lists a plugin.
    fn of(plugin: &Plugin) -> Self {
        let it = plugin.description();
        Self {
            name: it.name.clone(),
            kind: it.kind.as_str().to_owned(),
            version: it.version.clone(),
            digest: plugin.digest().to_owned(),
            title_en: it.title.en.clone(),
            title_zh: it.title.zh.clone(),
        }
    }
}

impl Pool {
    /// The plugins of a snapshot, by name.
    pub async fn plugins(&self, snapshot: &Snapshot, witness: &Witness) -> Result<Vec<PluginRow>> {
        let session = self.session(snapshot, &crate::pool::own_limits(witness)).await?;
        self.plugin_rows(&session).await
    }

    /// Puts the reference plugins into a new pool.
    ///
    /// **Cost.** Writes their files. Each was examined before this program was built; whichever
    /// was not is examined here.
    pub(crate) async fn add_reference_plugins(&self, witness: &Witness) -> Result<()> {
        let base = self.latest().await?;
        let mut known = self.plugins(&base, witness).await?;
        let examined = reference::examined();
        for bytes in reference::REFERENCE {
            let digest = linli_plugin::digest(bytes);
            let row = match examined.iter().find(|it| it.digest == digest) {
                Some(row) => row.clone(),
                None => PluginRow::of(&self.examined(bytes)?),
            };
            write_whole(&self.plugin_path(&digest), bytes)?;
            known.retain(|it| it.name != row.name);
            known.push(row);
        }
        let note = self.note(witness, format!("plugin add {}", names(&known)));
        self.store.commit(&base, vec![page(&known)?], &note).await?;
        Ok(())
    }

    /// Loads a component that keeps the contract.
    fn examined(&self, bytes: &[u8]) -> Result<Plugin> {
        let plugin = self.host.load(bytes)?;
        let kept = examine(&plugin).require(&plugin.description().name);
        // Of what does not come in nothing is kept, its code neither.
        kept.inspect_err(|_| Cache::new(self.root()).forget(plugin.digest(), None))?;
        Ok(plugin)
    }

    /// Writes a component under its digest.
    pub(crate) fn put_component(&self, plugin: &Plugin, bytes: &[u8]) -> Result<()> {
        write_whole(&self.plugin_path(plugin.digest()), bytes)?;
        self.compiled.keep(plugin);
        Ok(())
    }

    /// Takes a component's file away, and its signatures. What is gone already is as good.
    fn drop_component(&self, digest: &str) -> Result<()> {
        for path in [self.plugin_path(digest), self.signature_path(digest)] {
            match std::fs::remove_file(&path) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::Io { path: path.display().to_string(), source });
                }
                _ => {}
            }
        }
        Cache::new(self.root()).forget(digest, None);
        Ok(())
    }

    /// The table with another component under a name.
    pub(crate) async fn incumbent_change(
        &self,
        session: &Session,
        name: &str,
        digest: &str,
    ) -> Result<Change> {
        let mut rows = self.plugin_rows(session).await?;
        let plugin = self.plugin_by_digest(name, digest)?;
        for row in rows.iter_mut().filter(|it| it.name == name) {
            *row = PluginRow::of(&plugin);
        }
        page(&rows)
    }

    pub(crate) async fn plugin_rows(&self, session: &Session) -> Result<Vec<PluginRow>> {
        let rows = self.frame(session, "SELECT * FROM plugin ORDER BY name", &Params::default()).await?;
        let column = |name: &str| rows.texts(name);
        let (names, kinds, versions) = (column("name")?, column("kind")?, column("version")?);
        let (digests, zh, en) = (column("digest")?, column("title_zh")?, column("title_en")?);
        Ok((0..rows.rows())
            .map(|row| PluginRow {
                name: names.value(row).to_owned(),
                kind: kinds.value(row).to_owned(),
                version: versions.value(row).to_owned(),
                digest: digests.value(row).to_owned(),
                title_en: en.value(row).to_owned(),
                title_zh: zh.value(row).to_owned(),
            })
            .collect())
    }

    /// Loads a plugin by the name it has in a session's snapshot.
    pub(crate) async fn plugin(&self, session: &Session, name: &str, kind: PluginKind) -> Result<Plugin> {
        let rows = self.plugin_rows(session).await?;
        let row = rows.iter().find(|it| it.name == name).ok_or_else(|| Error::UnknownPlugin {
            name: name.to_owned(),
            known: rows.iter().filter(|it| it.kind == kind.as_str()).map(|it| it.name.clone()).collect(),
        })?;
        if row.kind != kind.as_str() {
            return Err(Error::WrongPlugin { name: name.to_owned(), expected: kind.as_str() });
        }
        self.plugin_by_digest(name, &row.digest)
    }

    /// Loads a plugin and makes sure that its file is still the one that was added.
    ///
    /// **Errors.** The file is gone, or another.
    /// **Cost.** Compiled once per process; the file is read every time.
    pub(crate) fn plugin_by_digest(&self, name: &str, digest: &str) -> Result<Plugin> {
        let path = self.plugin_path(digest);
        let place = || (name.to_owned(), path.display().to_string());
        let bytes = std::fs::read(&path).map_err(|it| {
            let (name, path) = place();
            Error::MissingPlugin { name, path, cause: it.to_string() }
        })?;
        if linli_plugin::digest(&bytes) != digest {
            let (name, path) = place();
            return Err(Error::TamperedPlugin { name, path });
        }
        if let Some(known) = self.compiled.get(digest) {
            return Ok(known);
        }
        let plugin = self.host.load(&bytes)?;
        self.compiled.keep(&plugin);
        Ok(plugin)
    }

    fn plugin_path(&self, digest: &str) -> PathBuf {
        self.root().join("plugins").join(format!("{digest}.wasm"))
    }

    fn signature_path(&self, digest: &str) -> PathBuf {
        self.root().join("plugins").join(format!("{digest}.wasm.sig"))
    }

    /// The host, for doors that check or inspect a plugin outside any pool's tables.
    pub fn host(&self) -> &linli_plugin::Host {
        &self.host
    }
}

/// All plugins, as the whole content of their table.
fn page(rows: &[PluginRow]) -> Result<Change> {
    let mut sorted: Vec<&PluginRow> = rows.iter().collect();
    sorted.sort_by_key(|it| &it.name);
    let mut page = Page::new("plugin");
    for it in sorted {
        page.add([
            ("name", it.name.as_str().into()),
            ("kind", it.kind.as_str().into()),
            ("version", it.version.as_str().into()),
            ("digest", it.digest.as_str().into()),
            ("state", "active".into()),
            ("title_zh", it.title_zh.as_str().into()),
            ("title_en", it.title_en.as_str().into()),
        ]);
    }
    page.replace()
}

fn names(rows: &[PluginRow]) -> String {
    let names: Vec<&str> = rows.iter().map(|it| it.name.as_str()).collect();
    names.join(", ")
}

/// Writes beside, then renames: a file under its digest is always whole, also when several
/// write it at once.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let (process, count) = (std::process::id(), WRITTEN.fetch_add(1, Ordering::Relaxed));
    let part = path.with_extension(format!("{process}-{count}.part"));
    let write = || {
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, path)
    };
    write().map_err(|source| {
        // Half a file is of no use to anybody, and there may be nothing to remove.
        let _ = std::fs::remove_file(&part);
        Error::Io { path: path.display().to_string(), source }
    })
}

#[cfg(test)]
mod tests;
