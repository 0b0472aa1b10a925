//! The comment lines at the top of a query.
//!
//! ```text
//! -- Share of open needs that someone could serve, per district.     the summary: up to the first empty line or key
//! -- zh 可服务需求占比                                                 the title in Chinese
//! --
//! -- Needs without a place count as their community's.                 notes
//! -- reads    need, candidate                                          a key, two blanks or more, its value
//! -- param    $as_of Timestamp  needs known at this instant; default NULL
//! -- returns  district_id  Utf8
//! --          coverage     Float64  0 to 1                             indented: goes on
//! SELECT …
//! ```

use std::collections::BTreeMap;

use super::{Param, ParamType, Returned};

/// A header in its parts.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Header {
    pub(super) summary: String,
    pub(super) zh: String,
    pub(super) notes: String,
    pub(super) params: Vec<Param>,
    pub(super) returns: Vec<Returned>,
    pub(super) keys: BTreeMap<String, String>,
    pub(super) sql: String,
}

/// Splits a file into header and SQL.
///
/// **Errors.** No summary, no Chinese title, or a parameter that cannot be read.
pub(super) fn parse(text: &str) -> Result<Header, String> {
    let mut header = Header::default();
    let comments: Vec<&str> = text.lines().map_while(|it| it.strip_prefix("--")).collect();
    header.sql = text.lines().skip(comments.len()).collect::<Vec<_>>().join("\n").trim().to_owned();
    let mut key = String::new();
    let mut in_summary = true;
    for line in comments {
        let line = line.strip_prefix(' ').unwrap_or(line);
        let goes_on = line.starts_with("   ") && !key.is_empty();
        if goes_on {
            header.take(&key, line.trim())?;
        } else if let Some((found, value)) = keyed(line) {
            in_summary = false;
            found.clone_into(&mut key);
            header.take(&key, value)?;
        } else if line.trim().is_empty() {
            in_summary = false;
            key.clear();
        } else {
            let part = if in_summary { &mut header.summary } else { &mut header.notes };
            append(part, line.trim(), " ");
        }
    }
    if header.summary.is_empty() {
        return Err("the header has no summary".to_owned());
    }
    if header.zh.is_empty() {
        return Err("the header has no line `-- zh …`".to_owned());
    }
    Ok(header)
}

/// A line that begins with a key: `zh`, or a word of small letters and at least two blanks.
fn keyed(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(' ')?;
    let is_word = !key.is_empty() && key.bytes().all(|it| it.is_ascii_lowercase());
    let is_key = key == "zh" || (is_word && value.starts_with(' '));
    is_key.then_some((key, value.trim()))
}

impl Header {
    fn take(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "zh" => append(&mut self.zh, value, " "),
            "param" => self.params.push(param(value)?),
            "returns" => match returned(value) {
                Some(column) => self.returns.push(column),
                None => append(self.keys.entry("returns".to_owned()).or_default(), value, " "),
            },
            _ => append(self.keys.entry(key.to_owned()).or_default(), value, " "),
        }
        Ok(())
    }
}

/// `$name Type description; default VALUE`.
fn param(text: &str) -> Result<Param, String> {
    let wrong = |why: &str| format!("param `{text}`: {why}");
    let (name, rest) = text.split_once(' ').ok_or_else(|| wrong("expected a name and a type"))?;
    let name = name.strip_prefix('$').ok_or_else(|| wrong("expected a name such as $as_of"))?;
    let rest = rest.trim();
    let (kind, description) = rest.split_once(' ').unwrap_or((rest, ""));
    let kind = ParamType::parse(kind).ok_or_else(|| wrong(&format!("there is no type {kind}")))?;
    let (description, default) = match description.rsplit_once("default ") {
        Some((before, value)) => (before, Some(kind.default(value.trim()).map_err(|it| wrong(&it.en))?)),
        None => (description, None),
    };
    let description = description.trim().trim_end_matches([';', ',']).to_owned();
    Ok(Param { name: name.to_owned(), kind, default, description })
}

/// `name Type unit`; a line that is a sentence is none.
fn returned(text: &str) -> Option<Returned> {
    const KINDS: [&str; 9] =
        ["Utf8", "Int64", "UInt64", "Float64", "Boolean", "Date32", "Timestamp", "List", "Decimal"];
    let (name, rest) = text.split_once(' ')?;
    let rest = rest.trim();
    let (kind, unit) = rest.split_once(' ').unwrap_or((rest, ""));
    KINDS.contains(&kind.split('(').next()?).then(|| Returned {
        name: name.to_owned(),
        kind: kind.to_owned(),
        unit: unit.trim().to_owned(),
    })
}

fn append(to: &mut String, part: &str, between: &str) {
    if !to.is_empty() && !part.is_empty() {
        to.push_str(between);
    }
    to.push_str(part);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::ParamValue;

    const FILE: &str = "\
-- Share of open needs that someone could serve,
-- per district.
-- zh 可服务需求占比
--
-- Needs without a place count as their community's.
-- reads    need, candidate
-- param    $as_of Timestamp  needs known at this instant; default NULL
-- param    $tier  Int64      least urgent tier
-- returns  district_id  Utf8
--          coverage     Float64  0 to 1
-- order    district_id
-- source   Church & ReVelle 1974,
--          maximal covering
SELECT 1
-- a comment of the query itself
";

    #[test]
    fn a_header_falls_into_its_parts() {
        let header = parse(FILE).expect("a header");
        assert_eq!(header.summary, "Share of open needs that someone could serve, per district.");
        assert_eq!(header.zh, "可服务需求占比");
        assert_eq!(header.notes, "Needs without a place count as their community's.");
        assert_eq!(header.params[0].name, "as_of");
        assert_eq!(header.params[0].default, Some(ParamValue::Null));
        assert_eq!(header.params[0].description, "needs known at this instant");
        assert_eq!(header.params[1].default, None);
        assert_eq!(header.params[1].kind, ParamType::Integer);
        assert_eq!(header.returns[1].unit, "0 to 1");
        assert_eq!(header.keys["order"], "district_id");
        assert_eq!(header.keys["source"], "Church & ReVelle 1974, maximal covering");
        assert_eq!(header.sql, "SELECT 1\n-- a comment of the query itself");
    }

    #[test]
    fn a_header_must_say_what_it_is_in_both_languages() {
        assert!(parse("-- zh 标题\nSELECT 1").is_err());
        assert!(parse("-- Something.\nSELECT 1").is_err());
        assert!(parse("-- Something.\n-- zh 标题\n-- param    $x Colour\nSELECT 1").is_err());
    }

    /// A line that is no column becomes a note: fine for the parts of a match, not for what is called.
    #[test]
    fn every_query_that_can_be_called_says_which_columns_it_returns() {
        let library = crate::library::Library::embedded().expect("the library");
        for query in library.queries().filter(|it| it.is_callable()) {
            assert!(!query.returns.is_empty(), "{}", query.name);
            assert_eq!(query.keys.get("returns"), None, "{}", query.name);
        }
    }
}
