//! `plan`: what apply would do.
use super::Session;
use super::args::Files;
use super::error::Error;
use super::look::Look;
use crate::plan::saved::Saved;
use crate::plan::{PlanOptions, deletions};
use crate::render::doc::{Label, Line};
use crate::render::plan::Aim;
use crate::render::{self, json};
use clap::Args;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

/// There are changes.
const CHANGES: u8 = 2;

#[derive(Args, Debug)]
pub struct PlanVerb {
    #[command(flatten)]
    files: Files,

    /// Save the plan, for `tenfold apply FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    wishes: Wishes,
}

/// What a plan may do beyond what the blueprint says.
#[derive(Args, Debug)]
pub struct Wishes {
    /// Follow what moves by itself, such as the newest image
    #[arg(long)]
    pub upgrade: bool,

    #[command(flatten)]
    pub data: super::data::DataArgs,
}

impl PlanVerb {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let stack = session.stack(&self.files.files, None)?;
        let ask = PlanOptions {
            upgrade: self.wishes.upgrade,
            destroy: false,
            data: self.wishes.data.data()?,
        };
        let look = session.look(&stack, &ask).await?;
        self.wishes.data.check(&look.observation, &session.output);
        show(session, &look, Aim::Apply)?;
        look.refuse_errors()?;
        if let Some(path) = &self.out {
            save(&look, path)?;
            let place = session.global.sandbox_again();
            session.output.talk(&format!("\nSaved: tenfold apply {}{place}\n", path.display()));
        }
        Ok(ExitCode::from(if look.plan.is_empty() { 0 } else { CHANGES }))
    }
}

/// Shows a plan as what was asked for.
fn show(session: &Session, look: &Look, aim: Aim) -> Result<(), Error> {
    let Look { cloud, plan, findings, .. } = look;
    let verbose = session.global.verbose;
    let mut document = render::plan::plan(plan, cloud.place(), findings, aim, verbose);
    if let Some(deletions) = deletions::deletions(plan) {
        let number = deletions.number;
        let why = Error::Deletions(deletions);
        let said = format!("To apply it: --allow-deletions {number}, since {why}.");
        document.text(Line::new(Label::Warning, said));
    }
    session.output.either(&document, &json::plan(plan, cloud.place(), findings))
}

fn save(look: &Look, path: &PathBuf) -> Result<(), Error> {
    let place = look.cloud.place().clone();
    let saved = Saved::new(place, look.plan.clone(), look.observation.clone());
    fs::write(path, saved.write()).map_err(|why| Error::Write { path: path.clone(), why })
}
