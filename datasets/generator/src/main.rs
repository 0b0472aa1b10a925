//! `linli-generator cases OUT` writes the registries of every case below `OUT`.

use std::path::PathBuf;
use std::process::ExitCode;

#[expect(clippy::print_stderr, reason = "the terminal is this program's only door")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, out] = arguments.as_slice() else {
        eprintln!("usage: linli-generator cases OUT");
        return ExitCode::from(2);
    };
    if command != "cases" {
        eprintln!("error: there is no command `{command}`\nhint:  linli-generator cases OUT");
        return ExitCode::from(2);
    }
    match linli_generator::write_cases(&PathBuf::from(out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: could not write the cases below {out}: {error}");
            ExitCode::FAILURE
        }
    }
}
