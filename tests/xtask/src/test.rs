//! `cargo xtask test`: everything that must hold, in one profile.
//!
//! The binary is built first because the end-to-end tests run it; the release profile is that of
//! `cargo run --release`, so DataFusion and wasmtime are compiled once for both.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::Failure;

/// Runs formatting, build and tests; the last line printed is the test runner's own.
pub fn run(root: &Path) -> Result<(), Failure> {
    step(root, &["fmt", "--all", "--check"], "cargo fmt --all")?;
    step(root, &["build", "--release", "--workspace", "--locked"], "cargo build --release --workspace")?;
    if has_nextest() {
        step(
            root,
            &["nextest", "run", "--release", "--workspace", "--locked", "--no-fail-fast"],
            "cargo nextest run --release --workspace",
        )
    } else {
        // The same tests, one process per binary instead of one per test.
        let arguments =
            ["test", "--release", "--workspace", "--locked", "--no-fail-fast", "--lib", "--tests", "--bins"];
        step(root, &arguments, "cargo test --release --workspace")
    }
}

fn step(root: &Path, arguments: &[&str], mend: &str) -> Result<(), Failure> {
    let status = cargo()
        .args(arguments)
        .current_dir(root)
        .status()
        .map_err(|it| Failure::Missing(format!("cargo {}: {it}", arguments.join(" "))))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Wrong(format!("cargo {} failed; alone: {mend}", arguments[0])))
}

fn has_nextest() -> bool {
    let status = cargo().args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
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
