//! `cdn`: operations on a CDN that do not change the stack.
use super::Session;
use super::error::Error;
use crate::actions::invalidate::{check_paths, invalidate};
use crate::actions::rotate::rotate;
use crate::render::doc::{Document, Line};
use clap::{Args, Subcommand};
use serde_json::json;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct CdnCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Invalidate paths in the cache at all edge locations
    Invalidate(Invalidate),
    /// Rotate the secret that the CDN sends to its origins
    Rotate(Rotate),
}

#[derive(Args, Debug)]
struct Invalidate {
    /// CDN, such as edge or cdn.edge
    #[arg(value_name = "NAME")]
    name: String,

    /// Paths to invalidate, such as /assets/*
    #[arg(value_name = "PATHS", default_value = "/*")]
    paths: Vec<String>,

    /// Name of the stack, instead of a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints")]
    stack: Option<String>,
}

#[derive(Args, Debug)]
struct Rotate {
    /// CDN, such as edge or cdn.edge
    #[arg(value_name = "NAME")]
    name: String,

    /// Name of the stack, instead of a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints")]
    stack: Option<String>,
}

impl CdnCommand {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        match &self.action {
            Action::Invalidate(action) => action.run(session).await,
            Action::Rotate(action) => action.run(session).await,
        }
    }
}

impl Invalidate {
    async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        check_paths(&self.paths)?;
        let name = without_section(&self.name);
        let wanted = session.stack(&[], self.stack.as_deref())?;
        let cloud = session.cloud_of(&wanted).await?;
        let answer = invalidate(cloud.as_ref(), &wanted.name, name, &self.paths).await?;
        let text = |key: &str| answer[key].as_str().unwrap_or_default();
        let paths = self.paths.join(" ");
        let mut document = Document::default();
        document.text(Line::plain(format!(
            "Invalidating {paths} of cdn.{name}: invalidation {}, {}",
            text("id"),
            text("status")
        )));
        session.output.result(&document, &answer)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Rotate {
    async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let name = without_section(&self.name);
        let wanted = session.stack(&[], self.stack.as_deref())?;
        let cloud = session.cloud_of(&wanted).await?;
        let rotated = {
            let what = format!("rotating the origin secret of cdn.{name}");
            let _spinner = session.output.spinner(what);
            rotate(cloud.as_ref(), &wanted.name, name).await?
        };
        let mut document = Document::default();
        document.text(Line::plain(format!(
            "{} has a new value (version {})",
            rotated.id, rotated.version
        )));
        document.text(Line::plain(format!(
            "Run tenfold apply to update the origins of cdn.{name}, then the CDN. The origins also \
             accept the previous value."
        )));
        let value = json!({ "secret": rotated.handle, "version": rotated.version });
        session.output.result(&document, &value)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The name of a CDN without the name of its section.
fn without_section(name: &str) -> &str {
    name.strip_prefix("cdn.").unwrap_or(name)
}
