//! `plan`: shows what `apply` would change.
use super::Session;
use super::args::Files;
use super::error::Error;
use crate::cloud::Cloud;
use crate::engine::Planned;
use crate::plan::saved::Saved;
use crate::plan::{PlanOptions, deletions};
use crate::render::doc::{Label, Line};
use crate::render::plan::Aim;
use crate::render::{self, json};
use clap::Args;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

/// The exit code if there are changes.
const CHANGES: u8 = 2;

#[derive(Args, Debug)]
pub struct PlanCommand {
    #[command(flatten)]
    files: Files,

    /// Save the plan, for `tenfold apply FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    plan: PlanArgs,
}

/// Options of a plan beyond the blueprint.
#[derive(Args, Debug)]
pub struct PlanArgs {
    /// Also upgrade to newer AMIs and engine versions
    #[arg(long)]
    pub upgrade: bool,

    #[command(flatten)]
    pub data: super::data::DataArgs,
}

impl PlanArgs {
    pub fn options(&self) -> Result<PlanOptions, Error> {
        Ok(PlanOptions { upgrade: self.upgrade, destroy: false, data: self.data.data()? })
    }

    /// Whether no option was given.
    pub fn is_default(&self) -> bool {
        !self.upgrade && self.data.is_empty()
    }
}

impl PlanCommand {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let stack = session.stack(&self.files.files, None)?;
        let options = self.plan.options()?;
        let cloud = session.cloud_of(&stack).await?;
        let cloud = cloud.as_ref();
        let engine = session.engine(cloud);
        let planned = engine.plan(&stack.name, stack.blueprint.as_ref(), &options).await?;
        self.plan.data.check(&planned.observation, &session.output);
        show(session, cloud, &planned)?;
        session.refuse_errors(&planned)?;
        let code = ExitCode::from(if planned.plan.is_empty() { 0 } else { CHANGES });
        if let Some(path) = &self.out {
            save(cloud, planned, path)?;
            let sandbox = session.global.sandbox_option();
            let said = format!("\nSaved. To apply it: tenfold apply {}{sandbox}\n", path.display());
            session.output.message(&said);
        }
        Ok(code)
    }
}

/// Shows a plan as the result of the command.
fn show(session: &Session, cloud: &dyn Cloud, planned: &Planned) -> Result<(), Error> {
    let Planned { plan, findings, .. } = planned;
    let verbose = session.global.verbose;
    let mut document = render::plan::plan(plan, cloud.place(), findings, Aim::Apply, verbose);
    if let Some(deletions) = deletions::deletions(plan) {
        let number = deletions.number;
        let why = Error::Deletions(deletions);
        let said = format!("`apply` requires --allow-deletions {number}: {why}.");
        document.text(Line::new(Label::Warning, said));
    }
    session.output.result(&document, &json::plan(plan, cloud.place(), findings))
}

fn save(cloud: &dyn Cloud, planned: Planned, path: &PathBuf) -> Result<(), Error> {
    let saved = Saved::new(cloud.place().clone(), planned.plan, planned.observation);
    fs::write(path, saved.write()).map_err(|why| Error::Write { path: path.clone(), why })
}
