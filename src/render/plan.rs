//! Renders a plan: its location, the changes by component, the findings and a summary.
use super::change::item;
use super::doc::{Block, Document, Label, Line};
use crate::plan::finding::{Finding, Severity};
use crate::plan::{Action, Change, Plan, RemainingWork};
use crate::resource::Place;
use serde::Serialize;
use std::collections::BTreeMap;

/// The stack and its location.
#[derive(Clone, Copy, Debug)]
pub struct Where<'a> {
    pub stack: &'a str,
    pub place: &'a Place,
}

/// The number of resources by action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub create: usize,
    pub update: usize,
    pub replace: usize,
    pub delete: usize,
    pub keep: usize,
    pub refuse: usize,
    pub unchanged: usize,
}

impl Summary {
    pub fn of(plan: &Plan) -> Self {
        Summary {
            create: plan.count(Action::Create),
            update: plan.count(Action::Update),
            replace: plan.count(Action::Replace),
            delete: plan.count(Action::Delete),
            keep: plan.count(Action::Keep),
            refuse: plan.count(Action::Refuse),
            unchanged: plan.count(Action::None),
        }
    }
}

/// The command that a plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    Apply,
    Destroy,
}

pub fn plan(plan: &Plan, place: &Place, findings: &[Finding], aim: Aim, verbose: bool) -> Document {
    let mut document = Document::default();
    document.push(Block::Heading(heading(Where { stack: &plan.stack, place })));
    for (component, changes) in by_component(plan) {
        document.push(Block::Group(component.into()));
        for change in changes {
            document.push(Block::Item(item(change, verbose)));
        }
    }
    for finding in findings {
        document.push(note(finding));
    }
    document.0.extend(remaining_work(plan).0);
    document.text(sum(plan, aim));
    document
}

/// The work that remains after the plan is applied.
pub fn remaining_work(plan: &Plan) -> Document {
    let note = |left: &RemainingWork| {
        let parts: String = left.parts.iter().map(|part| format!("\n  {part}")).collect();
        let message = format!("{}: {}{parts}", left.id, left.work);
        Block::Note { label: Label::Warning, severity: "remaining work", message, help: None }
    };
    Document(plan.remaining_work.iter().map(note).collect())
}

/// `shop in us-east-1, account 111122223333 (sandbox)`
pub fn heading(at: Where) -> Line {
    let Place { account, region, target } = at.place;
    Line::new(Label::Heading, at.stack)
        .and(Label::Plain, format!(" in {region}, account {account}"))
        .and(Label::Muted, format!(" ({})", target_name(target)))
}

/// The display name of a target: AWS, the sandbox, or an emulator's address.
pub fn target_name(target: &str) -> &str {
    if target == "aws" { "AWS" } else { target }
}

/// The changes by component: first the network, which the others depend on, then by name.
fn by_component(plan: &Plan) -> Vec<(&str, Vec<&Change>)> {
    let mut groups: BTreeMap<(bool, &str), Vec<&Change>> = BTreeMap::new();
    for change in plan.changes.iter().filter(|change| change.action != Action::None) {
        let component = change.component.as_str();
        groups.entry((component != "network", component)).or_default().push(change);
    }
    groups.into_iter().map(|((_, component), changes)| (component, changes)).collect()
}

fn note(finding: &Finding) -> Block {
    let (label, severity) = match finding.severity {
        Severity::Error => (Label::Error, "error"),
        Severity::Warning => (Label::Warning, "warning"),
        Severity::Note => (Label::Note, "note"),
    };
    let message = format!("{}: {}", finding.id, finding.message);
    let help = Some(finding.help.clone()).filter(|help| !help.is_empty());
    Block::Note { label, severity, message, help }
}

fn sum(plan: &Plan, aim: Aim) -> Line {
    let summary = Summary::of(plan);
    if plan.is_empty() {
        return Line::new(Label::Good, idle(&summary, aim));
    }
    let counts = [
        (summary.create, Label::Create, "to create"),
        (summary.update, Label::Update, "to update"),
        (summary.replace, Label::Replace, "to replace"),
        (summary.delete, Label::Delete, "to delete"),
        (summary.keep, Label::Keep, "kept"),
        (summary.refuse, Label::Refuse, "refused"),
    ];
    let mut line = Line::new(Label::Heading, "Plan:");
    let mut between = " ";
    for (count, label, what) in counts.into_iter().filter(|(count, ..)| *count > 0) {
        line = line.and(Label::Plain, between).and(label, format!("{count} {what}"));
        between = ", ";
    }
    line.and(Label::Plain, ".")
}

fn idle(summary: &Summary, aim: Aim) -> String {
    let kept = match summary.keep {
        0 => String::new(),
        keep => format!(", {keep} kept"),
    };
    match aim {
        Aim::Apply => {
            let resources = count(summary.unchanged, "resource");
            format!("No changes: the stack matches the blueprint ({resources}{kept}).")
        }
        Aim::Destroy if kept.is_empty() => "Nothing to destroy: the stack has no resources.".into(),
        Aim::Destroy => format!("Nothing to destroy{kept}."),
    }
}

/// `1 resource`, `2 resources`.
pub fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
