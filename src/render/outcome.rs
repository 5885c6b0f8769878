//! What a run came to: what went wrong and what to do about it, and the sum.
use super::doc::{Block, Document, Label, Line};
use super::plan::count;
use super::time::seconds;
use crate::error::{Class, CloudError};
use crate::exec::Outcome;
use crate::plan::steps::{Key, Verb};
use crate::plan::{Action, Plan, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// Names that are listed before the rest is only counted.
const LISTED: usize = 6;

/// `virtual_s` is what it would have taken on AWS, where the cloud knows.
pub fn outcome(outcome: &Outcome, virtual_s: Option<u64>) -> Document {
    let mut document = Document::default();
    outcome.failed.iter().for_each(|(key, error)| document.push(failure(key, error)));
    outcome.unknown.iter().for_each(|(key, error)| document.push(unknown(key, error.as_ref())));
    let mut causes: BTreeMap<&Key, Vec<&Key>> = BTreeMap::new();
    for (key, because) in &outcome.skipped {
        causes.entry(because).or_default().push(key);
    }
    for (because, keys) in causes {
        let message = format!("{} not started, because `{because}` did not succeed", names(&keys));
        document.push(note(Label::Note, "note", message, None));
    }
    let took_s = virtual_s.is_none().then_some(outcome.elapsed_s);
    document.text(sum(outcome, took_s));
    if let Some(virtual_s) = virtual_s {
        let said = format!("On AWS it would have taken about {}.", seconds(virtual_s));
        document.text(Line::new(Label::Muted, said));
    }
    if !outcome.is_complete() {
        let help = "Run the same command again: it looks at what is there and does the rest.";
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
    let why = error.map_or("it was left in the middle".into(), CloudError::to_string);
    let message = format!("{key}: it may have been done or not: {why}");
    let help = "apply again: what was made is found and not made twice";
    note(Label::Warning, "unknown", message, Some(help))
}

/// What to do about an error of the cloud.
fn help(class: Class) -> &'static str {
    match class {
        Class::Denied => {
            "these credentials may not do this, or have expired: sign in anew or have it allowed, \
             then run it again"
        }
        Class::Exists => {
            "something that is not this stack's has the name: remove or rename that, or give the \
             component another name"
        }
        Class::InUse => "find out what still uses it, remove that, then run it again",
        Class::Throttled => "run it again with a smaller --parallelism",
        Class::NotFound => "it went away in the meantime: run it again",
        Class::NotYet | Class::Lost => "run it again",
        Class::Refused => "change in the blueprint what is refused, then run it again",
        Class::Internal => "this is a fault of tenfold: please report it",
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

/// What was done and is not told by a look yet.
pub fn not_yet_visible(keys: &BTreeSet<Key>) -> Document {
    let mut document = Document::default();
    if !keys.is_empty() {
        let names = names(&keys.iter().collect::<Vec<_>>());
        let message = format!("done, and not to be seen yet: {names}");
        let help = "wait a few minutes before the next plan: what it is made from may be behind";
        document.push(note(Label::Warning, "warning", message, Some(help)));
    }
    document
}

/// What a run has left standing because it holds data.
pub fn kept(plan: &Plan) -> Document {
    let mut document = Document::default();
    for change in plan.changes.iter().filter(|change| change.action == Action::Keep) {
        let handle = change.live.as_ref().map_or("", |live| live.handle.as_str());
        let why = match change.reason {
            Reason::UsedByKept => "because something kept stands on it",
            _ => "because it holds data",
        };
        let said = format!(" {} ({handle}), {why}", change.id);
        document.text(Line::new(Label::Keep, "Kept:").and(Label::Plain, said));
    }
    document
}

/// What a run has to do, `12 steps`.
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
    fn a_failure_says_what_why_and_what_to_do() {
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
          help: change in the blueprint what is refused, then run it again
        unknown: create bucket.logs: it may have been done or not: it was left in the middle
          help: apply again: what was made is found and not made twice
        note: listener.web not started, because `create load-balancer.main` did not succeed

        Not finished: 1 created, 1 updated, 1 failed, 1 skipped, 1 unknown.
        On AWS it would have taken about 3 min.
        Run the same command again: it looks at what is there and does the rest.
        ");
    }

    #[test]
    fn a_whole_run_is_a_line() {
        let run = Outcome { done: vec![key(Verb::Delete, "vpc.main")], ..Outcome::default() };
        let text = crate::render::text(&outcome(&run, None));
        let plain = anstream::adapter::strip_str(&text).to_string();
        assert_eq!(plain, "Done: 1 deleted in 0 s.\n");
    }
}
