//! Committed plugins are what their source builds; bad ones are refused with everything unchanged.

use std::fs;
use std::process::Command;

use crate::support::{Story, json, refused, root, text};

#[test]
fn reference_plugins_keep_the_contract() {
    for name in ["skill-fit", "walking-distance", "merchant-offer", "weighted-index"] {
        let report = json(&["plugin", "check", &format!("plugins/dist/{name}.wasm")]);
        assert_eq!(report["ok"], true, "{report}");
    }
}

#[test]
fn hostile_plugins_do_not_keep_it() {
    for entry in fs::read_dir(root().join("plugins/dist/hostile")).unwrap() {
        let path = entry.unwrap().path();
        // What a plugin remembers never reaches the next block, and what it reports is cut: no harm.
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let harmless = ["reports-a-book", "reports-a-million-times", "scores-by-memory"];
        let expected = if harmless.contains(&name.as_str()) { 0 } else { 5 };
        let output = crate::support::linli(&["plugin", "check", &path.display().to_string(), "--json"]);
        assert_eq!(output.status.code(), Some(expected), "{}", path.display());
    }
}

#[test]
fn source_and_committed_components_are_the_same_bytes_where_the_toolchain_is() {
    let home = std::env::var_os("HOME").map(std::path::PathBuf::from).unwrap_or_default();
    let cache = std::env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), Into::into);
    if !cache.join("linli/wasm-toolchain").is_dir() {
        // Without the toolchain the digests still tie the bytes to what was committed together.
        let digests = fs::read_to_string(root().join("plugins/dist/digests.txt")).unwrap();
        assert!(digests.lines().count() > 30);
        return;
    }
    let output = Command::new(env!("CARGO"))
        .args(["xtask", "plugins", "--check"])
        .current_dir(root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // 3: the toolchain there is another than the one the components were built with.
    assert!(matches!(output.status.code(), Some(0 | 3)), "{said}");
}

#[test]
fn a_plugin_that_fails_in_a_match_stops_the_run_and_stores_nothing() {
    let story = Story::new();
    let before = story.rows("SELECT count(*) AS n FROM run");
    for (name, code) in [
        ("loops-in-score", "out-of-fuel"),
        ("eats-memory", "out-of-memory"),
        ("panics", "trapped"),
        ("returns-too-few-scores", "wrong-length"),
        ("scores-nan", "not-a-score"),
        ("scores-above-one", "not-a-score"),
    ] {
        let file = format!("plugins/dist/hostile/{name}.wasm");
        json(&["plugin", "add", &story.pool(), &file]);
        let (exit, error) = refused(&["match", &story.pool(), "--scorer", name]);
        assert_eq!(
            (exit, error["kind"].as_str().unwrap()),
            (5, "plugin"),
            "{name}: {error} (expected like {code})"
        );
        assert!(error["message"].as_str().unwrap().contains(name), "{name}: {error}");
        assert!(!error["message_zh"].as_str().unwrap().is_ascii(), "{name}: {error}");
    }
    assert_eq!(story.rows("SELECT count(*) AS n FROM run"), before);
    assert_eq!(json(&["match", &story.pool()])["certified"], true, "the pool works on");
}

#[test]
fn what_is_no_scorer_is_not_let_in() {
    let story = Story::new();
    let text_file = story.file("no.wasm", "this is no component");
    let core = story.folder.path().join("core.wasm");
    fs::write(&core, b"\0asm\x01\0\0\0").unwrap();
    let core = core.display().to_string();
    for file in [text_file.as_str(), &core, "plugins/dist/hostile/imports-a-clock.wasm"] {
        let (exit, error) = refused(&["plugin", "add", &story.pool(), file]);
        assert_eq!(exit, 5, "{error}");
    }
    let (exit, error) = refused(&["match", &story.pool(), "--scorer", "weighted-index"]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (2, "wrong-plugin"));
    assert_eq!(text(&["plugin", "list", &story.pool()]).lines().count(), 4);
}
