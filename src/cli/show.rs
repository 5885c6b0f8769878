//! `show`: the live resources of a stack.
use super::Session;
use super::args::Files;
use super::error::Error;
use crate::render::plan::Where;
use crate::render::{json, stack};
use clap::Args;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Show {
    #[command(flatten)]
    files: Files,

    /// Name of the stack, instead of a blueprint
    #[arg(long, value_name = "NAME", conflicts_with_all = ["files", "blueprints"])]
    stack: Option<String>,
}

impl Show {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let wanted = session.stack(&self.files.files, self.stack.as_deref())?;
        let cloud = session.cloud_of(&wanted).await?;
        let observation = session.observe_existing(cloud.as_ref(), &wanted).await?;
        let at = Where { stack: &wanted.name, place: cloud.place() };
        let value = json::show(&wanted.name, cloud.place(), &observation);
        session.output.result(&stack::show(at, &observation), &value)?;
        Ok(ExitCode::SUCCESS)
    }
}
