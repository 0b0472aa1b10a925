//! The house stands as drawn: heavy libraries are reached through their own door only.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::support::root;

/// library → the one crate that may depend on it.
const DOORS: [(&str, &[&str]); 10] = [
    ("datafusion", &["linli-query"]),
    ("deltalake", &["linli-query"]),
    ("object_store", &["linli-query"]),
    ("wasmtime", &["linli-plugin"]),
    ("axum", &["linli-serve"]),
    ("tower-http", &["linli-serve"]),
    ("utoipa", &["linli-serve"]),
    ("clap", &["linli-cli"]),
    ("wit-bindgen", &["linli-sdk", "linli-hostile"]),
    ("h3o", &["linli-query"]),
];

/// crate → what it may import of ours, at run time.
const ARROWS: [(&str, &[&str]); 7] = [
    ("linli-model", &[]),
    ("linli-assign", &[]),
    ("linli-query", &["linli-model"]),
    ("linli-plugin", &["linli-model"]),
    ("linli-pool", &["linli-assign", "linli-model", "linli-plugin", "linli-query"]),
    ("linli-serve", &["linli-model", "linli-pool"]),
    ("linli-cli", &["linli-model", "linli-plugin", "linli-pool", "linli-serve"]),
];

fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |it: &Value| it["name"].as_str().unwrap().to_owned();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let wanted = package["dependencies"].as_array().unwrap();
            (name(package), wanted.iter().filter(|it| it["kind"].is_null()).map(name).collect())
        })
        .collect()
}

#[test]
fn a_heavy_library_has_one_door() {
    for (package, wanted) in dependencies() {
        for (library, doors) in DOORS {
            assert!(
                !wanted.contains(library) || doors.contains(&package.as_str()),
                "{package} reaches for {library}"
            );
        }
    }
}

#[test]
fn crates_import_along_the_arrows_only() {
    let packages = dependencies();
    for (package, allowed) in ARROWS {
        let wanted = &packages[package];
        for other in wanted.iter().filter(|it| it.starts_with("linli-")) {
            assert!(allowed.contains(&other.as_str()), "{package} imports {other}");
        }
    }
    let words: Vec<&str> = packages["linli-model"].iter().map(String::as_str).collect();
    assert_eq!(words, ["arrow-array", "arrow-schema", "include_dir", "serde", "serde_json", "thiserror"]);
}
