//! Turns a plan into steps and the order between them. The executor makes no choices.
use super::change::{Action, Change, Plan, Reason};
use super::usages::refers_to;
use crate::graph::Graph;
use crate::reference;
use crate::resource::{Id, Live};
use crate::spec::{KindInfo, Registry, Replace};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The operation of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Create,
    Update,
    /// Disables a deletion protection that tenfold has set.
    Unprotect,
    Delete,
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Unprotect => "unprotect",
            Verb::Delete => "delete",
        })
    }
}

/// Identifies a step. The address alone does not: a run may delete two resources of one address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    pub verb: Verb,
    pub id: Id,
    /// The AWS identifier of the resource; empty for a creation.
    pub handle: String,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", self.verb, self.id)
    }
}

/// The data of one step; its operation is in its [`Key`].
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub component: String,
    /// The desired spec, which may contain references; null for a deletion.
    pub spec: Value,
    pub live: Option<Live>,
    /// The resource is deleted because the blueprint no longer contains it.
    pub is_orphan: bool,
}

pub type Steps = Graph<Key, Step>;

/// The steps of a plan, each with the steps it waits for.
///
/// # Errors
/// The keys of a cycle. Only live resources that refer to each other can form one.
pub fn steps(plan: &Plan, kinds: Registry) -> Result<Steps, Vec<Key>> {
    let mut steps = Steps::default();
    for change in &plan.changes {
        for (key, step) in steps_of(change, kinds) {
            steps.add(key, step);
        }
    }
    let all: Vec<(Key, Step)> = steps.iter().map(|(k, s)| (k.clone(), s.clone())).collect();
    let links = Links::among(&all, kinds);
    for (key, _) in &all {
        for need in links.candidates(key, kinds).filter(|need| must_wait(key, need, &links, kinds))
        {
            steps.connect(key, need);
        }
    }
    serialise_updates(&all, &mut steps, kinds);
    steps.order().map(|_| ())?;
    let steps = delete_orphans_last(&all, &steps).unwrap_or(steps);
    Ok(delete_late(&all, steps))
}

/// Makes each update of a kind with `serial_updates` wait for the previous one in its component.
fn serialise_updates(all: &[(Key, Step)], steps: &mut Steps, kinds: Registry) {
    let is_serial = |(key, _): &&(Key, Step)| {
        key.verb == Verb::Update && kinds.get(&key.id.kind).info().serial_updates
    };
    let mut updates: Vec<&(Key, Step)> = all.iter().filter(is_serial).collect();
    let group = |(key, step): &'_ (Key, Step)| (step.component.clone(), key.id.kind.clone());
    updates.sort_by_key(|update| (group(update), update.0.id.clone()));
    for pair in updates.windows(2) {
        if let [before, after] = pair
            && group(before) == group(after)
        {
            steps.connect(&after.0, &before.0);
        }
    }
}

/// Deletes orphans once the rest of their component is as desired: until then something may still
/// use them without a reference that tenfold can see. `None` if that leaves no order.
fn delete_orphans_last(all: &[(Key, Step)], steps: &Steps) -> Option<Steps> {
    let mut later = steps.clone();
    let is_orphan = |(key, step): &&(Key, Step)| {
        matches!(key.verb, Verb::Delete | Verb::Unprotect) && step.is_orphan
    };
    let is_change = |key: &Key| matches!(key.verb, Verb::Create | Verb::Update);
    for (key, step) in all.iter().filter(is_orphan) {
        let others =
            all.iter().filter(|(other, of)| is_change(other) && of.component == step.component);
        others.for_each(|(other, _)| later.connect(key, other));
    }
    later.order().is_ok().then_some(later)
}

/// Keeps a resource that must be deleted before its successor is created, and its users, until all
/// dependencies of the successor exist. A listener that moves to another load balancer is then
/// missing for seconds, not for as long as the creation of the load balancer takes. Applied to each
/// creation unless that leaves no order.
fn delete_late(all: &[(Key, Step)], mut steps: Steps) -> Steps {
    for (create, _) in all.iter().filter(|(key, _)| key.verb == Verb::Create) {
        let (old, needs): (Vec<Key>, Vec<Key>) =
            steps.needs(create).cloned().partition(|need| need.id == create.id);
        let deleted = deletions(old, &steps);
        let mut later = steps.clone();
        for deletion in &deleted {
            needs.iter().for_each(|need| later.connect(deletion, need));
        }
        if !deleted.is_empty() && later.order().is_ok() {
            steps = later;
        }
    }
    steps
}

/// The deletions among `keys`, and all deletions that they wait for.
fn deletions(keys: Vec<Key>, steps: &Steps) -> BTreeSet<Key> {
    let mut found = BTreeSet::new();
    let mut open = keys;
    while let Some(key) = open.pop() {
        if key.verb == Verb::Delete && !found.contains(&key) {
            open.extend(steps.needs(&key).cloned());
            found.insert(key);
        }
    }
    found
}

/// The relations between steps that their order follows from.
#[derive(Default)]
struct Links<'a> {
    by_id: BTreeMap<&'a Id, Vec<&'a Key>>,
    by_kind: BTreeMap<&'a str, Vec<&'a Key>>,
    /// For each step, the resources that its spec refers to.
    refers: BTreeMap<&'a Key, BTreeSet<Id>>,
    /// For each deletion, the steps whose live resources use the deleted one.
    users: BTreeMap<&'a Key, BTreeSet<&'a Key>>,
}

impl<'a> Links<'a> {
    fn among(steps: &'a [(Key, Step)], kinds: Registry) -> Self {
        let info = |key: &Key| kinds.get(&key.id.kind).info();
        let mut links = Links::default();
        for (key, step) in steps {
            links.by_id.entry(&key.id).or_default().push(key);
            links.by_kind.entry(&key.id.kind).or_default().push(key);
            let ids = reference::within(&step.spec).into_iter().map(|reference| reference.id);
            links.refers.insert(key, ids.collect());
        }
        for (used_key, used) in steps.iter().filter(|(key, _)| key.verb == Verb::Delete) {
            let Some(live) = &used.live else { continue };
            let used = (live, info(used_key));
            for (user_key, user) in steps.iter().filter(|(key, _)| key.verb != Verb::Create) {
                if user_key.handle != used_key.handle
                    && let Some(user) = &user.live
                    && refers_to((user, info(user_key)), used)
                {
                    links.users.entry(used_key).or_default().insert(user_key);
                }
            }
        }
        links
    }

    fn refers(&self, key: &Key, id: &Id) -> bool {
        self.refers.get(key).is_some_and(|ids| ids.contains(id))
    }

    fn uses(&self, user: &Key, used: &Key) -> bool {
        self.users.get(used).is_some_and(|users| users.contains(user))
    }

    /// A superset of the steps that `key` must wait for: those of the same resource, of the
    /// resources it refers to, of its users, and of the kinds with a fixed order to its own.
    fn candidates(&self, key: &'a Key, kinds: Registry) -> impl Iterator<Item = &'a Key> {
        let depends =
            move |one: &str, other: &str| kinds.get(one).info().depends_on_kinds.contains(&other);
        let kind = key.id.kind.as_str();
        let ids = self.refers.get(key).into_iter().flatten().chain([&key.id]);
        let of_ids = ids.filter_map(|id| self.by_id.get(id)).flatten();
        let of_kinds = self
            .by_kind
            .iter()
            .filter(move |(other, _)| depends(kind, other) || depends(other, kind));
        let of_kinds = of_kinds.flat_map(|(_, keys)| keys);
        let users = self.users.get(key).into_iter().flatten();
        of_ids.chain(of_kinds).chain(users).copied().filter(move |need| *need != key)
    }
}

/// The steps of one change.
fn steps_of(change: &Change, kinds: Registry) -> Vec<(Key, Step)> {
    let step = |verb, spec: Value, live: Option<&Live>| {
        let handle = match verb {
            Verb::Create => String::new(),
            _ => live.map(|live| live.handle.clone()).unwrap_or_default(),
        };
        let key = Key { verb, id: change.id.clone(), handle };
        let is_orphan = change.reason == Reason::NotInBlueprint;
        (key, Step { component: change.component.clone(), spec, live: live.cloned(), is_orphan })
    };
    let desired = || change.desired.clone().unwrap_or_default();
    let live = change.live.as_ref();
    let deletion = || {
        let open = live.and_then(|live| kinds.get(&change.id.kind).unprotected(&live.spec));
        let unprotect = open.map(|spec| step(Verb::Unprotect, spec, live));
        unprotect.into_iter().chain([step(Verb::Delete, Value::Null, live)])
    };
    match change.action {
        Action::Create => vec![step(Verb::Create, desired(), None)],
        Action::Update => vec![step(Verb::Update, desired(), live)],
        Action::Replace => deletion().chain([step(Verb::Create, desired(), live)]).collect(),
        Action::Delete => deletion().collect(),
        Action::None | Action::Keep | Action::Refuse => Vec::new(),
    }
}

/// Whether `key` must wait until `need` is done.
fn must_wait(key: &Key, need: &Key, links: &Links, kinds: Registry) -> bool {
    let info = |key: &Key| -> &KindInfo { kinds.get(&key.id.kind).info() };
    let same = key.id == need.id;
    let deletes_first = |key: &Key| info(key).replace == Replace::DeleteFirst;
    use Verb::{Create, Delete, Unprotect, Update};
    match (key.verb, need.verb) {
        // Dependencies come first: those that the spec refers to, and those of the kind.
        (Create | Update, Create | Update) => {
            links.refers(key, &need.id)
                || info(key).depends_on_kinds.contains(&need.id.kind.as_str())
        }
        // AWS allows only one of such a kind at a time: the old one is deleted first.
        (Create, Delete) => same && deletes_first(key),
        // The old resource stays until its successor exists, unless it had to be deleted first.
        (Delete, Create) => same && !deletes_first(key),
        (Delete, Unprotect) => same && key.handle == need.handle,
        // Users are deleted first.
        (Delete, Delete) => {
            links.uses(need, key) || info(need).depends_on_kinds.contains(&key.id.kind.as_str())
        }
        // Users are switched away first, unless they are switched to the resource's successor.
        (Delete, Update) => {
            same || links.uses(need, key) && !(deletes_first(key) && links.refers(need, &key.id))
        }
        _ => false,
    }
}

/// One line per step with the steps that it waits for: what `graph --steps` prints.
pub fn listing(steps: &Steps) -> String {
    let mut text = String::new();
    for key in steps.order().unwrap_or_default() {
        let needs: BTreeSet<String> = steps.needs(&key).map(Key::to_string).collect();
        let needs: Vec<String> = needs.into_iter().collect();
        let after =
            if needs.is_empty() { String::new() } else { format!(" after {}", needs.join(", ")) };
        text.push_str(&format!("{key}{after}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const KINDS: [&str; 5] =
        ["auto-scaling-group", "listener", "listener-rule", "load-balancer", "internet-gateway"];
    const ACTIONS: [Action; 4] = [Action::Create, Action::Update, Action::Replace, Action::Delete];

    /// A change of resource `at`. Its spec refers to another resource, and its live spec to a third.
    fn change(at: usize, action: Action, refers: usize, uses: usize) -> Change {
        let id = |at: usize| Id::new(KINDS[at % KINDS.len()], &format!("x{at}"));
        let arn = |at: usize| format!("arn:aws:thing:{at:08}");
        let live = Live {
            id: id(at),
            handle: format!("handle-{at}"),
            component: None,
            spec: json!({ "Of": arn(uses) }),
            outputs: [("arn".to_string(), arn(at))].into(),
            condition: Default::default(),
        };
        let referred = id(refers);
        Change {
            id: id(at),
            component: "tests".into(),
            action,
            reason: Reason::Differs,
            refusal: None,
            properties: Vec::new(),
            desired: Some(json!({ "To": reference::to(&referred.kind, &referred.name, "arn") })),
            live: (action != Action::Create).then_some(live),
        }
    }

    proptest! {
        #![proptest_config(crate::testing::property_test(64))]

        #[test]
        fn candidates_include_every_step_to_wait_for(
            drawn in prop::collection::vec((0..ACTIONS.len(), 0..20_usize, 0..20_usize), 20)
        ) {
            let kinds: Registry = crate::kinds::registry();
            let mut all = Vec::new();
            for (at, (action, refers, uses)) in drawn.into_iter().enumerate() {
                all.extend(steps_of(&change(at, ACTIONS[action], refers, uses), kinds));
            }
            let links = Links::among(&all, kinds);
            for (key, _) in &all {
                let candidates: BTreeSet<&Key> = links.candidates(key, kinds).collect();
                for (need, _) in all.iter().filter(|(need, _)| need != key) {
                    let is_candidate = candidates.contains(need);
                    let must_wait = must_wait(key, need, &links, kinds);
                    prop_assert!(is_candidate || !must_wait, "{key}: {need}");
                }
            }
        }
    }
}
