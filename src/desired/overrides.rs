//! `overrides`: the last word on a resource, laid over its spec.
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
                None => "`tenfold graph` lists what there is".into(),
            };
            let summary = format!("there is no {id} to override");
            let report = build.blueprint.at_key(&path(id), code::UNKNOWN_OVERRIDE, summary, help);
            build.report(report);
            continue;
        };
        let kind = kinds.get(&resource.id.kind);
        let before = resource.spec.clone();
        lay(&mut resource.spec, &Value::Object(patch.clone()));
        if let Err(problem) = kind.check(&resource.spec) {
            resource.spec = before;
            let summary = format!("this does not fit {id}: {problem}");
            let help = format!("see the properties of {} in CloudFormation", kind.info().type_name);
            let report = build.blueprint.at_key(&path(id), code::UNFIT_OVERRIDE, summary, help);
            build.report(report);
        }
    }
}

fn path(id: &str) -> String {
    format!("overrides.{id}")
}

/// Maps merge, everything else is replaced.
fn lay(under: &mut Value, over: &Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => merge(under, over),
        (under, over) => *under = over.clone(),
    }
}

fn merge(under: &mut Map<String, Value>, over: &Map<String, Value>) {
    for (key, value) in over {
        lay(under.entry(key.clone()).or_insert(Value::Null), value);
    }
}

pub fn nearest(wanted: &str, all: impl Iterator<Item = String>) -> Option<String> {
    let close = |other: &String| strsim::jaro_winkler(wanted, other) > 0.85;
    all.filter(close)
        .max_by(|a, b| strsim::jaro_winkler(wanted, a).total_cmp(&strsim::jaro_winkler(wanted, b)))
}
