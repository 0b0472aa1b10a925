//! Page tokens: where the next page begins, in which snapshot, of which list.
//!
//! A token is opaque to callers: hexadecimal digits of a small JSON document. It is neither
//! signed nor bound to who asked: it grants nothing, and whoever makes one up gets rows that
//! could be asked for anyway.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::keys::HexBytes;

/// The place of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// The snapshot that the list reads.
    pub snapshot: u64,
    /// Digest of path and filter.
    pub list: String,
    /// The run whose rows they are, where the path may name it otherwise: `latest` is another
    /// run as soon as one is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The key of the page's first row.
    pub from: Vec<KeyPart>,
}

/// One column of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum KeyPart {
    /// A whole number, or an instant in microseconds.
    Integer(i64),
    /// Text.
    Text(String),
}

impl Cursor {
    /// The token of this place.
    pub(crate) fn token(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        format!("{:x}", HexBytes(text.as_bytes()))
    }

    /// Reads a token of a list whose key has so many columns.
    ///
    /// **Errors.** [`Error::BadCursor`]: no token, or that of another list.
    pub(crate) fn read(token: &str, list: &str, columns: usize) -> Result<Self> {
        let cursor = Self::parse(token).ok_or(Error::BadCursor { cause: "is not one of ours" })?;
        if cursor.list != list || cursor.from.len() != columns {
            return Err(Error::BadCursor { cause: "belongs to another list or filter" });
        }
        Ok(cursor)
    }

    /// The run that a token names, if it is one and names one.
    pub(crate) fn run_of(token: &str) -> Option<String> {
        Self::parse(token)?.run
    }

    fn parse(token: &str) -> Option<Self> {
        serde_json::from_slice(&bytes(token)?).ok()
    }
}

/// The digest of a list: its path and what it is filtered by, whatever the order.
pub(crate) fn list_digest(path: &str, filter: &[(String, String)]) -> String {
    let mut filter = filter.to_vec();
    filter.sort();
    let digest = Sha256::digest(format!("{path}\n{filter:?}").as_bytes());
    format!("{:x}", HexBytes(&digest[..8]))
}

fn bytes(token: &str) -> Option<Vec<u8>> {
    let digit = |it: u8| char::from(it).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let (pairs, rest) = token.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    bytes.collect::<Option<Vec<u8>>>().filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_back_and_fits_its_list_only() {
        let filter = [("tier".to_owned(), "3".to_owned()), ("status".to_owned(), "open".to_owned())];
        let list = list_digest("/v1/tables/need", &filter);
        let from = vec![KeyPart::Text("n7".to_owned()), KeyPart::Integer(-5)];
        let run = Some("0f3c".to_owned());
        let cursor = Cursor { snapshot: 42, list: list.clone(), run: run.clone(), from };
        assert_eq!(Cursor::read(&cursor.token(), &list, 2).ok(), Some(cursor.clone()));
        assert_eq!(Cursor::run_of(&cursor.token()), run);
        assert_eq!(Cursor::run_of("7b"), None);
        let [tier, status] = filter;
        assert_eq!(list_digest("/v1/tables/need", &[status, tier.clone()]), list);
        let other = list_digest("/v1/tables/need", &[tier]);
        assert!(Cursor::read(&cursor.token(), &other, 2).is_err());
        assert!(Cursor::read(&cursor.token(), &list, 1).is_err());
        for bad in ["", "x", "7b", "zz", "需求"] {
            assert!(Cursor::read(bad, &list, 2).is_err(), "{bad}");
        }
    }
}
