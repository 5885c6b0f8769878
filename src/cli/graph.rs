//! `graph`: the resources of a blueprint as a graph, for other tools to draw.
use super::Session;
use super::args::Files;
use super::error::Error;
use crate::plan::PlanOptions;
use crate::plan::steps::{Key, Steps, listing};
use crate::render::diagram;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct GraphCommand {
    #[command(flatten)]
    files: Files,

    /// Output language
    #[arg(long, value_enum, default_value_t = Format::Mermaid)]
    format: Format,

    /// List the steps of a plan instead, each with the steps it waits for
    #[arg(long, conflicts_with = "format")]
    steps: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Mermaid,
    Dot,
}

impl GraphCommand {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let text = if self.steps { self.steps(session).await? } else { self.draw(session).await? };
        session.output.data(&text)?;
        Ok(ExitCode::SUCCESS)
    }

    async fn draw(&self, session: &Session) -> Result<String, Error> {
        let stack = session.stack(&self.files.files, None)?;
        let Some(blueprint) = &stack.blueprint else { return Err(Error::NoBlueprint) };
        let cloud = session.cloud_of(&stack).await?;
        let graph = session.engine(cloud.as_ref()).desired(blueprint).await?;
        Ok(match self.format {
            _ if session.output.json => format!("{:#}\n", diagram::json(&graph)),
            Format::Mermaid => diagram::mermaid(&graph),
            Format::Dot => diagram::dot(&graph),
        })
    }

    async fn steps(&self, session: &Session) -> Result<String, Error> {
        let stack = session.stack(&self.files.files, None)?;
        let cloud = session.cloud_of(&stack).await?;
        let engine = session.engine(cloud.as_ref());
        let options = PlanOptions::default();
        let planned = engine.plan(&stack.name, stack.blueprint.as_ref(), &options).await?;
        let steps = engine.steps(&planned.plan)?;
        Ok(if session.output.json { format!("{:#}\n", json(&steps)) } else { listing(&steps) })
    }
}

/// The steps in a valid order, each with the steps it waits for.
fn json(steps: &Steps) -> Value {
    let step = |key: Key| {
        let after: BTreeSet<String> = steps.needs(&key).map(Key::to_string).collect();
        json!({ "step": key.to_string(), "after": after })
    };
    steps.order().unwrap_or_default().into_iter().map(step).collect()
}
