//! `apply`: applies a blueprint or a saved plan.
use super::error::Error;
use super::input::{Input, not_alone};
use super::plan::PlanArgs;
use super::{Session, confirm};
use crate::actions::deployment;
use crate::cloud::Cloud;
use crate::engine::Planned;
use crate::plan::deletions;
use crate::plan::saved::Saved;
use crate::render::plan::Aim;
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Apply {
    /// Blueprint files, as with -f; or one plan saved by `tenfold plan --out FILE`
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    plan: PlanArgs,

    /// Skip confirmation prompts
    #[arg(short, long)]
    yes: bool,

    /// Confirm the number of resources to delete, when the plan asks for it
    #[arg(long, value_name = "N")]
    allow_deletions: Option<usize>,

    /// Wait until CloudFront has deployed all changes to its edge locations
    #[arg(long)]
    wait_edge: bool,
}

type CloudAndPlan = (Box<dyn Cloud>, Planned);

impl Apply {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let (cloud, planned) = match Input::read(&session.global.all_files(&self.files))? {
            Input::Plan(path, saved) => self.recheck(session, &path, *saved).await?,
            blueprints => self.plan(session, blueprints).await?,
        };
        let cloud = cloud.as_ref();
        session.show_plan(cloud, &planned, Aim::Apply);
        let steps = session.steps(cloud, &planned)?;
        if !planned.plan.is_empty() {
            if let Some(deletions) = deletions::deletions(&planned.plan) {
                let (allowed, yes) = (self.allow_deletions, self.yes);
                confirm::deletions(&session.output, &deletions, allowed, yes)?;
            }
            confirm::apply(&session.output, self.yes)?;
        }
        let code = session.apply(cloud, &planned.plan, steps).await?;
        if self.wait_edge {
            let _spinner = session.output.spinner("waiting for CloudFront's deployment".into());
            deployment::wait(cloud, &planned.plan.stack).await?;
        }
        Ok(code)
    }

    async fn plan(&self, session: &Session, input: Input) -> Result<CloudAndPlan, Error> {
        let stack = session.stack_of(input)?;
        let options = self.plan.options()?;
        let cloud = session.cloud_of(&stack).await?;
        let engine = session.engine(cloud.as_ref());
        let planned = engine.plan_settled(&stack.name, stack.blueprint.as_ref(), &options).await?;
        self.plan.data.check(&planned.observation, &session.output);
        Ok((cloud, planned))
    }

    /// Checks that a saved plan still fits the stack.
    async fn recheck(
        &self,
        session: &Session,
        path: &Path,
        saved: Saved,
    ) -> Result<CloudAndPlan, Error> {
        let global = &session.global;
        if !self.plan.is_default() || !global.sets.is_empty() || !global.vars.is_empty() {
            return Err(not_alone(path));
        }
        let region = &saved.place.region;
        if let Some(given) = global.region.as_ref().filter(|given| *given != region) {
            let what = format!("{} is a plan for {region}, not {given}", path.display());
            return Err(Error::usage(what, "leave out --region, or create a new plan"));
        }
        let cloud = session.connect(region, Some(&saved.place.account)).await?;
        let planned = session.engine(cloud.as_ref()).recheck(saved).await?;
        Ok((cloud, planned))
    }
}
