//! The command line, a file for each command. Only this module reads files, asks questions and
//! prints.
mod apply;
mod args;
mod blueprint;
mod cdn;
mod confirm;
mod connect;
mod data;
mod destroy;
mod env;
mod error;
mod graph;
mod input;
mod interrupt;
mod keys;
mod log;
mod logs;
mod output;
mod outputs;
mod plan;
mod progress;
mod queue;
mod run;
mod session;
mod shards;
mod show;
mod stacks;
mod validate;

pub use error::Error;
pub use output::Output;

use args::Global;
use clap::{Parser, Subcommand};
use session::Session;
use std::process::ExitCode;

/// Plans, applies and destroys the AWS infrastructure of an API that has to scale, from one YAML
/// blueprint.
///
/// There is no state file: every run reads the live resources, found by name, tag or parent. Try it
/// without an account:
///
/// tenfold apply blueprints/web.yaml --sandbox
#[derive(Debug, Parser)]
#[command(name = "tenfold", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

const EXIT_CODES: &str = "\
Exit codes: 0 success, or nothing to do; 1 an error, a plan that cannot be applied, an unconfirmed or an interrupted run; 2 (`plan` \
only) there are changes.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a blueprint offline
    Validate(validate::Validate),
    /// Show what `apply` would change
    Plan(plan::PlanCommand),
    /// Apply a blueprint or a saved plan
    Apply(apply::Apply),
    /// Delete a stack, keeping resources that hold data
    Destroy(destroy::Destroy),
    /// Show the live resources of a stack
    Show(show::Show),
    /// List the stacks in the account and region
    Stacks,
    /// Print the stack's outputs
    Outputs(outputs::Outputs),
    /// Run a saved query on the stack's logs
    Logs(logs::Logs),
    /// List the stack's API keys, or print the value of one
    Keys(keys::Keys),
    /// Invalidate a CDN's cache, or rotate its origin secret
    Cdn(cdn::CdnCommand),
    /// Print the resources of a blueprint as a graph
    Graph(graph::GraphCommand),
    /// Show the published shard map of a sharded database
    Shards(shards::Shards),
    /// Move failed messages back to their queue
    Queue(queue::QueueCommand),
}

impl Cli {
    pub fn output(&self) -> Output {
        Output { json: self.global.json }
    }

    /// Runs the command.
    ///
    /// # Errors
    /// The command did not succeed. The error has not been reported yet.
    pub fn run(self) -> Result<ExitCode, Error> {
        log::start();
        let output = self.output();
        let session = Session::new(self.global, output);
        block_on(session.global.sandbox.is_some(), self.command.run(&session))
    }
}

impl Command {
    async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        match self {
            Command::Validate(command) => command.run(session),
            Command::Plan(command) => command.run(session).await,
            Command::Apply(command) => command.run(session).await,
            Command::Destroy(command) => command.run(session).await,
            Command::Show(command) => command.run(session).await,
            Command::Stacks => stacks::run(session).await,
            Command::Outputs(command) => command.run(session).await,
            Command::Logs(command) => command.run(session).await,
            Command::Keys(command) => command.run(session).await,
            Command::Cdn(command) => command.run(session).await,
            Command::Graph(command) => command.run(session).await,
            Command::Shards(command) => command.run(session).await,
            Command::Queue(command) => command.run(session).await,
        }
    }
}

/// Runs a command on a new runtime. The sandbox needs one whose clock jumps over AWS's waiting times.
fn block_on(
    sandbox: bool,
    command: impl Future<Output = Result<ExitCode, Error>>,
) -> Result<ExitCode, Error> {
    let runtime = match sandbox {
        true => crate::sandbox::runtime(),
        false => tokio::runtime::Builder::new_multi_thread().enable_all().build(),
    };
    let runtime = runtime.map_err(|why| Error::Internal(format!("cannot start: {why}")))?;
    let result = runtime.block_on(command);
    // Requests that no code waits for must not delay the end of the process.
    runtime.shutdown_background();
    result
}

#[cfg(test)]
mod tests;
