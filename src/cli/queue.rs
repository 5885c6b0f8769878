//! `queue`: what is done with queues beside making and deleting them.
use super::Session;
use super::error::Error;
use crate::kinds::sqs::queue::REDRIVE;
use clap::{Args, Subcommand};
use serde_json::json;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct QueueVerb {
    #[command(subcommand)]
    action: Action,

    /// The stack by its name, without a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints", global = true)]
    stack: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Move what failed too often back to its queue, to be tried again
    Redrive(Redrive),
}

#[derive(Args, Debug)]
struct Redrive {
    /// The queue, such as orders
    #[arg(value_name = "QUEUE")]
    queue: String,

    /// Messages a second at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=500))]
    rate: Option<u16>,
}

impl QueueVerb {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        match &self.action {
            Action::Redrive(redrive) => redrive.run(session, self.stack.as_deref()).await,
        }
    }
}

impl Redrive {
    async fn run(&self, session: &Session, stack: Option<&str>) -> Result<ExitCode, Error> {
        let wanted = session.stack(&[], stack)?;
        let cloud = session.cloud_of(&wanted).await?;
        let queues = cloud.list(&wanted.name, "queue").await;
        let queues = queues.map_err(Error::cloud(format!("look at {}", wanted.name)))?;
        let queue = self.queue.strip_prefix("queues.").unwrap_or(&self.queue);
        let dead = queues.iter().find(|live| live.id.name == format!("{queue}-dead"));
        let Some(dead) = dead else {
            let what = format!("{queue} has no dead-letter queue in {}", wanted.name);
            return Err(Error::usage(what, "tenfold show lists the queues there are"));
        };
        let answer = cloud.act(dead, REDRIVE, &json!({ "rate": self.rate })).await;
        let answer = answer.map_err(Error::cloud(format!("redrive {queue}")))?;
        let messages = answer["messages"].as_u64().unwrap_or_default();
        let text = match (session.output.json, messages) {
            (true, _) => format!("{}\n", json!({ "queue": queue, "messages": messages })),
            (false, 0) => format!("Nothing failed in {queue}: there is nothing to move back.\n"),
            (false, 1) => format!("One message goes back to {queue}.\n"),
            (false, _) => format!("{messages} messages go back to {queue}.\n"),
        };
        session.output.data(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
