//! A project: a folder with one plugin's source, whatever its language.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::language::Language;
use crate::{Say, c, python, rust};

/// What was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The name of the project's folder.
    pub name: String,
    /// What it is written in.
    pub language: Language,
    /// Where the component is.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// The tools in one line; other versions may give other bytes.
    pub tools: String,
}

/// Builds the plugin in a folder into `out`, or into `NAME.wasm` in the folder.
///
/// Takes a place at once or not at all: a component that is there stays until the new one is whole.
///
/// **Errors.** [`Error::Request`] for a folder that is no project, [`Error::Source`] for what does
/// not compile, [`Error::Missing`] for tools that cannot be had.
/// **Cost.** C a second, Rust some, Python half a minute; the first time what it takes to fetch the
/// tools.
pub fn build(folder: &Path, out: Option<&Path>, say: Say<'_>) -> Result<Built> {
    let folder = folder.canonicalize().map_err(|it| no_folder(folder, &it))?;
    let language = Language::of(&folder)?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (bytes, tools) = match language {
        Language::Rust => rust::build(&folder, say),
        Language::Python => python::build(&folder, say),
        Language::C => c::build(&folder, say),
    }?;
    let file = out.map_or_else(|| folder.join(format!("{name}.wasm")), Path::to_path_buf);
    put(&file, &bytes)?;
    Ok(Built { name, language, file, bytes: bytes.len() as u64, tools })
}

/// Gets the tools of a language, where they are missing.
///
/// **Errors.** [`Error::Missing`] for what cannot be had.
/// **Cost.** A moment, or what it takes to fetch them.
pub fn prepare(language: Language, say: Say<'_>) -> Result<()> {
    match language {
        Language::Rust => rust::find(say).map(drop),
        Language::Python => python::prepare(say),
        Language::C => c::prepare(say),
    }
}

/// Whether the tools of a language are there, so that [`build`] fetches nothing.
pub fn at_hand(language: Language) -> bool {
    match language {
        Language::Rust => rust::at_hand(),
        Language::Python => python::at_hand(),
        Language::C => c::at_hand(),
    }
}

fn put(file: &Path, bytes: &[u8]) -> Result<()> {
    let aside = file.with_extension("wasm.part");
    fs::write(&aside, bytes).map_err(|it| Error::file(&aside, &it))?;
    fs::rename(&aside, file).map_err(|it| Error::file(file, &it))
}

fn no_folder(folder: &Path, problem: &std::io::Error) -> Error {
    let folder = folder.display();
    Error::request(format!("{folder}: {problem}"), format!("无法打开 {folder}：{problem}"))
}

/// The folder of the SDK, in the project or beside it, known by one of its files.
pub(crate) fn sdk(folder: &Path, name: &str, mark: &str) -> Result<PathBuf> {
    let places = [Some(folder), folder.parent()].into_iter().flatten().map(|it| it.join(name));
    let found = places.into_iter().find(|it| it.join(mark).is_file());
    found.ok_or_else(|| {
        let folder = folder.display();
        Error::source(
            format!("no folder {name} with {mark} in {folder} or beside it; a new project has one to copy"),
            format!("{folder} 中及其旁均无含 {mark} 的 {name} 文件夹，可从新建的项目复制"),
        )
    })
}
