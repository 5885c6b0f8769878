//! Checks the finished plan independently of the planner. One function per check.
use super::change::{Action, Change, Plan, Reason};
use super::estimate::delays;
use super::finding::{Finding, Severity};
use super::usages::refers_to;
use super::waivers::waived;
use crate::reference;
use crate::resource::{Condition, Id, Live};
use crate::spec::{KindInfo, Registry};
use std::collections::BTreeSet;

/// Every finding, errors first.
pub fn check(plan: &Plan, kinds: Registry) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(refused(plan));
    findings.extend(dangling(plan));
    findings.extend(still_used(plan, kinds));
    findings.extend(kept(plan));
    findings.extend(protected(plan, kinds));
    findings.extend(condition(plan));
    findings.extend(warnings(plan, kinds));
    findings.extend(waived(plan, kinds));
    findings.extend(delays(plan, kinds));
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// Changes that would need a replacement of a kind that is never replaced, or that would lose
/// something.
fn refused(plan: &Plan) -> Vec<Finding> {
    let error = |change: &Change| {
        if let Some(refusal) = &change.refusal {
            return Finding::new(Severity::Error, change, refusal, "");
        }
        let create_only = change.properties.iter().filter(|property| property.create_only);
        let names: Vec<&str> = create_only.map(|property| property.property.as_str()).collect();
        let message = format!("replace refused: AWS cannot change {} in place", names.join(", "));
        let help = "undo the change; or create the new resource beside the old one under another \
                    name (a network: in another stack), then empty and delete the old one";
        Finding::new(Severity::Error, change, message, help)
    };
    plan.with(Action::Refuse).map(error).collect()
}

/// References to resources that neither exist nor are created by the plan.
fn dangling(plan: &Plan) -> Vec<Finding> {
    let exists = |change: &&Change| !matches!(change.action, Action::Delete | Action::Keep);
    let ids: BTreeSet<&Id> = plan.changes.iter().filter(exists).map(|change| &change.id).collect();
    let mut findings = Vec::new();
    for change in plan.changes.iter().filter(exists) {
        for reference in change.desired.iter().flat_map(reference::within) {
            if !ids.contains(&reference.id) {
                let message = format!("refers to {}, which does not exist", reference.id);
                let help = "this is a bug in tenfold: please report it";
                findings.push(Finding::new(Severity::Error, change, message, help));
            }
        }
    }
    findings
}

/// Deletions of resources that an unchanged resource still refers to: AWS would reject them.
fn still_used(plan: &Plan, kinds: Registry) -> Vec<Finding> {
    fn with_kind(live: &Live, kinds: Registry) -> (&Live, &'static KindInfo) {
        (live, kinds.get(&live.id.kind).info())
    }
    let mut findings = Vec::new();
    for deleted in plan.with(Action::Delete) {
        let Some(used) = &deleted.live else { continue };
        for user in plan.with(Action::None).filter_map(|change| change.live.as_ref()) {
            if refers_to(with_kind(user, kinds), with_kind(used, kinds)) {
                let message = format!("would be deleted while {} still uses it", user.id);
                let help = "AWS may reject this deletion";
                findings.push(Finding::new(Severity::Warning, deleted, message, help));
            }
        }
    }
    findings
}

/// Resources that are kept because they hold data.
fn kept(plan: &Plan) -> Vec<Finding> {
    let note = |change: &Change| {
        let handle = change.live.as_ref().map_or("", |live| live.handle.as_str());
        let message = format!("kept because it holds data: {handle}");
        let help = format!("to delete it and its data, pass --allow-data-loss {}", change.id);
        Finding::new(Severity::Note, change, message, help)
    };
    plan.with(Action::Keep).filter(|change| change.reason != Reason::UsedByKept).map(note).collect()
}

/// Deletions of resources with a deletion protection that tenfold has set and will disable first.
fn protected(plan: &Plan, kinds: Registry) -> Vec<Finding> {
    let is_protected = |change: &&Change| {
        let live = change.live.as_ref();
        live.is_some_and(|live| kinds.get(&live.id.kind).unprotected(&live.spec).is_some())
    };
    let note = |change: &Change| {
        let message = "deletion protection is disabled before the deletion";
        Finding::new(Severity::Note, change, message, "stop here to keep the resource")
    };
    let deleted = plan.with(Action::Delete).chain(plan.with(Action::Replace));
    deleted.filter(is_protected).map(note).collect()
}

/// Live resources that are still changing, or that failed to reach their desired state.
fn condition(plan: &Plan) -> Vec<Finding> {
    let report = |change: &Change| match &change.live {
        Some(Live { condition: Condition::Converging(status), .. }) => {
            let message = format!("converging: {status}");
            Some(Finding::new(Severity::Note, change, message, "no action needed"))
        }
        Some(Live { condition: Condition::Failed(status), .. }) => {
            let help = "find and fix the cause before you apply again";
            Some(Finding::new(Severity::Warning, change, format!("failed: {status}"), help))
        }
        _ => None,
    };
    plan.changes.iter().filter_map(report).collect()
}

/// What the kinds warn of in the desired specs.
fn warnings(plan: &Plan, kinds: Registry) -> Vec<Finding> {
    let mut findings = Vec::new();
    for change in &plan.changes {
        let Some(spec) = &change.desired else { continue };
        let warnings = kinds.get(&change.id.kind).warnings(spec);
        findings.extend(
            warnings.into_iter().map(|warning| {
                Finding::new(Severity::Warning, change, warning.message, warning.help)
            }),
        );
    }
    findings
}
