//! Plugins in other languages than Rust: each a folder that `linli-craft` builds as it would any
//! project, with the SDK beside it.

use std::fs;
use std::path::{Path, PathBuf};

use linli_craft::Language;

use crate::plugins::Components;
use crate::{Failure, say};

/// Folders below `plugins/`, one per language.
const FOLDERS: [&str; 2] = ["c", "python"];
/// What new projects are made of.
const TEMPLATE: &str = "template";

/// One plugin.
pub struct Project {
    /// Its folder's name, which is its own.
    pub name: String,
    pub language: Language,
    folder: PathBuf,
}

/// Every plugin in another language, sorted by language and name.
pub fn all(root: &Path) -> Result<Vec<Project>, Failure> {
    let mut projects = Vec::new();
    for folder in FOLDERS.map(|it| root.join("plugins").join(it)) {
        let entries =
            fs::read_dir(&folder).map_err(|it| Failure::Wrong(format!("{}: {it}", folder.display())))?;
        for entry in entries.flatten() {
            let (folder, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if let (false, Ok(language)) = (name == TEMPLATE, Language::of(&folder)) {
                projects.push(Project { name, language, folder });
            }
        }
    }
    projects.sort_by(|a, b| a.folder.cmp(&b.folder));
    Ok(projects)
}

/// Builds these; the components that are kept, by their path below `plugins/dist`. The others lie
/// in `target/plugins` then.
pub fn build(root: &Path, projects: &[Project]) -> Result<Components, Failure> {
    let mut kept = Components::new();
    let aside = root.join("target/plugins");
    fs::create_dir_all(&aside).map_err(|it| Failure::Wrong(format!("{}: {it}", aside.display())))?;
    for project in projects {
        let file = aside.join(format!("{}.wasm", project.name));
        let built = linli_craft::build(&project.folder, Some(&file), &say)?;
        println!("{:>7} bytes  {} ({})", built.bytes, file.display(), built.tools);
        if project.language == Language::C {
            let bytes = fs::read(&file).map_err(|it| Failure::Wrong(format!("{}: {it}", file.display())))?;
            kept.insert(format!("c/{}.wasm", project.name), bytes);
        }
    }
    Ok(kept)
}
