//! Plugins through the binary: what keeps the contract is let in, what fails later stops the run,
//! and everything else stays as it was.

use std::fs;

use linli_craft::{Language, at_hand};
use serde_json::{Value, json as value};

use crate::support::{Story, json, linli, refused, root};

/// The plugins of every new pool: the names in the list that goes into the program.
fn reference() -> Vec<String> {
    let file = root().join("engine/pool/src/plugins/reference.json");
    let rows: Vec<Value> = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    rows.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

/// Misbehaviours that a check lets through: what a plugin remembers never reaches the next block,
/// what it reports is cut, there is only one NaN, what a district's own plugin calls its scores counts
/// by their order alone, and who vetoes everybody is for a replay to stop.
const LET_IN: [&str; 8] = [
    "evaluates-by-memory",
    "inflates-its-scores",
    "prefers-the-far",
    "reports-a-book",
    "reports-a-million-times",
    "scores-by-memory",
    "scores-by-nan-bits",
    "vetoes-everybody",
];

/// Components that call themselves otherwise than their file: they want a reference plugin's place.
const PRETENDERS: [&str; 2] = ["neglects-disabled", "refuses-disabled"];

fn hostile(name: &str) -> String {
    format!("plugins/dist/hostile/{name}.wasm")
}

fn names(story: &Story) -> Vec<String> {
    let plugins = json(&["plugin", "list", &story.pool()]);
    let plugins = plugins["plugins"].as_array().unwrap();
    plugins.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

fn snapshots(story: &Story) -> usize {
    json(&["history", &story.pool()])["snapshots"].as_array().unwrap().len()
}

/// The error of a command that must fail because of a plugin and store nothing.
fn refused_for_a_plugin(story: &Story, arguments: &[&str], code: &str) -> Value {
    let before = snapshots(story);
    let (exit, error) = refused(arguments);
    let seen = (exit, error["kind"].as_str().unwrap(), error["code"].as_str().unwrap());
    assert_eq!(seen, (5, "plugin", code), "{}: {error}", arguments.join(" "));
    assert!(!error["message_zh"].as_str().unwrap().is_ascii(), "{error}");
    assert_eq!(snapshots(story), before, "{}", arguments.join(" "));
    error
}

#[test]
fn reference_plugins_keep_the_contract() {
    for name in reference() {
        let report = json(&["plugin", "check", &format!("plugins/dist/{name}.wasm")]);
        assert_eq!(report["ok"], true, "{report}");
    }
}

/// From nothing to a plugin that a pool takes, with no line written by hand. `cargo xtask test` gets
/// the tools; where it could not, it has said so.
#[test]
fn a_new_project_builds_and_keeps_the_contract_as_it_is() {
    let story = Story::new();
    for language in Language::ALL {
        let lang = language.as_str();
        let folder = story.folder.path().join(format!("warm-meals-{lang}"));
        let folder = folder.to_str().unwrap();
        let made = json(&["plugin", "new", "--lang", lang, folder]);
        assert!(made["files"].as_array().unwrap().len() > 5, "{made}");
        let (exit, error) = refused(&["plugin", "new", "--lang", lang, folder]);
        assert_eq!((exit, error["code"].as_str().unwrap()), (2, "bad-project"), "{error}");
        if !at_hand(language) {
            continue;
        }
        let built = json(&["plugin", "build", folder]);
        let file = built["file"].as_str().unwrap();
        let report = json(&["plugin", "check", file]);
        assert_eq!(report["ok"], true, "{report}");
        json(&["plugin", "add", &story.pool(), file]);
        assert!(names(&story).contains(&format!("warm-meals-{lang}")));
    }
}

#[test]
fn what_cannot_be_built_says_why_in_both_languages() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("warm-meals");
    for (arguments, words) in [
        (vec!["plugin", "new", "--lang", "cobol", folder.to_str().unwrap()], "rust, python, c"),
        (vec!["plugin", "new", "Warm_Meals"], "lower-case words"),
        (vec!["plugin", "build", place.path().to_str().unwrap()], "Cargo.toml, plugin.py, plugin.c"),
    ] {
        let (exit, error) = refused(&arguments);
        assert_eq!((exit, error["kind"].as_str().unwrap()), (2, "request"), "{error}");
        assert!(error["message"].as_str().unwrap().contains(words), "{error}");
        assert!(!error["message_zh"].as_str().unwrap().is_ascii(), "{error}");
    }
    assert!(!folder.exists());
}

/// The example in Python, from its source to a certified match.
#[test]
fn a_plugin_in_python_decides_a_match() {
    if !at_hand(Language::Python) {
        return;
    }
    let story = Story::new();
    let file = story.folder.path().join("familiar-faces.wasm");
    let file = file.to_str().unwrap();
    let example = root().join("plugins/python/familiar-faces");
    let built = json(&["plugin", "build", example.to_str().unwrap(), "--out", file]);
    assert!(built["bytes"].as_u64().unwrap() > 10_000_000, "with its interpreter: {built}");
    json(&["plugin", "add", &story.pool(), file]);
    let report = json(&["match", &story.pool(), "--scorer", "familiar-faces"]);
    assert_eq!(
        (&report["certified"], &report["scorers"][0]["name"]),
        (&value!(true), &value!("familiar-faces"))
    );
    assert_eq!(json(&["verify", &story.pool(), "latest"])["verified"], true);
}

/// Fuel and memory are the same everywhere; how long it takes is this machine's and not asserted.
#[test]
fn what_a_plugin_takes_is_measured_beside_its_source() {
    let measured = |file: &str| json(&["plugin", "bench", file, "--rows", "70000", "--seconds", "0"]);
    let native =
        ["walking-distance", "visit-team", "merchant-offer"].map(|it| format!("plugins/dist/{it}.wasm"));
    for file in native {
        let (one, other) = (measured(&file), measured(&file));
        assert_eq!((&one["rows"], &one["rounds"]), (&value!(70000), &value!(3)), "{one}");
        for same in ["fuel", "fuel_per_row", "memory_bytes", "digest"] {
            assert_eq!(one[same], other[same], "{file}");
        }
        assert!(
            one["fuel_per_row"].as_f64().unwrap() > 1.0 && one["memory_bytes"].as_u64().unwrap() > 1 << 16
        );
        assert!(one["native_ns_per_row"].as_f64().unwrap() > 0.0 && one["ratio"].as_f64().unwrap() > 0.0);
    }
    let evaluator = json(&["plugin", "bench", "plugins/dist/topsis.wasm", "--seconds", "0"]);
    assert!(evaluator["rows"] == 1000 && evaluator["ratio"].as_f64().unwrap() > 0.0, "{evaluator}");
    let foreign = measured("plugins/dist/c/quarter-hour.wasm");
    assert!(foreign["native_ns_per_row"].is_null() && foreign["ratio"].is_null(), "{foreign}");
    let (exit, error) = refused(&["plugin", "bench", &hostile("scores-nan")]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (5, "plugin-bad-score"), "{error}");
}

/// The example in C, as it is committed.
#[test]
fn a_plugin_in_c_keeps_the_contract() {
    let report = json(&["plugin", "check", "plugins/dist/c/quarter-hour.wasm"]);
    assert_eq!(report["ok"], true, "{report}");
}

#[test]
fn what_a_check_refuses_is_not_let_in_and_what_it_passes_is() {
    let story = Story::new();
    let mut n_refused = 0;
    for entry in fs::read_dir(root().join("plugins/dist/hostile")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        // Those that fail later tell a check from a match.
        let is_pretender = PRETENDERS.contains(&name.as_str());
        let passes = name.ends_with("-later") || LET_IN.contains(&name.as_str()) || is_pretender;
        let expected = if passes { 0 } else { 5 };
        let file = hostile(&name);
        let checked = linli(&["plugin", "check", &file, "--json"]).status.code();
        let added = linli(&["plugin", "add", &story.pool(), &file, "--json"]).status.code();
        assert_eq!((checked, added), (Some(expected), Some(expected)), "{name}");
        n_refused += usize::from(expected == 5);
        let called = if is_pretender { "local-first".to_owned() } else { name.clone() };
        assert_eq!(names(&story).contains(&called), expected == 0, "{name}");
    }
    assert!(n_refused > 20, "{n_refused}");
}

#[test]
fn what_is_not_let_in_says_why() {
    let story = Story::new();
    let text_file = story.file("no.wasm", "this is no component");
    let core = story.folder.path().join("core.wasm");
    fs::write(&core, b"\0asm\x01\0\0\0").unwrap();
    for (file, code, said) in [
        (text_file, "not-wasm", "74 68 69 73"),
        (core.display().to_string(), "core-module", "core module"),
        (hostile("imports-a-clock"), "forbidden-imports", "wasi:clocks"),
        (hostile("loops-in-describe"), "plugin-out-of-fuel", "describing itself"),
        (hostile("asks-for-card-numbers"), "column-not-granted", "card_no"),
        (hostile("asks-for-a-misspelt-column"), "column-not-granted", "no such column"),
        (hostile("asks-for-text-distances"), "column-not-granted", "holds i64, not text"),
        (hostile("asks-for-the-outcome"), "column-not-granted", "cost"),
        (hostile("scores-nan"), "plugin-breaks-contract", "one-row"),
        (hostile("scores-by-position"), "plugin-breaks-contract", "same-when-split"),
        (hostile("evaluates-to-nan"), "plugin-breaks-contract", "one-row"),
        (hostile("panics"), "plugin-breaks-contract", "no idea what to do with 0 rows"),
    ] {
        let error = refused_for_a_plugin(&story, &["plugin", "add", &story.pool(), &file], code);
        assert!(error["message"].as_str().unwrap().contains(said), "{error}");
    }
    let (_, error) = refused(&["plugin", "add", &story.pool(), &hostile("asks-for-a-misspelt-column")]);
    assert!(error["hint"].to_string().contains("distance_m"), "{error}");
    let (exit, error) = refused(&["match", &story.pool(), "--scorer", "weighted-index"]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (2, "wrong-plugin"));
    assert_eq!(names(&story), reference());
}

#[test]
fn a_component_that_was_changed_or_is_gone_is_told_with_what_to_do() {
    let story = Story::new();
    let plugins = json(&["plugin", "list", &story.pool()]);
    let skill_fit = plugins["plugins"].as_array().unwrap().iter().find(|it| it["name"] == "skill-fit");
    let digest = skill_fit.unwrap()["digest"].as_str().unwrap();
    let file = format!("{}/plugins/{digest}.wasm", story.pool());
    let told = |code: &str| {
        let (exit, error) = refused(&["match", &story.pool()]);
        let seen = (exit, error["kind"].as_str().unwrap(), error["code"].as_str().unwrap());
        assert_eq!(seen, (4, "data", code), "{error}");
        assert!(error["hint"].to_string().contains("linli plugin add"), "{error}");
    };
    fs::write(&file, b"\0asm\x0d\0\x01\0").unwrap();
    told("tampered-plugin");
    fs::remove_file(&file).unwrap();
    told("missing-plugin");
    json(&["plugin", "add", &story.pool(), "plugins/dist/skill-fit.wasm"]);
    assert_eq!(json(&["match", &story.pool()])["certified"], true, "as the hint says");
}

#[test]
fn what_people_wrote_about_somebody_reaches_scorers_as_a_code_only() {
    let story = Story::new();
    let rows = "need_id,district_id,service_id,skills,window_start,window_end,lon,lat,group,status\n\
        g1,d1,visit,走访,2024-03-05T09:00,2024-03-05T11:00,106.7001,26.5700,独居老人张家三楼,open\n\
        g2,d1,visit,走访,2024-03-05T09:00,2024-03-05T11:00,106.7001,26.5700,lonely_elder,open\n\
        g3,d1,visit,走访,2024-03-05T09:00,2024-03-05T11:00,106.7001,26.5700,,open\n";
    json(&["load", &story.pool(), "need", &story.file("groups.csv", rows)]);
    json(&["match", &story.pool()]);
    let seen = story.rows(
        "SELECT DISTINCT need_id, target_group FROM candidate WHERE need_id LIKE 'g%' ORDER BY need_id",
    );
    let expected = [
        value!({"need_id": "g1", "target_group": "other"}),
        value!({"need_id": "g2", "target_group": "lonely_elder"}),
        value!({"need_id": "g3", "target_group": null}),
    ];
    assert_eq!(seen, expected);
}
