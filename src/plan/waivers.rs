//! Security controls that a kind deliberately does not satisfy, shown when the stack's first
//! resource of that kind is created.
use super::change::{Action, Plan};
use super::finding::{Finding, Severity};
use crate::spec::Registry;
use std::collections::BTreeSet;

/// One note per waiver of the kinds of new resources.
pub fn waived(plan: &Plan, kinds: Registry) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for change in plan.with(Action::Create) {
        let info = kinds.get(&change.id.kind).info();
        if !seen.insert(info.name) {
            continue;
        }
        findings.extend(info.waivers.iter().map(|waiver| {
            let message = format!("{} waived: {}", waiver.controls.join(", "), waiver.because);
            Finding::new(Severity::Note, change, message, "")
        }));
    }
    findings
}
