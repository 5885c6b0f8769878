//! Blueprints expanded into resources: every shipped one, and its dependency graph.
use crate::{localstack, support};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use tenfold::resource::{Id, Outputs};
use tenfold::spec::Mint;
use tenfold::{desired, kinds};

#[test]
fn every_blueprint_expands_to_a_graph_of_fitting_specs() {
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

/// What others hold of a resource stays theirs when it is updated in place: only what its kind names
/// moves.
#[test]
fn an_update_moves_no_output_that_its_kind_does_not_name() {
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

/// What stands for each resource in CloudFormation passes the published resource schemas, which
/// cfn-lint carries.
#[test]
fn every_template_passes_the_resource_schemas() {
    for path in support::blueprints() {
        let blueprint = support::load(&path);
        let facts = support::facts(&desired::query(&blueprint));
        let resources = desired::desired(&blueprint, &facts, kinds::registry()).unwrap();
        let templates = resources.iter().flat_map(|resource| {
            let templates = kinds::registry().get(&resource.id.kind).template(&resource.spec);
            templates.into_iter().map(|template| (resource.id.to_string(), template))
        });
        let line = |(id, template): (String, Value)| {
            let (kind, properties) = (&template["Type"], &template["Properties"]);
            json!({ "id": id, "type": kind, "properties": properties }).to_string()
        };
        let lines: Vec<String> = templates.map(line).collect();
        pass_the_schemas(&path, &lines.join("\n"));
    }
}

fn pass_the_schemas(path: &Path, templates: &str) {
    let mut check = localstack::script("python")
        .arg(support::root().join("localstack/check_templates.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the check runs");
    check.stdin.take().unwrap().write_all(templates.as_bytes()).unwrap();
    let check = check.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&check.stdout);
    assert!(check.status.success() && said.contains("resources valid"), "{path:?}: {said}");
}
