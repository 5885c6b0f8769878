//! `apply`: makes the cloud what the blueprint says, or carries out a saved plan.
use super::error::Error;
use super::look::Look;
use super::plan::Wishes;
use super::{Session, ask, cdn};
use crate::kinds;
use crate::plan::check::check;
use crate::plan::saved::Saved;
use crate::plan::{PlanOptions, deletions};
use crate::render::plan::Aim;
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Apply {
    /// Blueprints, as with -f; or one plan, saved by `tenfold plan --out FILE`
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    wishes: Wishes,

    /// PlanOptions nothing
    #[arg(short, long)]
    yes: bool,

    /// Allow exactly so many deletions, where a plan deletes much
    #[arg(long, value_name = "N")]
    allow_deletions: Option<usize>,

    /// Wait until every edge of a CDN has what was changed
    #[arg(long)]
    wait_edge: bool,
}

impl Apply {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let look = match self.saved_plan(session)? {
            Some((path, saved)) => self.look_again(session, &path, saved).await?,
            None => self.look(session).await?,
        };
        session.tell_plan(&look, Aim::Apply);
        look.refuse_errors()?;
        let steps = look.steps()?;
        if !look.plan.is_empty() {
            if let Some(deletions) = deletions::deletions(&look.plan) {
                ask::to_delete(&session.output, &deletions, self.allow_deletions, self.yes)?;
            }
            ask::to_apply(&session.output, self.yes)?;
        }
        let code = session.carry_out(&look, steps).await?;
        if self.wait_edge {
            let _busy = session.output.busy("waiting for the edge".into());
            cdn::until_deployed(look.cloud.as_ref(), &look.plan.stack).await?;
        }
        Ok(code)
    }

    async fn look(&self, session: &Session) -> Result<Look, Error> {
        let Wishes { upgrade, data } = &self.wishes;
        let ask = PlanOptions { upgrade: *upgrade, destroy: false, data: data.data()? };
        let stack = session.stack(&self.files, None)?;
        let look = session.look_closely(&stack, &ask).await?;
        data.check(&look.observation, &session.output);
        Ok(look)
    }

    /// The saved plan, if that is what the only file is.
    fn saved_plan(&self, session: &Session) -> Result<Option<(PathBuf, Saved)>, Error> {
        let files = session.global.all_files(&self.files);
        let mut plans = Vec::new();
        for path in &files {
            let bytes = fs::read(path).map_err(|why| Error::Read { path: path.clone(), why })?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            plans.extend(is_plan(&text).then_some((path.clone(), text)));
        }
        let Some((path, text)) = plans.pop() else { return Ok(None) };
        let changed = self.wishes.upgrade || !self.wishes.data.is_empty();
        let global = &session.global;
        if files.len() > 1 || changed || !global.sets.is_empty() || !global.vars.is_empty() {
            let what =
                format!("{} is a saved plan, and nothing can be added to it", path.display());
            return Err(Error::usage(what, "name it alone; what it does was decided by `plan`"));
        }
        let saved = Saved::read(&text).map_err(|why| bad(&path, why))?;
        Ok(Some((path, saved)))
    }

    /// Looks whether everything still is as the plan saw it.
    async fn look_again(
        &self,
        session: &Session,
        path: &Path,
        saved: Saved,
    ) -> Result<Look, Error> {
        let region = &saved.place.region;
        if session.global.region.as_ref().is_some_and(|given| given != region) {
            return Err(bad(
                path,
                format!("the plan is for {region}, and --region says otherwise"),
            ));
        }
        let cloud = session.connect(region, Some(&saved.place.account)).await?;
        if *cloud.place() != saved.place {
            let (planned, here) = (Box::new(saved.place), Box::new(cloud.place().clone()));
            return Err(Error::OtherPlace { planned, here });
        }
        let observation = loop {
            let observation = session.observe(cloud.as_ref(), &saved.plan.stack).await?;
            let moved = saved.moved(&observation, kinds::registry());
            if !moved.is_empty() {
                return Err(Error::Moved(moved));
            }
            if !session.appeared(&saved.plan, cloud.as_ref()).await? {
                break observation;
            }
        };
        let findings = check(&saved.plan, kinds::registry());
        Ok(Look { cloud, observation, plan: saved.plan, findings })
    }
}

fn bad(path: &Path, why: String) -> Error {
    Error::SavedPlan { path: path.into(), why }
}

/// Whether a file was meant as a saved plan, be it whole or not: by how ours begin.
pub fn is_plan(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.next() == Some("{") && words.next() == Some("\"format\":")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;
    use crate::resource::{Observation, Place};

    #[test]
    fn a_saved_plan_is_known_by_how_it_begins() {
        let place = Place { account: "1".into(), region: "r".into(), target: "aws".into() };
        let plan = Plan { stack: "shop".into(), ..Plan::default() };
        let text = Saved::new(place, plan, Observation::new()).write();
        assert!(is_plan(&text) && is_plan(&text[..40]));
        assert!(!is_plan("stack: shop\n") && !is_plan("{ stack: shop }"));
    }
}
