//! What stops a verb: what happened, where, and what to do about it.
use super::output::Output;
use crate::desired::GraphError;
use crate::diagnostic::Diagnostics;
use crate::error::{Class, CloudError};
use crate::plan::deletions::Deletions;
use crate::plan::steps::Key;
use crate::render::doc::{Block, Document, Label};
use crate::render::plan::count;
use crate::resource::{Id, Place};
use serde_json::{Value, json};
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// What has moved is listed up to so many lines.
const LISTED: usize = 12;

#[derive(Debug, Error)]
pub enum Error {
    #[error("no blueprint was named")]
    NoBlueprint,
    #[error("no region was named")]
    NoRegion,
    #[error("{what}")]
    Usage { what: String, help: String },
    #[error("cannot read {}: {why}", path.display())]
    Read { path: PathBuf, why: io::Error },
    #[error("cannot write {}: {why}", path.display())]
    Write { path: PathBuf, why: io::Error },
    #[error("the blueprint has errors")]
    Blueprint(Diagnostics),
    #[error("cannot {doing}: {error}")]
    Cloud { doing: String, error: Box<CloudError> },
    #[error("the blueprint is for account {wanted}, and these credentials are for {found}")]
    Account { wanted: String, found: String },
    #[error("{0}")]
    Graph(GraphError),
    #[error("{0}")]
    Internal(String),
    #[error("these steps wait for each other: {}", keys(.0))]
    Cycle(Vec<Key>),
    #[error("the plan has {}, so nothing was changed", count(*.0, "error"))]
    Findings(usize),
    #[error("{}", deletions(.0))]
    Deletions(Deletions),
    #[error("nobody is there to confirm this")]
    NobodyToAsk,
    #[error("not confirmed, so nothing was changed")]
    Declined,
    #[error("{}: {why}", path.display())]
    SavedPlan { path: PathBuf, why: String },
    #[error("the plan was made for {}, and this is {}", place(planned), place(here))]
    OtherPlace { planned: Box<Place>, here: Box<Place> },
    #[error("the stack is in {region}, as {seen} says, and this is {here}")]
    OtherRegion { region: String, seen: Id, here: String },
    #[error("no stack is called `{name}` in {}, account {}", place.region, place.account)]
    NoStack { name: String, place: Box<Place> },
    #[error("the stack has moved since the plan was made:{}", listed(.0))]
    Moved(Vec<String>),
    #[error("the run did not get to its end")]
    Unfinished,
    #[error("nobody reads this any more")]
    BrokenPipe,
    #[error("cannot write to stdout: {0}")]
    Stdout(io::Error),
}

fn keys(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(", ")
}

fn place(place: &Place) -> String {
    format!("account {}, {} ({})", place.account, place.region, place.target)
}

fn deletions(deletions: &Deletions) -> String {
    let number = count(deletions.number, "resource");
    match deletions.components.as_slice() {
        [] => format!("the plan deletes {number}, more than a fifth of the stack"),
        gone => format!("the plan deletes {number}, among them all of {}", gone.join(", ")),
    }
}

/// A line each, so far as anybody reads them.
fn listed(lines: &[String]) -> String {
    let mut text: String = lines.iter().take(LISTED).map(|line| format!("\n  {line}")).collect();
    if lines.len() > LISTED {
        text.push_str(&format!("\n  and {} more", lines.len() - LISTED));
    }
    text
}

impl Error {
    pub fn usage(what: impl Into<String>, help: impl Into<String>) -> Self {
        Error::Usage { what: what.into(), help: help.into() }
    }

    /// Makes an error of the cloud say what could not be done because of it.
    pub fn cloud(doing: impl Into<String>) -> impl FnOnce(CloudError) -> Error {
        let doing = doing.into();
        move |error| Error::Cloud { doing, error: Box::new(error) }
    }

    pub fn stdout(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Error::BrokenPipe,
            _ => Error::Stdout(error),
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Error::NoBlueprint => "name one: tenfold plan blueprints/web.yaml",
            Error::NoRegion => "give --region, or set AWS_REGION",
            Error::Usage { help, .. } => help,
            Error::Account { .. } => {
                "choose other credentials (--profile, --assume-role), or correct `account` in the \
                 blueprint"
            }
            Error::Graph(_) => "if no entry of `overrides` does this, it is a fault of tenfold",
            Error::Internal(_) | Error::Cycle(_) => "this is a fault of tenfold: please report it",
            Error::Findings(_) => "deal with the errors above, then plan again",
            Error::Deletions(deletions) => {
                return Some(format!("if that is meant: --allow-deletions {}", deletions.number));
            }
            Error::NobodyToAsk => "run it in a terminal, or with --yes",
            Error::SavedPlan { .. } | Error::Moved(_) => {
                "make the plan anew: tenfold plan --out FILE"
            }
            Error::OtherRegion { .. } => {
                "a stack lives in one region: give that one, or give this stack another name"
            }
            Error::NoStack { .. } => "tenfold stacks lists those there are in a region",
            Error::OtherPlace { .. } => "apply it where it was made for, or make a new plan here",
            Error::Cloud { error, .. } => return help_with(error).map(str::to_string),
            _ => return None,
        };
        Some(help.to_string())
    }

    /// Says what happened on stderr. What has been said already, or nobody reads, is left out.
    pub fn report(&self, output: &Output) {
        match self {
            Error::BrokenPipe | Error::Unfinished => return,
            Error::Blueprint(diagnostics) => output.talk(&diagnostics.to_text(true)),
            _ => {
                let (message, help) = (self.to_string(), self.help());
                let note = Block::Note { label: Label::Error, severity: "error", message, help };
                output.tell(&Document(vec![note]));
            }
        }
        if output.json {
            // It has been said on stderr; that stdout is gone changes nothing.
            let _ = output.data(&format!("{}\n", self.object()));
        }
    }

    /// The error as programs read it, a line like any event.
    fn object(&self) -> Value {
        let mut object = json!({ "event": "error", "message": self.to_string() });
        match self {
            Error::Blueprint(diagnostics) => object["diagnostics"] = json!(diagnostics.to_json()),
            Error::Cloud { error, .. } => object["error"] = json!(error),
            _ => {}
        }
        if let Some(help) = self.help() {
            object["help"] = json!(help);
        }
        object
    }
}

/// What to do when the cloud did not even let itself be looked at.
fn help_with(error: &CloudError) -> Option<&'static str> {
    match error.class {
        // Whoever asked who this is has said how to sign in.
        Class::Denied if error.operation == "sts:GetCallerIdentity" => None,
        Class::Denied => Some("look at the credentials: sign in anew, or choose a --profile"),
        Class::Lost => Some("look at the connection and the address, then try again"),
        Class::Throttled => Some("AWS takes no more calls at the moment: try again later"),
        Class::Internal => Some("this is a fault of tenfold: please report it"),
        _ => None,
    }
}
