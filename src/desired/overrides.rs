//! `overrides`: properties that replace those of an expanded resource.
use super::build::Build;
use super::code;
use crate::spec::Registry;
use serde_json::{Map, Value};

pub fn apply(build: &mut Build, kinds: Registry) {
    for (id, patch) in &build.blueprint.overrides {
        let found = build.resources.iter_mut().find(|resource| resource.id.to_string() == *id);
        let Some(resource) = found else {
            let near = nearest(id, build.resources.iter().map(|r| r.id.to_string()));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`tenfold graph` lists the stack's resources".into(),
            };
            let summary = format!("the stack has no {id} to override");
            let report = build.blueprint.at_key(&path(id), code::UNKNOWN_OVERRIDE, summary, help);
            build.report(report);
            continue;
        };
        let kind = kinds.get(&resource.id.kind);
        let before = resource.spec.clone();
        overlay(&mut resource.spec, &Value::Object(patch.clone()));
        if let Err(problem) = kind.check(&resource.spec) {
            resource.spec = before;
            let summary = format!("the override does not fit {id}: {problem}");
            let help = format!("see the properties of {} in CloudFormation", kind.info().type_name);
            let report = build.blueprint.at_key(&path(id), code::UNFIT_OVERRIDE, summary, help);
            build.report(report);
        }
    }
}

fn path(id: &str) -> String {
    format!("overrides.{id}")
}

/// Maps are merged; any other value is replaced.
fn overlay(base: &mut Value, patch: &Value) {
    match (base, patch) {
        (Value::Object(base), Value::Object(patch)) => merge(base, patch),
        (base, patch) => *base = patch.clone(),
    }
}

fn merge(base: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (key, value) in patch {
        overlay(base.entry(key.clone()).or_insert(Value::Null), value);
    }
}

pub fn nearest(wanted: &str, all: impl Iterator<Item = String>) -> Option<String> {
    let close = |other: &String| strsim::jaro_winkler(wanted, other) > 0.85;
    all.filter(close)
        .max_by(|a, b| strsim::jaro_winkler(wanted, a).total_cmp(&strsim::jaro_winkler(wanted, b)))
}
