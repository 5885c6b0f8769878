//! `resources`: specs that the user writes in full, for resources that no component adds.
use super::build::Build;
use super::code;
use super::overrides::nearest;
use crate::reference::{self, Reference};
use crate::resource::{Id, Outputs, Resource};
use crate::spec::{DynSpec, Mint, Registry};
use serde_json::{Map, Value, json, to_value};
use std::collections::BTreeSet;

const COMPONENT: &str = "resources";
/// The longest physical name of any resource in AWS.
const LONGEST_NAME: usize = 255;

pub fn expand(build: &mut Build, kinds: Registry) {
    for (id, properties) in &build.blueprint.resources {
        // The decoder has reported invalid IDs.
        let Ok(id) = id.parse::<Id>() else { continue };
        let Some(kind) = kinds.find(&id.kind) else {
            let all = || format!("use one of {}", kinds.names().collect::<Vec<_>>().join(", "));
            let near = kinds.nearest(&id.kind);
            let help = near.map_or_else(all, |near| format!("did you mean `{near}.{}`?", id.name));
            let summary = format!("`{}` is not a resource kind", id.kind);
            report(build, &id, code::UNKNOWN_KIND, summary, help);
            continue;
        };
        match spec(build, &id, properties, kind) {
            Ok(spec) => {
                let component = COMPONENT.to_string();
                build.resources.push(Resource { id, component, spec, pins: Vec::new() });
            }
            Err((code, summary, help)) => report(build, &id, code, summary, help),
        }
    }
}

fn report(build: &mut Build, id: &Id, code: &'static str, summary: String, help: String) {
    build.report(build.blueprint.at_key(&format!("{COMPONENT}.{id}"), code, summary, help));
}

type Unfit = (&'static str, String, String);

/// The spec with the tags or the name by which `tenfold` finds the resource.
fn spec(
    build: &Build,
    id: &Id,
    properties: &Map<String, Value>,
    kind: &dyn DynSpec,
) -> Result<Value, Unfit> {
    let info = kind.info();
    let mut fields = properties.clone();
    let name = build.name(&id.name, LONGEST_NAME);
    if !info.name_property.is_empty() {
        fields.entry(info.name_property).or_insert_with(|| json!(name));
    }
    let fitting = tagged(build, id, &fields).into_iter().find(|spec| kind.check(spec).is_ok());
    if let Some(spec) = fitting {
        return Ok(kind.canonical(&spec));
    }
    let bare = Value::Object(fields);
    let type_name = info.type_name;
    if let Err(problem) = kind.check(&bare) {
        let summary = format!("the properties do not fit {}: {problem}", id.kind);
        let help = format!("see the properties of {type_name} in CloudFormation");
        return Err((code::UNFIT_RESOURCE, summary, help));
    }
    let own = bare.get(info.name_property).and_then(Value::as_str);
    if own.is_some_and(|own| own != name) {
        let summary =
            format!("{} does not support tags; tenfold recognises it by its name", id.kind);
        let help = format!("remove `{}`, or set it to `{name}`", info.name_property);
        return Err((code::NOT_FOUND_AGAIN, summary, help));
    }
    Ok(kind.canonical(&bare))
}

/// The fields with the stack's tags added to the user's, in the two shapes that kinds accept:
/// plain, and with `PropagateAtLaunch` as in auto scaling groups.
fn tagged(build: &Build, id: &Id, fields: &Map<String, Value>) -> Vec<Value> {
    let own = to_value(build.tags(COMPONENT, &id.name)).unwrap_or_default();
    let own = own.as_array().cloned().unwrap_or_default();
    let written = fields.get("Tags").and_then(Value::as_array).cloned().unwrap_or_default();
    let keys: BTreeSet<String> = own.iter().map(|tag| tag["Key"].to_string()).collect();
    let others = written.into_iter().filter(|tag| !keys.contains(&tag["Key"].to_string()));
    let plain: Vec<Value> = others.chain(own).collect();
    let mut propagated = plain.clone();
    for tag in propagated.iter_mut().filter(|tag| tag.get("PropagateAtLaunch").is_none()) {
        tag["PropagateAtLaunch"] = json!(true);
    }
    let with = |tags: Vec<Value>| {
        let mut fields = fields.clone();
        fields.insert("Tags".into(), Value::Array(tags));
        Value::Object(fields)
    };
    vec![with(plain), with(propagated)]
}

/// Reports references to unknown resources or outputs in `resources` and `overrides`.
pub fn check_references(build: &mut Build, kinds: Registry) {
    let written =
        [(COMPONENT, &build.blueprint.resources), ("overrides", &build.blueprint.overrides)];
    for (section, specs) in written {
        for (id, properties) in specs {
            for found in reference::within(&Value::Object(properties.clone())) {
                if let Some((summary, help)) = dangling(build, &found, kinds) {
                    let path = format!("{section}.{id}");
                    let at = build.blueprint.at_key(&path, code::UNKNOWN_OUTPUT, summary, help);
                    build.report(at);
                }
            }
        }
    }
}

fn dangling(build: &Build, reference: &Reference, kinds: Registry) -> Option<(String, String)> {
    let id = &reference.id;
    let Some(to) = build.resources.iter().find(|resource| resource.id == *id) else {
        let near = nearest(&id.to_string(), build.resources.iter().map(|r| r.id.to_string()));
        let help = match near {
            Some(near) => format!("did you mean `${{{near}.{}}}`?", reference.output),
            None => "`tenfold graph` lists the stack's resources".into(),
        };
        return Some((format!("the stack has no {id} to refer to"), help));
    };
    let facts = build.facts;
    let mut mint = Mint {
        region: &facts.region,
        account: &facts.account,
        before: &Outputs::new(),
        digits: &mut String::new,
    };
    let outputs = kinds.get(&id.kind).outputs(&to.spec, id, &mut mint);
    if outputs.contains_key(&reference.output) {
        return None;
    }
    let names: Vec<&str> = outputs.keys().map(String::as_str).collect();
    let summary = format!("{id} has no output `{}`", reference.output);
    Some((summary, format!("its outputs are {}", names.join(", "))))
}
