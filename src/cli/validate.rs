//! `validate`: checks a blueprint offline.
use super::Session;
use super::args::Files;
use super::error::Error;
use super::input::Input;
use crate::blueprint::Blueprint;
use crate::diagnostic::Diagnostics;
use crate::render::doc::{Document, Label, Line};
use crate::render::plan::count;
use clap::Args;
use serde_json::json;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Validate {
    #[command(flatten)]
    files: Files,
}

impl Validate {
    pub fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let input = Input::read(&session.global.all_files(&self.files.files))?;
        match super::blueprint::load(&session.global, &input.blueprints()?) {
            Ok(blueprint) => {
                show(session, Some(&blueprint), &blueprint.warnings)?;
                Ok(ExitCode::SUCCESS)
            }
            Err(Error::Blueprint(errors)) => {
                show(session, None, &errors)?;
                Err(Error::Incomplete)
            }
            Err(error) => Err(error),
        }
    }
}

fn show(session: &Session, valid: Option<&Blueprint>, found: &Diagnostics) -> Result<(), Error> {
    let output = &session.output;
    if output.json {
        let answer = json!({ "valid": valid.is_some(), "diagnostics": found.to_json() });
        return output.data(&format!("{answer:#}\n"));
    }
    if !found.is_empty() {
        output.message(&found.to_text(true));
    }
    valid.map_or(Ok(()), |blueprint| {
        let mut document = Document::default();
        document.text(Line::new(Label::Good, "Valid: ").and(Label::Plain, contents(blueprint)));
        output.data(&crate::render::text(&document))
    })
}

fn contents(blueprint: &Blueprint) -> String {
    let balancers = count(blueprint.load_balancers.len(), "load balancer");
    let services = count(blueprint.services.len(), "service");
    format!("{} in {}, with {balancers} and {services}.", blueprint.stack, blueprint.region)
}
