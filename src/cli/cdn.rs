//! `cdn`: what is done to a distribution beside changing it.
use super::Session;
use super::error::Error;
use crate::cloud::Cloud;
use crate::kinds::distribution::{DEPLOYED, Distribution, INVALIDATE, STATUS};
use crate::render::doc::{Block, Document, Line};
use crate::resource::Id;
use crate::spec::Spec;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct CdnVerb {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make every edge forget what it holds
    Invalidate(Invalidate),
}

#[derive(Args, Debug)]
struct Invalidate {
    /// The CDN, such as edge or cdn.edge
    #[arg(value_name = "NAME")]
    name: String,

    /// What to forget, such as /assets/*; everything unless told
    #[arg(value_name = "PATHS", default_value = "/*")]
    paths: Vec<String>,

    /// The stack by its name, without a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints")]
    stack: Option<String>,
}

impl CdnVerb {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        match &self.verb {
            Verb::Invalidate(verb) => verb.run(session).await,
        }
    }
}

impl Invalidate {
    async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        self.check_paths()?;
        let name = self.name.strip_prefix("cdn.").unwrap_or(&self.name);
        let wanted = session.stack(&[], self.stack.as_deref())?;
        let cloud = session.cloud_of(&wanted).await?;
        let kind = Distribution::INFO.name;
        let found = cloud.list(&wanted.name, kind).await;
        let found = found.map_err(Error::cloud(format!("look at {}", wanted.name)))?;
        let id = Id::new(kind, name);
        let Some(live) = found.iter().find(|live| live.id == id) else {
            let what = format!("{} has no CDN called `{name}`", wanted.name);
            return Err(Error::usage(what, "tenfold show lists what there is"));
        };
        let paths = json!({ "paths": self.paths });
        let answer = cloud.act(live, INVALIDATE, &paths).await;
        let answer = answer.map_err(Error::cloud(format!("invalidate {}", live.id)))?;
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_string();
        let said = format!(
            "cdn.{name} forgets {} ({}, {})",
            self.paths.join(" "),
            text("id"),
            text("status")
        );
        let said = Document(vec![Block::Text(Line::plain(said))]);
        session.output.either(&said, &answer)?;
        Ok(ExitCode::SUCCESS)
    }

    /// CloudFront takes paths from the root, with one wildcard, at the end.
    fn check_paths(&self) -> Result<(), Error> {
        let fits = |path: &&String| {
            let start = path.strip_suffix('*').unwrap_or(path);
            start.starts_with('/') && !start.contains('*')
        };
        match self.paths.iter().find(|path| !fits(path)) {
            Some(path) => Err(Error::usage(
                format!("`{path}` is no path that can be forgotten"),
                "write a path from the root, with `*` at its end or nowhere",
            )),
            None => Ok(()),
        }
    }
}

/// Seconds between two looks at how far a change has come.
const LOOK_S: f64 = 20.0;

/// Waits until every edge has what the distributions of a stack were told.
///
/// # Errors
/// The cloud cannot be asked.
pub async fn until_deployed(cloud: &dyn Cloud, stack: &str) -> Result<(), Error> {
    let doing = || Error::cloud("wait for the edge");
    let found = cloud.list(stack, Distribution::INFO.name).await.map_err(doing())?;
    for live in &found {
        loop {
            let answer: Value = cloud.act(live, STATUS, &Value::Null).await.map_err(doing())?;
            // One that has gone meanwhile has no status.
            if matches!(answer["status"].as_str(), Some(DEPLOYED | "") | None) {
                break;
            }
            cloud.pause(LOOK_S).await;
        }
    }
    Ok(())
}
