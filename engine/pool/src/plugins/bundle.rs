//! One plugin in one file, for a machine without a network.
//!
//! ```text
//! FILE.tar   <sha256>.wasm       the component
//!            <sha256>.wasm.sig   its signatures, where there are any
//!            bundle.json         last: what it says of itself, and length and digest of the others
//! ```
//!
//! The same plugin and signatures give the same bytes. A bundle that was cut off or damaged is not
//! imported; one that somebody made up is what it is: another component, under another digest,
//! without the signatures that a policy asks for.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use linli_model::Text;
use linli_plugin::{Manifest, Signatures, digest};
use serde::{Deserialize, Serialize};

use super::add::signer_rows;
use super::{AddReport, Addition, SignerRow, write_whole};
use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};

const INDEX: &str = "bundle.json";
const LAYOUT: u32 = 1;
/// Beyond the component itself: signatures, index, and what the archive adds.
const REST_BYTES_MAX: usize = 1 << 20;

/// What an export of a plugin wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BundleReport {
    /// The bundle.
    pub file: String,
    /// The plugin in it.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// What its bytes hash to.
    pub digest: String,
    /// Who signed it.
    pub signers: Vec<SignerRow>,
    /// The length of the bundle.
    pub bytes: usize,
    /// The SHA-256 of the bundle.
    pub sha256: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    layout: u32,
    digest: String,
    manifest: Manifest,
    /// Every other entry.
    files: BTreeMap<String, Entry>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    bytes: usize,
    sha256: String,
}

impl Pool {
    /// Writes a plugin and its signatures into a new file.
    ///
    /// **Errors.** [`Error::UnknownPlugin`]; its file is gone, or another; the new file exists.
    pub async fn export_plugin(&self, name: &str, file: &Path, witness: &Witness) -> Result<BundleReport> {
        let session = self.session(&self.latest().await?, &own_limits(witness)).await?;
        let rows = self.plugin_rows(&session).await?;
        let Some(row) = rows.iter().find(|it| it.name == name) else {
            let known = rows.into_iter().map(|it| it.name).collect();
            return Err(Error::UnknownPlugin { name: name.to_owned(), known });
        };
        if file.exists() {
            return Err(linli_query::Error::FileExists { path: file.display().to_string() }.into());
        }
        let plugin = self.plugin_by_digest(name, &row.digest)?;
        let path = self.plugin_path(&row.digest);
        let component = std::fs::read(&path).map_err(|source| io(&path, source))?;
        let signatures = self.kept_signatures(&plugin);
        let mut files = vec![(format!("{}.wasm", row.digest), component)];
        if let Some(it) = &signatures {
            files.push((format!("{}.wasm.sig", row.digest), it.text().into_bytes()));
        }
        let manifest = Manifest::of(&plugin);
        let bundle = pack(&row.digest, manifest, files).map_err(|source| io(file, source))?;
        write_whole(file, &bundle)?;
        let signers = signatures.map(|it| it.genuine(&plugin)).transpose();
        let signers = signers.map_err(linli_plugin::Error::from)?.unwrap_or_default();
        Ok(BundleReport {
            file: file.display().to_string(),
            name: row.name.clone(),
            version: row.version.clone(),
            digest: row.digest.clone(),
            signers: signer_rows(&self.policy_in(&session).await?, &signers),
            bytes: bundle.len(),
            sha256: digest(&bundle),
        })
    }

    /// Adds the plugin of a bundle, under the same conditions as any other; `file` is what to call
    /// it in errors.
    ///
    /// **Errors.** [`Error::BadBundle`] for what is not wholly what was exported, and all that
    /// [`Pool::add_signed_plugin`] refuses. Then the pool stays as it was.
    pub async fn import_plugin(
        &self,
        file: &Path,
        bundle: &[u8],
        districts: &[String],
        witness: &Witness,
    ) -> Result<AddReport> {
        let bad = |cause: Text| Error::BadBundle { path: file.display().to_string(), cause };
        let bytes_max = self.host.limits().component_bytes_max.saturating_add(REST_BYTES_MAX);
        if bundle.len() > bytes_max {
            return Err(bad(Text::new(
                format!("it has {} bytes, expected at most {bytes_max}", bundle.len()),
                format!("共 {} 字节，上限为 {bytes_max} 字节", bundle.len()),
            )));
        }
        let (index, mut files) = unpack(bundle).map_err(bad)?;
        let component = files.remove(&format!("{}.wasm", index.digest));
        let component = component
            .ok_or_else(|| bad(Text::new("the component it names is not in it", "缺少其所指的组件")))?;
        let signatures = files.remove(&format!("{}.wasm.sig", index.digest));
        let signatures = signatures.map(|it| Signatures::read(&it)).transpose();
        let signatures = signatures.map_err(linli_plugin::Error::from)?;
        let plugin = self.examined(&component)?;
        if Manifest::of(&plugin) != index.manifest {
            return Err(bad(Text::new(
                "the component says something else of itself than the bundle does",
                "组件的自我说明与插件包不符",
            )));
        }
        let addition = Addition { signatures, districts: districts.to_vec() };
        self.admit(&plugin, &component, &addition, witness).await
    }
}

fn pack(digest: &str, manifest: Manifest, files: Vec<(String, Vec<u8>)>) -> std::io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut add = |name: &str, bytes: &[u8]| {
        // Nothing of time, owner or machine.
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        tar.append_data(&mut header, name, bytes)
    };
    let mut index = Index { layout: LAYOUT, digest: digest.to_owned(), manifest, files: BTreeMap::new() };
    for (name, bytes) in files {
        add(&name, &bytes)?;
        index.files.insert(name, entry(&bytes));
    }
    let mut text = serde_json::to_vec_pretty(&index)?;
    text.push(b'\n');
    add(INDEX, &text)?;
    tar.into_inner()
}

/// The entries of a bundle by name, each what the index says.
fn unpack(bundle: &[u8]) -> Result<(Index, BTreeMap<String, Vec<u8>>), Text> {
    let broken = |it: std::io::Error| Text::new(it.to_string(), format!("无法读取（{it}）"));
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(bundle).entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        // Other kinds may grow while they are read: holes, links.
        if !entry.header().entry_type().is_file() {
            let (en, zh) =
                (format!("the entry {name:?} is no plain file"), format!("条目 {name:?} 不是普通文件"));
            return Err(Text::new(en, zh));
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(broken)?;
        if files.insert(name.clone(), bytes).is_some() {
            let (en, zh) = (format!("the entry {name:?} is there twice"), format!("条目 {name:?} 重复"));
            return Err(Text::new(en, zh));
        }
    }
    let index = files.remove(INDEX).ok_or_else(|| {
        Text::new(
            format!("it has no {INDEX}, its last entry: it was cut off, or is no bundle"),
            format!("缺少末尾条目 {INDEX}：文件不完整，或不是插件包"),
        )
    })?;
    let index: Index = serde_json::from_slice(&index).map_err(|it| {
        let place = format!("{INDEX} 第 {} 行第 {} 列无法读取", it.line(), it.column());
        Text::new(format!("{INDEX}: {it}"), place)
    })?;
    if index.layout != LAYOUT {
        let found = index.layout;
        return Err(Text::new(
            format!("found layout {found}, expected {LAYOUT}"),
            format!("格式版本现为 {found}，应为 {LAYOUT}"),
        ));
    }
    let found: BTreeMap<String, Entry> = files.iter().map(|(name, it)| (name.clone(), entry(it))).collect();
    let mut names = found.keys().chain(index.files.keys());
    if let Some(name) = names.find(|it| found.get(*it) != index.files.get(*it)) {
        let told =
            |it: Option<&Entry>| it.map_or("-".to_owned(), |it| format!("{} B, {}", it.bytes, it.sha256));
        let (found, expected) = (told(found.get(name)), told(index.files.get(name)));
        return Err(Text::new(
            format!("entry {name:?}: found {found}, expected {expected}"),
            format!("条目 {name:?}：现为 {found}，应为 {expected}"),
        ));
    }
    let component = format!("{}.wasm", index.digest);
    let named = |name: &str| name == component || name == format!("{component}.sig");
    if let Some(name) = files.keys().find(|it| !named(it)) {
        return Err(Text::new(
            format!("the entry {name:?} does not belong into it"),
            format!("条目 {name:?} 不属于插件包"),
        ));
    }
    let is_named_so = |it: &Vec<u8>| digest(it) == index.digest;
    if !files.get(&component).is_some_and(is_named_so) {
        return Err(Text::new(
            format!("the component is not the one with the digest {}", index.digest),
            format!("组件的摘要不是 {}", index.digest),
        ));
    }
    Ok((index, files))
}

fn entry(bytes: &[u8]) -> Entry {
    Entry { bytes: bytes.len(), sha256: digest(bytes) }
}

fn io(path: &Path, source: std::io::Error) -> Error {
    Error::Io { path: path.display().to_string(), source }
}
