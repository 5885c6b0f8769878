//! Replans the same desired state against a fresh observation.
use super::change::Plan;
use super::decide::{PlanOptions, plan};
use crate::resource::Observation;
use crate::spec::Registry;
use std::collections::BTreeSet;

/// The plan that the desired state of an earlier plan leads to now. `found` is a fresh listing of
/// the kinds in `listed`; resources of all other kinds are taken from the earlier plan.
pub fn replan(
    earlier: &Plan,
    found: &Observation,
    listed: &BTreeSet<String>,
    kinds: Registry,
) -> Plan {
    let mut observation = found.clone();
    for change in &earlier.changes {
        if let Some(live) = change.live.as_ref().filter(|_| !listed.contains(&change.id.kind)) {
            observation.entry(change.id.clone()).or_default().push(live.clone());
        }
    }
    let options = PlanOptions { upgrade: earlier.upgrade, ..PlanOptions::default() };
    plan(&earlier.stack, &earlier.desired, &observation, &options, kinds)
}
