//! Why a component is not let in although it is a plugin.

use linli_model::{Kind, Text};
use serde::Serialize;

use super::PublicKey;
use crate::error::Error;

/// Why keys, signatures and policies are not as they should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Distrust {
    /// The text is no key. What it is instead is not told: it may be secret.
    NotAKey {
        /// Whether a secret key was expected.
        secret: bool,
    },
    /// The bytes are no list of signatures.
    NotSignatures {
        /// What is wrong.
        cause: Text,
    },
    /// The bytes are no policy, or one that contradicts itself.
    NotAPolicy {
        /// What is wrong.
        cause: Text,
    },
    /// The signatures are for other bytes.
    OtherComponent {
        /// The digest of the component.
        found: String,
        /// The digest that was signed.
        expected: String,
    },
    /// The signatures are for a component that says something else of itself.
    OtherManifest {
        /// What the component says.
        found: String,
        /// What was signed.
        expected: String,
    },
    /// A signature that its key did not make.
    BadSignature {
        /// The key.
        key: PublicKey,
    },
    /// The key has signed already: a second signature says nothing new.
    SignedAlready {
        /// The key.
        key: PublicKey,
    },
    /// Not enough keys that may add for a place.
    TooFew {
        /// The district; none for the whole pool.
        district: Option<String>,
        /// Distinct keys that signed and may add there.
        found: usize,
        /// How many the policy asks for.
        threshold: usize,
        /// Keys that signed more than once, which count once.
        repeated: Vec<PublicKey>,
        /// Keys that signed and that the policy does not name.
        unknown: Vec<PublicKey>,
    },
    /// An office signed for a district that it may not add for.
    OtherDistrict {
        /// The office.
        owner: String,
        /// The district; none for the whole pool.
        district: Option<String>,
        /// Those it may add for.
        districts: Vec<String>,
    },
}

impl Distrust {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::TooFew { .. } | Self::OtherDistrict { .. } => Kind::Denied,
            Self::SignedAlready { .. } => Kind::Conflict,
            _ => Kind::Data,
        }
    }

    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::NotAKey { .. } => "not-a-key",
            Self::NotSignatures { .. } => "not-signatures",
            Self::NotAPolicy { .. } => "not-a-policy",
            Self::OtherComponent { .. } => "signatures-of-another-component",
            Self::OtherManifest { .. } => "signatures-of-another-manifest",
            Self::BadSignature { .. } => "bad-signature",
            Self::SignedAlready { .. } => "signed-already",
            Self::TooFew { .. } => "too-few-signatures",
            Self::OtherDistrict { .. } => "district-not-granted",
        }
    }

    /// In English.
    pub fn en(&self) -> String {
        match self {
            Self::NotAKey { secret: true } => {
                "expected a secret key, `ed25519-secret:` and 64 hex digits, found something else".to_owned()
            }
            Self::NotAKey { secret: false } => {
                "expected a public key, `ed25519:` and 64 lower-case hex digits, found something else"
                    .to_owned()
            }
            Self::NotSignatures { cause } => format!("the file holds no signatures: {}", cause.en),
            Self::NotAPolicy { cause } => format!("the policy cannot hold: {}", cause.en),
            Self::OtherComponent { found, expected } => {
                format!("the signatures are of component {expected}, this is {found}")
            }
            Self::OtherManifest { found, expected } => {
                format!("what was signed says of itself {expected}, this says {found}")
            }
            Self::BadSignature { key } => format!("key {key} did not make the signature that bears its name"),
            Self::SignedAlready { key } => format!("key {key} has signed this component already"),
            Self::TooFew { district, found, threshold, repeated, unknown } => {
                let (place, notes) = (place(district.as_deref()).en, notes(repeated, unknown).en);
                format!("{place} asks for signatures of {threshold} keys, found {found}{notes}")
            }
            Self::OtherDistrict { owner, district, districts } => format!(
                "{owner} signed, but may not add plugins for {}, only for {}",
                place(district.as_deref()).en,
                districts.join(", ")
            ),
        }
    }

    /// In Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::NotAKey { secret: true } => "应为私钥：ed25519-secret: 加 64 位十六进制数字".to_owned(),
            Self::NotAKey { secret: false } => "应为公钥：ed25519: 加 64 位小写十六进制数字".to_owned(),
            Self::NotSignatures { cause } => format!("文件不是签名文件：{}", cause.zh),
            Self::NotAPolicy { cause } => format!("插件准入策略无效：{}", cause.zh),
            Self::OtherComponent { found, expected } => {
                format!("签名针对组件 {expected}，而此组件为 {found}")
            }
            Self::OtherManifest { found, expected } => {
                format!("签名时组件自称 {expected}，而此组件自称 {found}")
            }
            Self::BadSignature { key } => format!("密钥 {key} 名下的签名无效"),
            Self::SignedAlready { key } => format!("密钥 {key} 已对此组件签名"),
            Self::TooFew { district, found, threshold, repeated, unknown } => {
                let (place, notes) = (place(district.as_deref()).zh, notes(repeated, unknown).zh);
                format!("{place}要求 {threshold} 个不同密钥的签名，现有 {found} 个{notes}")
            }
            Self::OtherDistrict { owner, district, districts } => format!(
                "{owner} 已签名，但无权为{}添加插件，只可用于 {}",
                place(district.as_deref()).zh,
                districts.join("、")
            ),
        }
    }

    pub(crate) fn hint(&self) -> Option<Text> {
        let (en, zh) = match self {
            Self::NotAKey { secret: true } => {
                ("make a key: linli plugin key FILE", "生成密钥：linli plugin key FILE")
            }
            Self::OtherComponent { .. } | Self::OtherManifest { .. } | Self::BadSignature { .. } => (
                "ask for the component and its signatures again; see who signed: linli plugin verify",
                "请重新索取组件及其签名；查看签名者：linli plugin verify",
            ),
            Self::TooFew { .. } | Self::OtherDistrict { .. } => (
                "see who may add for which district: linli plugin policy POOL; sign: linli plugin sign",
                "查看谁可以为哪些区县添加：linli plugin policy POOL；签名：linli plugin sign",
            ),
            _ => return None,
        };
        Some(Text::new(en, zh))
    }
}

impl From<Distrust> for Error {
    fn from(it: Distrust) -> Self {
        Self::Untrusted(it)
    }
}

/// A district, or all of the pool.
fn place(district: Option<&str>) -> Text {
    match district {
        Some(it) => Text::new(format!("district {it}"), format!("区县 {it} ")),
        None => Text::new("the whole pool", "整个资源池"),
    }
}

/// Which signatures did not count, and why.
fn notes(repeated: &[PublicKey], unknown: &[PublicKey]) -> Text {
    let (mut en, mut zh) = (String::new(), String::new());
    if !repeated.is_empty() {
        let keys = list(repeated);
        en += &format!("; {} signed more than once and counts once", keys.en);
        zh += &format!("；{} 重复签名，只计一次", keys.zh);
    }
    if !unknown.is_empty() {
        let keys = list(unknown);
        en += &format!("; the policy does not name {}", keys.en);
        zh += &format!("；策略中没有 {}", keys.zh);
    }
    Text::new(en, zh)
}

fn list(keys: &[PublicKey]) -> Text {
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    Text::new(keys.join(", "), keys.join("、"))
}
