//! Decides what to do with every resource.
use super::change::{Action, Change, Plan, Reason, RemainingWork};
use super::diff::{PropertyChange, diff};
use super::usages::refers_to;
use crate::graph::Graph;
use crate::reference;
use crate::resource::{Id, Live, Observation, Outputs, Pin, Resource};
use crate::spec::{DynSpec, KindInfo, Registry, Replace};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Options of a plan beside the blueprint.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// Pinned properties follow their source, such as the newest image, instead of keeping their
    /// live value.
    pub upgrade: bool,
    /// The stack is to be destroyed.
    pub destroy: bool,
    pub data: Data,
}

/// Which resources that hold data may be deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    pub all: bool,
    /// Addresses, `bucket.logs`.
    pub named: BTreeSet<String>,
}

impl Data {
    fn may_be_deleted(&self, id: &Id) -> bool {
        self.all || self.named.contains(&id.to_string())
    }
}

/// Compares the desired resources with an observation.
pub fn plan(
    stack: &str,
    desired: &Graph<Id, Resource>,
    observation: &Observation,
    options: &PlanOptions,
    kinds: Registry,
) -> Plan {
    let mut known: BTreeMap<Id, Outputs> = BTreeMap::new();
    let mut changes = Vec::new();
    let mut superseded = Vec::new();
    let mut remaining = Vec::new();
    for id in desired.order().unwrap_or_default() {
        let Some(resource) = desired.get(&id) else { continue };
        let kind = kinds.get(&id.kind);
        let template = reference::fill(&resource.spec, &|r| reference::output(&known, r));
        let template = kind.canonical(&template);
        let found = observation.get(&id).map_or(&[][..], Vec::as_slice);
        let (live, others) = choose(&resolved(&template, kind), found, kind.info());
        let change = decide(resource, template, live, kind, options);
        remaining.extend(remaining_work(&change, kind));
        known.extend(known_outputs(&change, kind.info()).map(|outputs| (id, outputs)));
        changes.push(change);
        let others = others.into_iter();
        superseded.extend(others.map(|live| deletion(live, Reason::Superseded, kind, options)));
    }
    let reason = if options.destroy { Reason::Destroyed } else { Reason::NotInBlueprint };
    let orphans = observation.iter().filter(|(id, _)| desired.get(id).is_none());
    let orphans = orphans.flat_map(|(_, found)| found);
    changes.extend(orphans.map(|live| deletion(live, reason, kinds.get(&live.id.kind), options)));
    changes.extend(superseded);
    keep_dependencies(&mut changes, kinds);
    Plan {
        stack: stack.into(),
        desired: desired.clone(),
        upgrade: options.upgrade,
        changes,
        remaining_work: remaining,
    }
}

/// Keeps what a kept resource depends on: AWS would reject its deletion.
fn keep_dependencies(changes: &mut [Change], kinds: Registry) {
    loop {
        let kept: Vec<Live> = changes
            .iter()
            .filter(|change| change.action == Action::Keep)
            .filter_map(|change| change.live.clone())
            .collect();
        let info = |live: &Live| kinds.get(&live.id.kind).info();
        let is_used = |change: &Change| {
            let Some(used) = &change.live else { return false };
            kept.iter().any(|user| refers_to((user, info(user)), (used, info(used))))
        };
        let must_stay: Vec<bool> = changes
            .iter()
            .map(|change| {
                change.action == Action::Delete
                    && change.reason != Reason::Superseded
                    && is_used(change)
            })
            .collect();
        if !must_stay.contains(&true) {
            return;
        }
        for (change, _) in changes.iter_mut().zip(must_stay).filter(|(_, must_stay)| *must_stay) {
            change.action = Action::Keep;
            change.reason = Reason::UsedByKept;
        }
    }
}

/// Of several live resources with one address, the one that differs least from the desired spec,
/// create-only properties first; and the others, which are superseded.
fn choose<'a>(
    desired: &Value,
    found: &'a [Live],
    kind: &KindInfo,
) -> (Option<&'a Live>, Vec<&'a Live>) {
    let distance = |live: &&Live| {
        let changes = diff(desired, &live.spec, kind);
        let create_only = changes.iter().filter(|change| change.create_only).count();
        (create_only, changes.len(), live.handle.clone())
    };
    let chosen = found.iter().min_by_key(distance);
    let others =
        found.iter().filter(|live| chosen.is_some_and(|chosen| chosen.handle != live.handle));
    (chosen, others.collect())
}

/// A template in the form that is compared with a live spec: known values as plain text, unknown
/// values as references.
fn resolved(template: &Value, kind: &dyn DynSpec) -> Value {
    kind.canonical(&reference::resolve(template, &|_| None))
}

fn decide(
    resource: &Resource,
    mut template: Value,
    live: Option<&Live>,
    kind: &dyn DynSpec,
    options: &PlanOptions,
) -> Change {
    if let (Some(live), false) = (live, options.upgrade) {
        resource.pins.iter().for_each(|pin| keep_pinned(pin, &mut template, &live.spec));
    }
    let spec = resolved(&template, kind);
    let properties = live.map(|live| diff(&spec, &live.spec, kind.info())).unwrap_or_default();
    let (action, reason) = match live {
        None => (Action::Create, Reason::Missing),
        Some(_) => action_for(&properties, kind.info()),
    };
    let refusal = live.filter(|_| action != Action::None);
    let refusal = refusal.and_then(|live| kind.refusal(&spec, live));
    let (action, reason) = match &refusal {
        None => (action, reason),
        Some(_) => (Action::Refuse, Reason::WouldLose),
    };
    Change {
        id: resource.id.clone(),
        component: resource.component.clone(),
        action,
        reason,
        refusal,
        properties,
        desired: Some(template),
        live: live.cloned(),
    }
}

/// Work that remains once a resource is as desired.
fn remaining_work(change: &Change, kind: &dyn DynSpec) -> Option<RemainingWork> {
    if change.action == Action::Refuse {
        return None;
    }
    let spec = resolved(change.desired.as_ref()?, kind);
    let mut lines = kind.remaining_work(&spec, change.live.as_ref()).into_iter();
    let work = lines.next()?;
    Some(RemainingWork { id: change.id.clone(), work, parts: lines.collect() })
}

/// The action for a live resource whose `properties` differ from the desired ones.
fn action_for(properties: &[PropertyChange], kind: &KindInfo) -> (Action, Reason) {
    let create_only = properties.iter().any(|change| change.create_only);
    match (create_only, kind.replace) {
        _ if properties.is_empty() => (Action::None, Reason::AsDesired),
        (false, _) => (Action::Update, Reason::Differs),
        (true, Replace::Refuse) => (Action::Refuse, Reason::CreateOnly),
        (true, _) if kind.stateful => (Action::Refuse, Reason::CreateOnly),
        (true, _) => (Action::Replace, Reason::CreateOnly),
    }
}

/// Sets a pinned property to its live value, as long as the pin's source is unchanged.
fn keep_pinned(pin: &Pin, template: &mut Value, live: &Value) {
    let same_source = pin.source.as_ref().is_none_or(|at| {
        let source = template.pointer(at).map(|source| reference::resolve(source, &|_| None));
        source.as_ref() == live.pointer(at)
    });
    if let (true, Some(value)) = (same_source, live.pointer(&pin.property))
        && let Some(property) = template.pointer_mut(&pin.property)
    {
        *property = reference::escaped(value);
    }
}

/// The outputs that other resources' specs may use while planning: all outputs of a resource that
/// stays, all but the volatile ones of an updated resource, none of a new one.
fn known_outputs(change: &Change, kind: &KindInfo) -> Option<Outputs> {
    let outputs = change.live.as_ref()?.outputs.clone();
    match change.action {
        Action::None | Action::Refuse => Some(outputs),
        Action::Update => {
            let is_stable =
                |(name, _): &(String, String)| !kind.volatile_outputs.contains(&name.as_str());
            Some(outputs.into_iter().filter(is_stable).collect())
        }
        _ => None,
    }
}

/// The change for a live resource that is not desired: it is deleted, or kept if it holds data.
fn deletion(live: &Live, reason: Reason, kind: &dyn DynSpec, options: &PlanOptions) -> Change {
    let keep = kind.holds_data(&live.spec) && !options.data.may_be_deleted(&live.id);
    Change {
        id: live.id.clone(),
        component: live.component.clone().unwrap_or_else(|| live.id.name.clone()),
        action: if keep { Action::Keep } else { Action::Delete },
        reason,
        refusal: None,
        properties: Vec::new(),
        desired: None,
        live: Some(live.clone()),
    }
}
