//! Compares the desired and the live spec of one resource, property by property.
use crate::reference;
use crate::spec::KindInfo;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// One property that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PropertyChange {
    /// The path within the spec: `LaunchTemplateData.ImageId`, `Subnets[1]`.
    pub property: String,
    /// The live value; absent if the live resource has no such property.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// The desired value, which may contain references; absent if the property is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// AWS cannot change the property in place.
    pub create_only: bool,
    /// The desired value depends on a resource that has not been created or updated yet.
    pub known_after_apply: bool,
}

/// The differences between two specs of one kind, both in canonical form. Specs contain every
/// modelled property: what a blueprint omits has a default, so removing a line from a blueprint is
/// a change like any other.
pub fn diff(desired: &Value, live: &Value, kind: &KindInfo) -> Vec<PropertyChange> {
    let mut changes = Vec::new();
    for name in keys(desired, live) {
        if kind.directives.contains(&name.as_str()) {
            continue;
        }
        let mut found = Vec::new();
        compare(name.clone(), desired.get(&name), live.get(&name), &mut found);
        let create_only = kind.create_only.contains(&name.as_str());
        changes.extend(found.into_iter().map(|change| PropertyChange { create_only, ..change }));
    }
    changes
}

fn keys(a: &Value, b: &Value) -> BTreeSet<String> {
    let of =
        |value: &Value| value.as_object().into_iter().flat_map(|o| o.keys().cloned()).collect();
    let (mut all, others): (BTreeSet<String>, BTreeSet<String>) = (of(a), of(b));
    all.extend(others);
    all
}

fn compare(
    property: String,
    after: Option<&Value>,
    before: Option<&Value>,
    found: &mut Vec<PropertyChange>,
) {
    match (after, before) {
        (a, b) if a == b => {}
        (Some(a @ Value::Object(_)), Some(b @ Value::Object(_))) => {
            for key in keys(a, b) {
                compare(format!("{property}.{key}"), a.get(&key), b.get(&key), found);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                compare(format!("{property}[{at}]"), Some(a), Some(b), found);
            }
        }
        (after, before) => found.push(PropertyChange {
            known_after_apply: after.is_some_and(|value| !reference::is_known(value)),
            property,
            before: before.cloned(),
            after: after.cloned(),
            create_only: false,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_and_marks_each_property() {
        let kind = KindInfo { create_only: &["Port"], directives: &["How"], ..KindInfo::PLAIN };
        let desired =
            json!({ "Port": 81, "Check": { "Path": "/" }, "How": 1, "To": "${vpc.a.id}" });
        let live = json!({ "Port": 80, "Check": { "Path": "/x", "Code": "200" }, "To": "vpc-1" });
        let found = diff(&desired, &live, &kind);
        let seen: Vec<_> = found
            .iter()
            .map(|c| (c.property.as_str(), c.create_only, c.known_after_apply))
            .collect();
        let expected = [
            ("Check.Code", false, false),
            ("Check.Path", false, false),
            ("Port", true, false),
            ("To", false, true),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn compares_lists_of_equal_length_item_by_item() {
        let found = diff(&json!({ "A": [1, 2] }), &json!({ "A": [1, 3] }), &KindInfo::PLAIN);
        assert_eq!(found[0].property, "A[1]");
        let found = diff(&json!({ "A": [1] }), &json!({ "A": [1, 3] }), &KindInfo::PLAIN);
        assert_eq!(found[0].property, "A");
    }
}
