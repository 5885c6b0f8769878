//! Applies a plan, and shows its progress and its result.
use super::error::Error;
use super::{Session, interrupt};
use crate::cloud::Cloud;
use crate::engine::{Applied, Control, Planned};
use crate::error::ResultExt;
use crate::exec;
use crate::plan::Plan;
use crate::plan::finding::Severity;
use crate::plan::steps::Steps;
use crate::render::plan::Aim;
use crate::render::{self, stack};
use std::process::ExitCode;

impl Session {
    /// Shows a plan before it is confirmed.
    pub fn show_plan(&self, cloud: &dyn Cloud, planned: &Planned, aim: Aim) {
        let Planned { plan, findings, .. } = planned;
        let verbose = self.global.verbose;
        self.output.note(&render::plan::plan(plan, cloud.place(), findings, aim, verbose));
    }

    /// # Errors
    /// The plan has errors, which have been shown with it.
    pub fn refuse_errors(&self, planned: &Planned) -> Result<(), Error> {
        let errors = planned.findings.iter().filter(|found| found.severity == Severity::Error);
        match errors.count() {
            0 => Ok(()),
            errors => Err(Error::Findings(errors)),
        }
    }

    /// The steps of a plan without errors.
    ///
    /// # Errors
    /// The plan has errors, or its steps depend on each other.
    pub fn steps(&self, cloud: &dyn Cloud, planned: &Planned) -> Result<Steps, Error> {
        self.refuse_errors(planned)?;
        Ok(self.engine(cloud).steps(&planned.plan)?)
    }

    /// Applies a plan and shows the result.
    ///
    /// # Errors
    /// Not all steps completed. The reasons have been shown.
    pub async fn apply(
        &self,
        cloud: &dyn Cloud,
        plan: &Plan,
        steps: Steps,
    ) -> Result<ExitCode, Error> {
        if plan.is_empty() && !self.output.json {
            return Ok(ExitCode::SUCCESS);
        }
        cloud.begin().await.doing("start the run")?;
        let options = exec::Options { parallelism: self.global.parallelism.into() };
        let control = Control { options, interrupt: interrupt::listen() };
        let Applied { outcome, not_visible } = self.engine(cloud).apply(plan, steps, control).await;
        if plan.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        self.output.message("\n");
        self.output.note(&render::outcome::outcome(&outcome, cloud.virtual_time_s()));
        self.output.note(&render::outcome::not_yet_visible(&not_visible));
        self.output.note(&render::outcome::kept(plan));
        if outcome.is_complete() {
            self.output.note(&render::plan::remaining_work(plan));
        }
        let addresses = stack::addresses(plan, &outcome.outputs);
        if !self.output.json && !addresses.0.is_empty() {
            self.output.message("\n");
            self.output.data(&render::text(&addresses))?;
        }
        if outcome.is_complete() { Ok(ExitCode::SUCCESS) } else { Err(Error::Incomplete) }
    }
}
