//! Whether what a plan makes has room in the account, and a name of its own.
use super::check::{Finding, Severity};
use super::{Action, Change, Plan};
use crate::resource::Foreign;
use crate::spec::{KindInfo, Quota, Registry};
use std::collections::BTreeMap;

/// More of a kind than every account may have: the account's own quota must be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Excess {
    pub quota: Quota,
    /// How many there would be at once, those that are to go among them.
    pub wanted: u32,
    finding: Finding,
}

/// The kinds of which a plan would make more than the default quota.
pub fn excesses(plan: &Plan, others: &Foreign, kinds: Registry) -> Vec<Excess> {
    let mut by_kind: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in &plan.changes {
        by_kind.entry(&change.id.kind).or_default().push(change);
    }
    by_kind.values().filter_map(|changes| excess(changes, others, kinds)).collect()
}

fn excess(changes: &[&Change], others: &Foreign, kinds: Registry) -> Option<Excess> {
    let new = |change: &&&Change| matches!(change.action, Action::Create | Action::Replace);
    let first = changes.iter().find(new)?;
    let info = kinds.get(&first.id.kind).info();
    let quota = info.quota?;
    let live = changes.iter().filter(|change| change.live.is_some()).count();
    let foreign = others.get(info.name).map_or(0, |names| names.len());
    let wanted = u32::try_from(live + changes.iter().filter(new).count() + foreign).ok()?;
    let help = format!(
        "ask for more (Service Quotas, {} {}), or remove what is not needed",
        quota.service, quota.code
    );
    let message = format!(
        "with it there would be {wanted} of {} in this region, {foreign} of them not this stack's",
        info.name
    );
    let finding = Finding { severity: Severity::Error, id: first.id.clone(), message, help };
    (wanted > quota.default).then_some(Excess { quota, wanted, finding })
}

impl Excess {
    /// What there is to say where the account may have `allowed` of them.
    pub fn finding(&self, allowed: u32) -> Option<Finding> {
        let mut finding = self.finding.clone();
        finding.message.push_str(&format!(", and the account may have {allowed}"));
        (self.wanted > allowed).then_some(finding)
    }
}

/// Names that are to be given and that something else bears already.
pub fn taken(plan: &Plan, others: &Foreign, kinds: Registry) -> Vec<Finding> {
    let one = |change: &Change| {
        let info: &KindInfo = kinds.get(&change.id.kind).info();
        let name = change.desired.as_ref()?.get(info.name_property)?.as_str()?;
        let taken = others.get(info.name)?.iter().any(|other| other.eq_ignore_ascii_case(name));
        taken.then(|| Finding {
            severity: Severity::Error,
            id: change.id.clone(),
            message: format!(
                "a {} called {name} is there already, and is not this stack's",
                info.name
            ),
            help: "rename this one or the stack, or remove the other".into(),
        })
    };
    let new = plan.changes.iter().filter(|change| change.action == Action::Create);
    new.filter_map(one).collect()
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
            refuse: None,
            properties: Vec::new(),
            desired: Some(json!({ "Name": name })),
            live,
        }
    }

    fn plan(changes: Vec<Change>) -> Plan {
        Plan { stack: "shop".into(), changes, remaining_work: Vec::new() }
    }

    fn others(kind: &str, names: &[&str]) -> Foreign {
        let names = names.iter().map(ToString::to_string).collect();
        Foreign::from([(kind.to_string(), names)])
    }

    #[test]
    fn what_is_there_counts_against_the_quota() {
        let made = || {
            vec![
                change("elastic-ip.a", Action::Create, ""),
                change("elastic-ip.b", Action::None, "b"),
            ]
        };
        let none = excesses(
            &plan(made()),
            &others("elastic-ip", &["1", "2", "3"]),
            crate::kinds::registry(),
        );
        assert!(none.is_empty(), "{none:?}");
        let four = others("elastic-ip", &["1", "2", "3", "4"]);
        let found = excesses(&plan(made()), &four, crate::kinds::registry());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].wanted, 6);
        assert!(found[0].finding(6).is_none());
        let message = found[0].finding(5).unwrap().message;
        assert!(message.contains("6 of elastic-ip") && message.contains("may have 5"), "{message}");
        let idle = plan(vec![change("elastic-ip.b", Action::None, "b")]);
        assert!(
            excesses(&idle, &others("elastic-ip", &["1"; 1]), crate::kinds::registry()).is_empty()
        );
    }

    #[test]
    fn a_name_that_something_else_bears_is_told() {
        let wanted = plan(vec![change("load-balancer.main", Action::Create, "shop-main")]);
        let found =
            taken(&wanted, &others("load-balancer", &["Shop-Main"]), crate::kinds::registry());
        assert_eq!(found.len(), 1);
        assert!(
            taken(&wanted, &others("load-balancer", &["other"]), crate::kinds::registry())
                .is_empty()
        );
        let own = plan(vec![change("load-balancer.main", Action::Update, "shop-main")]);
        assert!(
            taken(&own, &others("load-balancer", &["shop-main"]), crate::kinds::registry())
                .is_empty()
        );
    }
}
