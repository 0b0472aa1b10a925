//! A new project: the template of its language, renamed, and the SDK as source.
//!
//! The files are those of `plugins/`, embedded; a test holds the lists to the folders.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::language::Language;

/// A path below the project, with `/`, and what is in the file.
type File = (&'static str, &'static str);

/// The name of the plugin in the templates; also as `my_plugin` and `MyPlugin`.
const TEMPLATE_NAME: &str = "my-plugin";
/// Letters of a name, at most: a host takes no longer one.
const NAME_MAX: usize = 64;

/// What is built stays out of the history.
const IGNORED: File = (".gitignore", "/target\n/test\n__pycache__\n*.wasm\n");

macro_rules! embedded {
    ($folder:literal: $($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../../../plugins/", $folder, "/", $path)))),+]
    };
}

const RUST: &[File] = embedded!("rust/template": "Cargo.lock", "Cargo.toml", "README.md", "src/lib.rs");
const PYTHON: &[File] = embedded!("python/template": "README.md", "plugin.py", "test_plugin.py");
const C: &[File] = embedded!("c/template": "README.md", "plugin.c", "test.c");

const RUST_SDK: &[File] = embedded!("sdk":
    "Cargo.toml",
    "src/batch.rs",
    "src/bindings/evaluating.rs",
    "src/bindings/mod.rs",
    "src/bindings/scoring.rs",
    "src/decimal.rs",
    "src/diagnostics.rs",
    "src/guest.rs",
    "src/json.rs",
    "src/lib.rs",
    "src/manifest.rs",
    "src/manifest/tests.rs",
    "src/settings.rs",
);
const PYTHON_SDK: &[File] = embedded!("python/linli_sdk":
    "__init__.py",
    "columns.py",
    "component.py",
    "evaluating.py",
    "kinds.py",
    "manifest.py",
    "report.py",
    "scoring.py",
    "settings.py",
);
const C_SDK: &[File] = embedded!("c/sdk":
    "linli.c",
    "linli.h",
    "linli_component.c",
    "linli_component.h",
    "linli_json.c",
    "linli_manifest.c",
    "linli_parts.h",
    "linli_settings.c",
    "linli_test.h",
    "linli_text.c",
);

impl Language {
    const fn template(self) -> &'static [File] {
        match self {
            Self::Rust => RUST,
            Self::Python => PYTHON,
            Self::C => C,
        }
    }

    /// The folder of the SDK in a project, and what is in it.
    const fn sdk(self) -> (&'static str, &'static [File]) {
        match self {
            Self::Rust => ("sdk", RUST_SDK),
            Self::Python => ("linli_sdk", PYTHON_SDK),
            Self::C => ("sdk", C_SDK),
        }
    }
}

/// Makes a project in a new or empty folder, whose name becomes that of the plugin; what was
/// written, in order.
///
/// **Errors.** [`Error::Request`] for a name that no plugin can have and for a folder with
/// something in it; [`Error::Source`] where files cannot be written.
pub fn new_project(language: Language, folder: &Path) -> Result<Vec<PathBuf>> {
    let name = name_of(folder)?;
    unused(folder)?;
    let (sdk, sdk_files) = language.sdk();
    let renamed = language.template().iter().map(|(path, text)| ((*path).to_owned(), rename(text, &name)));
    let copied = sdk_files.iter().map(|(path, text)| (format!("{sdk}/{path}"), (*text).to_owned()));
    let ignored = std::iter::once((IGNORED.0.to_owned(), IGNORED.1.to_owned()));
    let mut written = Vec::new();
    for (path, text) in renamed.chain(ignored).chain(copied) {
        let file = folder.join(path);
        if let Some(above) = file.parent() {
            fs::create_dir_all(above).map_err(|it| Error::file(above, &it))?;
        }
        fs::write(&file, text).map_err(|it| Error::file(&file, &it))?;
        written.push(file);
    }
    Ok(written)
}

/// The name of the plugin: that of the folder.
fn name_of(folder: &Path) -> Result<String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_letter = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
    let is_word = |it: &str| !it.is_empty() && it.bytes().all(is_letter);
    let begins = name.starts_with(|it: char| it.is_ascii_lowercase());
    if begins && name.len() <= NAME_MAX && name.split('-').all(is_word) {
        return Ok(name);
    }
    Err(Error::request(
        format!(
            "the folder is called {name:?} and so would be the plugin; expected lower-case words of \
             letters and digits joined by -, at most {NAME_MAX} characters"
        ),
        format!(
            "文件夹名 {name:?} 即插件名；应为由 - 连接的小写字母和数字，以字母开头，至多 {NAME_MAX} 个字符"
        ),
    ))
}

/// Nothing of anybody's is written over.
fn unused(folder: &Path) -> Result<()> {
    let first = match fs::read_dir(folder) {
        Err(it) if it.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(|it| Error::file(folder, &it))?.next(),
    };
    if first.is_none() {
        return Ok(());
    }
    let folder = folder.display();
    Err(Error::request(format!("{folder} is not empty"), format!("{folder} 不为空")))
}

fn rename(text: &str, name: &str) -> String {
    let camel = |name: &str| -> String { name.split('-').map(capitalised).collect() };
    let snake = |name: &str| name.replace('-', "_");
    text.replace(TEMPLATE_NAME, name)
        .replace(&snake(TEMPLATE_NAME), &snake(name))
        .replace(&camel(TEMPLATE_NAME), &camel(name))
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(1.min(word.len()));
    first.to_uppercase() + rest
}

#[cfg(test)]
mod tests;
