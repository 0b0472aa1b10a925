//! The binary `linli`: the only door to the terminal.
//!
//! Parses, runs one command, prints one document or prose, and turns a kind of failure into an
//! exit code. What a command does is `linli-pool`'s; how it looks is here.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this crate is the terminal")]

mod args;
mod command;
mod failure;
mod show;
mod witness;

use std::process::ExitCode;

use clap::Parser;

use args::Args;
use failure::Failed;

fn main() -> ExitCode {
    let wants_json = std::env::args().any(|it| it == "--json");
    let args = match Args::try_parse() {
        Ok(args) => args,
        // Help and version are answers, not failures.
        Err(error) if !error.use_stderr() => {
            print!("{error}");
            return ExitCode::SUCCESS;
        }
        Err(error) => return Failed::usage(&error).print(wants_json),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failed::internal(error.to_string()).print(wants_json),
    };
    match runtime.block_on(command::run(args)) {
        Ok(code) => code,
        Err(failed) => failed.print(wants_json),
    }
}
