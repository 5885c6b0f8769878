//! The same wishes against another look.
use super::{Plan, PlanOptions, plan};
use crate::graph::Graph;
use crate::reference;
use crate::resource::{Id, Observation, Resource};
use crate::spec::Registry;
use std::collections::BTreeSet;

/// The plan that the wishes of an earlier one would be now. `found` is what a look at some kinds,
/// `looked_at`, tells; of the others holds what the earlier plan was made from.
pub fn replan(
    earlier: &Plan,
    found: &Observation,
    looked_at: &BTreeSet<String>,
    kinds: Registry,
) -> Plan {
    let mut desired: Graph<Id, Resource> = Graph::default();
    let mut observation = found.clone();
    for change in &earlier.changes {
        if let Some(spec) = &change.desired {
            let (id, component) = (change.id.clone(), change.component.clone());
            desired
                .add(id.clone(), Resource { id, component, spec: spec.clone(), pins: Vec::new() });
        }
        if let Some(live) = change.live.as_ref().filter(|_| !looked_at.contains(&change.id.kind)) {
            observation.entry(change.id.clone()).or_default().push(live.clone());
        }
    }
    for change in &earlier.changes {
        for reference in change.desired.iter().flat_map(reference::within) {
            desired.connect(&change.id, &reference.id);
        }
    }
    plan(&earlier.stack, &desired, &observation, &PlanOptions::default(), kinds)
}
