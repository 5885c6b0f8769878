//! Checks a plan against the account's quotas and against names that other owners use.
use super::change::{Action, Change, Plan};
use super::finding::{Finding, Severity};
use crate::resource::Foreign;
use crate::spec::{Quota, Registry};
use std::collections::BTreeMap;

/// A kind of which a plan needs more resources than the default quota. The account's actual quota
/// may be higher.
#[derive(Clone, Debug, PartialEq)]
pub struct Excess {
    pub quota: Quota,
    /// How many resources exist at once during the run, including those to be deleted.
    pub wanted: u32,
    /// Those of them that do not belong to the stack.
    foreign: usize,
    /// The first change that needs quota.
    change: Change,
}

/// The kinds of which a plan needs more than the default quota.
pub fn excesses(plan: &Plan, others: &Foreign, kinds: Registry) -> Vec<Excess> {
    let mut by_kind: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in &plan.changes {
        by_kind.entry(&change.id.kind).or_default().push(change);
    }
    by_kind.values().filter_map(|changes| excess(changes, others, kinds)).collect()
}

fn excess(changes: &[&Change], others: &Foreign, kinds: Registry) -> Option<Excess> {
    let is_new = |change: &&&Change| matches!(change.action, Action::Create | Action::Replace);
    let first = changes.iter().find(is_new)?;
    let info = kinds.get(&first.id.kind).info();
    let quota = info.quota?;
    let live = changes.iter().filter(|change| change.live.is_some()).count();
    let foreign = others.get(info.name).map_or(0, |names| names.len());
    let wanted = u32::try_from(live + changes.iter().filter(is_new).count() + foreign).ok()?;
    let change = (*first).clone();
    (wanted > quota.default).then_some(Excess { quota, wanted, foreign, change })
}

impl Excess {
    /// The error if the account's quota is `allowed`; `None` if that is enough.
    pub fn finding(&self, allowed: u32) -> Option<Finding> {
        if self.wanted <= allowed {
            return None;
        }
        let Excess { quota: Quota { service, code, .. }, wanted, foreign, change } = self;
        let message = format!(
            "needs {wanted} {} in this region ({foreign} belong to others); the quota is {allowed}",
            change.id.kind
        );
        let help = format!(
            "request a higher quota (Service Quotas, {service} {code}), or delete unused resources"
        );
        Some(Finding::new(Severity::Error, change, message, help))
    }
}

/// An error for each new resource whose name another owner already uses.
pub fn taken(plan: &Plan, others: &Foreign, kinds: Registry) -> Vec<Finding> {
    let error = |change: &Change| {
        let info = kinds.get(&change.id.kind).info();
        let name = change.desired.as_ref()?.get(info.name_property)?.as_str()?;
        let same = |other: &String| match info.names_ignore_case {
            true => other.eq_ignore_ascii_case(name),
            false => other == name,
        };
        let is_taken = others.get(info.name)?.iter().any(same);
        let message =
            format!("a {} named {name} exists already and is not part of this stack", info.name);
        let help = "rename the component or the stack, or delete the existing resource";
        is_taken.then(|| Finding::new(Severity::Error, change, message, help))
    };
    plan.with(Action::Create).filter_map(error).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Reason;
    use crate::resource::{Id, Live};
    use serde_json::json;

    fn change(id: &str, action: Action, name: &str) -> Change {
        let id: Id = id.parse().unwrap();
        let live = (action != Action::Create).then(|| Live {
            id: id.clone(),
            handle: name.into(),
            component: None,
            spec: json!({ "Name": name }),
            outputs: Default::default(),
            condition: Default::default(),
        });
        Change {
            id,
            component: "test".into(),
            action,
            reason: Reason::Missing,
            refusal: None,
            properties: Vec::new(),
            desired: Some(json!({ "Name": name })),
            live,
        }
    }

    fn plan(changes: Vec<Change>) -> Plan {
        Plan { stack: "shop".into(), changes, ..Plan::default() }
    }

    fn others(kind: &str, names: &[&str]) -> Foreign {
        let names = names.iter().map(ToString::to_string).collect();
        Foreign::from([(kind.to_string(), names)])
    }

    #[test]
    fn counts_existing_resources_against_the_quota() {
        let changes = || {
            vec![
                change("elastic-ip.a", Action::Create, ""),
                change("elastic-ip.b", Action::None, "b"),
            ]
        };
        let none = excesses(
            &plan(changes()),
            &others("elastic-ip", &["1", "2", "3"]),
            crate::kinds::registry(),
        );
        assert!(none.is_empty(), "{none:?}");
        let four = others("elastic-ip", &["1", "2", "3", "4"]);
        let found = excesses(&plan(changes()), &four, crate::kinds::registry());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].wanted, 6);
        assert!(found[0].finding(6).is_none());
        let message = found[0].finding(5).unwrap().message;
        let expected = "needs 6 elastic-ip in this region (4 belong to others); the quota is 5";
        assert_eq!(message, expected);
        let idle = plan(vec![change("elastic-ip.b", Action::None, "b")]);
        assert!(
            excesses(&idle, &others("elastic-ip", &["1"; 1]), crate::kinds::registry()).is_empty()
        );
    }

    #[test]
    fn reports_a_name_of_another_owner() {
        let kinds = crate::kinds::registry();
        let taken = |action, others: &Foreign| {
            taken(&plan(vec![change("load-balancer.main", action, "shop-main")]), others, kinds)
        };
        assert_eq!(taken(Action::Create, &others("load-balancer", &["shop-main"])).len(), 1);
        assert!(taken(Action::Create, &others("load-balancer", &["other"])).is_empty());
        assert!(taken(Action::Update, &others("load-balancer", &["shop-main"])).is_empty());
    }

    #[test]
    fn names_differ_by_case_only_where_aws_says_so() {
        let kinds = crate::kinds::registry();
        let taken = |kind: &str, property: &str| {
            let mut create = change(&format!("{kind}.main"), Action::Create, "");
            create.desired = Some(json!({ property: "shop-main" }));
            !taken(&plan(vec![create]), &others(kind, &["Shop-Main"]), kinds).is_empty()
        };
        assert!(taken("role", "RoleName"));
        assert!(!taken("queue", "QueueName"));
    }
}
