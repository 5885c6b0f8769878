//! Decides what to do about every resource.
use super::diff::{PropertyChange, diff};
use super::usages::refers_to;
use super::{Action, Change, Plan, Reason, RemainingWork};
use crate::graph::Graph;
use crate::reference;
use crate::resource::{Id, Live, Observation, Outputs, Pin, Resource};
use crate::spec::{DynSpec, KindInfo, Registry, Replace};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked of a plan beside what the blueprint says.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// Follow the facts that move by themselves.
    pub upgrade: bool,
    /// The stack is to be taken down.
    pub destroy: bool,
    pub data: Data,
}

/// Which data may be lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    pub all: bool,
    /// Addresses, `bucket.logs`.
    pub named: BTreeSet<String>,
}

impl Data {
    fn may_go(&self, id: &Id) -> bool {
        self.all || self.named.contains(&id.to_string())
    }
}

/// Compares what is desired with what was observed.
pub fn plan(
    stack: &str,
    desired: &Graph<Id, Resource>,
    observation: &Observation,
    ask: &PlanOptions,
    kinds: Registry,
) -> Plan {
    let mut known: BTreeMap<Id, Outputs> = BTreeMap::new();
    let mut changes = Vec::new();
    let mut superseded = Vec::new();
    let mut remaining_work = Vec::new();
    for id in desired.order().unwrap_or_default() {
        let Some(resource) = desired.get(&id) else { continue };
        let kind = kinds.get(&id.kind);
        let template = reference::fill(&resource.spec, &|r| reference::output(&known, r));
        let template = kind.canonical(&template);
        let found = observation.get(&id).map_or(&[][..], Vec::as_slice);
        let (live, twins) = choose(&plain(&template, kind), found, kind.info());
        let change = decide(resource, template, live, kind, ask);
        remaining_work.extend(remains(&change, kind));
        known.extend(outputs(&change, kind.info()).map(|outputs| (id, outputs)));
        changes.push(change);
        superseded.extend(twins.into_iter().map(|twin| gone(twin, Reason::Superseded, kind, ask)));
    }
    let reason = if ask.destroy { Reason::Destroyed } else { Reason::NotInBlueprint };
    let orphans = observation.iter().filter(|(id, _)| desired.get(id).is_none());
    let orphans = orphans.flat_map(|(_, found)| found);
    changes.extend(orphans.map(|live| gone(live, reason, kinds.get(&live.id.kind), ask)));
    changes.extend(superseded);
    hold_up(&mut changes, kinds);
    Plan { stack: stack.into(), changes, remaining_work }
}

/// What a kept resource stands on is kept with it: AWS would not let it go anyway.
fn hold_up(changes: &mut [Change], kinds: Registry) {
    loop {
        let kept: Vec<Live> =
            with(changes, Action::Keep).filter_map(|change| change.live.clone()).collect();
        let stands_on = |change: &Change| {
            let Some(used) = &change.live else { return false };
            let info = |live: &Live| kinds.get(&live.id.kind).info();
            kept.iter().any(|user| refers_to((user, info(user)), (used, info(used))))
        };
        let goes = |change: &Change| {
            change.action == Action::Delete && change.reason != Reason::Superseded
        };
        let held: Vec<bool> =
            changes.iter().map(|change| goes(change) && stands_on(change)).collect();
        if !held.contains(&true) {
            return;
        }
        for (change, _) in changes.iter_mut().zip(held).filter(|(_, held)| *held) {
            change.action = Action::Keep;
            change.reason = Reason::UsedByKept;
        }
    }
}

fn with(changes: &[Change], action: Action) -> impl Iterator<Item = &Change> {
    changes.iter().filter(move |change| change.action == action)
}

/// Of several that bear one address, the one that differs least in what cannot be changed; the
/// rest are superseded.
fn choose<'a>(
    desired: &Value,
    found: &'a [Live],
    kind: &KindInfo,
) -> (Option<&'a Live>, Vec<&'a Live>) {
    let misfit = |live: &&Live| {
        let changes = diff(desired, &live.spec, kind);
        let fixed = changes.iter().filter(|change| change.create_only).count();
        (fixed, changes.len(), live.handle.clone())
    };
    let chosen = found.iter().min_by_key(misfit);
    let rest =
        found.iter().filter(|live| chosen.is_some_and(|chosen| chosen.handle != live.handle));
    (chosen, rest.collect())
}

/// A template as it is compared: what is literal by itself, what is not known as a reference.
fn plain(template: &Value, kind: &dyn DynSpec) -> Value {
    kind.canonical(&reference::resolve(template, &|_| None))
}

fn decide(
    resource: &Resource,
    mut template: Value,
    live: Option<&Live>,
    kind: &dyn DynSpec,
    ask: &PlanOptions,
) -> Change {
    if let (Some(live), false) = (live, ask.upgrade) {
        resource.pins.iter().for_each(|pin| hold(pin, &mut template, &live.spec));
    }
    let spec = plain(&template, kind);
    let properties = live.map(|live| diff(&spec, &live.spec, kind.info())).unwrap_or_default();
    let (action, reason) = match live {
        None => (Action::Create, Reason::Missing),
        Some(_) => judge(&properties, kind.info()),
    };
    let refuse = live.filter(|_| action != Action::None);
    let refuse = refuse.and_then(|live| kind.refuse(&spec, live));
    let (action, reason) = match &refuse {
        None => (action, reason),
        Some(_) => (Action::Refuse, Reason::WouldLose),
    };
    Change {
        id: resource.id.clone(),
        component: resource.component.clone(),
        action,
        reason,
        refuse,
        properties,
        desired: Some(template),
        live: live.cloned(),
    }
}

/// What is left to do about a resource once it is as it is wanted.
fn remains(change: &Change, kind: &dyn DynSpec) -> Option<RemainingWork> {
    if change.action == Action::Refuse {
        return None;
    }
    let spec = plain(change.desired.as_ref()?, kind);
    let mut lines = kind.remaining_work(&spec, change.live.as_ref()).into_iter();
    let work = lines.next()?;
    Some(RemainingWork { id: change.id.clone(), work, parts: lines.collect() })
}

fn judge(properties: &[PropertyChange], kind: &KindInfo) -> (Action, Reason) {
    let create_only = properties.iter().any(|change| change.create_only);
    match (create_only, kind.replace) {
        _ if properties.is_empty() => (Action::None, Reason::AsDesired),
        (false, _) => (Action::Update, Reason::Differs),
        (true, Replace::Refuse) => (Action::Refuse, Reason::CreateOnly),
        (true, _) if kind.stateful => (Action::Refuse, Reason::CreateOnly),
        (true, _) => (Action::Replace, Reason::CreateOnly),
    }
}

/// Keeps a pinned property as the cloud has it, so long as its source is the same.
fn hold(pin: &Pin, template: &mut Value, live: &Value) {
    let same = pin.source.as_ref().is_none_or(|at| {
        let source = template.pointer(at).map(|source| reference::resolve(source, &|_| None));
        source.as_ref() == live.pointer(at)
    });
    if let (true, Some(held)) = (same, live.pointer(&pin.property))
        && let Some(property) = template.pointer_mut(&pin.property)
    {
        *property = reference::escaped(held);
    }
}

/// What others may know of a resource while planning: all of it when it stays, all but what an
/// update moves when it is updated, nothing when it is new.
fn outputs(change: &Change, kind: &KindInfo) -> Option<Outputs> {
    let outputs = change.live.as_ref()?.outputs.clone();
    match change.action {
        Action::None | Action::Refuse => Some(outputs),
        Action::Update => {
            let stays =
                |(name, _): &(String, String)| !kind.volatile_outputs.contains(&name.as_str());
            Some(outputs.into_iter().filter(stays).collect())
        }
        _ => None,
    }
}

fn gone(live: &Live, reason: Reason, kind: &dyn DynSpec, ask: &PlanOptions) -> Change {
    let keep = kind.holds_data(&live.spec) && !ask.data.may_go(&live.id);
    Change {
        id: live.id.clone(),
        component: live.component.clone().unwrap_or_else(|| live.id.name.clone()),
        action: if keep { Action::Keep } else { Action::Delete },
        reason,
        refuse: None,
        properties: Vec::new(),
        desired: None,
        live: Some(live.clone()),
    }
}
