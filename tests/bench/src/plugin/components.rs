//! The components that are measured, and how they are loaded.

use std::path::{Path, PathBuf};

use linli_plugin::{Host, Plugin};

use super::said;

/// The scorers that a pool has unless it says otherwise.
pub const DEFAULTS: [&str; 3] = ["walking-distance", "skill-fit", "merchant-offer"];

/// In the order of `native::kernels`.
const IN_RUST: [&str; 10] = [
    "skill-fit",
    "walking-distance",
    "merchant-offer",
    "local-first",
    "load-balance",
    "continuity",
    "speciality-point",
    "time-bank-credit",
    "visit-team",
    "exclusion-zone",
];

/// One component.
pub struct Component {
    pub name: &'static str,
    pub language: &'static str,
    pub bytes: Vec<u8>,
}

/// All of them.
pub struct Components(Vec<Component>);

impl Components {
    /// Reads what is committed and builds what is not. Python is left out, aloud, where it cannot
    /// be built.
    pub fn get(folder: &Path) -> Result<Self, String> {
        let mut all = Vec::new();
        for name in IN_RUST {
            all.push(Component { name, language: "rust", bytes: committed(name)? });
        }
        let name = "quarter-hour";
        all.push(Component { name, language: "c", bytes: committed("c/quarter-hour")? });
        let name = "familiar-faces";
        match python(name, folder) {
            Ok(bytes) => all.push(Component { name, language: "python", bytes }),
            Err(why) => println!("  without {name}, which is in Python: {why}"),
        }
        Ok(Self(all))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Component> {
        self.0.iter()
    }

    /// The one of this name.
    pub fn named(&self, name: &str) -> Result<&Component, String> {
        self.0.iter().find(|it| it.name == name).ok_or_else(|| format!("there is no component {name}"))
    }
}

impl Component {
    pub fn load(&self, host: &Host) -> Result<Plugin, String> {
        host.load(&self.bytes).map_err(|it| format!("{}: {it}", self.name))
    }
}

/// A folder of the repository.
pub fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn committed(name: &str) -> Result<Vec<u8>, String> {
    let path = source("plugins/dist").join(format!("{name}.wasm"));
    std::fs::read(&path).map_err(|it| format!("{}: {it}", path.display()))
}

fn python(name: &str, folder: &Path) -> Result<Vec<u8>, String> {
    build(&source("plugins/python").join(name), &folder.join(format!("{name}.wasm")))
}

/// Builds a plugin; its component.
pub fn build(source: &Path, file: &Path) -> Result<Vec<u8>, String> {
    let say = |it: &linli_craft::Text| println!("  {}", it.en);
    let built = linli_craft::build(source, Some(file), &say).map_err(said)?;
    std::fs::read(&built.file).map_err(said)
}
