//! Errors that end a command: what happened, where, and what the user can do about it.
use super::output::Output;
use crate::diagnostic::Diagnostics;
use crate::error::Failed;
use crate::plan::deletions::Deletions;
use crate::render::doc::{Block, Document, Label};
use crate::render::plan::count;
use crate::resource::Place;
use crate::{actions, engine};
use serde_json::{Value, json};
use std::io;
use std::path::PathBuf;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    #[error("no blueprint given")]
    NoBlueprint,
    #[error("no region given")]
    NoRegion,
    #[error("{what}")]
    Usage { what: String, help: String },
    #[error("cannot read {}: {why}", path.display())]
    Read { path: PathBuf, why: io::Error },
    #[error("cannot write {}: {why}", path.display())]
    Write { path: PathBuf, why: io::Error },
    #[error("the blueprint has errors")]
    Blueprint(Diagnostics),
    #[error(transparent)]
    Cloud(#[from] Failed),
    #[error(transparent)]
    Engine(engine::Error),
    #[error(transparent)]
    Action(#[from] actions::Error),
    #[error("the blueprint is for account {wanted}, but the credentials are for {found}")]
    Account { wanted: String, found: String },
    #[error("{0}")]
    Internal(String),
    #[error("the plan has {}; nothing was changed", count(*.0, "error"))]
    Findings(usize),
    #[error("{}", deletions(.0))]
    Deletions(Deletions),
    #[error("cannot ask for confirmation: {0} is not a terminal")]
    NotInteractive(&'static str),
    #[error("not confirmed; nothing was changed")]
    Declined,
    #[error("{}: {why}", path.display())]
    SavedPlan { path: PathBuf, why: String },
    #[error("no stack is named `{name}` in {}, account {}", place.region, place.account)]
    NoStack { name: String, place: Box<Place> },
    #[error("the run did not complete")]
    Incomplete,
    #[error("stdout was closed by its reader")]
    BrokenPipe,
    #[error("cannot write to stdout: {0}")]
    Stdout(io::Error),
}

/// Blueprint errors are reported alike, whether found before or after the account is read.
impl From<engine::Error> for Error {
    fn from(error: engine::Error) -> Self {
        match error {
            engine::Error::Blueprint(diagnostics) => Error::Blueprint(diagnostics),
            engine::Error::Cloud(failed) => Error::Cloud(failed),
            error => Error::Engine(error),
        }
    }
}

fn deletions(deletions: &Deletions) -> String {
    let number = count(deletions.number, "resource");
    match deletions.components.as_slice() {
        [] => format!("the plan deletes {number}, more than a fifth of the stack"),
        whole => format!("the plan deletes {number}, including all of {}", whole.join(", ")),
    }
}

impl Error {
    pub fn usage(what: impl Into<String>, help: impl Into<String>) -> Self {
        Error::Usage { what: what.into(), help: help.into() }
    }

    pub fn stdout(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Error::BrokenPipe,
            _ => Error::Stdout(error),
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Error::NoBlueprint => "pass a blueprint: tenfold plan blueprints/web.yaml",
            Error::NoRegion => "pass --region, or set AWS_REGION",
            Error::Usage { help, .. } => help,
            Error::Read { .. } | Error::Write { .. } => "check the path and its permissions",
            Error::Account { .. } => {
                "use other credentials (--profile, --assume-role), or correct `account` in the \
                 blueprint"
            }
            Error::Internal(_) => "this is a bug in tenfold: please report it",
            Error::Findings(_) => "fix the errors above, then plan again",
            Error::Deletions(deletions) => {
                return Some(format!("to confirm: --allow-deletions {}", deletions.number));
            }
            Error::NotInteractive(_) => "pass --yes",
            Error::SavedPlan { .. } => "create a new plan: tenfold plan --out FILE",
            Error::NoStack { .. } => "tenfold stacks lists the stacks of a region",
            Error::Cloud(failed) => return failed.help().map(str::to_string),
            Error::Engine(error) => return error.help().map(str::to_string),
            Error::Action(error) => return error.help().map(str::to_string),
            _ => return None,
        };
        Some(help.to_string())
    }

    /// Reports the error on stderr, and with `--json` on stdout too. Reports nothing if the command
    /// has shown the reason already, or if there is no reader.
    pub fn report(&self, output: &Output) {
        match self {
            Error::BrokenPipe | Error::Incomplete => return,
            Error::Blueprint(diagnostics) => output.message(&diagnostics.to_text(true)),
            _ => {
                let (message, help) = (self.to_string(), self.help());
                let note = Block::Note { label: Label::Error, severity: "error", message, help };
                output.note(&Document(vec![note]));
            }
        }
        if output.json {
            // stderr has the error already, so a failure to write it to stdout is ignored.
            let _ = output.data(&format!("{}\n", self.object()));
        }
    }

    /// The error as a line of JSON, like the events of a run.
    fn object(&self) -> Value {
        let mut object = json!({ "event": "error", "message": self.to_string() });
        match self {
            Error::Blueprint(diagnostics) => object["diagnostics"] = json!(diagnostics.to_json()),
            Error::Cloud(Failed { error, .. })
            | Error::Action(actions::Error::Cloud(Failed { error, .. })) => {
                object["error"] = json!(error);
            }
            _ => {}
        }
        if let Some(help) = self.help() {
            object["help"] = json!(help);
        }
        object
    }
}
