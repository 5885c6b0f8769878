//! Renders the state of one step as a line.
use super::doc::{Label, Line};
use super::time::seconds;
use crate::error::CloudError;
use crate::exec::StepName;
use crate::plan::steps::Verb;
use crate::resource::Id;

fn sign(verb: Verb) -> (&'static str, Label) {
    match verb {
        Verb::Create => ("+", Label::Create),
        Verb::Update | Verb::Unprotect => ("~", Label::Update),
        Verb::Delete => ("-", Label::Delete),
    }
}

fn doing(verb: Verb) -> &'static str {
    match verb {
        Verb::Create => "creating",
        Verb::Update => "updating",
        Verb::Unprotect => "disabling deletion protection of",
        Verb::Delete => "deleting",
    }
}

fn done(verb: Verb) -> &'static str {
    match verb {
        Verb::Create => "created",
        Verb::Update => "updated",
        Verb::Unprotect => "unprotected",
        Verb::Delete => "deleted",
    }
}

fn begin(verb: Verb, id: &Id) -> Line {
    let (sign, label) = sign(verb);
    Line::new(label, sign).and(Label::Plain, format!(" {id} "))
}

/// A running step: `creating load-balancer.main: provisioning`.
pub fn running(step: &StepName, status: &str) -> Line {
    let line = Line::new(sign(step.verb).1, doing(step.verb));
    let line = line.and(Label::Plain, format!(" {}", step.id));
    let is_redundant = status.is_empty() || status == doing(step.verb);
    if is_redundant { line } else { line.and(Label::Muted, format!(": {status}")) }
}

/// A step that is done: `+ load-balancer.main created (3 s)`.
pub fn succeeded(step: &StepName, elapsed_s: u64) -> Line {
    let line = begin(step.verb, &step.id).and(Label::Plain, done(step.verb));
    match elapsed_s {
        0 => line,
        _ => line.and(Label::Muted, format!(" ({})", seconds(elapsed_s))),
    }
}

/// A waiting step: `… load-balancer.main: provisioning (20 s)`.
pub fn waiting(step: &StepName, status: &str, elapsed_s: u64) -> Line {
    Line::new(Label::Muted, format!("… {}: {status} ({})", step.id, seconds(elapsed_s)))
}

pub fn retrying(error: &CloudError) -> String {
    format!("{error}; retrying")
}

pub fn adopted(step: &StepName, handle: &str) -> Line {
    let note = format!("exists already, created by an earlier call ({handle})");
    begin(step.verb, &step.id).and(Label::Muted, note)
}

pub fn failed(step: &StepName, error: &CloudError) -> Line {
    Line::new(Label::Error, "!")
        .and(Label::Plain, format!(" {} ", step.id))
        .and(Label::Error, format!("not {}: {}", done(step.verb), error.message))
}

pub fn skipped(step: &StepName, because: &StepName) -> Line {
    let result = format!("not {}: depends on {}", done(step.verb), because.id);
    Line::new(Label::Muted, format!("· {} {result}", step.id))
}

/// A step that may or may not be done: a response was lost, or, without an error, the run was
/// interrupted.
pub fn unknown(step: &StepName, error: Option<&CloudError>) -> Line {
    let why = match error {
        Some(_) => format!("the response to the {} call was lost", step.verb),
        None => format!("interrupted before the {} was complete", step.verb),
    };
    Line::new(Label::Warning, "?").and(Label::Plain, format!(" {} unknown: {why}", step.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_a_step_as_a_line() {
        let id = Id::new("load-balancer", "main");
        let component = "load_balancers.main".into();
        let step = StepName { verb: Verb::Create, id, handle: String::new(), component };
        let text = |line: Line| line.0.into_iter().map(|span| span.text).collect::<String>();
        assert_eq!(text(succeeded(&step, 125)), "+ load-balancer.main created (2 min 5 s)");
        assert_eq!(text(running(&step, "")), "creating load-balancer.main");
        assert_eq!(
            text(waiting(&step, "provisioning", 20)),
            "… load-balancer.main: provisioning (20 s)"
        );
        let error = CloudError::refused("no");
        assert_eq!(text(failed(&step, &error)), "! load-balancer.main not created: no");
        let lost = "? load-balancer.main unknown: the response to the create call was lost";
        assert_eq!(text(unknown(&step, Some(&error))), lost);
    }
}
