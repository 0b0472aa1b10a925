//! `cargo xtask bench [NAME]`: each file answers one question and measures its baseline in the
//! same run. Figures are ratios; machines are noisy, so no test asserts one.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod assign;
mod certificate;
mod ingest;
mod plugin;
mod rounds;
mod tools;

use std::process::ExitCode;

/// How much to measure, where a bench has a choice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    Quick,
    Usual,
    Full,
}

/// name, question, bench.
type Bench = (&'static str, &'static str, fn(Scale) -> Result<(), String>);

const BENCHES: [Bench; 4] = [
    ("assign", assign::QUESTION, assign::run),
    ("certificate", certificate::QUESTION, |_| certificate::run()),
    ("ingest", ingest::QUESTION, |_| ingest::run()),
    ("plugin", plugin::QUESTION, plugin::run),
];
/// Those that have a choice.
const SCALED: [&str; 2] = ["assign", "plugin"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((first, rest)) if first == assign::COMMAND => assign::solve_one(rest),
        _ => match read(&arguments) {
            Ok((names, scale)) => run(&names, scale),
            Err(wrong) => {
                eprintln!("error: {wrong}");
                return ExitCode::from(2);
            }
        },
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("error: {cause}");
            ExitCode::FAILURE
        }
    }
}

/// Names and scale of the command line.
fn read(arguments: &[String]) -> Result<(Vec<&str>, Scale), String> {
    let (mut names, mut scale) = (Vec::new(), Scale::Usual);
    for argument in arguments {
        match argument.as_str() {
            "--quick" => scale = Scale::Quick,
            "--full" => scale = Scale::Full,
            name if BENCHES.iter().any(|it| it.0 == name) => names.push(name),
            unknown => {
                let known: Vec<&str> = BENCHES.iter().map(|it| it.0).collect();
                return Err(format!("no bench is called {unknown}; there are {}", known.join(", ")));
            }
        }
    }
    if scale != Scale::Usual && !names.is_empty() && !names.iter().any(|it| SCALED.contains(it)) {
        return Err(format!("--quick and --full speak of {} only", SCALED.join(" and ")));
    }
    Ok((names, scale))
}

/// Runs the benches of these names, or all.
fn run(names: &[&str], scale: Scale) -> Result<(), String> {
    for (name, question, run) in BENCHES {
        if names.is_empty() || names.contains(&name) {
            println!("{name}: {question}");
            run(scale)?;
        }
    }
    Ok(())
}
