//! The rules of AWS that hold of every kind: names are unique, what is used stays, what is
//! protected stays, and some properties never change.
use super::state::{Entry, State};
use crate::error::{Class, CloudError, Result};
use crate::plan::diff::diff;
use crate::plan::usages::refers_to;
use crate::spec::{KindInfo, Registry};
use serde_json::Value;

pub fn error(class: Class, operation: &str, code: &str, message: String) -> CloudError {
    let (operation, code) = (operation.to_string(), code.to_string());
    CloudError { operation, code, ..CloudError::plain(class, message) }
}

/// `vpc:Create`: there is no AWS call behind it, but errors and faults need a name.
pub fn operation(kind: &str, act: &str) -> String {
    format!("{kind}:{act}")
}

/// Refuses a physical name that is taken, by whatever stack.
pub fn unique(state: &State, new: &Entry, kind: &KindInfo) -> Result<()> {
    let Some(name) = identity(&new.spec, kind) else { return Ok(()) };
    let mut others = state.entries.iter().filter(|entry| !entry.is_going());
    let taken = others.any(|entry| {
        entry.id.kind == new.id.kind
            && entry.region == new.region
            && identity(&entry.spec, kind).as_ref() == Some(&name)
    });
    if !taken {
        return Ok(());
    }
    let message = format!("a {} called {} exists already", kind.name, name[0]);
    Err(error(Class::Exists, &operation(kind.name, "Create"), "AlreadyExists", message))
}

/// The physical name of a resource and what it is unique within.
fn identity<'a>(spec: &'a Value, kind: &KindInfo) -> Option<Vec<&'a str>> {
    let text = |property: &str| spec.get(property).and_then(Value::as_str);
    if kind.name_property.is_empty() {
        let all: Vec<&str> = kind.unique.iter().filter_map(|property| text(property)).collect();
        return (!all.is_empty()).then_some(all);
    }
    let mut name = vec![text(kind.name_property)?];
    let scope = |property: &&&str| {
        **property != kind.name_property
            && ["Id", "Arn", "Name", "Scope"].iter().any(|end| property.ends_with(end))
    };
    name.extend(kind.create_only.iter().filter(scope).filter_map(|property| text(property)));
    Some(name)
}

/// Refuses to change in place what AWS cannot change in place.
pub fn changeable(entry: &Entry, spec: &Value, kind: &KindInfo) -> Result<()> {
    let changes = diff(spec, &entry.spec, kind);
    match changes.iter().find(|change| change.create_only) {
        None => Ok(()),
        Some(change) => {
            let message = format!("{} cannot be changed in place", change.property);
            let operation = operation(kind.name, "Update");
            Err(error(Class::Refused, &operation, "NotUpdatable", message))
        }
    }
}

/// Refuses to delete what is protected, or what something else stands on.
pub fn deletable(state: &State, at: usize, kinds: Registry) -> Result<()> {
    let Some(entry) = state.entries.get(at) else { return Ok(()) };
    let Some(kind) = kinds.find(&entry.id.kind) else { return Ok(()) };
    let operation = operation(kind.info().name, "Delete");
    if kind.unprotected(&entry.spec).is_some() {
        let message = format!("{} is protected against deletion", entry.id);
        return Err(error(Class::Refused, &operation, "OperationNotPermitted", message));
    }
    let others = state.entries.iter().enumerate().filter(|(other, _)| *other != at);
    let live = entry.live();
    let holds = |other: &&Entry| {
        let other_kind = kinds.find(&other.id.kind).map_or(&KindInfo::PLAIN, |kind| kind.info());
        refers_to((&other.live(), other_kind), (&live, kind.info()))
            || still_stands_on(other, entry, kinds)
    };
    let Some(holder) = others.map(|(_, other)| other).find(holds) else { return Ok(()) };
    let message = format!("{} is in use by {} ({})", entry.id, holder.id, holder.handle);
    Err(error(Class::InUse, &operation, "DependencyViolation", message))
}

/// Whether `user` is going down and came after the kind of `used`. What stays does not hold what
/// its kind comes after: a group works without the last of its listeners.
fn still_stands_on(user: &Entry, used: &Entry, kinds: Registry) -> bool {
    let after = || kinds.find(&user.id.kind).map_or(&[][..], |kind| kind.info().depends_on_kinds);
    user.is_going()
        && user.stack == used.stack
        && user.region == used.region
        && after().contains(&used.id.kind.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_name_counts_within_its_scope() {
        let of = |name_property, create_only, spec: Value| {
            let kind = KindInfo { name_property, create_only, ..KindInfo::PLAIN };
            identity(&spec, &kind).map(|name| name.join(" "))
        };
        let group = json!({ "GroupName": "a", "VpcId": "vpc-1", "GroupDescription": "x" });
        let create_only = &["GroupName", "VpcId", "GroupDescription"];
        assert_eq!(of("GroupName", create_only, group).as_deref(), Some("a vpc-1"));
        let policy = json!({ "AutoScalingGroupName": "g", "PolicyName": "p" });
        let name = of("PolicyName", &["PolicyName", "AutoScalingGroupName"], policy);
        assert_eq!(name.as_deref(), Some("p g"));
        let acl = json!({ "Name": "a", "Scope": "REGIONAL" });
        assert_eq!(of("Name", &["Name", "Scope"], acl).as_deref(), Some("a REGIONAL"));
        let balancer = json!({ "Name": "b", "Scheme": "internal" });
        assert_eq!(of("Name", &["Name", "Scheme"], balancer).as_deref(), Some("b"));
        assert_eq!(of("", &["CidrBlock"], json!({ "CidrBlock": "10.0.0.0/16" })), None);
    }
}
