//! Machine code of components that were compiled before.
//!
//! Compiling takes a tenth of a second and more, loading what it gave a millisecond. But machine
//! code runs outside every sandbox: whoever can choose it can do whatever this process can. So it
//! is loaded only where an HMAC over all of it says that this user's own linli compiled it, from
//! this component, with this version of wasmtime, these settings and limits, for this processor.
//! Everything else, a single bit of difference included, is compiled anew.
//!
//! The secret of the HMAC must not lie where the code does: whoever can write there could seal.

use std::hash::{Hash as _, Hasher};

use ring::hmac;
use sha2::{Digest as _, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::limits::Limits;
use crate::trust::hex;

/// The first words of what is sealed: a seal made for anything else never counts here.
const DOMAIN: &[u8] = b"linli:machine-code@1";
const TAG_BYTES: usize = 32;
const PLACE_BYTES: usize = 32;

/// Where code is kept: a folder, as a rule. May lose what it was given, and may be tampered with.
pub trait Shelf: Send + Sync {
    /// What was put under a name, if it is there.
    fn take(&self, name: &str) -> Option<Vec<u8>>;
    /// Keeps something under a name, if it can.
    fn put(&self, name: &str, bytes: &[u8]);
}

/// A shelf, and the secret that tells one's own code from all other.
pub(crate) struct CodeCache {
    shelf: Box<dyn Shelf>,
    key: hmac::Key,
    /// Tells apart what several users keep on one shelf; says nothing of the secret.
    user: String,
    /// Version, settings, limits, processor.
    engine: String,
}

impl CodeCache {
    pub(crate) fn new(engine: &Engine, limits: &Limits, secret: &[u8; 32], shelf: Box<dyn Shelf>) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let user = hex(&hmac::sign(&key, b"linli:user@1").as_ref()[..4]);
        let mut hasher = Fingerprint(Sha256::new_with_prefix(DOMAIN));
        engine.precompile_compatibility_hash().hash(&mut hasher);
        hasher.write(format!("{limits:?}").as_bytes());
        Self { shelf, key, user, engine: hex(&hasher.0.finalize()[..8]) }
    }

    /// The code of a component, if it is there and ours.
    pub(crate) fn take(&self, engine: &Engine, digest: &str) -> Option<Component> {
        let name = self.name(digest);
        let kept = self.shelf.take(&name)?;
        let code = self.unsealed(&name, &kept)?;
        load(engine, code)
    }

    /// Keeps the code of a component that was just compiled.
    pub(crate) fn put(&self, digest: &str, component: &Component) {
        // What cannot be written down is compiled again next time.
        if let Ok(code) = component.serialize() {
            let name = self.name(digest);
            self.shelf.put(&name, &self.sealed(&name, &code));
        }
    }

    fn name(&self, digest: &str) -> String {
        format!("{digest}.{}.{}.code", self.user, self.engine)
    }

    fn sealed(&self, name: &str, code: &[u8]) -> Vec<u8> {
        let mut kept = vec![0; TAG_BYTES];
        kept.extend_from_slice(&place(name));
        kept.extend_from_slice(code);
        let tag = hmac::sign(&self.key, &kept[TAG_BYTES..]);
        kept[..TAG_BYTES].copy_from_slice(tag.as_ref());
        kept
    }

    /// The code, if this user sealed it for this place.
    fn unsealed<'a>(&self, name: &str, kept: &'a [u8]) -> Option<&'a [u8]> {
        let (tag, rest) = kept.split_at_checked(TAG_BYTES)?;
        hmac::verify(&self.key, rest, tag).ok()?;
        let (sealed_for, code) = rest.split_at_checked(PLACE_BYTES)?;
        (sealed_for == place(name).as_slice()).then_some(code)
    }
}

/// Turns bytes that were unsealed into a component.
#[expect(unsafe_code, reason = "the only place that loads machine code; see the safety note")]
fn load(engine: &Engine, code: &[u8]) -> Option<Component> {
    // SAFETY: `deserialize` asks for bytes that `Component::serialize` made and nobody changed.
    // `unsealed` gave them: the HMAC over all of them and over the place they were kept at holds,
    // under a secret that only this user has, and `sealed`, which makes it, is only given what
    // `serialize` just made. They are in memory of our own, read once, so nobody can change them
    // between the check and the use. wasmtime itself refuses another version, other settings or a
    // processor without the features that were compiled for.
    unsafe { Component::deserialize(engine, code) }.ok()
}

/// What a seal says of the place that it was made for: component, engine and user.
fn place(name: &str) -> [u8; PLACE_BYTES] {
    Sha256::new_with_prefix(DOMAIN).chain_update(name).finalize().into()
}

/// A hash that is the same in every process of one build.
struct Fingerprint(Sha256);

impl Hasher for Fingerprint {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests;
