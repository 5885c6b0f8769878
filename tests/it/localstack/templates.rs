//! Specs as CloudFormation resources, checked against the schemas that AWS publishes.
use crate::{localstack, support};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use tenfold::{desired, kinds};

/// cfn-lint contains the published resource schemas.
#[test]
fn every_template_matches_the_resource_schemas() {
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
