//! How much time AWS's rate limits on changes add to a plan.
use super::change::{Action, Change, Plan};
use super::finding::{Finding, Severity};
use crate::spec::{KindInfo, Registry};
use std::collections::BTreeMap;

/// Shorter delays are not worth a note: a run takes that long anyway.
const WORTH_A_NOTE_MS: u64 = 10_000;

/// A note for each rate limit that delays the plan; more parallelism does not shorten these delays.
pub fn delays(plan: &Plan, kinds: Registry) -> Vec<Finding> {
    let mut limits: BTreeMap<(&str, &str), (&Change, u32, u64)> = BTreeMap::new();
    for change in plan.effective() {
        for (verb, interval_ms) in intervals(change, kinds.get(&change.id.kind).info()) {
            let key = (change.id.kind.as_str(), verb);
            limits.entry(key).or_insert((change, interval_ms, 0)).2 += 1;
        }
    }
    let note = |((kind, verb), (change, interval_ms, number)): (_, (&Change, u32, u64))| {
        // The first change need not wait.
        let delay_ms = (number - 1) * u64::from(interval_ms);
        let (each_s, delay_s) = (interval_ms.div_ceil(1000), delay_ms.div_ceil(1000));
        let message = format!(
            "AWS allows one {kind} {verb} per {each_s} s; {number} {verb}s add about {delay_s} s"
        );
        (delay_ms >= WORTH_A_NOTE_MS).then(|| Finding::new(Severity::Note, change, message, ""))
    };
    limits.into_iter().filter_map(note).collect()
}

/// The rate-limited operations of a change, each with its minimum interval in milliseconds.
fn intervals(change: &Change, kind: &KindInfo) -> Vec<(&'static str, u32)> {
    let create = ("create", kind.change_interval.create_ms);
    let update = ("update", kind.change_interval.update_ms);
    let delete = ("delete", kind.change_interval.delete_ms);
    let operations = match change.action {
        Action::Create => vec![create],
        Action::Update => vec![update],
        Action::Replace => vec![create, delete],
        Action::Delete => vec![delete],
        Action::None | Action::Keep | Action::Refuse => Vec::new(),
    };
    operations.into_iter().filter(|(_, interval_ms)| *interval_ms > 0).collect()
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
            refusal: None,
            properties: Vec::new(),
            desired: None,
            live: None,
        };
        let changes = changes.iter().enumerate().map(change).collect();
        Plan { stack: "shop".into(), changes, ..Plan::default() }
    }

    #[test]
    fn first_change_adds_no_delay() {
        let messages = |changes: &[(&str, Action)]| {
            let found = delays(&plan(changes), crate::kinds::registry());
            found.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
        };
        let update = ("usage-plan", Action::Update);
        assert!(messages(&[update, ("usage-plan", Action::None)]).is_empty());
        let expected = "AWS allows one usage-plan update per 20 s; 3 updates add about 40 s";
        let three = messages(&[update, update, update, ("rest-api", Action::Delete)]);
        assert_eq!(three, [expected]);
    }
}
