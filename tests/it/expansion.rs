//! Blueprints expanded into resources: every shipped one, and its dependency graph.
use crate::support;
use std::collections::BTreeSet;
use tenfold::desired;
use tenfold::kinds;
use tenfold::resource::Id;

#[test]
fn every_blueprint_expands_to_a_graph_of_fitting_specs() {
    for path in support::blueprints() {
        let blueprint = support::load(&path);
        let facts = support::facts(&desired::query(&blueprint));
        let resources = desired::desired(&blueprint, &facts, &kinds::spec)
            .unwrap_or_else(|reports| panic!("{}", reports.to_text(false)));
        for resource in &resources {
            let kind = kinds::kind(&resource.id.kind).unwrap();
            let fits = kind.check(&resource.spec);
            assert_eq!(fits, Ok(()), "{} of {path:?}", resource.id);
        }
        let ids: BTreeSet<Id> = resources.iter().map(|resource| resource.id.clone()).collect();
        assert_eq!(ids.len(), resources.len());
        desired::graph(resources, &kinds::spec).unwrap();
    }
}
