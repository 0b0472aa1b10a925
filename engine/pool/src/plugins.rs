//! The plugins of a pool: files named by digest, one row of table `plugin` per name.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use linli_model::Text;
use linli_plugin::{Plugin, PluginKind, examine};
use linli_query::{Change, Params, Session, Snapshot};
use serde::Serialize;

use crate::book::Page;
use crate::life::{Action, Event};
use crate::{Error, Pool, Result, Witness};

/// The reference plugins, as committed: what every new pool has, and nothing else.
static REFERENCE: [&[u8]; 14] = [
    include_bytes!("../../../plugins/dist/continuity.wasm"),
    include_bytes!("../../../plugins/dist/exclusion-zone.wasm"),
    include_bytes!("../../../plugins/dist/hotline-rates.wasm"),
    include_bytes!("../../../plugins/dist/load-balance.wasm"),
    include_bytes!("../../../plugins/dist/local-first.wasm"),
    include_bytes!("../../../plugins/dist/merchant-offer.wasm"),
    include_bytes!("../../../plugins/dist/skill-fit.wasm"),
    include_bytes!("../../../plugins/dist/speciality-point.wasm"),
    include_bytes!("../../../plugins/dist/star-rating.wasm"),
    include_bytes!("../../../plugins/dist/time-bank-credit.wasm"),
    include_bytes!("../../../plugins/dist/topsis.wasm"),
    include_bytes!("../../../plugins/dist/visit-team.wasm"),
    include_bytes!("../../../plugins/dist/walking-distance.wasm"),
    include_bytes!("../../../plugins/dist/weighted-index.wasm"),
];

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// What a component says of itself.
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
    /// Puts a plugin into the pool, in place of an earlier one of the same name.
    ///
    /// **Errors.** Whatever makes the bytes no plugin; columns no plugin may see; a check that the
    /// plugin does not pass. Then the pool stays as it was.
    pub async fn add_plugin(&self, bytes: &[u8], witness: &Witness) -> Result<PluginRow> {
        let rows = self.put_plugins(&[bytes], witness).await?;
        rows.into_iter().next().ok_or_else(|| Error::UnknownPlugin { name: String::new(), known: Vec::new() })
    }

    /// The plugins of a snapshot, by name.
    pub async fn plugins(&self, snapshot: &Snapshot, witness: &Witness) -> Result<Vec<PluginRow>> {
        let session = self.session(snapshot, &crate::pool::own_limits(witness)).await?;
        self.plugin_rows(&session).await
    }

    pub(crate) async fn add_reference_plugins(&self, witness: &Witness) -> Result<()> {
        self.put_plugins(&REFERENCE, witness).await?;
        Ok(())
    }

    async fn put_plugins(&self, files: &[&[u8]], witness: &Witness) -> Result<Vec<PluginRow>> {
        let base = self.latest().await?;
        let mut known = self.plugins(&base, witness).await?;
        let is_new_pool = known.is_empty();
        let (mut added, mut events) = (Vec::new(), Vec::new());
        for bytes in files {
            let plugin = self.host.load(bytes)?;
            let it = plugin.description();
            examine(&plugin).require(&it.name)?;
            self.keep_component(&plugin, bytes)?;
            let row = PluginRow::of(&plugin);
            let before = known.iter().find(|it| it.name == row.name).map(|it| it.digest.clone());
            // What a new pool begins with was added by nobody.
            if !is_new_pool && before.as_ref() != Some(&row.digest) {
                let text = Text::new(
                    format!("{} {} is in the pool", row.name, row.version),
                    format!("{} {} 已加入资源池", row.name, row.version),
                );
                events.push(Event {
                    replaced: before,
                    ..Event::new(Action::Add, &row.name, &row.digest, text)
                });
            }
            known.retain(|it| it.name != row.name);
            known.push(row.clone());
            added.push(row);
        }
        known.sort_by(|a, b| a.name.cmp(&b.name));
        let mut changes = vec![plugin_change(&known)?];
        if !events.is_empty() {
            let session = self.session(&base, &crate::pool::own_limits(witness)).await?;
            changes.push(self.events(&session, &events, witness).await?);
        }
        let names: Vec<&str> = added.iter().map(|it| it.name.as_str()).collect();
        let note = self.note(witness, format!("plugin add {}", names.join(", ")));
        self.store.commit(&base, changes, &note).await?;
        Ok(added)
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
        plugin_change(&rows)
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

    /// Keeps a component by its digest, on disk and compiled; no table names it by that.
    pub(crate) fn keep_component(&self, plugin: &Plugin, bytes: &[u8]) -> Result<()> {
        write_whole(&self.plugin_path(plugin.digest()), bytes)?;
        self.compiled.keep(plugin);
        Ok(())
    }

    fn plugin_path(&self, digest: &str) -> PathBuf {
        self.root().join("plugins").join(format!("{digest}.wasm"))
    }

    /// The host, for doors that check or inspect a plugin outside any pool's tables.
    pub fn host(&self) -> &linli_plugin::Host {
        &self.host
    }
}

/// The table as a whole.
fn plugin_change(rows: &[PluginRow]) -> Result<Change> {
    let mut page = Page::new("plugin");
    for it in rows {
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
