//! `destroy`: deletes a stack, keeping resources that hold data unless they are named.
use super::args::Files;
use super::data::DataArgs;
use super::error::Error;
use super::{Session, confirm};
use crate::plan::PlanOptions;
use crate::render::plan::Aim;
use clap::Args;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Destroy {
    #[command(flatten)]
    files: Files,

    /// Name of the stack, instead of a blueprint
    #[arg(long, value_name = "NAME", conflicts_with_all = ["files", "blueprints"])]
    stack: Option<String>,

    #[command(flatten)]
    data: DataArgs,

    /// Skip confirmation prompts
    #[arg(short, long)]
    yes: bool,
}

impl Destroy {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let options = PlanOptions { upgrade: false, destroy: true, data: self.data.data()? };
        let stack = session.stack(&self.files.files, self.stack.as_deref())?;
        let cloud = session.cloud_of(&stack).await?;
        let cloud = cloud.as_ref();
        let planned = session.engine(cloud).plan(&stack.name, None, &options).await?;
        self.data.check(&planned.observation, &session.output);
        session.show_plan(cloud, &planned, Aim::Destroy);
        let steps = session.steps(cloud, &planned)?;
        if !planned.plan.is_empty() {
            confirm::destroy(&session.output, &stack.name, self.yes)?;
        }
        session.apply(cloud, &planned.plan, steps).await
    }
}
