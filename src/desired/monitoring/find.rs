//! Looking at what the other sections have made: by kind, and by who names whom.
use crate::desired::build::Build;
use crate::reference;
use crate::resource::Resource;
use serde_json::Value;

/// The resources of a kind, in the order in which they were made.
pub fn of_kind<'a>(build: &'a Build, kind: &'a str) -> impl Iterator<Item = &'a Resource> {
    build.resources.iter().filter(move |resource| resource.id.kind == kind)
}

/// A reference to an output of a resource.
pub fn output(resource: &Resource, output: &str) -> String {
    reference::to(&resource.id.kind, &resource.id.name, output)
}

/// Whether a spec names another resource.
pub fn names(spec: &Value, other: &Resource) -> bool {
    reference::within(spec).iter().any(|reference| reference.id == other.id)
}

/// The name of a component within its section: `hot` of `caches.hot`.
pub fn own_name(component: &str) -> &str {
    component.split_once('.').map_or(component, |(_, name)| name)
}

/// A number, which CloudFormation has as text in some properties.
pub fn number(spec: &Value, property: &str) -> Option<f64> {
    match spec.get(property)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
