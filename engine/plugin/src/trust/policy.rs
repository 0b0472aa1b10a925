//! Who may add plugins, for which districts.

use std::collections::BTreeSet;

use linli_model::Text;
use serde::{Deserialize, Serialize};

use super::{Distrust, PublicKey, Signer, Standing};
use crate::state::is_unprintable;

/// In place of a district: all of them, and the pool as a whole.
pub const WHOLE_POOL: &str = "*";

/// Bytes of a policy: some thousand keys.
const POLICY_BYTES_MAX: usize = 1 << 20;
/// Bytes of an owner's name.
const OWNER_BYTES_MAX: usize = 200;

/// A key whose signatures count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedKey {
    /// The key.
    pub key: PublicKey,
    /// Whose it is: an office, no person.
    pub owner: String,
    /// The districts that it may add for; `*` for every one and for the whole pool.
    pub districts: Vec<String>,
}

/// Who may add plugins.
///
/// Without keys it is open: whoever can write the pool may add whatever keeps the contract.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// How many distinct keys must have signed.
    #[serde(default)]
    pub threshold: usize,
    /// Whose signatures count.
    #[serde(default)]
    pub keys: Vec<TrustedKey>,
}

impl Policy {
    /// Reads a policy: JSON, `{"threshold", "keys": [{"key", "owner", "districts"}]}`.
    ///
    /// **Errors.** [`Distrust::NotAPolicy`] for what cannot be read or could never be met.
    pub fn read(bytes: &[u8]) -> Result<Self, Distrust> {
        if bytes.len() > POLICY_BYTES_MAX {
            return Err(bad(
                format!("it has {} bytes, expected at most {POLICY_BYTES_MAX}", bytes.len()),
                format!("共 {} 字节，上限为 {POLICY_BYTES_MAX} 字节", bytes.len()),
            ));
        }
        let policy: Self = serde_json::from_slice(bytes).map_err(|it| {
            let place = format!("第 {} 行第 {} 列无法读取", it.line(), it.column());
            bad(it.to_string(), place)
        })?;
        policy.checked()
    }

    /// The same, if it can hold.
    ///
    /// **Errors.** [`Distrust::NotAPolicy`]: a key twice, a threshold that no number of signatures
    /// reaches, owners without a name, keys without a district.
    pub fn checked(self) -> Result<Self, Distrust> {
        let (threshold, count) = (self.threshold, self.keys.len());
        if (threshold == 0) != (count == 0) || threshold > count {
            return Err(bad(
                format!("the threshold is {threshold} for {count} keys, expected 1 to {count}"),
                format!("共 {count} 个密钥，门槛为 {threshold}，应在 1 至 {count} 之间"),
            ));
        }
        let mut seen = BTreeSet::new();
        for TrustedKey { key, owner, districts } in &self.keys {
            if !seen.insert(key) {
                return Err(bad(format!("key {key} is there twice"), format!("密钥 {key} 重复")));
            }
            let is_named = !owner.trim().is_empty() && owner.len() <= OWNER_BYTES_MAX;
            if !is_named || owner.contains(is_unprintable) {
                return Err(bad(
                    format!("the owner of {key} has no name of 1 to {OWNER_BYTES_MAX} bytes on one line"),
                    format!("密钥 {key} 的所属单位应为一行文字，不超过 {OWNER_BYTES_MAX} 字节"),
                ));
            }
            if districts.is_empty() || districts.iter().any(|it| it.trim().is_empty()) {
                return Err(bad(
                    format!("{owner} has no districts, expected ids or \"{WHOLE_POOL}\""),
                    format!("{owner} 没有区县，应为区县编号或 \"{WHOLE_POOL}\""),
                ));
            }
        }
        Ok(self)
    }

    /// Whether nobody has to sign.
    pub fn is_open(&self) -> bool {
        self.keys.is_empty()
    }

    /// What the policy says of a key.
    pub fn key(&self, key: &PublicKey) -> Option<&TrustedKey> {
        self.keys.iter().find(|it| it.key == *key)
    }

    /// How many distinct keys among these signers may add for a district, or for the whole pool.
    pub fn count(&self, signers: &[Signer], district: Option<&str>) -> usize {
        self.granted(signers, district).len()
    }

    /// Lets in what enough offices signed that may add there.
    ///
    /// **Errors.** [`Distrust::OtherDistrict`] where an office signed that may add elsewhere only,
    /// [`Distrust::TooFew`] otherwise.
    pub fn require(&self, signers: &[Signer], district: Option<&str>) -> Result<(), Distrust> {
        let found = self.count(signers, district);
        if self.is_open() || found >= self.threshold {
            return Ok(());
        }
        let known = |it: &&Signer| it.standing == Standing::Valid;
        let elsewhere = signers.iter().filter(known).filter_map(|it| self.key(&it.key));
        let district = district.map(str::to_owned);
        if let Some(it) = elsewhere.into_iter().find(|it| !may(it, district.as_deref())) {
            let (owner, districts) = (it.owner.clone(), it.districts.clone());
            return Err(Distrust::OtherDistrict { owner, district, districts });
        }
        let with = |standing: Standing| {
            let keys = signers.iter().filter(move |it| it.standing == standing).map(|it| it.key);
            keys.collect::<BTreeSet<_>>().into_iter()
        };
        let unknown = with(Standing::Valid).filter(|it| self.key(it).is_none()).collect();
        let repeated = with(Standing::Repeated).collect();
        Err(Distrust::TooFew { district, found, threshold: self.threshold, repeated, unknown })
    }

    fn granted(&self, signers: &[Signer], district: Option<&str>) -> BTreeSet<PublicKey> {
        let valid = signers.iter().filter(|it| it.standing != Standing::Invalid);
        let keys = valid.filter_map(|it| self.key(&it.key)).filter(|it| may(it, district));
        keys.map(|it| it.key).collect()
    }
}

fn may(key: &TrustedKey, district: Option<&str>) -> bool {
    key.districts.iter().any(|it| it == WHOLE_POOL || Some(it.as_str()) == district)
}

fn bad(en: String, zh: String) -> Distrust {
    Distrust::NotAPolicy { cause: Text::new(en, zh) }
}

#[cfg(test)]
mod tests;
