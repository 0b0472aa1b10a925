//! `cargo xtask bench [NAME]`: each file answers one question and measures its baseline in the
//! same run. Figures are ratios of medians; machines are noisy, so nothing here is a test.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod ingest;
mod plugin;
mod rounds;

use std::process::ExitCode;

/// name, question, bench.
type Bench = (&'static str, &'static str, fn() -> Result<(), String>);

const BENCHES: [Bench; 2] =
    [("ingest", ingest::QUESTION, ingest::run), ("plugin", plugin::QUESTION, plugin::run)];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = asked.iter().find(|name| !BENCHES.iter().any(|it| it.0 == name.as_str())) {
        let names: Vec<&str> = BENCHES.iter().map(|it| it.0).collect();
        eprintln!("error: no bench is called {unknown}; there are {}", names.join(", "));
        return ExitCode::from(2);
    }
    for (name, question, run) in BENCHES {
        if !asked.is_empty() && !asked.iter().any(|it| it == name) {
            continue;
        }
        println!("{name}: {question}");
        if let Err(cause) = run() {
            eprintln!("error: {cause}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
