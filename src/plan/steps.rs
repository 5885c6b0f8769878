//! From a plan to steps: what is done after what. The executor makes no choices.
use super::usages::refers_to;
use super::{Action, Change, Plan, Reason};
use crate::graph::Graph;
use crate::reference;
use crate::resource::{Id, Live};
use crate::spec::{KindInfo, Registry, Replace};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Create,
    Update,
    /// Lifts a deletion protection that tenfold itself has set.
    Unprotect,
    Delete,
}

/// Names a step: two of one address may be deleted in one run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    pub verb: Verb,
    pub id: Id,
    /// AWS's own identifier of what is touched; empty for a creation.
    pub handle: String,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let verb = match self.verb {
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Unprotect => "unprotect",
            Verb::Delete => "delete",
        };
        write!(f, "{verb} {}", self.id)
    }
}

/// One step: its key says what it does, this what with.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub component: String,
    /// What is wanted, references and all; null for a deletion.
    pub spec: Value,
    pub live: Option<Live>,
    /// It is deleted because nobody asks for it any more.
    pub is_orphan: bool,
}

pub type Steps = Graph<Key, Step>;

/// The steps of a plan and what each waits for.
///
/// # Errors
/// The keys of a cycle, which only live resources that hold each other can make.
pub fn steps(plan: &Plan, kinds: Registry) -> Result<Steps, Vec<Key>> {
    let mut steps = Steps::default();
    for change in &plan.changes {
        for (key, step) in of(change, kinds) {
            steps.add(key, step);
        }
    }
    let all: Vec<(Key, Step)> = steps.iter().map(|(k, s)| (k.clone(), s.clone())).collect();
    let links = Links::among(&all, kinds);
    for (key, _) in &all {
        for need in links.near(key, kinds).filter(|need| waits(key, need, &links, kinds)) {
            steps.connect(key, need);
        }
    }
    take_turns(&all, &mut steps, kinds);
    steps.order().map(|_| ())?;
    let steps = last_of_all(&all, &steps).unwrap_or(steps);
    Ok(with_short_gaps(&all, steps))
}

/// Updates of kinds that take turns wait for those before them in their component.
fn take_turns(all: &[(Key, Step)], steps: &mut Steps, kinds: Registry) {
    let takes_turns = |(key, _): &&(Key, Step)| {
        key.verb == Verb::Update && kinds.get(&key.id.kind).info().serial_updates
    };
    let mut updates: Vec<&(Key, Step)> = all.iter().filter(takes_turns).collect();
    let group = |(key, step): &'_ (Key, Step)| (step.component.clone(), key.id.kind.clone());
    updates.sort_by_key(|one| (group(one), one.0.id.clone()));
    for pair in updates.windows(2) {
        if let [before, after] = pair
            && group(before) == group(after)
        {
            steps.connect(&after.0, &before.0);
        }
    }
}

/// What nobody asks for any more goes when the rest of its component is as it should be: until
/// then something may still work by it, though nothing names it. Only where that leaves an order.
fn last_of_all(all: &[(Key, Step)], steps: &Steps) -> Option<Steps> {
    let mut later = steps.clone();
    let goes = |(key, step): &&(Key, Step)| {
        matches!(key.verb, Verb::Delete | Verb::Unprotect) && step.is_orphan
    };
    let comes = |key: &Key| matches!(key.verb, Verb::Create | Verb::Update);
    for (key, step) in all.iter().filter(goes) {
        let others =
            all.iter().filter(|(other, of)| comes(other) && of.component == step.component);
        others.for_each(|(other, _)| later.connect(key, other));
    }
    later.order().is_ok().then_some(later)
}

/// What has to go before its successor comes stays until all is there that the successor needs, and
/// so do its users: a listener that moves to another load balancer closes its door for seconds, not
/// for as long as the balancer takes. Only where that leaves an order.
fn with_short_gaps(all: &[(Key, Step)], mut steps: Steps) -> Steps {
    for (create, _) in all.iter().filter(|(key, _)| key.verb == Verb::Create) {
        let (old, needs): (Vec<Key>, Vec<Key>) =
            steps.needs(create).cloned().partition(|need| need.id == create.id);
        let going = deletions(old, &steps);
        let mut later = steps.clone();
        for gone in &going {
            needs.iter().for_each(|need| later.connect(gone, need));
        }
        if !going.is_empty() && later.order().is_ok() {
            steps = later;
        }
    }
    steps
}

/// These deletions, and all others that they wait for.
fn deletions(of: Vec<Key>, steps: &Steps) -> BTreeSet<Key> {
    let mut found = BTreeSet::new();
    let mut open = of;
    while let Some(key) = open.pop() {
        if key.verb == Verb::Delete && !found.contains(&key) {
            open.extend(steps.needs(&key).cloned());
            found.insert(key);
        }
    }
    found
}

/// What the steps have to do with each other.
#[derive(Default)]
struct Links<'a> {
    by_id: BTreeMap<&'a Id, Vec<&'a Key>>,
    by_kind: BTreeMap<&'a str, Vec<&'a Key>>,
    /// The resources that each step's spec refers to.
    refers: BTreeMap<&'a Key, BTreeSet<Id>>,
    /// For what is to be deleted, whose live resources name it.
    users: BTreeMap<&'a Key, BTreeSet<&'a Key>>,
}

impl<'a> Links<'a> {
    fn among(steps: &'a [(Key, Step)], kinds: Registry) -> Self {
        let info = |key: &Key| kinds.get(&key.id.kind).info();
        let mut links = Links::default();
        for (key, step) in steps {
            links.by_id.entry(&key.id).or_default().push(key);
            links.by_kind.entry(&key.id.kind).or_default().push(key);
            let named = reference::within(&step.spec).into_iter().map(|reference| reference.id);
            links.refers.insert(key, named.collect());
        }
        for (used_key, used) in steps.iter().filter(|(key, _)| key.verb == Verb::Delete) {
            let Some(live) = &used.live else { continue };
            let used = (live, info(used_key));
            for (user_key, user) in steps.iter().filter(|(key, _)| key.verb != Verb::Create) {
                if user_key.handle != used_key.handle
                    && user
                        .live
                        .as_ref()
                        .is_some_and(|user| refers_to((user, info(user_key)), used))
                {
                    links.users.entry(used_key).or_default().insert(user_key);
                }
            }
        }
        links
    }

    fn refers(&self, key: &Key, id: &Id) -> bool {
        self.refers.get(key).is_some_and(|named| named.contains(id))
    }

    fn hold(&self, user: &Key, used: &Key) -> bool {
        self.users.get(used).is_some_and(|users| users.contains(user))
    }

    /// All steps that one may have to wait for, and perhaps more: those of the same resource, of
    /// what it refers to, of its users, and of the kinds that its own is ordered with.
    fn near(&self, key: &'a Key, kinds: Registry) -> impl Iterator<Item = &'a Key> {
        let after =
            move |one: &str, other: &str| kinds.get(one).info().depends_on_kinds.contains(&other);
        let kind = key.id.kind.as_str();
        let ids = self.refers.get(key).into_iter().flatten().chain([&key.id]);
        let of_ids = ids.filter_map(|id| self.by_id.get(id)).flatten();
        let of_kinds =
            self.by_kind.iter().filter(move |(other, _)| after(kind, other) || after(other, kind));
        let of_kinds = of_kinds.flat_map(|(_, keys)| keys);
        let users = self.users.get(key).into_iter().flatten();
        of_ids.chain(of_kinds).chain(users).copied().filter(move |need| *need != key)
    }
}

fn of(change: &Change, kinds: Registry) -> Vec<(Key, Step)> {
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
    let going = || {
        let open = live.and_then(|live| kinds.get(&change.id.kind).unprotected(&live.spec));
        let unprotect = open.map(|spec| step(Verb::Unprotect, spec, live));
        unprotect.into_iter().chain([step(Verb::Delete, Value::Null, live)])
    };
    match change.action {
        Action::Create => vec![step(Verb::Create, desired(), None)],
        Action::Update => vec![step(Verb::Update, desired(), live)],
        Action::Replace => going().chain([step(Verb::Create, desired(), live)]).collect(),
        Action::Delete => going().collect(),
        Action::None | Action::Keep | Action::Refuse => Vec::new(),
    }
}

/// Whether `key` may start only when `need` is done.
fn waits(key: &Key, need: &Key, links: &Links, kinds: Registry) -> bool {
    let info = |key: &Key| -> &KindInfo { kinds.get(&key.id.kind).info() };
    let same = key.id == need.id;
    let room_for_one = |key: &Key| info(key).replace == Replace::DeleteFirst;
    use Verb::{Create, Delete, Unprotect, Update};
    match (key.verb, need.verb) {
        // What a spec refers to comes first, and so does what its kind says it comes after.
        (Create | Update, Create | Update) => {
            links.refers(key, &need.id)
                || info(key).depends_on_kinds.contains(&need.id.kind.as_str())
        }
        // Where there is room for one only, the old one goes first.
        (Create, Delete) => same && room_for_one(key),
        // The old one stays until its successor stands, unless it had to go first.
        (Delete, Create) => same && !room_for_one(key),
        (Delete, Unprotect) => same && key.handle == need.handle,
        // Whoever uses it goes first.
        (Delete, Delete) => {
            links.hold(need, key) || info(need).depends_on_kinds.contains(&key.id.kind.as_str())
        }
        // Whoever uses it is switched away first, unless it is switched to what takes its place.
        (Delete, Update) => {
            same || links.hold(need, key) && !(room_for_one(key) && links.refers(need, &key.id))
        }
        _ => false,
    }
}

/// A step a line with what it waits for: the debug log, and the text that tests compare.
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

    /// A change of the `at`th resource, which refers to another, and whose live one names a third.
    fn change(at: usize, action: Action, refers: usize, names: usize) -> Change {
        let id = |at: usize| Id::new(KINDS[at % KINDS.len()], &format!("x{at}"));
        let arn = |at: usize| format!("arn:aws:thing:{at:08}");
        let live = Live {
            id: id(at),
            handle: format!("handle-{at}"),
            component: None,
            spec: json!({ "Of": arn(names) }),
            outputs: [("arn".to_string(), arn(at))].into(),
            condition: Default::default(),
        };
        let wanted = id(refers);
        Change {
            id: id(at),
            component: "tests".into(),
            action,
            reason: Reason::Differs,
            refuse: None,
            properties: Vec::new(),
            desired: Some(json!({ "To": reference::to(&wanted.kind, &wanted.name, "arn") })),
            live: (action != Action::Create).then_some(live),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 64,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn what_a_step_waits_for_is_near(
            drawn in prop::collection::vec((0..ACTIONS.len(), 0..20_usize, 0..20_usize), 20)
        ) {
            let kinds: Registry = crate::kinds::registry();
            let mut all = Vec::new();
            for (at, (action, refers, names)) in drawn.into_iter().enumerate() {
                all.extend(of(&change(at, ACTIONS[action], refers, names), kinds));
            }
            let links = Links::among(&all, kinds);
            for (key, _) in &all {
                let near: BTreeSet<&Key> = links.near(key, kinds).collect();
                for (need, _) in all.iter().filter(|(need, _)| need != key) {
                    let is_near = near.contains(need);
                    prop_assert!(is_near || !waits(key, need, &links, kinds), "{key}: {need}");
                }
            }
        }
    }
}
