//! The command line: one verb a file. Here alone things are read from disk, asked and printed.
mod apply;
mod args;
mod ask;
mod blueprint;
mod cdn;
mod connect;
mod data;
mod destroy;
mod env;
mod error;
mod graph;
mod interrupt;
mod keys;
mod log;
mod logs;
mod look;
mod output;
mod outputs;
mod plan;
mod progress;
mod queue;
mod run;
mod shards;
mod show;
mod stacks;
mod validate;

pub use error::Error;
pub use output::Output;

use args::Global;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Plans, applies and destroys the AWS infrastructure of an API that has to scale, from one YAML
/// blueprint.
///
/// There is no state file: the cloud itself is looked at. Try it without an account:
///
/// tenfold apply blueprints/web.yaml --sandbox
#[derive(Debug, Parser)]
#[command(name = "tenfold", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    global: Global,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done, or nothing to do; 1 an error, a refuse or an interrupted run; 2 (plan only) \
there are changes.";

#[derive(Debug, Subcommand)]
enum Verb {
    /// Check a blueprint, without looking at any cloud
    Validate(validate::Validate),
    /// Show what apply would do
    Plan(plan::PlanVerb),
    /// Make the cloud what the blueprint says, or carry out a saved plan
    Apply(apply::Apply),
    /// Delete all of a stack but what holds data
    Destroy(destroy::Destroy),
    /// Show the live resources of a stack
    Show(show::Show),
    /// List the stacks of the account and region
    Stacks,
    /// Print what the resources of a stack tell others, such as addresses
    Outputs(outputs::Outputs),
    /// Run a saved query over the logs of a stack
    Logs(logs::Logs),
    /// List the API keys of a stack, or show one of them
    Keys(keys::Keys),
    /// Make the edges of a CDN forget what they hold
    Cdn(cdn::CdnVerb),
    /// Draw what a blueprint becomes
    Graph(graph::GraphVerb),
    /// Look at the published map of a sharded database
    Shards(shards::Shards),
    /// Move failed messages back to their queue
    Queue(queue::QueueVerb),
}

/// What every verb has at hand.
pub struct Session {
    global: Global,
    output: Output,
}

impl Cli {
    pub fn output(&self) -> Output {
        Output { json: self.global.json }
    }

    /// Does what was asked.
    ///
    /// # Errors
    /// Whatever stopped it. It has not been reported yet.
    pub fn run(self) -> Result<ExitCode, Error> {
        log::begin();
        let session = Session { output: self.output(), global: self.global };
        wait(session.global.sandbox.is_some(), self.verb.run(&session))
    }
}

impl Verb {
    async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        match self {
            Verb::Validate(verb) => verb.run(session),
            Verb::Plan(verb) => verb.run(session).await,
            Verb::Apply(verb) => verb.run(session).await,
            Verb::Destroy(verb) => verb.run(session).await,
            Verb::Show(verb) => verb.run(session).await,
            Verb::Stacks => stacks::run(session).await,
            Verb::Outputs(verb) => verb.run(session).await,
            Verb::Logs(verb) => verb.run(session).await,
            Verb::Keys(verb) => verb.run(session).await,
            Verb::Cdn(verb) => verb.run(session).await,
            Verb::Graph(verb) => verb.run(session).await,
            Verb::Shards(verb) => verb.run(session).await,
            Verb::Queue(verb) => verb.run(session).await,
        }
    }
}

/// Runs to the end on a runtime that is made only now: what needs none, such as `--version`,
/// starts faster. The sandbox brings one whose clock jumps over what AWS would take.
fn wait(
    sandbox: bool,
    verb: impl Future<Output = Result<ExitCode, Error>>,
) -> Result<ExitCode, Error> {
    let runtime = match sandbox {
        true => crate::sandbox::runtime(),
        false => tokio::runtime::Builder::new_multi_thread().enable_all().build(),
    };
    let runtime = runtime.map_err(|why| Error::Internal(format!("cannot start: {why}")))?;
    let result = runtime.block_on(verb);
    // A request that nobody waits for any more must not keep the process from ending.
    runtime.shutdown_background();
    result
}

#[cfg(test)]
mod tests;
