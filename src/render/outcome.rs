//! Renders the outcome of a run: errors with what to do about them, and a summary.
use super::doc::{Block, Document, Label, Line};
use super::plan::count;
use super::time::seconds;
use crate::error::{Class, CloudError};
use crate::exec::Outcome;
use crate::plan::steps::{Key, Verb};
use crate::plan::{Action, Plan, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// The maximum number of names in a list; further ones are only counted.
const LISTED: usize = 6;

/// The outcome as a document. `virtual_s` is the time in seconds that the run would take on AWS, if
/// the cloud is a simulation.
pub fn outcome(outcome: &Outcome, virtual_s: Option<u64>) -> Document {
    let mut document = Document::default();
    outcome.failed.iter().for_each(|(key, error)| document.push(failure(key, error)));
    outcome.unknown.iter().for_each(|(key, error)| document.push(unknown(key, error.as_ref())));
    let mut causes: BTreeMap<&Key, Vec<&Key>> = BTreeMap::new();
    for (key, because) in &outcome.skipped {
        causes.entry(because).or_default().push(key);
    }
    for (because, keys) in causes {
        let message = format!("{}: not started because `{because}` did not succeed", names(&keys));
        document.push(note(Label::Note, "note", message, None));
    }
    let took_s = virtual_s.is_none().then_some(outcome.elapsed_s);
    document.text(sum(outcome, took_s));
    if let Some(virtual_s) = virtual_s {
        let text = format!("On AWS this would take about {}.", seconds(virtual_s));
        document.text(Line::new(Label::Muted, text));
    }
    if !outcome.is_complete() {
        let help = "Run the same command again: it reads the live resources and does the rest.";
        document.text(Line::plain(help));
    }
    document
}

fn note(label: Label, severity: &'static str, message: String, help: Option<&str>) -> Block {
    Block::Note { label, severity, message, help: help.map(str::to_string) }
}

fn failure(key: &Key, error: &CloudError) -> Block {
    note(Label::Error, "error", format!("{key}: {error}"), Some(help(error.class)))
}

fn unknown(key: &Key, error: Option<&CloudError>) -> Block {
    let message = match error {
        Some(error) => format!("{key}: the response was lost: {error}"),
        None => format!("{key}: the run stopped before this step completed"),
    };
    let help = "run the same command again: it finds existing resources and creates nothing twice";
    note(Label::Warning, "unknown", message, Some(help))
}

/// What to do about an error.
fn help(class: Class) -> &'static str {
    match class {
        Class::Denied => {
            "the credentials have expired or lack a permission: sign in again or grant the \
             permission, then run the command again"
        }
        Class::Exists => {
            "a resource that is not part of this stack has this name: delete or rename it, or \
             rename the component"
        }
        Class::InUse => {
            "find the resource that still uses it and delete that, then run the command again"
        }
        Class::Throttled => "run the command again with a smaller --parallelism",
        Class::NotFound => "the resource was deleted meanwhile: run the command again",
        Class::NotYet | Class::Lost => "run the command again",
        Class::Refused => "correct the blueprint, then run the command again",
        Class::Internal => "this is a bug in tenfold: please report it",
    }
}

fn names(keys: &[&Key]) -> String {
    let mut names: Vec<String> = keys.iter().take(LISTED).map(|key| key.id.to_string()).collect();
    if keys.len() > LISTED {
        names.push(format!("{} more", keys.len() - LISTED));
    }
    names.join(", ")
}

fn sum(outcome: &Outcome, took_s: Option<u64>) -> Line {
    let did = |verb: Verb| outcome.done.iter().filter(|key| key.verb == verb).count();
    let counts = [
        (did(Verb::Create), Label::Create, "created"),
        (did(Verb::Update), Label::Update, "updated"),
        (did(Verb::Delete), Label::Delete, "deleted"),
        (outcome.failed.len(), Label::Error, "failed"),
        (outcome.skipped.len(), Label::Muted, "skipped"),
        (outcome.unknown.len(), Label::Warning, "unknown"),
        (outcome.not_started.len(), Label::Muted, "not started"),
    ];
    let head = if outcome.is_complete() { "Done:" } else { "Not finished:" };
    let mut line = Line::new(Label::Heading, head);
    let mut between = " ";
    for (number, label, what) in counts.into_iter().filter(|(number, ..)| *number > 0) {
        line = line.and(Label::Plain, between).and(label, format!("{number} {what}"));
        between = ", ";
    }
    let took = took_s.map(|took_s| format!(" in {}", seconds(took_s))).unwrap_or_default();
    line.and(Label::Plain, took + ".")
}

/// A warning about steps that are done but not visible in AWS's listings yet.
pub fn not_yet_visible(keys: &BTreeSet<Key>) -> Document {
    let mut document = Document::default();
    if !keys.is_empty() {
        let names = names(&keys.iter().collect::<Vec<_>>());
        let message = format!("applied, but not visible in AWS yet: {names}");
        let help =
            "wait a few minutes before the next plan, or it may be based on outdated listings";
        document.push(note(Label::Warning, "warning", message, Some(help)));
    }
    document
}

/// The resources that a run has kept because they hold data.
pub fn kept(plan: &Plan) -> Document {
    let mut document = Document::default();
    for change in plan.with(Action::Keep) {
        let handle = change.live.as_ref().map_or("", |live| live.handle.as_str());
        let why = match change.reason {
            Reason::UsedByKept => "because a kept resource depends on it",
            _ => "because it holds data",
        };
        let text = format!(" {} ({handle}), {why}", change.id);
        document.text(Line::new(Label::Keep, "Kept:").and(Label::Plain, text));
    }
    document
}

/// The number of steps, `12 steps`.
pub fn steps(number: usize) -> String {
    count(number, "step")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Id;

    fn key(verb: Verb, id: &str) -> Key {
        let id = id.parse().unwrap_or_else(|_| Id::new("", ""));
        Key { verb, id, handle: String::new() }
    }

    #[test]
    fn a_failure_shows_operation_reason_and_help() {
        let error = CloudError {
            operation: "elasticloadbalancing:CreateLoadBalancer".into(),
            code: "TooManyLoadBalancers".into(),
            request_id: Some("f00d".into()),
            ..CloudError::refused("the quota is 50")
        };
        let cause = key(Verb::Create, "load-balancer.main");
        let run = Outcome {
            done: vec![key(Verb::Create, "vpc.main"), key(Verb::Update, "x.y")],
            failed: vec![(cause.clone(), error)],
            skipped: vec![(key(Verb::Create, "listener.web"), cause)],
            unknown: vec![(key(Verb::Create, "bucket.logs"), None)],
            elapsed_s: 65,
            ..Outcome::default()
        };
        let text = crate::render::text(&outcome(&run, Some(180)));
        let plain = anstream::adapter::strip_str(&text).to_string();
        insta::assert_snapshot!(plain, @r"
        error: create load-balancer.main: elasticloadbalancing:CreateLoadBalancer: TooManyLoadBalancers: the quota is 50 (request f00d)
          help: correct the blueprint, then run the command again
        unknown: create bucket.logs: the run stopped before this step completed
          help: run the same command again: it finds existing resources and creates nothing twice
        note: listener.web: not started because `create load-balancer.main` did not succeed

        Not finished: 1 created, 1 updated, 1 failed, 1 skipped, 1 unknown.
        On AWS this would take about 3 min.
        Run the same command again: it reads the live resources and does the rest.
        ");
    }

    #[test]
    fn a_complete_run_is_one_line() {
        let run = Outcome { done: vec![key(Verb::Delete, "vpc.main")], ..Outcome::default() };
        let text = crate::render::text(&outcome(&run, None));
        let plain = anstream::adapter::strip_str(&text).to_string();
        assert_eq!(plain, "Done: 1 deleted in 0 s.\n");
    }
}
