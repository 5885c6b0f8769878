//! A linter over the finished plan: judges the planner's work by code that did not do it. One
//! function a check.
use super::usages::refers_to;
use super::waivers::waived;
use super::{Action, Change, Plan, Reason, estimate};
use crate::reference;
use crate::resource::{Condition, Id, Live};
use crate::spec::{KindInfo, Registry};
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The plan must not run.
    Error,
    Warning,
    Note,
}

/// Something that whoever reads the plan should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub severity: Severity,
    pub id: Id,
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// Every finding, the gravest first.
pub fn check(plan: &Plan, kinds: Registry) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(refused(plan));
    findings.extend(dangling(plan));
    findings.extend(still_used(plan, kinds));
    findings.extend(kept(plan));
    findings.extend(protected(plan, kinds));
    findings.extend(condition(plan));
    findings.extend(open_to_the_world(plan));
    findings.extend(waived(plan, kinds));
    findings.extend(estimate::waits(plan, kinds));
    findings.sort_by_key(|finding| finding.severity);
    findings
}

fn finding(severity: Severity, change: &Change, message: String, help: &str) -> Finding {
    Finding { severity, id: change.id.clone(), message, help: help.into() }
}

fn with(plan: &Plan, action: Action) -> impl Iterator<Item = &Change> {
    plan.changes.iter().filter(move |change| change.action == action)
}

/// What would have to be replaced and never is, and what would lose something.
fn refused(plan: &Plan) -> Vec<Finding> {
    let refuse = |change: &Change| {
        if let Some(refuse) = &change.refuse {
            return finding(Severity::Error, change, refuse.clone(), "");
        }
        let create_only = change.properties.iter().filter(|property| property.create_only);
        let names: Vec<&str> = create_only.map(|property| property.property.as_str()).collect();
        let message = format!("replace refused: AWS cannot change {} in place", names.join(", "));
        let help = "undo that change, or make it beside the old one under another name (a \
                    network in another stack), and then empty and remove the old one";
        finding(Severity::Error, change, message, help)
    };
    with(plan, Action::Refuse).map(refuse).collect()
}

/// References to what the plan neither has nor makes.
fn dangling(plan: &Plan) -> Vec<Finding> {
    let there = |change: &&Change| !matches!(change.action, Action::Delete | Action::Keep);
    let ids: BTreeSet<&Id> = plan.changes.iter().filter(there).map(|change| &change.id).collect();
    let mut findings = Vec::new();
    for change in plan.changes.iter().filter(there) {
        for reference in change.desired.iter().flat_map(reference::within) {
            if !ids.contains(&reference.id) {
                let message = format!("it refers to {}, which is not there", reference.id);
                findings.push(finding(
                    Severity::Error,
                    change,
                    message,
                    "this is a fault of tenfold",
                ));
            }
        }
    }
    findings
}

/// Deletions of what something that stays, unchanged, still names: AWS would refuse them.
fn still_used(plan: &Plan, kinds: Registry) -> Vec<Finding> {
    let mut findings = Vec::new();
    fn with_kind<'a>(live: &'a Live, kinds: Registry) -> (&'a Live, &'static KindInfo) {
        (live, kinds.get(&live.id.kind).info())
    }
    for gone in with(plan, Action::Delete) {
        let Some(used) = &gone.live else { continue };
        for user in with(plan, Action::None) {
            if user
                .live
                .as_ref()
                .is_some_and(|user| refers_to(with_kind(user, kinds), with_kind(used, kinds)))
            {
                let message = format!("it would be deleted while {} still uses it", user.id);
                findings.push(finding(Severity::Warning, gone, message, "this deletion may fail"));
            }
        }
    }
    findings
}

/// What stays behind because it holds data.
fn kept(plan: &Plan) -> Vec<Finding> {
    let keep = |change: &Change| {
        let handle = change.live.as_ref().map_or("", |live| live.handle.as_str());
        let message = format!("kept, because it holds data: {handle}");
        let help = format!("to delete it and what it holds: --allow-data-loss {}", change.id);
        finding(Severity::Note, change, message, &help)
    };
    with(plan, Action::Keep)
        .filter(|change| change.reason != Reason::UsedByKept)
        .map(keep)
        .collect()
}

/// Deletion protection that tenfold itself has set, which goes first.
fn protected(plan: &Plan, kinds: Registry) -> Vec<Finding> {
    let is_protected = |change: &&Change| {
        let live = change.live.as_ref();
        live.is_some_and(|live| kinds.get(&live.id.kind).unprotected(&live.spec).is_some())
    };
    let note = |change: &Change| {
        let message = "its deletion protection is lifted before it is deleted".to_string();
        finding(Severity::Note, change, message, "stop here if it should stay")
    };
    let goes = with(plan, Action::Delete).chain(with(plan, Action::Replace));
    goes.filter(is_protected).map(note).collect()
}

/// What is on its way, and what did not get where it was sent.
fn condition(plan: &Plan) -> Vec<Finding> {
    let look = |change: &Change| match &change.live {
        Some(Live { condition: Condition::Converging(status), .. }) => {
            Some(finding(Severity::Note, change, format!("converging: {status}"), "nothing to do"))
        }
        Some(Live { condition: Condition::Failed(status), .. }) => {
            let help = "look at the cause before you apply again";
            Some(finding(Severity::Warning, change, format!("it failed: {status}"), help))
        }
        _ => None,
    };
    plan.changes.iter().filter_map(look).collect()
}

/// Ports other than the web's that anybody may reach.
fn open_to_the_world(plan: &Plan) -> Vec<Finding> {
    let open = |change: &&Change| {
        let Some(spec) = &change.desired else { return false };
        let text = |name: &str| spec.get(name).and_then(|value| value.as_str());
        let anybody = text("CidrIp") == Some("0.0.0.0/0") || text("CidrIpv6") == Some("::/0");
        let port = spec.get("FromPort").and_then(|port| port.as_i64());
        text("Direction") == Some("ingress") && anybody && !matches!(port, Some(80 | 443))
    };
    let warn = |change: &Change| {
        let message = "anybody on the internet may connect to it".to_string();
        finding(Severity::Warning, change, message, "narrow `allow`, or serve it on 443")
    };
    plan.changes.iter().filter(open).map(warn).collect()
}
