//! `cargo xtask`: what `cargo` alone cannot do for this repository.
//!
//! Standard library and `linli-craft` only, so that it starts at once. One file per subcommand.
//!
//! Exit codes: 0 done, 1 not as it should be, 2 wrong use, 3 a tool is missing that could not be
//! had.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod bench;
mod fuzz;
mod plugins;
mod postgres;
mod projects;
mod sha256;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <COMMAND>

Commands:
  plugins                Build every plugin in Rust and C into plugins/dist
  plugins NAME...        Build these only; those in Python into target/plugins
  plugins --into FOLDER  Build every plugin in Rust into another folder
  plugins --check        Build them elsewhere and compare with plugins/dist, byte by byte
  test                   Check the formatting, build everything, run every test; gets PostgreSQL
                         and the tools that build plugins
  bench [NAME]...        Build everything, then measure parts of it side by side
  bench assign --quick   The solver beside others up to 10k needs; --full up to 1M, 100k if not said
  fuzz [TARGET]...       Give the parsers bytes nobody thought of; --seconds N each, 20 if not said
";

/// Why a command did not end well; the text has been or will be printed once.
enum Failure {
    /// Something is not as it should be: exit code 1.
    Wrong(String),
    /// The caller asked for what does not exist: exit code 2.
    Usage(String),
    /// A tool is missing: exit code 3.
    Missing(String),
    /// The test runner has said what is wrong, and its last line stays the last: exit code 1.
    Told,
}

impl From<linli_craft::Error> for Failure {
    fn from(error: linli_craft::Error) -> Self {
        match error {
            linli_craft::Error::Request(text) => Self::Usage(text.en),
            linli_craft::Error::Source(text) => Self::Wrong(text.en),
            linli_craft::Error::Missing(text) => Self::Missing(text.en),
        }
    }
}

/// What is being done while it takes long.
fn say(text: &linli_craft::Text) {
    println!("{}", text.en);
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        [] | ["help" | "-h" | "--help"] => {
            print!("{USAGE}");
            Ok(())
        }
        ["plugins", "--check"] => plugins::check(&root()),
        ["plugins", "--into", folder] => plugins::build_into(&root(), Path::new(folder)),
        ["plugins", names @ ..] if are_names(names) => plugins::build(&root(), names),
        ["test"] => test::run(&root()),
        ["bench", arguments @ ..] if bench::knows(arguments) => bench::run(&root(), arguments),
        ["fuzz", arguments @ ..] => fuzz::run(&root(), arguments),
        other => Err(Failure::Usage(format!("unknown: {}\n\n{USAGE}", other.join(" ")))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let (code, text) = match failure {
                Failure::Wrong(text) => (1, text),
                Failure::Usage(text) => (2, text),
                Failure::Missing(text) => (3, text),
                Failure::Told => return ExitCode::FAILURE,
            };
            eprintln!("error: {text}");
            ExitCode::from(code)
        }
    }
}

/// No options among them.
fn are_names(arguments: &[&str]) -> bool {
    !arguments.iter().any(|it| it.starts_with('-'))
}

/// The root of the repository: two folders above this crate.
///
/// Cargo says where that is when it runs the program; a build kept from elsewhere would not know.
fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR");
    let here = here.map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.ancestors().nth(2).unwrap_or(&here).to_path_buf()
}
