//! Keys as files and as text.

use std::fmt::{self, Write as _};

use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use super::Distrust;
use crate::error::{Error, Result};

const PUBLIC: &str = "ed25519:";
const SECRET: &str = "ed25519-secret:";

/// An Ed25519 public key; written `ed25519:` and 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Reads the text of a key.
    ///
    /// **Errors.** [`Distrust::NotAKey`].
    pub fn read(text: &str) -> Result<Self, Distrust> {
        let digits = text.strip_prefix(PUBLIC).ok_or(Distrust::NotAKey { secret: false })?;
        unhex(digits).map(Self).ok_or(Distrust::NotAKey { secret: false })
    }

    /// Whether this key made that signature of that message.
    pub(super) fn made(&self, signature: &[u8; 64], message: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{PUBLIC}{}", hex(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl From<PublicKey> for String {
    fn from(it: PublicKey) -> Self {
        it.to_string()
    }
}

impl TryFrom<String> for PublicKey {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        Self::read(&text).map_err(|it| it.en())
    }
}

/// An Ed25519 secret key. Never shown: not even its debugging text has anything secret.
pub struct SecretKey {
    seed: [u8; 32],
    pair: Ed25519KeyPair,
}

impl SecretKey {
    /// A new key, of the operating system's randomness.
    ///
    /// **Errors.** [`Error::Host`] where the system has none.
    pub fn generate() -> Result<Self> {
        Ok(Self::of(random_bytes()?)?)
    }

    /// Reads what [`Self::text`] wrote; blanks around it do not matter.
    ///
    /// **Errors.** [`Distrust::NotAKey`], without a word of what was found.
    pub fn read(text: &str) -> Result<Self, Distrust> {
        let digits = text.trim().strip_prefix(SECRET).ok_or(Distrust::NotAKey { secret: true })?;
        Self::of(unhex(digits).ok_or(Distrust::NotAKey { secret: true })?)
    }

    /// One line, for a file that nobody else may read.
    pub fn text(&self) -> String {
        format!("{SECRET}{}\n", hex(&self.seed))
    }

    /// What others know it by.
    pub fn public(&self) -> PublicKey {
        let mut key = [0; 32];
        key.copy_from_slice(self.pair.public_key().as_ref());
        PublicKey(key)
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.pair.sign(message).as_ref());
        signature
    }

    fn of(seed: [u8; 32]) -> Result<Self, Distrust> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed);
        Ok(Self { seed, pair: pair.map_err(|_| Distrust::NotAKey { secret: true })? })
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SecretKey").field("public", &self.public()).finish_non_exhaustive()
    }
}

/// Bytes that nobody can guess, from the operating system.
///
/// **Errors.** [`Error::Host`] where the system has none.
pub fn random_bytes() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| Error::Host { cause: "the system gives no randomness".to_owned() })?;
    Ok(bytes)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Exactly so many bytes, written in lower case: one key has one text.
pub(super) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let plain = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
    if text.len() != 2 * N || !text.bytes().all(plain) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_standard_signs_as_the_standard_says() {
        // RFC 8032, 7.1, test 2.
        let secret = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
        let key = SecretKey::read(&format!("{SECRET}{secret}\n")).expect("a key");
        let public = "ed25519:3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        assert_eq!(key.public().to_string(), public);
        let signature = key.sign(&[0x72]);
        assert!(hex(&signature).starts_with("92a009a9f0d4cab8720e820b5f642540"));
        assert!(key.public().made(&signature, &[0x72]));
        assert!(!key.public().made(&signature, &[0x73]));
        assert_eq!(key.text().trim(), format!("{SECRET}{secret}"));
        assert!(!format!("{key:?}").contains(secret));
    }

    #[test]
    fn one_key_has_one_text() {
        let text = "ed25519:3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        assert_eq!(PublicKey::read(text).expect("a key").to_string(), text);
        for other in [&text[8..], &text.to_uppercase(), &text[..70], "ed25519:", "", "ed25519:é"] {
            assert!(PublicKey::read(other).is_err(), "{other}");
        }
    }

    #[test]
    fn two_new_keys_differ() {
        let key = || SecretKey::generate().expect("a key").public();
        assert_ne!(key(), key());
    }
}
