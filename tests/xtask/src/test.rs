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
    let status = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root)
        // Set by the alias that runs this program; the tests' own build must not inherit it.
        .env_remove("CARGO_MANIFEST_DIR")
        .status()
        .map_err(|it| Failure::Missing(format!("cargo {}: {it}", arguments.join(" "))))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Wrong(format!("cargo {} failed; alone: {mend}", arguments[0])))
}

fn has_nextest() -> bool {
    let output = Command::new(env!("CARGO"))
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    output.is_ok_and(|it| it.success())
}
