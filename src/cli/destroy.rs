//! `destroy`: takes a stack down, and keeps what holds data unless told otherwise.
use super::args::Files;
use super::data::DataArgs;
use super::error::Error;
use super::{Session, ask};
use crate::plan::PlanOptions;
use crate::render::plan::Aim;
use clap::Args;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Destroy {
    #[command(flatten)]
    files: Files,

    /// The stack by its name, without a blueprint
    #[arg(long, value_name = "NAME", conflicts_with_all = ["files", "blueprints"])]
    stack: Option<String>,

    #[command(flatten)]
    data: DataArgs,

    /// PlanOptions nothing
    #[arg(short, long)]
    yes: bool,
}

impl Destroy {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let ask = PlanOptions { upgrade: false, destroy: true, data: self.data.data()? };
        let stack = session.stack(&self.files.files, self.stack.as_deref())?;
        let look = session.look(&stack, &ask).await?;
        self.data.check(&look.observation, &session.output);
        session.tell_plan(&look, Aim::Destroy);
        look.refuse_errors()?;
        let steps = look.steps()?;
        if !look.plan.is_empty() {
            ask::to_destroy(&session.output, &stack.name, self.yes)?;
        }
        session.carry_out(&look, steps).await
    }
}
