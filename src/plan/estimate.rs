//! How long a plan takes for no other reason than that AWS grants few changes of a sort.
use super::check::{Finding, Severity};
use super::{Action, Change, Plan};
use crate::spec::{KindInfo, Registry};
use std::collections::BTreeMap;

/// Less is lost in what everything takes anyway.
const WORTH_SAYING_MS: u64 = 10_000;

/// Waiting that no parallelism shortens, a note for each sort of change that makes it.
pub fn waits(plan: &Plan, kinds: Registry) -> Vec<Finding> {
    let mut sorts: BTreeMap<(&str, &str), (&Change, u32, u64)> = BTreeMap::new();
    for change in plan.effective() {
        for (sort, pace_ms) in paces(change, kinds.get(&change.id.kind).info()) {
            let key = (change.id.kind.as_str(), sort);
            sorts.entry(key).or_insert((change, pace_ms, 0)).2 += 1;
        }
    }
    let note = |((_, sort), (change, pace_ms, number)): (_, (&Change, u32, u64))| {
        // The first is free.
        let wait_ms = (number - 1) * u64::from(pace_ms);
        let (each_s, wait_s) = (pace_ms.div_ceil(1000), wait_ms.div_ceil(1000));
        let message = format!(
            "AWS lets an account {sort} one of these in {each_s} s, and here are {number}: about \
             {wait_s} s of waiting"
        );
        let (id, help) = (change.id.clone(), String::new());
        let note = Finding { severity: Severity::Note, id, message, help };
        (wait_ms >= WORTH_SAYING_MS).then_some(note)
    };
    sorts.into_iter().filter_map(note).collect()
}

/// The sorts of change that are paced, in milliseconds each.
fn paces(change: &Change, kind: &KindInfo) -> Vec<(&'static str, u32)> {
    let create = ("create", kind.change_interval.create_ms);
    let update = ("update", kind.change_interval.update_ms);
    let delete = ("delete", kind.change_interval.delete_ms);
    let sorts = match change.action {
        Action::Create => vec![create],
        Action::Update => vec![update],
        Action::Replace => vec![create, delete],
        Action::Delete => vec![delete],
        Action::None | Action::Keep | Action::Refuse => Vec::new(),
    };
    sorts.into_iter().filter(|(_, pace_ms)| *pace_ms > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Reason;
    use crate::resource::Id;

    fn plan(changes: &[(&str, Action)]) -> Plan {
        let change = |(at, (kind, action)): (usize, &(&str, Action))| Change {
            id: Id::new(kind, &format!("x{at}")),
            component: "rate_limits.public".into(),
            action: *action,
            reason: Reason::Differs,
            refuse: None,
            properties: Vec::new(),
            desired: None,
            live: None,
        };
        let changes = changes.iter().enumerate().map(change).collect();
        Plan { stack: "shop".into(), changes, remaining_work: Vec::new() }
    }

    #[test]
    fn the_first_change_of_a_sort_is_free() {
        let said = |changes: &[(&str, Action)]| {
            let found = waits(&plan(changes), crate::kinds::registry());
            found.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
        };
        let update = ("usage-plan", Action::Update);
        assert!(said(&[update, ("usage-plan", Action::None)]).is_empty());
        let expected = "AWS lets an account update one of these in 20 s, and here are 3: about 40 \
                        s of waiting";
        let three = said(&[update, update, update, ("rest-api", Action::Delete)]);
        assert_eq!(three, [expected]);
    }
}
