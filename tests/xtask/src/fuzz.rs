//! `cargo xtask fuzz`: gives the parsers bytes that nobody thought of, for a while.
//!
//! The fuzzer is LLVM's libFuzzer, which the crate `libfuzzer-sys` compiles with the system's C++
//! compiler. The counters it goes by come from a pass of LLVM that every Rust compiler has, so
//! the toolchain in use does: neither another one nor `cargo fuzz` is needed.
//!
//! ```text
//! tests/fuzz/seeds/TARGET/    inputs that matter                      kept in the repository
//! TARGET-DIR/fuzz/TARGET/     corpus: inputs that reached new code    kept from run to run
//!                             findings, and files of the moment
//! ```

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Failure;

const TARGETS: [&str; 6] = ["assign", "values", "cells", "csv", "json", "workbook"];

/// How long each target runs, where nobody says.
const SECONDS: u64 = 20;

/// How long one input may take, and how much memory: more is a finding.
const INPUT_SECONDS: u64 = 20;
const MEMORY_MB: u64 = 2_048;

/// Counts what is reached, and shows the fuzzer the two sides of each comparison.
const FLAGS: [&str; 6] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// Lines of the fuzzer's that are shown where it found something.
const LINES_SHOWN: usize = 40;

/// Runs what `arguments` name: targets, all if none, and `--seconds N` for each.
pub fn run(root: &Path, arguments: &[&str]) -> Result<(), Failure> {
    let (targets, seconds) = read(arguments)?;
    let home = build(root)?;
    let mut found = Vec::new();
    for target in targets {
        if !fuzz(root, &home, target, seconds)? {
            found.push(target);
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::Wrong(format!(
        "something was found in {}; mend it, and keep its input in tests/fuzz/seeds",
        found.join(", ")
    )))
}

/// The targets and the seconds.
fn read<'a>(arguments: &[&'a str]) -> Result<(Vec<&'a str>, u64), Failure> {
    let (mut targets, mut seconds) = (Vec::new(), SECONDS);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if *argument == "--seconds" {
            let number = rest.next().and_then(|it| it.parse().ok()).filter(|it| *it > 0);
            seconds = number.ok_or_else(|| Failure::Usage("--seconds wants a number from 1".into()))?;
        } else if TARGETS.contains(argument) {
            targets.push(*argument);
        } else {
            let known = TARGETS.join(", ");
            return Err(Failure::Usage(format!("no target {argument}; there are {known}")));
        }
    }
    Ok((if targets.is_empty() { TARGETS.to_vec() } else { targets }, seconds))
}

/// Builds all targets; the folder in which they work.
fn build(root: &Path) -> Result<Home, Failure> {
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".into());
    linli_craft::run(Command::new(&compiler).arg("--version")).map_err(|it| {
        Failure::Missing(format!(
            "no C++ compiler, which builds the fuzzer: {it}\n  \
             either   apt-get install g++\n  \
             or       CXX=COMPILER"
        ))
    })?;
    let triple = linli_craft::rust::host_triple()?;
    // This program is built into the same folder.
    let here = std::env::current_exe().map_err(|it| Failure::Wrong(it.to_string()))?;
    let folder = here.ancestors().nth(2).unwrap_or(root).join("fuzz");
    let mut cargo = Command::new(env!("CARGO"));
    linli_craft::rust::clean(&mut cargo);
    cargo.current_dir(root.join("tests/fuzz")).env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f"));
    // With a target named, what runs during the build is built without the flags.
    cargo.args(["build", "--release", "--locked", "--target", &triple, "--target-dir"]).arg(&folder);
    let status = cargo.status().map_err(|it| Failure::Missing(format!("cargo build: {it}")))?;
    if !status.success() {
        return Err(Failure::Wrong("the fuzz targets do not build".into()));
    }
    let programs = folder.join(triple).join("release");
    Ok(Home { folder, programs })
}

/// Where the targets are, and where they work.
struct Home {
    folder: PathBuf,
    programs: PathBuf,
}

/// Runs one target; false if it found something.
fn fuzz(root: &Path, home: &Home, target: &str, seconds: u64) -> Result<bool, Failure> {
    let own = home.folder.join(target);
    let (corpus, findings, moment) = (own.join("corpus"), own.join("findings"), own.join("moment"));
    std::fs::remove_dir_all(&moment).ok();
    for folder in [&corpus, &findings, &moment] {
        std::fs::create_dir_all(folder)
            .map_err(|it| Failure::Wrong(format!("{}: {it}", folder.display())))?;
    }
    let here = root.join("tests/fuzz");
    let mut command = Command::new(home.programs.join(target));
    command.arg(&corpus).arg(here.join("seeds").join(target));
    command.arg(format!("-max_total_time={seconds}")).arg(format!("-timeout={INPUT_SECONDS}"));
    command.arg(format!("-rss_limit_mb={MEMORY_MB}")).arg("-print_final_stats=1");
    command.arg(format!("-artifact_prefix={}/", findings.display()));
    let words = here.join("words").join(format!("{target}.dict"));
    if words.is_file() {
        command.arg(format!("-dict={}", words.display()));
    }
    // What panicked says more than what called it.
    command.env("RUST_BACKTRACE", "0").env("TMPDIR", &moment).current_dir(&own).stdin(Stdio::null());
    let output = command.output().map_err(|it| Failure::Missing(format!("{target}: {it}")))?;
    std::fs::remove_dir_all(&moment).ok();
    let told = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        let (inputs, edges) = (last_number(&told, "number_of_executed_units:"), last_number(&told, "cov: "));
        println!("{target}: {inputs} inputs in {seconds} s reached {edges} edges, nothing found");
        return Ok(true);
    }
    let lines: Vec<&str> = told.lines().collect();
    println!("{}", lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n"));
    println!("{target}: something was found, see above; its input is in {}", findings.display());
    Ok(false)
}

/// The number behind the last mention of a word.
fn last_number<'a>(text: &'a str, word: &str) -> &'a str {
    let behind = text.rfind(word).map_or("", |at| text[at + word.len()..].trim_start());
    let end = behind.find(|it: char| !it.is_ascii_digit()).unwrap_or(behind.len());
    if end == 0 { "?" } else { &behind[..end] }
}
