//! The house stands as drawn: heavy libraries are reached through their own door only.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::support::root;

/// Beginning of a library's name → the crates that may depend on it, in whatever way.
const DOORS: [(&str, &[&str]); 17] = [
    ("datafusion", &["linli-query"]),
    ("deltalake", &["linli-query"]),
    ("object_store", &["linli-query"]),
    ("parquet", &["linli-query"]),
    ("h3o", &["linli-query"]),
    ("calamine", &["linli-query"]),
    ("encoding_rs", &["linli-query"]),
    ("tokio-postgres", &["linli-query"]),
    ("wasmtime", &["linli-plugin"]),
    ("wasmparser", &["linli-plugin"]),
    ("ring", &["linli-plugin"]),
    ("wit-bindgen", &["linli-sdk", "linli-hostile", "linli-first-contract"]),
    ("axum", &["linli-serve"]),
    ("hyper", &["linli-serve"]),
    ("tower", &["linli-serve"]),
    ("utoipa", &["linli-serve"]),
    ("clap", &["linli-cli"]),
];

/// crate → what it may import of ours, at run time.
const ARROWS: [(&str, &[&str]); 8] = [
    ("linli-model", &[]),
    ("linli-assign", &[]),
    ("linli-craft", &[]),
    ("linli-query", &["linli-model"]),
    ("linli-plugin", &["linli-model"]),
    ("linli-pool", &["linli-assign", "linli-model", "linli-plugin", "linli-query"]),
    ("linli-serve", &["linli-model", "linli-pool"]),
    (
        "linli-cli",
        &["linli-craft", "linli-generator", "linli-model", "linli-native", "linli-pool", "linli-serve"],
    ),
];

/// What a package of this repository depends on.
struct Package {
    folder: String,
    /// At run time.
    normal: BTreeSet<String>,
    /// Also in tests and build scripts.
    any: BTreeSet<String>,
}

fn packages() -> BTreeMap<String, Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let package = |it: &Value| {
        let wanted = it["dependencies"].as_array().unwrap();
        let names = |only_normal: bool| {
            let kept = wanted.iter().filter(|it| !only_normal || it["kind"].is_null());
            kept.map(|it| text(&it["name"])).collect()
        };
        let folder = text(&it["manifest_path"]);
        (text(&it["name"]), Package { folder, normal: names(true), any: names(false) })
    };
    metadata["packages"].as_array().unwrap().iter().map(package).collect()
}

#[test]
fn a_heavy_library_has_one_door() {
    for (name, package) in packages() {
        for library in &package.any {
            let door = DOORS.iter().find(|it| library.starts_with(it.0));
            let is_open = door.is_none_or(|(_, doors)| doors.contains(&name.as_str()));
            assert!(is_open, "{name} reaches for {library}");
        }
    }
}

#[test]
fn crates_import_along_the_arrows_only() {
    let packages = packages();
    for (name, package) in packages.iter().filter(|it| it.1.folder.contains("/engine/")) {
        let allowed = ARROWS.iter().find(|it| it.0 == name).map(|it| it.1);
        let allowed = allowed.unwrap_or_else(|| panic!("{name} has no place in the picture"));
        for other in package.normal.iter().filter(|it| it.starts_with("linli-")) {
            assert!(allowed.contains(&other.as_str()), "{name} imports {other}");
        }
    }
    for (name, _) in ARROWS {
        assert!(packages.contains_key(name), "{name} is gone");
    }
}

#[test]
fn the_middle_is_light() {
    let packages = packages();
    let words = |name: &str| packages[name].normal.iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(
        words("linli-model"),
        ["arrow-array", "arrow-schema", "include_dir", "serde", "serde_json", "thiserror"]
    );
    // It starts with `cargo xtask`, at once.
    assert!(words("linli-craft").is_empty());
    assert!(words("linli-assign").iter().all(|it| ["flate2", "rayon", "thiserror"].contains(it)));
}
