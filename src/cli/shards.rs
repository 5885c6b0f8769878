//! `shards`: the published map of a sharded database.
use super::Session;
use super::error::Error;
use crate::kinds::ssm::shard_map::ShardMap;
use crate::render::shards;
use crate::resource::Live;
use crate::shards::Map;
use crate::shards::locate::locate;
use crate::spec::Spec;
use clap::{Args, Subcommand};
use serde_json::json;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Shards {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show the map: which shards there are and who owns which slots
    Map {
        #[command(flatten)]
        of: Of,
    },
    /// Say which shard a key lives on, and where that is reached
    Locate {
        /// What rows are told apart by, such as a tenant's id
        #[arg(value_name = "KEY")]
        key: String,

        #[command(flatten)]
        of: Of,
    },
    /// Show the slots that remain to be moved until every shard owns its share
    Plan {
        #[command(flatten)]
        of: Of,
    },
}

/// Whose map.
#[derive(Args, Debug)]
struct Of {
    /// The database, where the stack has several
    #[arg(long, value_name = "NAME")]
    database: Option<String>,

    /// The stack by its name, without a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints")]
    stack: Option<String>,
}

impl Shards {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let (What::Map { of } | What::Locate { of, .. } | What::Plan { of }) = &self.what;
        let (database, map) = session.shard_map(of).await?;
        let output = &session.output;
        match &self.what {
            What::Map { .. } => output.either(&shards::map(&database, &map), &json!(map))?,
            What::Plan { .. } => {
                let value = shards::plan_json(&database, &map);
                output.either(&shards::plan(&database, &map), &value)?;
            }
            What::Locate { key, .. } => {
                let nowhere = || Error::Internal(format!("nobody owns the slot of `{key}`"));
                let home = locate(&map, key).ok_or_else(nowhere)?;
                output.either(&shards::home(&home), &home.to_json(&map))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Session {
    /// The map that holds of a database, and the database's name.
    async fn shard_map(&self, of: &Of) -> Result<(String, Map), Error> {
        let stack = self.stack(&[], of.stack.as_deref())?;
        let cloud = self.cloud_of(&stack).await?;
        let doing = format!("read the shard map of {}", stack.name);
        let _busy = self.output.busy(doing.clone());
        let found = cloud.list(&stack.name, ShardMap::INFO.name).await;
        let found = found.map_err(Error::cloud(&doing))?;
        let live = choose(&found, of.database.as_deref(), &stack.name)?;
        let answer = cloud.act(live, "map", &json!({})).await.map_err(Error::cloud(&doing))?;
        let map = Map::parse(&answer.to_string()).map_err(Error::Internal)?;
        Ok((live.id.name.clone(), map))
    }
}

/// The one that was asked for, or the only one.
fn choose<'a>(found: &'a [Live], name: Option<&str>, stack: &str) -> Result<&'a Live, Error> {
    let names: Vec<&str> = found.iter().map(|live| live.id.name.as_str()).collect();
    match (name, found) {
        (_, []) => {
            let what = format!("the stack {stack} has no shard map");
            Err(Error::usage(what, "apply a blueprint whose database has `shards`"))
        }
        (None, [only]) => Ok(only),
        (None, _) => {
            let what = format!("several databases have a shard map: {}", names.join(", "));
            Err(Error::usage(what, "say which one: --database NAME"))
        }
        (Some(name), _) => found.iter().find(|live| live.id.name == name).ok_or_else(|| {
            let what = format!("no database with a shard map is called `{name}`");
            Error::usage(what, format!("there are {}", names.join(", ")))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::{Condition, Id, Outputs};

    fn live(name: &str) -> Live {
        Live {
            id: Id::new("shard-map", name),
            handle: name.into(),
            component: None,
            spec: json!({}),
            outputs: Outputs::new(),
            condition: Condition::Ready,
        }
    }

    #[test]
    fn a_database_is_named_where_there_are_several() {
        let (one, two) = ([live("a")], [live("a"), live("b")]);
        let chosen =
            |found: &[Live], name| choose(found, name, "shop").map(|live| live.id.name.clone());
        assert_eq!(chosen(&one, None).ok().as_deref(), Some("a"));
        assert_eq!(chosen(&two, Some("b")).ok().as_deref(), Some("b"));
        assert!(chosen(&two, None).is_err_and(|error| error.to_string().contains("a, b")));
        assert!(chosen(&one, Some("b")).is_err() && chosen(&[], None).is_err());
    }
}
