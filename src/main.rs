//! Parse, run, exit code. What is done is in [`tenfold::cli`].
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

/// Help and version are answers. Anything else is an error, and 2 means something else here.
fn usage(error: &clap::Error) -> ExitCode {
    // Nobody may be listening, and then there is nothing left to do.
    let _ = error.print();
    if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
