//! The query part of a request's address.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use linli_model::Text;

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
        let Query(pairs) = pairs.map_err(|error| {
            let expected = Text::new("pairs such as page_size=10", "键值对，如 page_size=10");
            Error::argument("?", error.body_text(), expected)
        })?;
        Ok(Self { pairs, known: Vec::new() })
    }
}

impl Asked {
    /// Looks at a parameter without taking it.
    pub(crate) fn peek(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Takes a parameter; one without text counts as not given.
    ///
    /// **Errors.** It stands there twice.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>> {
        self.known.push(name);
        let found = self.pairs.iter().filter(|(it, _)| it == name).count();
        if found > 1 {
            return Err(Error::argument(name, format!("{name} × {found}"), Text::new("one value", "一个值")));
        }
        let position = self.pairs.iter().position(|(it, _)| it == name);
        let value = position.map(|it| self.pairs.remove(it).1);
        Ok(value.filter(|it| !it.is_empty()))
    }

    /// Takes a parameter that is a whole number.
    pub(crate) fn number(&mut self, name: &'static str) -> Result<Option<u64>> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let expected = || Text::new("a whole number, 0 or more", "整数，不小于 0");
        text.parse().map(Some).map_err(|_| Error::argument(name, text, expected()))
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
                let expected = match self.known.as_slice() {
                    [] => Text::new("no parameters", "不带参数"),
                    known => Text::new(
                        format!("one of {}", known.join(", ")),
                        format!("下列之一：{}", known.join("、")),
                    ),
                };
                Err(Error::argument(name, value, expected))
            }
        }
    }
}
