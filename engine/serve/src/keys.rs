//! `Idempotency-Key`: who asks twice is answered once.
//!
//! A key belongs to a route. The same key with the same payload gets the same answer, byte by
//! byte; with another payload it is refused. Keys are kept for 24 hours, in memory: after a
//! restart they are forgotten, and runs are still made once, because their id is a digest of
//! what goes into them.
//!
//! **Source.** draft-ietf-httpapi-idempotency-key-header-07 (2025).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use linli_model::Text;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// How long a key is kept, in microseconds.
const KEPT_US: i64 = 24 * 3_600_000_000;

/// How many keys are kept; beyond that the oldest are forgotten.
const KEYS_MAX: usize = 10_000;

/// Bytes of a key.
const KEY_BYTES_MAX: usize = 200;

/// The answer to a request that may come again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub location: Option<String>,
    pub status: u16,
    pub body: String,
}

#[derive(Debug)]
struct Known {
    payload: String,
    since_us: i64,
    answer: Option<Kept>,
}

type Place = (&'static str, String);

/// The keys of the last 24 hours.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    known: Mutex<BTreeMap<Place, Known>>,
}

/// What to do with a request.
#[derive(Debug)]
pub(crate) enum Turn {
    /// Answer it; the answer may be kept.
    First(Ticket),
    /// It was answered so.
    Again(Kept),
}

/// The right to answer a key. Dropped without an answer, the key is free again.
#[derive(Debug)]
pub(crate) struct Ticket {
    keys: Arc<Keys>,
    place: Option<Place>,
}

impl Keys {
    /// Looks a request up by its header; requests without one are always the first.
    ///
    /// **Errors.** A key that is none, came with another payload, or is being answered.
    pub(crate) fn begin(
        self: &Arc<Self>,
        route: &'static str,
        headers: &HeaderMap,
        payload: &str,
        now_us: i64,
    ) -> Result<Turn> {
        let Some(key) = key(headers)? else {
            return Ok(Turn::First(Ticket { keys: Arc::clone(self), place: None }));
        };
        let payload = format!("{:x}", HexBytes(&Sha256::digest(payload.as_bytes())));
        let mut known = self.lock();
        known.retain(|_, it| it.since_us > now_us - KEPT_US);
        let place = (route, key.clone());
        match known.get(&place) {
            Some(it) if it.payload != payload => Err(Error::KeyReused { key }),
            Some(Known { answer: Some(answer), .. }) => Ok(Turn::Again(answer.clone())),
            Some(_) => Err(Error::KeyInProgress { key }),
            None => {
                if known.len() >= KEYS_MAX
                    && let Some(oldest) =
                        known.iter().min_by_key(|(_, it)| it.since_us).map(|(place, _)| place.clone())
                {
                    known.remove(&oldest);
                }
                known.insert(place.clone(), Known { payload, since_us: now_us, answer: None });
                Ok(Turn::First(Ticket { keys: Arc::clone(self), place: Some(place) }))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Place, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// Keeps the answer for whoever comes again.
    pub(crate) fn keep(mut self, answer: &Kept) {
        if let Some(place) = self.place.take()
            && let Some(known) = self.keys.lock().get_mut(&place)
        {
            known.answer = Some(answer.clone());
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            self.keys.lock().remove(&place);
        }
    }
}

/// The key: a quoted string as the draft wants it, or the bare text.
fn key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(text);
    if text.is_empty() || text.len() > KEY_BYTES_MAX {
        let expected = Text::new(
            format!("a text of 1 to {KEY_BYTES_MAX} ASCII characters"),
            format!("1 至 {KEY_BYTES_MAX} 个 ASCII 字符"),
        );
        return Err(Error::argument("Idempotency-Key", format!("{value:?}"), expected));
    }
    Ok(Some(text.to_owned()))
}

/// Bytes as hexadecimal digits.
pub(crate) struct HexBytes<'a>(pub(crate) &'a [u8]);

impl std::fmt::LowerHex for HexBytes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|it| write!(f, "{it:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(key: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("idempotency-key", key.parse().expect("a header value"));
        headers
    }

    fn answer() -> Kept {
        Kept { location: None, status: 202, body: "{}".to_owned() }
    }

    #[test]
    fn the_same_key_is_answered_once_and_forgotten_after_a_day() {
        let keys = Arc::new(Keys::default());
        let begin = |key: &str, payload: &str, now| keys.begin("/v1/runs", &headers(key), payload, now);
        let Ok(Turn::First(ticket)) = begin("\"a\"", "1", 0) else { panic!("first") };
        assert!(matches!(begin("a", "1", 1), Err(Error::KeyInProgress { .. })));
        ticket.keep(&answer());
        assert!(matches!(begin("a", "1", 2), Ok(Turn::Again(it)) if it == answer()));
        assert!(matches!(begin("a", "2", 3), Err(Error::KeyReused { .. })));
        assert!(matches!(begin("b", "2", 3), Ok(Turn::First(_))));
        assert!(matches!(begin("a", "2", KEPT_US), Ok(Turn::First(_))));
    }

    #[test]
    fn a_request_that_failed_frees_its_key() {
        let keys = Arc::new(Keys::default());
        let Ok(Turn::First(ticket)) = keys.begin("/v1/runs", &headers("a"), "1", 0) else { panic!("first") };
        drop(ticket);
        assert!(matches!(keys.begin("/v1/runs", &headers("a"), "2", 1), Ok(Turn::First(_))));
    }

    #[test]
    fn a_key_has_a_length() {
        let keys = Arc::new(Keys::default());
        for bad in ["\"\"", &"x".repeat(201)] {
            let begun = keys.begin("/v1/runs", &headers(bad), "1", 0);
            assert!(matches!(begun, Err(Error::BadArgument { .. })), "{bad}");
        }
        assert!(matches!(keys.begin("/v1/runs", &HeaderMap::new(), "1", 0), Ok(Turn::First(_))));
    }
}
