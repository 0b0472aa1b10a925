//! The languages a plugin can be written in.

use std::fmt;
use std::path::Path;

use crate::error::{Error, Result};

/// A language with an SDK, a template and a compiler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Small and fast; the reference plugins.
    Rust,
    /// Easy to write, a hundred times slower, and an interpreter of 19 MB in each component.
    Python,
    /// As small and fast as Rust, without its checks.
    C,
}

impl Language {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Rust, Self::Python, Self::C];

    /// The word that people type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::C => "c",
        }
    }

    /// The file by which a project of this language is known.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Rust => "Cargo.toml",
            Self::Python => "plugin.py",
            Self::C => "plugin.c",
        }
    }

    /// The language of this word.
    ///
    /// **Errors.** [`Error::Request`] names the words there are.
    pub fn parse(word: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str);
            Error::request(
                format!("found language {word:?}, expected one of: {}", known.join(", ")),
                format!("语言为 {word:?}，应为以下之一：{}", known.join("、")),
            )
        })
    }

    /// The language of a project.
    ///
    /// **Errors.** [`Error::Request`] when the folder has the file of none.
    pub fn of(folder: &Path) -> Result<Self> {
        Self::ALL.into_iter().find(|it| folder.join(it.mark()).is_file()).ok_or_else(|| {
            let (folder, marks) = (folder.display(), Self::ALL.map(Self::mark));
            Error::request(
                format!("{folder} is no plugin project: expected one of {} in it", marks.join(", ")),
                format!("{folder} 不是插件项目：其中应有 {} 之一", marks.join("、")),
            )
        })
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
