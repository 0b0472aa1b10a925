//! `cargo xtask plugins`: builds plugins, or checks that the committed ones are what it builds.
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
const NO_PLUGINS: [&str; 4] = ["dist", HOSTILE, "sdk", "wit"];
/// The package of all misbehaviours, one example each.
const HOSTILE: &str = "hostile";
/// The profile of the workspace for components.
const PROFILE: &str = "plugin";

/// Path below `plugins/dist`, with `/`, and the component's bytes.
type Components = BTreeMap<String, Vec<u8>>;

/// Builds plugins into `plugins/dist`: all of them, where none is named, and then removes what
/// has no source any more.
pub fn build(root: &Path, names: &[&str]) -> Result<(), Failure> {
    let selected = select(root, names)?;
    let toolchain = toolchain::find()?;
    // Cargo does not notice another standard library for the same compiler.
    let key = &sha256::hex(toolchain.version.as_bytes())[..8];
    let target = root.join("target").join(format!("plugins-{key}"));
    let built = compile(root, &target, &toolchain, &selected)?;
    let dist = root.join("plugins/dist");
    if names.is_empty() {
        for name in committed(&dist)?.keys().filter(|it| !built.contains_key(*it)) {
            println!("removed {name}");
            fs::remove_file(dist.join(name)).map_err(|it| wrong(&dist.join(name), &it))?;
        }
        // It says what built them all, so only a build of them all may change it.
        write(&dist.join("toolchain.txt"), format!("{}\n", toolchain.version).as_bytes())?;
    }
    put(&dist, &built)?;
    println!("built {} components with {}", built.len(), toolchain.version);
    Ok(())
}

/// Builds every plugin anew into another folder, laid out as `plugins/dist`.
pub fn build_into(root: &Path, folder: &Path) -> Result<(), Failure> {
    let selected = select(root, &[])?;
    let toolchain = toolchain::find()?;
    let built = compile_anew(root, &toolchain, &selected)?;
    put(folder, &built)?;
    write(&folder.join("toolchain.txt"), format!("{}\n", toolchain.version).as_bytes())
}

/// Writes components and the digests of all that lie there.
fn put(folder: &Path, built: &Components) -> Result<(), Failure> {
    let below = folder.join(HOSTILE);
    fs::create_dir_all(&below).map_err(|it| wrong(&below, &it))?;
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
    let toolchain = toolchain::find()?;
    let different = differences(&committed, &compile_anew(root, &toolchain, &selected)?);
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

/// The packages that these names stand for; all, where there is none.
fn select(root: &Path, names: &[&str]) -> Result<Vec<String>, Failure> {
    let mut all = plugins(root)?;
    all.push(HOSTILE.to_owned());
    if let Some(unknown) = names.iter().find(|name| !all.iter().any(|it| it == *name)) {
        let known = all.join(", ");
        return Err(Failure::Usage(format!("there is no plugin {unknown}; there are: {known}")));
    }
    all.retain(|it| names.is_empty() || names.contains(&it.as_str()));
    Ok(all)
}

/// As [`compile`], in a temporary folder where nothing was built before.
fn compile_anew(root: &Path, toolchain: &Toolchain, selected: &[String]) -> Result<Components, Failure> {
    let target = std::env::temp_dir().join(format!("linli-plugins-{}", std::process::id()));
    let built = compile(root, &target, toolchain, selected);
    // What is left in the temporary folder harms nobody.
    let _ = fs::remove_dir_all(&target);
    built
}

/// Runs cargo once for the selected packages and collects the components.
fn compile(
    root: &Path,
    target: &Path,
    toolchain: &Toolchain,
    selected: &[String],
) -> Result<Components, Failure> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["build", "--locked", "--target", TARGET, "--profile", PROFILE, "--lib"]);
    let with_hostile = selected.iter().any(|it| it == HOSTILE);
    if with_hostile {
        cargo.args(["--examples", "--features", "linli-hostile/components"]);
    }
    for package in selected {
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
    let misbehaviours = if with_hostile { hostile(root)? } else { Vec::new() };
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

fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(file, bytes).map_err(|it| wrong(file, &it))
}

fn wrong(path: &Path, problem: &std::io::Error) -> Failure {
    Failure::Wrong(format!("{}: {problem}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The plugins of every new pool.
    const REFERENCE: [&str; 14] = [
        "continuity",
        "exclusion-zone",
        "hotline-rates",
        "load-balance",
        "local-first",
        "merchant-offer",
        "skill-fit",
        "speciality-point",
        "star-rating",
        "time-bank-credit",
        "topsis",
        "visit-team",
        "walking-distance",
        "weighted-index",
    ];

    fn in_dist() -> Components {
        committed(&crate::root().join("plugins/dist")).unwrap_or_default()
    }

    #[test]
    fn the_digests_are_those_of_the_files() {
        let file = crate::root().join("plugins/dist/digests.txt");
        let recorded = fs::read_to_string(file).unwrap_or_default();
        assert_eq!(recorded, digests(&in_dist()), "run `cargo xtask plugins`");
    }

    /// Whoever writes a plugin may build it later; what comes with linli is there.
    #[test]
    fn what_comes_with_linli_was_built_and_nothing_without_a_source() {
        let root = crate::root();
        let built: Vec<String> = in_dist().into_keys().collect();
        let hostile = hostile(&root).unwrap_or_default().into_iter().map(|it| format!("hostile/{it}.wasm"));
        let plugins = plugins(&root).unwrap_or_default().into_iter().map(|it| format!("{it}.wasm"));
        let sources: Vec<String> = plugins.chain(hostile.clone()).collect();
        let orphans: Vec<_> = built.iter().filter(|it| !sources.contains(it)).collect();
        assert!(orphans.is_empty(), "no source: {orphans:?}");
        let reference = REFERENCE.map(|it| format!("{it}.wasm"));
        let missing: Vec<_> = hostile.chain(reference).filter(|it| !built.contains(it)).collect();
        assert!(missing.is_empty(), "run `cargo xtask plugins`: {missing:?}");
    }

    #[test]
    fn components_that_come_with_linli_stay_small() {
        let ours =
            |it: &str| it.starts_with(HOSTILE) || REFERENCE.iter().any(|name| it == format!("{name}.wasm"));
        for (name, bytes) in in_dist().into_iter().filter(|(name, _)| ours(name)) {
            assert!(bytes.len() < 60_000, "{name} has {} bytes", bytes.len());
        }
    }

    #[test]
    fn a_name_selects_its_plugin_and_an_unknown_one_is_refused() {
        let root = crate::root();
        let selected = |names: &[&str]| select(&root, names).unwrap_or_default();
        assert_eq!(selected(&["skill-fit"]), ["skill-fit"]);
        assert!(selected(&[]).iter().any(|it| it == HOSTILE));
        assert!(selected(&[]).len() > REFERENCE.len());
        assert!(matches!(select(&root, &["sdk"]), Err(Failure::Usage(_))));
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
