//! Every shipped blueprint, expanded into resources and their dependency graph.
use crate::support;
use std::collections::BTreeSet;
use tenfold::resource::{Id, Outputs};
use tenfold::spec::Mint;
use tenfold::{desired, kinds};

#[test]
fn every_blueprint_expands_to_valid_specs_and_a_graph() {
    for path in support::blueprints() {
        let blueprint = support::load(&path);
        let facts = support::facts(&desired::query(&blueprint));
        let resources = desired::desired(&blueprint, &facts, kinds::registry())
            .unwrap_or_else(|reports| panic!("{}", reports.to_text(false)));
        for resource in &resources {
            let kind = kinds::registry().find(&resource.id.kind).unwrap();
            let fits = kind.check(&resource.spec);
            assert_eq!(fits, Ok(()), "{} of {path:?}", resource.id);
        }
        let ids: BTreeSet<Id> = resources.iter().map(|resource| resource.id.clone()).collect();
        assert_eq!(ids.len(), resources.len());
        desired::graph(resources, kinds::registry()).unwrap();
    }
}

/// Other resources refer to a resource's outputs: an update in place must not change any but those that
/// its kind declares as volatile.
#[test]
fn an_update_changes_only_volatile_outputs() {
    for path in support::blueprints() {
        let blueprint = support::load(&path);
        let facts = support::facts(&desired::query(&blueprint));
        for resource in desired::desired(&blueprint, &facts, kinds::registry()).unwrap() {
            let kind = kinds::registry().get(&resource.id.kind);
            let outputs = |before: &Outputs, digit: &str| {
                let mut digits = || digit.repeat(17);
                let (region, account) = (&blueprint.region, "111122223333");
                let mut mint = Mint { region, account, before, digits: &mut digits };
                let mut found = kind.outputs(&resource.spec, &resource.id, &mut mint);
                found.retain(|name, _| !kind.info().volatile_outputs.contains(&name.as_str()));
                found
            };
            let made = outputs(&Outputs::new(), "1");
            assert_eq!(outputs(&made, "2"), made, "{} of {path:?}", resource.id);
        }
    }
}
