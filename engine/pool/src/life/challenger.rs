//! Who is to take a plugin's place: the bytes of a file, or a digest that the pool keeps.

use linli_plugin::{Plugin, PluginKind, Signatures, examine};
use linli_query::Session;

use super::Hindrance;
use crate::plugins::PluginRow;
use crate::{Error, Pool, Result};

/// A challenger as somebody names it.
#[derive(Debug, Clone)]
pub enum Challenger {
    /// A component and who stands behind it; the pool keeps both by its digest.
    Component {
        /// The component.
        bytes: Vec<u8>,
        /// Its signatures: a place that asks for some can be taken later.
        signatures: Option<Signatures>,
    },
    /// The digest of a component that the pool keeps, or its beginning (at least 8 digits).
    Digest(String),
}

impl Pool {
    /// The incumbent of a scorer's name.
    ///
    /// **Errors.** No plugin of that name, or no scorer.
    pub(super) async fn incumbent(&self, session: &Session, name: &str) -> Result<PluginRow> {
        let rows = self.plugin_rows(session).await?;
        let scorer = PluginKind::Scorer.as_str();
        let Some(row) = rows.iter().find(|it| it.name == name) else {
            let known = rows.iter().filter(|it| it.kind == scorer).map(|it| it.name.clone()).collect();
            return Err(Error::UnknownPlugin { name: name.to_owned(), known });
        };
        if row.kind != scorer {
            return Err(Error::WrongPlugin { name: name.to_owned(), expected: scorer });
        }
        Ok(row.clone())
    }

    /// Loads a challenger of that name and keeps its file; the tables stay as they are.
    ///
    /// **Errors.** Whatever `plugin add` refuses, policies aside; a component that calls itself
    /// otherwise.
    pub(super) fn challenger(&self, name: &str, asked: &Challenger) -> Result<Plugin> {
        let plugin = match asked {
            Challenger::Component { bytes, signatures } => {
                let plugin = self.host.load(bytes)?;
                called(&plugin, name)?;
                examine(&plugin).require(name)?;
                let signatures = self.all_signatures(&plugin, signatures.as_ref());
                signatures.genuine(&plugin).map_err(linli_plugin::Error::from)?;
                self.put_component(&plugin, bytes)?;
                self.put_signatures(&plugin, &signatures)?;
                plugin
            }
            Challenger::Digest(digest) => self.plugin_by_digest(name, &self.kept(name, digest)?)?,
        };
        called(&plugin, name)?;
        Ok(plugin)
    }

    /// The digest of the one file that begins so.
    fn kept(&self, name: &str, digest: &str) -> Result<String> {
        let hindrance = |why| Err(Error::Transition { name: name.to_owned(), why });
        let is_hex = digest.len() >= 8 && digest.bytes().all(|it| it.is_ascii_hexdigit());
        if !is_hex {
            return hindrance(Hindrance::NoFile { asked: digest.to_owned() });
        }
        let folder = self.root().join("plugins");
        let entries = std::fs::read_dir(&folder)
            .map_err(|source| Error::Io { path: folder.display().to_string(), source })?;
        let mut found: Vec<String> = entries
            .filter_map(|it| it.ok()?.file_name().into_string().ok())
            .filter_map(|it| it.strip_suffix(".wasm").map(str::to_owned))
            .filter(|it| it.starts_with(&digest.to_ascii_lowercase()))
            .collect();
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            _ => hindrance(Hindrance::NoFile { asked: digest.to_owned() }),
        }
    }
}

/// A challenger bears the name of the plugin whose place it is to take.
fn called(plugin: &Plugin, name: &str) -> Result<()> {
    let found = &plugin.description().name;
    if found == name {
        return Ok(());
    }
    let why = Hindrance::OtherName { found: found.clone() };
    Err(Error::Transition { name: name.to_owned(), why })
}
