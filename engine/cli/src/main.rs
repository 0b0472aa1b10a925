//! The binary `linli`: the only door to the terminal.
//!
//! Parses, runs one command, prints one document or prose, and turns a kind of failure into an
//! exit code. What a command does is `linli-pool`'s; how it looks is here.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this crate is the terminal")]

mod args;
mod command;
mod failure;
mod secret;
mod show;
mod usage;
mod witness;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use linli_model::Kind;

use args::{Args, Command};
use failure::Failed;

fn main() -> ExitCode {
    let wants_json = std::env::args_os().any(|it| it == "--json");
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return unparsed(&error, wants_json),
    };
    // A panic is a fault of ours: it ends like every other one, in a document and an exit code.
    // The text of the panic itself has gone to stderr.
    let outcome = std::panic::catch_unwind(|| run(args))
        .unwrap_or_else(|_| Err(Failed::internal("linli stopped at a fault of its own".to_owned())));
    outcome.unwrap_or_else(|failed| failed.print(wants_json))
}

/// What clap says instead of arguments.
fn unparsed(error: &clap::Error, wants_json: bool) -> ExitCode {
    match error.kind() {
        // Help and version are answers, not failures.
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            print!("{error}");
            ExitCode::SUCCESS
        }
        // Nothing typed is no mistake to be told, but there is nothing to do either.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !wants_json => {
            eprint!("{error}");
            failure::exit_code(Kind::Request)
        }
        _ => Failed::usage(error).print(wants_json),
    }
}

fn run(args: Args) -> command::Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|it| Failed::internal(it.to_string()))?;
    let is_server = matches!(args.command, Command::Serve(_));
    let outcome = runtime.block_on(command::run(args));
    if is_server {
        // What still runs is wanted by nobody: a match of a server that was told to stop. It
        // stores all or nothing, so it may end with the process.
        runtime.shutdown_background();
    }
    outcome
}
