//! What can go wrong, in both languages of the users.

use std::fmt;
use std::path::Path;

/// One thing said twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Text {
    /// Pairs the two wordings.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}

/// Why nothing was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// What was asked for makes no sense: a name, a folder, a language.
    Request(Text),
    /// A source is not as it should be, or a file cannot be read or written.
    Source(Text),
    /// A tool is missing and could not be had; the text says what to type.
    Missing(Text),
}

/// What everything here ends in.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The text, whatever the kind.
    pub const fn text(&self) -> &Text {
        let (Self::Request(text) | Self::Source(text) | Self::Missing(text)) = self;
        text
    }

    pub(crate) fn request(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::Request(Text::new(en, zh))
    }

    pub(crate) fn source(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::Source(Text::new(en, zh))
    }

    pub(crate) fn missing(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::Missing(Text::new(en, zh))
    }

    /// A file or folder that does not do what it is asked.
    pub(crate) fn file(path: &Path, problem: &std::io::Error) -> Self {
        let path = path.display();
        Self::source(format!("{path}: {problem}"), format!("无法读写 {path}：{problem}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text().en)
    }
}

impl std::error::Error for Error {}
