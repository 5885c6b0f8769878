//! Parses the command line, runs the command and sets the exit code. See [`tenfold::cli`].
use clap::Parser;
use std::process::ExitCode;
use tenfold::cli::Cli;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let output = cli.output();
    cli.run().unwrap_or_else(|error| {
        error.report(&output);
        ExitCode::FAILURE
    })
}

/// Prints help, the version or a usage error. A usage error exits with 1: the exit code 2 means
/// that a plan has changes.
fn usage(error: &clap::Error) -> ExitCode {
    // Printing fails only if the stream has no reader.
    let _ = error.print();
    if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
