//! `cargo xtask bench`: builds everything in the release profile, then runs `tests/bench`.

use std::path::Path;
use std::process::Command;

use crate::Failure;
use crate::test::{BUILD, step};

/// How much `assign` and `plugin` measure.
const SCALES: [&str; 2] = ["--quick", "--full"];

/// Names and scales, no other options.
pub fn knows(arguments: &[&str]) -> bool {
    arguments.iter().all(|it| !it.starts_with('-') || SCALES.contains(it))
}

/// Runs the benches of these names, or all.
pub fn run(root: &Path, arguments: &[&str]) -> Result<(), Failure> {
    step(root, &BUILD, "cargo build --release --workspace")?;
    // This program is built into the same folder.
    let here = std::env::current_exe().map_err(|it| Failure::Wrong(it.to_string()))?;
    let bench = here.with_file_name(format!("linli-bench{}", std::env::consts::EXE_SUFFIX));
    let status = Command::new(&bench)
        .args(arguments)
        .current_dir(root)
        .status()
        .map_err(|it| Failure::Missing(format!("{}: {it}", bench.display())))?;
    if status.success() { Ok(()) } else { Err(Failure::Wrong("the bench failed".into())) }
}
