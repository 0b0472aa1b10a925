//! `cargo xtask plugins`: builds every plugin, or checks that the committed ones are these.
//!
//! ```text
//! plugins/<name>/               package linli-<name>   ─▶ plugins/dist/<name>.wasm
//! plugins/hostile/examples/*.rs package linli-hostile  ─▶ plugins/dist/hostile/<name>.wasm
//!                                                         plugins/dist/digests.txt
//!                                                         plugins/dist/toolchain.txt
//! ```
//!
//! Equal sources and equal tools give equal bytes, whatever the folders are called.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::toolchain::{self, TARGET, Toolchain};
use crate::{Failure, sha256};

/// Folders below `plugins/` that are no plugin of their own.
const NO_PLUGINS: [&str; 4] = ["dist", "hostile", "sdk", "wit"];
/// The profile of the workspace for components.
const PROFILE: &str = "plugin";

/// Path below `plugins/dist`, with `/`, and the component's bytes.
type Components = BTreeMap<String, Vec<u8>>;

/// Builds every plugin into `plugins/dist`; removes what has no source any more.
pub fn build(root: &Path) -> Result<(), Failure> {
    let toolchain = toolchain::find()?;
    // Cargo does not notice another standard library for the same compiler.
    let key = &sha256::hex(toolchain.version.as_bytes())[..8];
    let target = root.join("target").join(format!("plugins-{key}"));
    let built = compile(root, &target, &toolchain)?;
    let dist = root.join("plugins/dist");
    for name in committed(&dist)?.keys().filter(|it| !built.contains_key(*it)) {
        println!("removed {name}");
        fs::remove_file(dist.join(name)).map_err(|it| wrong(&dist.join(name), &it))?;
    }
    fs::create_dir_all(dist.join("hostile")).map_err(|it| wrong(&dist, &it))?;
    for (name, bytes) in &built {
        println!("{:>7} bytes  {name}", bytes.len());
        fs::write(dist.join(name), bytes).map_err(|it| wrong(&dist.join(name), &it))?;
    }
    let toolchain_text = format!("{}\n", toolchain.version);
    for (name, text) in [("digests.txt", digests(&built)), ("toolchain.txt", toolchain_text)] {
        fs::write(dist.join(name), text).map_err(|it| wrong(&dist.join(name), &it))?;
    }
    println!("built {} components with {}", built.len(), toolchain.version);
    Ok(())
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
    let toolchain = toolchain::find()?;
    let target = std::env::temp_dir().join(format!("linli-plugins-{}", std::process::id()));
    let built = compile(root, &target, &toolchain);
    // What is left in the temporary folder harms nobody.
    let _ = fs::remove_dir_all(&target);
    let different = differences(&committed, &built?);
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

/// Runs cargo once for all plugins and collects the components.
fn compile(root: &Path, target: &Path, toolchain: &Toolchain) -> Result<Components, Failure> {
    let plugins = plugins(root)?;
    let hostile = hostile(root)?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["build", "--locked", "--target", TARGET, "--profile", PROFILE]);
    cargo.args(["--lib", "--examples", "--features", "linli-hostile/components"]);
    for package in plugins.iter().map(String::as_str).chain(["hostile"]) {
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
    for name in plugins {
        let file = folder.join(format!("linli_{}.wasm", name.replace('-', "_")));
        components.insert(format!("{name}.wasm"), read(&file)?);
    }
    for name in hostile {
        let file = folder.join("examples").join(format!("{}.wasm", name.replace('-', "_")));
        components.insert(format!("hostile/{name}.wasm"), read(&file)?);
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
    for folder in ["", "hostile/"] {
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

fn wrong(path: &Path, problem: &std::io::Error) -> Failure {
    Failure::Wrong(format!("{}: {problem}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_dist() -> Components {
        committed(&crate::root().join("plugins/dist")).unwrap_or_default()
    }

    #[test]
    fn the_digests_are_those_of_the_files() {
        let file = crate::root().join("plugins/dist/digests.txt");
        let recorded = fs::read_to_string(file).unwrap_or_default();
        assert_eq!(recorded, digests(&in_dist()), "run `cargo xtask plugins`");
    }

    #[test]
    fn every_source_has_its_component() {
        let root = crate::root();
        let plugins = plugins(&root).unwrap_or_default().into_iter().map(|it| it + ".wasm");
        let hostile = hostile(&root).unwrap_or_default().into_iter();
        let mut expected: Vec<String> =
            hostile.map(|it| format!("hostile/{it}.wasm")).chain(plugins).collect();
        expected.sort();
        assert_eq!(in_dist().into_keys().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn components_stay_small() {
        for (name, bytes) in in_dist() {
            assert!(bytes.len() < 60_000, "{name} has {} bytes", bytes.len());
        }
    }

    #[test]
    fn every_kind_of_difference_is_named() {
        let components = |pairs: &[(&str, u8)]| -> Components {
            pairs.iter().map(|(name, byte)| ((*name).to_owned(), vec![*byte])).collect()
        };
        let committed = components(&[("a", 1), ("b", 1), ("c", 1)]);
        let built = components(&[("a", 1), ("b", 2), ("d", 1)]);
        let expected = ["differs  b", "missing  d", "no source  c"];
        assert_eq!(differences(&committed, &built), expected);
    }
}
