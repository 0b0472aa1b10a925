//! `cargo xtask test`: everything that must hold, in one profile.
//!
//! The binary is built first because the end-to-end tests run it; the release profile is that of
//! `cargo run --release`, so DataFusion and wasmtime are compiled once for both. Examples in the
//! documentation come before the other tests, which the test runner does not know. Loads from
//! databases are tested with a real server, of which the tests are told the folder. The tools that
//! build plugins are put into the user's cache; without one of them its language is left out.

use std::path::Path;
use std::process::{Command, Stdio};

use linli_craft::Language;

use crate::{Failure, postgres, say};

/// Builds what the tests and benches need.
pub const BUILD: [&str; 4] = ["build", "--release", "--workspace", "--locked"];

/// Runs formatting, build and tests; the last line printed is the test runner's own.
pub fn run(root: &Path) -> Result<(), Failure> {
    let server = postgres::find()?;
    for language in Language::ALL {
        // A project in a language whose tools cannot be had is made in the tests, but not built.
        if let Err(it) = linli_craft::prepare(language, &say) {
            println!("no plugin in {language} is built in the tests: {}", it.text().en);
        }
    }
    if answers(&["fmt", "--version"]) {
        step(root, &["fmt", "--all", "--check"], "cargo fmt --all")?;
    } else {
        eprintln!("the formatting is not checked: rustfmt is missing (rustup component add rustfmt)");
    }
    step(root, &BUILD, "cargo build --release --workspace")?;
    let examples = ["test", "--doc", "--release", "--workspace", "--locked"];
    step(root, &examples, "cargo test --doc --release --workspace")?;
    let runner: &[&str] = if answers(&["nextest", "--version"]) {
        &["nextest", "run", "--release", "--workspace", "--locked", "--no-fail-fast"]
    } else {
        // The same tests, one process per binary instead of one per test.
        &["test", "--release", "--workspace", "--locked", "--no-fail-fast", "--lib", "--tests", "--bins"]
    };
    let database = (postgres::VARIABLE, server.as_path());
    if succeeds(root, runner, Some(database))? { Ok(()) } else { Err(Failure::Told) }
}

/// Runs cargo; `mend` is what to type to see it fail alone.
pub fn step(root: &Path, arguments: &[&str], mend: &str) -> Result<(), Failure> {
    if succeeds(root, arguments, None)? {
        return Ok(());
    }
    Err(Failure::Wrong(format!("cargo {} failed; alone: {mend}", arguments[0])))
}

fn succeeds(root: &Path, arguments: &[&str], variable: Option<(&str, &Path)>) -> Result<bool, Failure> {
    let status = cargo().args(arguments).envs(variable).current_dir(root).status();
    status
        .map(|it| it.success())
        .map_err(|it| Failure::Missing(format!("cargo {}: {it}", arguments.join(" "))))
}

/// Whether cargo has this tool.
fn answers(arguments: &[&str]) -> bool {
    let status = cargo().args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|it| it.success())
}

/// Cargo as a shell would start it. `cargo run` describes this program's package in the
/// environment; build scripts of other crates watch those variables, and half of all
/// dependencies would be compiled again for each way of starting the same build.
fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let is_ours =
            text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "OUT_DIR";
        if is_ours
            || text == "CARGO_PRIMARY_PACKAGE"
            || text == "CARGO_BIN_NAME"
            || text == "CARGO_CRATE_NAME"
        {
            command.env_remove(name);
        }
    }
    command
}
