//! Hard rules and candidate queries as they stand in `queries/candidate/`.

use include_dir::{Dir, include_dir};
use linli_model::Text;
use sha2::{Digest, Sha256};

use crate::{Error, Result};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../queries/candidate");

/// One hard rule: a boolean expression over need `n`, provider `p`, slot `s`, best offer `o`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name, from the file `rule_<name>.sql`.
    pub name: String,
    /// What it says, in both languages.
    pub text: Text,
    /// Where it comes from.
    pub source: String,
    /// The SQL expression. A candidate passes when it is true; NULL does not pass.
    pub expression: String,
}

/// Every hard rule, by name.
pub fn rules() -> Result<Vec<Rule>> {
    let mut rules = Vec::new();
    for file in FILES.files() {
        let name = file.path().file_stem().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        if let Some(rule) = name.strip_prefix("rule_") {
            rules.push(parse(rule, file.contents_utf8().unwrap_or_default())?);
        }
    }
    rules.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(rules)
}

/// The text of another file of the folder, without its header.
pub(crate) fn sql(name: &str) -> Result<String> {
    FILES
        .get_file(format!("{name}.sql"))
        .and_then(|it| it.contents_utf8())
        .map(body)
        .ok_or_else(|| Error::Engine { cause: format!("queries/candidate/{name}.sql is missing") })
}

/// The text of a file that names `located`, with the places of addresses in front.
pub(super) fn placed(name: &str) -> Result<String> {
    Ok(format!("WITH located AS ({}) {}", sql("located")?, sql(name)?))
}

/// The digest of the whole folder: a run names it, so that a changed rule is another run.
pub fn digest() -> String {
    let mut files: Vec<_> = FILES.files().collect();
    files.sort_by_key(|it| it.path());
    let mut hash = Sha256::new();
    for file in files {
        let name = file.path().to_string_lossy();
        for part in [name.as_bytes(), file.contents()] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hash.finalize().iter().map(|it| format!("{it:02x}")).collect()
}

fn body(text: &str) -> String {
    text.lines().filter(|it| !it.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n")
}

fn parse(name: &str, text: &str) -> Result<Rule> {
    let mut header = text.lines().filter_map(|it| it.strip_prefix("-- "));
    let en = header.next().unwrap_or_default().to_owned();
    let rest: Vec<&str> = header.collect();
    let line = |key: &str| rest.iter().find_map(|it| it.strip_prefix(key)).map(|it| it.trim().to_owned());
    match (line("zh "), line("source ")) {
        (Some(zh), Some(source)) if !en.is_empty() => {
            Ok(Rule { name: name.to_owned(), text: Text { en, zh }, source, expression: body(text) })
        }
        _ => Err(Error::Engine { cause: format!("rule {name} lacks its wording or source") }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_words_in_both_languages_and_a_source() {
        let rules = rules().expect("rules");
        assert!(rules.len() >= 10);
        for rule in rules {
            assert!(rule.text.en.ends_with('.'), "{}", rule.name);
            assert!(!rule.text.zh.is_ascii(), "{}", rule.name);
            assert!(!rule.expression.trim().is_empty(), "{}", rule.name);
        }
    }
}
