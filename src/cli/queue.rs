//! `queue`: operations on a queue that do not change the stack.
use super::Session;
use super::error::Error;
use crate::actions::redrive::redrive;
use clap::{Args, Subcommand};
use serde_json::json;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct QueueCommand {
    #[command(subcommand)]
    action: Action,

    /// Name of the stack, instead of a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints", global = true)]
    stack: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Move messages from the dead-letter queue back to the queue, to be processed again
    Redrive(Redrive),
}

#[derive(Args, Debug)]
struct Redrive {
    /// Queue, such as orders or queues.orders
    #[arg(value_name = "QUEUE")]
    queue: String,

    /// Maximum number of messages per second
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=500))]
    rate: Option<u16>,
}

impl QueueCommand {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        match &self.action {
            Action::Redrive(action) => action.run(session, self.stack.as_deref()).await,
        }
    }
}

impl Redrive {
    async fn run(&self, session: &Session, stack: Option<&str>) -> Result<ExitCode, Error> {
        let wanted = session.stack(&[], stack)?;
        let cloud = session.cloud_of(&wanted).await?;
        let queue = self.queue.strip_prefix("queues.").unwrap_or(&self.queue);
        let messages = redrive(cloud.as_ref(), &wanted.name, queue, self.rate).await?;
        let text = match (session.output.json, messages) {
            (true, _) => format!("{}\n", json!({ "queue": queue, "messages": messages })),
            (false, 0) => format!("The dead-letter queue of {queue} is empty.\n"),
            (false, 1) => format!("Moving 1 message back to {queue}.\n"),
            (false, _) => format!("Moving {messages} messages back to {queue}.\n"),
        };
        session.output.data(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
