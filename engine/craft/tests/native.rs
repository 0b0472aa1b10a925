//! The SDKs, examples and new projects of every language, as their authors test them: natively.
//!
//! And as they are built, where the tools are at hand: nothing is fetched for a test.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::Command;

use linli_craft::{Language, at_hand, build, new_project};

fn plugins() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins").canonicalize().unwrap()
}

/// Runs a command that must succeed; what it printed on both streams.
fn done(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|it| panic!("{command:?}: {it}"));
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
    assert!(output.status.success(), "{command:?}:\n{said}");
    said
}

/// Compiles a C test with the system's compiler, all warnings being errors, and runs it.
fn test_in_c(sdk: &Path, test: &Path) {
    let place = tempfile::tempdir().unwrap();
    let program = place.path().join("test");
    let mut parts: Vec<PathBuf> = sdk.read_dir().unwrap().map(|it| it.unwrap().path()).collect();
    let name = |it: &Path| it.file_name().unwrap().to_str().unwrap().to_owned();
    parts.retain(|it| name(it).ends_with(".c") && !name(it).starts_with("test"));
    let mut cc = Command::new("cc");
    cc.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-I"]).arg(sdk);
    done(cc.arg(test).args(parts).arg("-lm").arg("-o").arg(&program));
    assert_eq!(done(&mut Command::new(program)), "all tests passed\n");
}

#[test]
fn c_keeps_its_promises_natively() {
    let (c, place) = (plugins().join("c"), tempfile::tempdir().unwrap());
    let project = place.path().join("warm-meals");
    new_project(Language::C, &project).unwrap();
    test_in_c(&c.join("sdk"), &c.join("sdk/test.c"));
    test_in_c(&c.join("sdk"), &c.join("sdk/test_evaluator.c"));
    test_in_c(&c.join("sdk"), &c.join("quarter-hour/test.c"));
    test_in_c(&project.join("sdk"), &project.join("test.c"));
}

/// Where there is no Python nobody can write such a plugin either.
#[test]
fn python_keeps_its_promises_natively() {
    let asks = ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"];
    if !Command::new("python3").args(asks).status().is_ok_and(|it| it.success()) {
        return;
    }
    let (python, place) = (plugins().join("python"), tempfile::tempdir().unwrap());
    let project = place.path().join("warm-meals");
    new_project(Language::Python, &project).unwrap();
    for (folder, tests) in [(&python, "linli_sdk_test"), (&python, "familiar-faces"), (&project, ".")] {
        let mut test = Command::new("python3");
        test.args(["-B", "-m", "unittest", "discover", "-s", tests]).current_dir(folder);
        let said = done(&mut test);
        assert!(said.contains("\nOK"), "{tests}: {said}");
    }
}

/// With nothing of this repository but its sources, and nothing fetched.
#[test]
fn a_project_in_rust_tests_itself() {
    let place = tempfile::tempdir().unwrap();
    let project = place.path().join("warm-meals");
    new_project(Language::Rust, &project).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    linli_craft::rust::clean(&mut cargo);
    cargo.current_dir(&project).args(["test", "--offline", "--workspace", "--target-dir"]);
    let said = done(cargo.arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("project")));
    assert!(said.contains("a_neighbour_could_not_be_better"), "{said}");
}

/// Builds a new project in a folder of its own; the component.
fn built(language: Language) -> Vec<u8> {
    let place = tempfile::tempdir().unwrap();
    let project = place.path().join("warm-meals");
    new_project(language, &project).unwrap();
    let built = build(&project, None, &|_| {}).unwrap_or_else(|it| panic!("{it}"));
    assert_eq!((built.name.as_str(), built.language), ("warm-meals", language));
    let file = project.join("warm-meals.wasm");
    assert_eq!(built.file.canonicalize().unwrap(), file.canonicalize().unwrap());
    std::fs::read(file).unwrap()
}

#[test]
fn equal_sources_give_equal_bytes_whatever_the_folder() {
    for language in [Language::Rust, Language::C].into_iter().filter(|it| at_hand(*it)) {
        let (one, other) = (built(language), built(language));
        assert!(one.len() < 100_000, "{language}: {} bytes", one.len());
        assert!(one == other, "{language}: two builds differ");
    }
}

/// The functions that a module exports decide, and nothing that an author would have to say twice.
#[test]
fn an_evaluator_in_c_becomes_a_component_of_its_world() {
    if !at_hand(Language::C) {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let project = place.path().join("mean");
    new_project(Language::C, &project).unwrap();
    // The test is a plugin too, once its main is cut off.
    let test = std::fs::read_to_string(plugins().join("c/sdk/test_evaluator.c")).unwrap();
    let (plugin, _) = test.split_once("#include \"linli_test.h\"").unwrap();
    std::fs::write(project.join("plugin.c"), plugin).unwrap();
    let built = build(&project, None, &|_| {}).unwrap_or_else(|it| panic!("{it}"));
    let bytes = std::fs::read(built.file).unwrap();
    let has = |name: &[u8]| bytes.windows(name.len()).any(|it| it == name);
    assert!(has(b"linli:plugin/evaluator@0.1.0"));
    assert!(!has(b"linli:plugin/scorer@0.1.0"));
}

#[test]
fn a_mistake_is_shown_with_its_place() {
    for (language, file, words) in
        [(Language::C, "plugin.c", "plugin.c:"), (Language::Python, "plugin.py", "plugin.py")]
    {
        if !at_hand(language) {
            continue;
        }
        let place = tempfile::tempdir().unwrap();
        let project = place.path().join("warm-meals");
        new_project(language, &project).unwrap();
        std::fs::write(project.join(file), "x = = 1\n").unwrap();
        let error = build(&project, None, &|_| {}).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(!project.join("warm-meals.wasm").exists());
    }
}

#[test]
fn a_folder_that_is_no_project_is_said_to_be_none() {
    let place = tempfile::tempdir().unwrap();
    let said = build(place.path(), None, &|_| {}).unwrap_err().text().clone();
    assert!(said.en.ends_with("expected one of Cargo.toml, plugin.py, plugin.c in it"), "{}", said.en);
    assert!(said.zh.ends_with("Cargo.toml、plugin.py、plugin.c 之一"), "{}", said.zh);
    assert!(build(&place.path().join("nowhere"), None, &|_| {}).is_err());
}
