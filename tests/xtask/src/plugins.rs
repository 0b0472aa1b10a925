//! `cargo xtask plugins`: builds plugins, or checks that the committed ones are what it builds.
//!
//! ```text
//! plugins/<name>/               package linli-<name>   ─▶ plugins/dist/<name>.wasm
//! plugins/hostile/examples/*.rs package linli-hostile  ─▶ plugins/dist/hostile/<name>.wasm
//! plugins/c/<name>/             linli-craft            ─▶ plugins/dist/c/<name>.wasm
//! plugins/python/<name>/        linli-craft            ─▶ target/plugins/<name>.wasm
//!                                                         plugins/dist/digests.txt
//!                                                         plugins/dist/toolchain.txt
//! ```
//!
//! Equal sources and equal tools give equal bytes, whatever the folders are called. Python is the
//! exception, and large: what it makes is not kept, and it is built where it is named only.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use linli_craft::Language;
use linli_craft::rust::{self, PROFILE, TARGET, Toolchain};

use crate::projects::{self, Project};
use crate::{Failure, say, sha256};

/// Folders below `plugins/` that are no plugin of their own.
const NO_PLUGINS: [&str; 5] = ["dist", HOSTILE, "native", "sdk", "wit"];
/// The package of all misbehaviours, one example each.
const HOSTILE: &str = "hostile";
/// Folders below `plugins/dist`, each with `/`.
const FOLDERS: [&str; 3] = ["", "c/", "hostile/"];

/// Path below `plugins/dist`, with `/`, and the component's bytes.
pub type Components = BTreeMap<String, Vec<u8>>;

/// What to build.
struct Selected {
    /// Packages of the workspace, without `linli-`.
    rust: Vec<String>,
    /// Folders of other languages.
    projects: Vec<Project>,
}

/// Builds plugins into `plugins/dist`: all of them, where none is named, and then removes what
/// has no source any more.
pub fn build(root: &Path, names: &[&str]) -> Result<(), Failure> {
    let selected = select(root, names)?;
    let mut built = projects::build(root, &selected.projects)?;
    let mut tools = None;
    if !selected.rust.is_empty() {
        let toolchain = rust::find(&say)?;
        // Cargo does not notice another standard library for the same compiler.
        let key = &sha256::hex(toolchain.version.as_bytes())[..8];
        let target = root.join("target").join(format!("plugins-{key}"));
        built.extend(compile(root, &target, &toolchain, &selected.rust)?);
        tools = Some(toolchain.version);
    }
    let dist = root.join("plugins/dist");
    if names.is_empty() {
        for name in committed(&dist)?.keys().filter(|it| !built.contains_key(*it)) {
            println!("removed {name}");
            fs::remove_file(dist.join(name)).map_err(|it| wrong(&dist.join(name), &it))?;
        }
        // It says what built them all, so only a build of them all may change it.
        if let Some(tools) = &tools {
            write(&dist.join("toolchain.txt"), format!("{tools}\n").as_bytes())?;
        }
    }
    put(&dist, &built)?;
    if !built.is_empty() {
        println!("built {} components for plugins/dist", built.len());
    }
    tools.iter().for_each(|it| println!("with {it}"));
    Ok(())
}

/// Builds every plugin in Rust anew into another folder, laid out as `plugins/dist`.
pub fn build_into(root: &Path, folder: &Path) -> Result<(), Failure> {
    let selected = select(root, &[])?;
    let toolchain = rust::find(&say)?;
    let built = compile_anew(root, &toolchain, &selected.rust)?;
    put(folder, &built)?;
    write(&folder.join("toolchain.txt"), format!("{}\n", toolchain.version).as_bytes())
}

/// Writes components and the digests of all that lie there.
fn put(folder: &Path, built: &Components) -> Result<(), Failure> {
    for below in FOLDERS.map(|it| folder.join(it)) {
        fs::create_dir_all(&below).map_err(|it| wrong(&below, &it))?;
    }
    for (name, bytes) in built {
        println!("{:>7} bytes  {name}", bytes.len());
        write(&folder.join(name), bytes)?;
    }
    write(&folder.join("digests.txt"), digests(&committed(folder)?).as_bytes())
}

/// Builds every plugin in a folder of its own and compares with `plugins/dist`.
pub fn check(root: &Path) -> Result<(), Failure> {
    let dist = root.join("plugins/dist");
    let committed = committed(&dist)?;
    let recorded = fs::read_to_string(dist.join("digests.txt")).unwrap_or_default();
    if recorded != digests(&committed) {
        let text = "plugins/dist/digests.txt does not fit the files; run `cargo xtask plugins`";
        return Err(Failure::Wrong(text.into()));
    }
    let selected = select(root, &[])?;
    let toolchain = rust::find(&say)?;
    let mut built = compile_anew(root, &toolchain, &selected.rust)?;
    built.extend(projects::build(root, &selected.projects)?);
    let different = differences(&committed, &built);
    if different.is_empty() {
        println!("{} components are what their sources say", committed.len());
        return Ok(());
    }
    different.iter().for_each(|it| println!("{it}"));
    let recorded = fs::read_to_string(dist.join("toolchain.txt")).unwrap_or_default();
    if recorded.trim() == toolchain.version {
        let text = "plugins/dist is not what the sources say; run `cargo xtask plugins`";
        return Err(Failure::Wrong(text.into()));
    }
    let (recorded, here) = (recorded.trim(), &toolchain.version);
    Err(Failure::Missing(format!(
        "other tools give other bytes, so nothing can be said\n  \
         plugins/dist: {recorded}\n  here:         {here}"
    )))
}

fn differences(committed: &Components, built: &Components) -> Vec<String> {
    let mut different = Vec::new();
    for (name, bytes) in built {
        match committed.get(name) {
            Some(it) if it == bytes => {}
            Some(_) => different.push(format!("differs  {name}")),
            None => different.push(format!("missing  {name}")),
        }
    }
    let gone = committed.keys().filter(|it| !built.contains_key(*it));
    different.extend(gone.map(|it| format!("no source  {it}")));
    different
}

/// What these names stand for. Where there is none: all whose components are kept.
fn select(root: &Path, names: &[&str]) -> Result<Selected, Failure> {
    let mut rust = plugins(root)?;
    rust.push(HOSTILE.to_owned());
    let mut projects = projects::all(root)?;
    let all: Vec<&str> =
        rust.iter().map(String::as_str).chain(projects.iter().map(|it| it.name.as_str())).collect();
    if let Some(unknown) = names.iter().find(|name| !all.contains(name)) {
        let known = all.join(", ");
        return Err(Failure::Usage(format!("there is no plugin {unknown}; there are: {known}")));
    }
    rust.retain(|it| names.is_empty() || names.contains(&it.as_str()));
    projects.retain(|it| match names {
        [] => it.language == Language::C,
        names => names.contains(&it.name.as_str()),
    });
    Ok(Selected { rust, projects })
}

/// As [`compile`], in a temporary folder where nothing was built before.
fn compile_anew(root: &Path, toolchain: &Toolchain, selected: &[String]) -> Result<Components, Failure> {
    let target = std::env::temp_dir().join(format!("linli-plugins-{}", std::process::id()));
    let built = compile(root, &target, toolchain, selected);
    // What is left in the temporary folder harms nobody.
    let _ = fs::remove_dir_all(&target);
    built
}

/// Builds all packages and collects the components of the selected ones.
///
/// All in one call, whatever is selected: cargo gives a package other features, and so other bytes,
/// when it builds it alone.
fn compile(
    root: &Path,
    target: &Path,
    toolchain: &Toolchain,
    selected: &[String],
) -> Result<Components, Failure> {
    let mut cargo = rust::cargo();
    cargo.current_dir(root).args(["build", "--locked", "--target", TARGET, "--profile", PROFILE, "--lib"]);
    cargo.args(["--examples", "--features", "linli-hostile/components"]);
    for package in plugins(root)?.iter().map(String::as_str).chain([HOSTILE]) {
        cargo.arg("--package").arg(format!("linli-{package}"));
    }
    cargo.arg("--target-dir").arg(target);
    toolchain.prepare(&mut cargo, root);
    let status = cargo.status().map_err(|it| wrong(Path::new("cargo"), &it))?;
    if !status.success() {
        return Err(Failure::Wrong("the plugins do not compile".into()));
    }
    let folder = target.join(TARGET).join(PROFILE);
    let mut components = Components::new();
    for name in selected.iter().filter(|it| *it != HOSTILE) {
        let file = folder.join(format!("linli_{}.wasm", name.replace('-', "_")));
        components.insert(format!("{name}.wasm"), read(&file)?);
    }
    let misbehaviours = if selected.iter().any(|it| it == HOSTILE) { hostile(root)? } else { Vec::new() };
    for name in misbehaviours {
        let file = folder.join("examples").join(format!("{}.wasm", name.replace('-', "_")));
        components.insert(format!("{HOSTILE}/{name}.wasm"), read(&file)?);
    }
    Ok(components)
}

/// The names of the plugins: every folder of `plugins/` that is a package.
fn plugins(root: &Path) -> Result<Vec<String>, Failure> {
    let folder = root.join("plugins");
    let packages = list(&folder)?.into_iter().filter(|it| it.join("Cargo.toml").is_file());
    let names = packages.filter_map(|it| Some(it.file_name()?.to_str()?.to_owned()));
    Ok(names.filter(|it| !NO_PLUGINS.contains(&it.as_str())).collect())
}

/// The names of the misbehaviours.
fn hostile(root: &Path) -> Result<Vec<String>, Failure> {
    let sources = list(&root.join("plugins/hostile/examples"))?.into_iter();
    Ok(sources.filter_map(|it| Some(it.file_stem()?.to_str()?.to_owned())).collect())
}

/// What lies in `plugins/dist` now.
fn committed(dist: &Path) -> Result<Components, Failure> {
    let mut components = Components::new();
    for folder in FOLDERS {
        let path = dist.join(folder);
        if !path.is_dir() {
            continue;
        }
        for file in list(&path)?.into_iter().filter(|it| it.extension() == Some("wasm".as_ref())) {
            if let Some(name) = file.file_name().and_then(|it| it.to_str()) {
                components.insert(format!("{folder}{name}"), read(&file)?);
            }
        }
    }
    Ok(components)
}

/// In the format of `sha256sum`, sorted by path.
fn digests(components: &Components) -> String {
    let line = |(name, bytes): (&String, &Vec<u8>)| format!("{}  {name}\n", sha256::hex(bytes));
    components.iter().map(line).collect()
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|it| wrong(folder, &it))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|it| it.path()).collect();
    paths.sort();
    Ok(paths)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file).map_err(|it| wrong(file, &it))
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(file, bytes).map_err(|it| wrong(file, &it))
}

fn wrong(path: &Path, problem: &std::io::Error) -> Failure {
    Failure::Wrong(format!("{}: {problem}", path.display()))
}

#[cfg(test)]
mod tests;
