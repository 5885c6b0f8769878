//! Replans the same desired state against a fresh observation.
use super::change::Plan;
use super::decide::{PlanOptions, plan};
use crate::resource::Observation;
use crate::spec::Registry;
use std::collections::BTreeSet;

/// The plan that the desired state of an earlier plan leads to now. `found` is a fresh listing of
/// the kinds in `listed`; resources of all other kinds are taken from the earlier plan.
pub fn replan(
    earlier: &Plan,
    found: &Observation,
    listed: &BTreeSet<String>,
    kinds: Registry,
) -> Plan {
    let mut observation = found.clone();
    for change in &earlier.changes {
        if let Some(live) = change.live.as_ref().filter(|_| !listed.contains(&change.id.kind)) {
            observation.entry(change.id.clone()).or_default().push(live.clone());
        }
    }
    let options = PlanOptions { upgrade: earlier.upgrade, ..PlanOptions::default() };
    plan(&earlier.stack, &earlier.desired, &observation, &options, kinds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Graph;
    use crate::plan::saved::Saved;
    use crate::resource::{Condition, Id, Live, Outputs, Pin, Place, Resource};
    use crate::sandbox::testing::{KINDS, part};
    use serde_json::{Value, json};

    fn live(id: &str, spec: Value) -> Live {
        Live {
            id: id.parse().unwrap(),
            handle: id.into(),
            component: None,
            spec,
            outputs: Outputs::from([("id".into(), format!("{id}-0123456789"))]),
            condition: Condition::Ready,
        }
    }

    fn observed(found: impl IntoIterator<Item = Live>) -> Observation {
        found.into_iter().map(|live| (live.id.clone(), vec![live])).collect()
    }

    fn sized(size: u32) -> Value {
        let mut spec = part(&[]);
        spec["Size"] = json!(size);
        spec
    }

    /// Two parts, `b` using `a`; the size of `a` is pinned.
    fn desired(size: u32) -> Graph<Id, Resource> {
        let mut graph = Graph::default();
        let pin = Pin { property: "/Size".into(), source: None };
        for (id, spec, pins) in
            [("part.a", sized(size), vec![pin]), ("part.b", part(&["${part.a.id}"]), Vec::new())]
        {
            let id: Id = id.parse().unwrap();
            let component = "tests".into();
            graph.add(id.clone(), Resource { id, component, spec, pins });
        }
        graph.connect(&"part.b".parse().unwrap(), &"part.a".parse().unwrap());
        graph
    }

    #[test]
    fn plans_the_same_desired_state_also_from_a_saved_plan() {
        let b = live("part.b", part(&["part.a-0123456789"]));
        let before = observed([live("part.a", sized(1)), b.clone()]);
        let options = PlanOptions { upgrade: true, ..PlanOptions::default() };
        let first = plan("shop", &desired(2), &before, &options, KINDS);
        assert_eq!(first.effective().count(), 1, "{first:?}");
        let place = Place { account: "1".into(), region: "r".into(), target: "aws".into() };
        let saved = Saved::new(place, first.clone(), before.clone());
        assert_eq!(saved.write(), Saved::read(&saved.write()).unwrap().write());
        let listed = BTreeSet::from(["part".to_string()]);
        for earlier in [first, Saved::read(&saved.write()).unwrap().plan] {
            assert_eq!(replan(&earlier, &before, &listed, KINDS), earlier);
            let after = observed([live("part.a", sized(2)), b.clone()]);
            assert!(replan(&earlier, &after, &listed, KINDS).is_empty());
            let missing = observed([live("part.a", sized(2))]);
            assert_eq!(replan(&earlier, &missing, &listed, KINDS).effective().count(), 1);
            // Kinds that were not listed are as the earlier plan found them.
            let unlisted = replan(&earlier, &observed([]), &BTreeSet::new(), KINDS);
            assert_eq!(unlisted, earlier);
        }
    }
}
