//! Controls that are waived, said when the first resource of a kind is made.
use super::check::{Finding, Severity};
use super::{Action, Plan};
use crate::spec::Registry;
use std::collections::BTreeSet;

/// One note for each control that the kinds of new resources do not satisfy.
pub fn waived(plan: &Plan, kinds: Registry) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for change in plan.changes.iter().filter(|change| change.action == Action::Create) {
        let info = kinds.get(&change.id.kind).info();
        if !seen.insert(info.name) {
            continue;
        }
        findings.extend(info.waivers.iter().map(|waiver| Finding {
            severity: Severity::Note,
            id: change.id.clone(),
            message: format!("{} waived: {}", waiver.controls.join(", "), waiver.because),
            help: String::new(),
        }));
    }
    findings
}
