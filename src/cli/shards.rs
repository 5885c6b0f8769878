//! `shards`: the published map of a sharded database.
use super::Session;
use super::error::Error;
use crate::actions::shard_map;
use crate::render::shards;
use crate::shards::Map;
use crate::shards::locate::locate;
use clap::{Args, Subcommand};
use serde_json::json;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Shards {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the shards and the slots that each owns
    Map {
        #[command(flatten)]
        database: Database,
    },
    /// Show the shard of a key, and its address
    Locate {
        /// Shard key, such as a tenant's ID
        #[arg(value_name = "KEY")]
        key: String,

        #[command(flatten)]
        database: Database,
    },
    /// Show the slots that have to be moved until every shard owns its share
    Plan {
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Args, Debug)]
struct Database {
    /// Database, if the stack has several
    #[arg(long, value_name = "NAME")]
    database: Option<String>,

    /// Name of the stack, instead of a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints")]
    stack: Option<String>,
}

impl Shards {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let (Action::Map { database }
        | Action::Locate { database, .. }
        | Action::Plan { database }) = &self.action;
        let (name, map) = read(session, database).await?;
        let output = &session.output;
        match &self.action {
            Action::Map { .. } => output.result(&shards::map(&name, &map), &json!(map))?,
            Action::Plan { .. } => {
                output.result(&shards::plan(&name, &map), &shards::plan_json(&name, &map))?;
            }
            Action::Locate { key, .. } => {
                let no_owner = || Error::Internal(format!("no shard owns the slot of `{key}`"));
                let home = locate(&map, key).ok_or_else(no_owner)?;
                output.result(&shards::home(&home), &home.to_json(&map))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The name of the database and its published map.
async fn read(session: &Session, of: &Database) -> Result<(String, Map), Error> {
    let stack = session.stack(&[], of.stack.as_deref())?;
    let cloud = session.cloud_of(&stack).await?;
    let _spinner = session.output.spinner(format!("reading the shard map of {}", stack.name));
    Ok(shard_map::read(cloud.as_ref(), &stack.name, of.database.as_deref()).await?)
}
