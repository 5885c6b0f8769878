//! JSON output for programs.
use super::plan::Summary;
use super::stack;
use super::value::redact;
use crate::plan::Plan;
use crate::plan::finding::Finding;
use crate::resource::{Observation, Place};
use serde_json::{Map, Value, json, to_value};

/// The plan with its stack, account and region, a summary, and the findings.
pub fn plan(plan: &Plan, place: &Place, findings: &[Finding]) -> Value {
    let changes = plan.changes.iter().map(|change| {
        let mut change = to_value(change).unwrap_or_default();
        redact_change(&mut change);
        change
    });
    json!({
        "stack": plan.stack,
        "place": place,
        "summary": Summary::of(plan),
        "changes": changes.collect::<Vec<Value>>(),
        "findings": findings,
        "remaining_work": plan.remaining_work,
    })
}

/// Redacts the secrets of a change. A property change contains the property's name as a value, so
/// its two values are redacted with that name.
fn redact_change(change: &mut Value) {
    for property in change.get_mut("properties").and_then(Value::as_array_mut).into_iter().flatten()
    {
        let name = property.get("property").and_then(Value::as_str).unwrap_or_default().to_string();
        for side in ["before", "after"] {
            if let Some(value) = property.get_mut(side) {
                *value = redact(&name, value);
            }
        }
    }
    for side in ["desired", "live"] {
        if let Some(value) = change.get_mut(side) {
            *value = redact("", value);
        }
    }
}

/// The live resources of a stack.
pub fn show(stack: &str, place: &Place, observation: &Observation) -> Value {
    let resource = |live| redact("", &to_value(live).unwrap_or_default());
    let resources: Vec<Value> = observation.values().flatten().map(resource).collect();
    json!({ "stack": stack, "place": place, "resources": resources })
}

/// The outputs by component.
pub fn outputs(observation: &Observation) -> Value {
    let mut components: Map<String, Value> = Map::new();
    for output in stack::outputs(observation) {
        let component = components.entry(output.component).or_insert_with(|| json!({}));
        component[output.name] = json!(output.value);
    }
    Value::Object(components)
}
