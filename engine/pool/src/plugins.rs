//! The plugins of a pool: files named by digest, one row of table `plugin` per name.

use std::path::PathBuf;

use include_dir::{Dir, include_dir};
use linli_model::{Catalog, Pii};
use linli_plugin::{Columns, Plugin, PluginKind};
use linli_query::{Params, Session, Snapshot};
use serde::Serialize;

use crate::book::Page;
use crate::{Error, Pool, Result, Witness};

/// The reference plugins, as committed.
static REFERENCE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../plugins/dist");

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

impl Pool {
    /// Puts a plugin into the pool, in place of an earlier one of the same name.
    ///
    /// **Errors.** Whatever makes the bytes no plugin; columns no plugin may see.
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
        let mut files: Vec<_> =
            REFERENCE.files().filter(|it| it.path().extension().is_some_and(|it| it == "wasm")).collect();
        files.sort_by_key(|it| it.path());
        let bytes: Vec<&[u8]> = files.iter().map(|it| it.contents()).collect();
        self.put_plugins(&bytes, witness).await?;
        Ok(())
    }

    async fn put_plugins(&self, files: &[&[u8]], witness: &Witness) -> Result<Vec<PluginRow>> {
        let base = self.latest().await?;
        let mut known = self.plugins(&base, witness).await?;
        let mut added = Vec::new();
        for bytes in files {
            let plugin = self.host.load(bytes)?;
            check_columns(&plugin)?;
            let path = self.plugin_path(plugin.digest());
            write_once(&path, bytes)?;
            let it = plugin.description();
            let row = PluginRow {
                name: it.name.clone(),
                kind: it.kind.as_str().to_owned(),
                version: it.version.clone(),
                digest: plugin.digest().to_owned(),
                title_en: it.title.en.clone(),
                title_zh: it.title.zh.clone(),
            };
            known.retain(|it| it.name != row.name);
            known.push(row.clone());
            added.push(row);
        }
        known.sort_by(|a, b| a.name.cmp(&b.name));
        let mut page = Page::new("plugin");
        for it in &known {
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
        let names: Vec<&str> = added.iter().map(|it| it.name.as_str()).collect();
        let note = self.note(witness, format!("plugin add {}", names.join(", ")));
        self.store.commit(&base, vec![page.replace()?], &note).await?;
        Ok(added)
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

    /// Loads a plugin from its file and makes sure that it is the file that was added.
    pub(crate) fn plugin_by_digest(&self, name: &str, digest: &str) -> Result<Plugin> {
        let path = self.plugin_path(digest);
        let bytes =
            std::fs::read(&path).map_err(|source| Error::Io { path: path.display().to_string(), source })?;
        if linli_plugin::digest(&bytes) != digest {
            return Err(Error::TamperedPlugin { name: name.to_owned(), path: path.display().to_string() });
        }
        Ok(self.host.load(&bytes)?)
    }

    fn plugin_path(&self, digest: &str) -> PathBuf {
        self.root().join("plugins").join(format!("{digest}.wasm"))
    }

    /// The host, for doors that check or inspect a plugin outside any pool's tables.
    pub fn host(&self) -> &linli_plugin::Host {
        &self.host
    }
}

/// Writes beside, then renames: a file under its digest is always whole.
fn write_once(path: &std::path::Path, bytes: &[u8]) -> Result<()> {
    let io = |source| Error::Io { path: path.display().to_string(), source };
    let beside = path.with_extension("part");
    std::fs::write(&beside, bytes).map_err(io)?;
    std::fs::rename(&beside, path).map_err(io)
}

/// Grants a scorer its columns: those of a candidate that name nobody.
fn check_columns(plugin: &Plugin) -> Result<()> {
    let Columns::Named(columns) = &plugin.description().columns else { return Ok(()) };
    if plugin.description().kind != PluginKind::Scorer {
        return Ok(());
    }
    let refuse = |column: &str, reason: &str| Error::ColumnRefused {
        plugin: plugin.description().name.clone(),
        column: column.to_owned(),
        reason: reason.to_owned(),
    };
    let catalog = Catalog::embedded().map_err(linli_query::Error::Schema)?;
    for it in columns {
        let field = catalog.table("candidate").and_then(|table| table.field(&it.name));
        let field = field.ok_or_else(|| refuse(&it.name, "candidates have no such column"))?;
        if it.name.ends_with("_id") {
            return Err(refuse(&it.name, "a plugin sees columns, never who it is"));
        }
        if field.pii != Pii::None {
            return Err(refuse(&it.name, "its class of personal information is never granted"));
        }
    }
    Ok(())
}
