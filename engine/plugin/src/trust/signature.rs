//! Signatures of a component, as they stand in `FILE.wasm.sig`.

use std::collections::BTreeSet;

use linli_model::Text;
use serde::{Deserialize, Serialize};

use super::key::{hex, unhex};
use super::{Distrust, PublicKey, SecretKey};
use crate::description::{ColumnWanted, Columns, PluginKind};
use crate::plugin::Plugin;

/// The version of the file, and the first word of every message that is signed: a signature made
/// for anything else never counts here.
const DOMAIN: &str = "linli:plugin-signature@1";
const LAYOUT: u32 = 1;

/// Bytes of a file of signatures.
const FILE_BYTES_MAX: usize = 256 << 10;
/// Signatures in one file.
const SIGNATURES_MAX: usize = 256;

/// What a component says of itself, as far as a signer answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its name.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// Scorer or evaluator.
    pub kind: PluginKind,
    /// The columns it asks for, each `name:type`; `*` for whatever there is.
    pub columns: Vec<String>,
}

impl Manifest {
    /// What a plugin says.
    pub fn of(plugin: &Plugin) -> Self {
        let it = plugin.description();
        let written = |it: &ColumnWanted| format!("{}:{}", it.name, it.column_type.as_str());
        let columns = match &it.columns {
            Columns::Named(columns) => columns.iter().map(written).collect(),
            Columns::Any => vec!["*".to_owned()],
        };
        Self { name: it.name.clone(), version: it.version.clone(), kind: it.kind, columns }
    }

    fn shown(&self) -> String {
        format!("{} {} {} ({})", self.kind, self.name, self.version, self.columns.join(" "))
    }
}

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    key: PublicKey,
    /// 128 hex digits.
    signature: String,
}

/// All signatures of one component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatures {
    layout: u32,
    /// The SHA-256 of the component.
    digest: String,
    manifest: Manifest,
    signatures: Vec<Signature>,
}

/// What a signature is worth by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The key made it.
    Valid,
    /// The key made it, and had signed already.
    Repeated,
    /// The key did not make it.
    Invalid,
}

/// Whoever is said to have signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signer {
    /// The key.
    pub key: PublicKey,
    /// What the signature is worth by itself.
    pub standing: Standing,
}

impl Signatures {
    /// None yet.
    pub fn none(plugin: &Plugin) -> Self {
        let (digest, manifest) = (plugin.digest().to_owned(), Manifest::of(plugin));
        Self { layout: LAYOUT, digest, manifest, signatures: Vec::new() }
    }

    /// Reads what [`Self::text`] wrote.
    ///
    /// **Errors.** [`Distrust::NotSignatures`].
    pub fn read(bytes: &[u8]) -> Result<Self, Distrust> {
        let bad = |en: String, zh: String| Distrust::NotSignatures { cause: Text::new(en, zh) };
        if bytes.len() > FILE_BYTES_MAX {
            return Err(bad(
                format!("it has {} bytes, expected at most {FILE_BYTES_MAX}", bytes.len()),
                format!("共 {} 字节，上限为 {FILE_BYTES_MAX} 字节", bytes.len()),
            ));
        }
        let it: Self = serde_json::from_slice(bytes).map_err(|it| {
            let place = format!("第 {} 行第 {} 列无法读取", it.line(), it.column());
            bad(it.to_string(), place)
        })?;
        if it.layout != LAYOUT {
            let found = it.layout;
            return Err(bad(
                format!("found layout {found}, expected {LAYOUT}"),
                format!("格式版本现为 {found}，应为 {LAYOUT}"),
            ));
        }
        if it.signatures.len() > SIGNATURES_MAX {
            let found = it.signatures.len();
            return Err(bad(
                format!("it has {found} signatures, expected at most {SIGNATURES_MAX}"),
                format!("共 {found} 个签名，上限为 {SIGNATURES_MAX}"),
            ));
        }
        Ok(it)
    }

    /// JSON with a line feed at its end. The same signatures have the same text.
    pub fn text(&self) -> String {
        // Strings and numbers have a text whatever they are.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Takes over the signatures of keys that have not signed here, if they are of the same thing.
    pub fn join(&mut self, other: &Self) {
        if (&self.digest, &self.manifest) != (&other.digest, &other.manifest) {
            return;
        }
        for it in &other.signatures {
            if !self.signatures.iter().any(|known| known.key == it.key) {
                self.signatures.push(it.clone());
            }
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.signatures.len()
    }

    /// Whether nobody signed.
    pub fn is_empty(&self) -> bool {
        self.signatures.is_empty()
    }

    /// Adds a signature.
    ///
    /// **Errors.** [`Distrust::SignedAlready`], and what [`Self::signers`] refuses: whoever signs
    /// does not put their name beside signatures of something else.
    pub fn sign(&mut self, plugin: &Plugin, secret: &SecretKey) -> Result<(), Distrust> {
        self.expect(plugin)?;
        let key = secret.public();
        if self.signatures.iter().any(|it| it.key == key) {
            return Err(Distrust::SignedAlready { key });
        }
        let signature = hex(&secret.sign(&self.message()));
        self.signatures.push(Signature { key, signature });
        Ok(())
    }

    /// Who signed this plugin: one entry per signature, in their order.
    ///
    /// **Errors.** [`Distrust::OtherComponent`], [`Distrust::OtherManifest`].
    /// **Cost.** Some 50 µs per signature.
    pub fn signers(&self, plugin: &Plugin) -> Result<Vec<Signer>, Distrust> {
        self.expect(plugin)?;
        let (message, mut seen) = (self.message(), BTreeSet::new());
        let signer = |it: &Signature| {
            let is_valid = unhex(&it.signature).is_some_and(|signature| it.key.made(&signature, &message));
            let standing = match is_valid {
                false => Standing::Invalid,
                true if seen.insert(it.key) => Standing::Valid,
                true => Standing::Repeated,
            };
            Signer { key: it.key, standing }
        };
        Ok(self.signatures.iter().map(signer).collect())
    }

    /// The same, but one signature that is not what it says spoils all.
    ///
    /// **Errors.** As [`Self::signers`]; [`Distrust::BadSignature`].
    pub fn genuine(&self, plugin: &Plugin) -> Result<Vec<Signer>, Distrust> {
        let signers = self.signers(plugin)?;
        match signers.iter().find(|it| it.standing == Standing::Invalid) {
            Some(it) => Err(Distrust::BadSignature { key: it.key }),
            None => Ok(signers),
        }
    }

    fn expect(&self, plugin: &Plugin) -> Result<(), Distrust> {
        if plugin.digest() != self.digest {
            let (found, expected) = (plugin.digest().to_owned(), self.digest.clone());
            return Err(Distrust::OtherComponent { found, expected });
        }
        let manifest = Manifest::of(plugin);
        if manifest != self.manifest {
            return Err(Distrust::OtherManifest { found: manifest.shown(), expected: self.manifest.shown() });
        }
        Ok(())
    }

    /// What is signed: a JSON array without blanks, so that no two things have one text.
    fn message(&self) -> Vec<u8> {
        let Manifest { name, version, kind, columns } = &self.manifest;
        serde_json::json!([DOMAIN, self.digest, name, version, kind.as_str(), columns])
            .to_string()
            .into_bytes()
    }
}
