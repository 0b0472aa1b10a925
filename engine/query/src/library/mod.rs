//! The SQL library: every file of `queries/`, embedded when linli is built.
//!
//! A query of `indicator/`, `report/` or `practice/` is run by name, and is a table function
//! `q_<name>(…)` in every session. Files of `candidate/` are parts from which a match is put
//! together; they are listed and not called.

mod header;
mod index;
mod value;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use include_dir::{Dir, DirEntry, include_dir};
use linli_model::Text;
use sha2::{Digest, Sha256};

use crate::session::{ParamValue, Params};
use crate::{Error, Result};

pub use value::ParamType;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../queries");

/// What a query calls its table function: `q_` and its name.
const PREFIX: &str = "q_";

/// A parameter of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its name, without `$`.
    pub name: String,
    /// Its type.
    pub kind: ParamType,
    /// Its value where none is given; nothing: one must be given.
    pub default: Option<ParamValue>,
    /// What it means.
    pub description: String,
}

/// A column that a query returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// Its name.
    pub name: String,
    /// Its Arrow type, as the header words it.
    pub kind: String,
    /// Its unit or meaning.
    pub unit: String,
}

/// One file of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Its name: the file's, without `.sql`.
    pub name: String,
    /// Where it stands: `candidate`, `indicator`, `report` or `practice`.
    pub folder: String,
    /// What it answers, in English.
    pub summary: String,
    /// Its title in Chinese.
    pub zh: String,
    /// Further lines of the header that belong to no key.
    pub notes: String,
    /// Its parameters, in the order of a call.
    pub params: Vec<Param>,
    /// The columns it says it returns.
    pub returns: Vec<Returned>,
    /// The other keys of the header, e.g. `reads`, `order`, `source`, `direction`.
    pub keys: BTreeMap<String, String>,
    /// The SQL, without the header.
    pub sql: String,
    /// SHA-256 of the whole file.
    pub digest: String,
}

impl Query {
    /// Whether it is run by name and called as a table function.
    pub fn is_callable(&self) -> bool {
        self.folder != "candidate"
    }

    /// The name of its table function.
    pub fn function(&self) -> String {
        format!("{PREFIX}{}", self.name)
    }

    /// Where it comes from, if it says so.
    pub fn source(&self) -> Option<&str> {
        self.keys.get("source").map(String::as_str)
    }

    /// What may be given, for error texts.
    pub(crate) fn wants(&self) -> Text {
        if self.params.is_empty() {
            return Text::new("it takes no parameters", "它没有参数");
        }
        let (en, zh): (Vec<_>, Vec<_>) = self.params.iter().map(Param::wording).unzip();
        Text::new(format!("it takes {}", en.join(", ")), format!("可用参数：{}", zh.join("、")))
    }

    /// What is wrong with a parameter, and what may be given.
    pub(crate) fn objection(&self, en: &str, zh: &str) -> Error {
        let wants = self.wants();
        let cause = Text::new(format!("{en}; {}", wants.en), format!("{zh}；{}", wants.zh));
        Error::BadParameter { query: self.name.clone(), cause }
    }

    /// Completes parameters by their defaults and reads them as the declared types.
    ///
    /// **Errors.** [`Error::BadParameter`]: unknown, missing, or not of its type.
    pub(crate) fn settle(&self, given: &Params, zone: &str) -> Result<Params> {
        if let Some((name, _)) = given.iter().find(|(name, _)| self.params.iter().all(|it| it.name != *name))
        {
            return Err(
                self.objection(&format!("there is no parameter `{name}`"), &format!("没有参数 {name}"))
            );
        }
        let mut settled = Params::default();
        for param in &self.params {
            let value = given.get(&param.name).or(param.default.as_ref());
            let value = value.ok_or_else(|| {
                self.objection(&format!("`{}` is missing", param.name), &format!("缺少参数 {}", param.name))
            })?;
            let value = param.kind.read(value, zone).map_err(|it| Error::BadParameter {
                query: self.name.clone(),
                cause: Text::new(
                    format!("`{}`: {}", param.name, it.en),
                    format!("{}：{}", param.name, it.zh),
                ),
            })?;
            settled.set(&param.name, value);
        }
        Ok(settled)
    }
}

impl Param {
    fn wording(&self) -> (String, String) {
        let (name, kind) = (&self.name, self.kind);
        let (en, zh) = if self.default.is_some() { (", optional", "，可省略") } else { ("", "") };
        (format!("{name} ({}{en})", kind.name()), format!("{name}（{}{zh}）", kind.zh()))
    }
}

/// All queries.
#[derive(Debug, Default)]
pub struct Library {
    queries: BTreeMap<String, Query>,
}

impl Library {
    /// The library this build was made with.
    ///
    /// **Errors.** A file without a readable header, or two of one name: our mistake.
    pub fn embedded() -> Result<&'static Self> {
        static LIBRARY: OnceLock<Result<Library, String>> = OnceLock::new();
        let read = || {
            let mut files = Vec::new();
            collect(&FILES, &mut files);
            Library::read(files)
        };
        LIBRARY.get_or_init(read).as_ref().map_err(|it| Error::Engine { cause: it.clone() })
    }

    /// Reads files given as path below `queries/` and text.
    pub(crate) fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut queries = BTreeMap::new();
        for (path, text) in files {
            let query = parse(path, text).map_err(|it| format!("queries/{path}: {it}"))?;
            if let Some(twin) = queries.insert(query.name.clone(), query) {
                return Err(format!("queries/{path}: there is a `{}` in {} too", twin.name, twin.folder));
            }
        }
        Ok(Self { queries })
    }

    /// Every query, by name.
    pub fn queries(&self) -> impl Iterator<Item = &Query> {
        self.queries.values()
    }

    /// The query of that name that can be run.
    ///
    /// **Errors.** [`Error::UnknownQuery`] with the name that is spelt most like it.
    pub fn query(&self, name: &str) -> Result<&Query> {
        let found = self.queries.get(name).filter(|it| it.is_callable());
        found.ok_or_else(|| {
            let callable = self.queries().filter(|it| it.is_callable()).map(|it| it.name.as_str());
            Error::UnknownQuery { query: name.to_owned(), nearest: crate::ingest::nearest(name, callable) }
        })
    }

    /// The query behind a table function; none where the function is none of ours.
    ///
    /// **Errors.** [`Error::UnknownQuery`] with the name that is spelt most like it.
    pub(crate) fn function(&self, function: &str) -> Result<Option<&Query>> {
        function.strip_prefix(PREFIX).map(|it| self.query(it)).transpose()
    }

    /// The list of all queries, for `queries/README.md`.
    pub fn index_markdown(&self) -> String {
        index::markdown(self)
    }
}

fn collect(folder: &'static Dir<'static>, files: &mut Vec<(&'static str, &'static str)>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(it) => collect(it, files),
            DirEntry::File(it) => {
                if let (Some(path), Some(text)) = (it.path().to_str(), it.contents_utf8())
                    && path.ends_with(".sql")
                {
                    files.push((path, text));
                }
            }
        }
    }
}

fn parse(path: &str, text: &str) -> Result<Query, String> {
    let (folder, file) = path.rsplit_once('/').ok_or("it stands in no folder")?;
    let folder = folder.split('/').next().unwrap_or(folder).to_owned();
    let header = header::parse(text)?;
    let digest = Sha256::digest(text.as_bytes());
    Ok(Query {
        name: file.trim_end_matches(".sql").to_owned(),
        folder,
        summary: header.summary,
        zh: header.zh,
        notes: header.notes,
        params: header.params,
        returns: header.returns,
        keys: header.keys,
        sql: header.sql,
        digest: digest.iter().map(|it| format!("{it:02x}")).collect(),
    })
}
