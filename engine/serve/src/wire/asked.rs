//! The query part of a request's address.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

use crate::error::{Error, Result};
use crate::wire::AsOf;

/// What stands behind `?`, taken parameter by parameter; what nobody takes is refused.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pairs: Vec<(String, String)>,
    known: Vec<&'static str>,
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let Query(pairs) = pairs.map_err(|error| Error::BadArgument {
            name: "the query part".to_owned(),
            found: error.body_text(),
            expected: "key=value pairs".to_owned(),
        })?;
        Ok(Self { pairs, known: Vec::new() })
    }
}

impl Asked {
    /// Takes a parameter; one without text counts as not given.
    ///
    /// **Errors.** It stands there twice.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>> {
        self.known.push(name);
        let found = self.pairs.iter().filter(|(it, _)| it == name).count();
        if found > 1 {
            return Err(bad(name, &format!("{found} values"), "one"));
        }
        let position = self.pairs.iter().position(|(it, _)| it == name);
        let value = position.map(|it| self.pairs.remove(it).1);
        Ok(value.filter(|it| !it.is_empty()))
    }

    /// Takes a parameter that is a whole number.
    pub(crate) fn number(&mut self, name: &'static str) -> Result<Option<u64>> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| bad(name, &text, "a whole number, 0 or more"))
    }

    /// Takes `as_of`: the number of a snapshot, or a time.
    pub(crate) fn as_of(&mut self) -> Result<Option<AsOf>> {
        Ok(self.text("as_of")?.map(AsOf::from))
    }

    /// All that was not taken, in order.
    pub(crate) fn rest(self) -> Vec<(String, String)> {
        self.pairs
    }

    /// Refuses what was not taken.
    pub(crate) fn finish(self) -> Result<()> {
        match self.pairs.first() {
            None => Ok(()),
            Some((name, value)) => {
                let expected = match self.known.join(", ") {
                    it if it.is_empty() => "no parameters".to_owned(),
                    it => format!("one of {it}"),
                };
                Err(bad(name, value, &expected))
            }
        }
    }
}

fn bad(name: &str, found: &str, expected: &str) -> Error {
    Error::BadArgument { name: name.to_owned(), found: found.to_owned(), expected: expected.to_owned() }
}
