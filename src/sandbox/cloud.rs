//! Implements [`Cloud`] for the sandbox.
use super::rules::{check_deletable, check_name_is_free, check_updatable, error, operation};
use super::state::{Entry, State, Status};
use super::{Sandbox, facts};
use crate::cloud::{Cloud, StackSummary};
use crate::error::{Class, CloudError, Result};
use crate::facts::{Facts, Query};
use crate::reference::{ANOTHER_VALUE, swapped};
use crate::resource::{Foreign, Id, Live, Outputs, Place, Progress, Survey};
use crate::spec::{DynSpec, Mint, Quota};
use crate::tags::{self, COMPONENT};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

impl Sandbox {
    fn kind(&self, id: &Id) -> Result<&'static dyn DynSpec> {
        let unknown = || CloudError::internal(format!("no kind is called {}", id.kind));
        self.kinds.find(&id.kind).ok_or_else(unknown)
    }

    fn outputs(
        &self,
        state: &mut State,
        (stack, id): (&str, &Id),
        spec: &Value,
        before: &Outputs,
    ) -> Result<Outputs> {
        let Place { region, account, .. } = &self.place;
        let mut digits = || state.digits(region, stack, id);
        let mut mint = Mint { region, account, before, digits: &mut digits };
        Ok(self.kind(id)?.outputs(spec, id, &mut mint))
    }

    fn do_create(&self, stack: &str, id: &Id, spec: &Value) -> Result<Outputs> {
        let kind = self.kind(id)?;
        kind.check(spec).map_err(|error| CloudError::internal(format!("{id}: {error}")))?;
        let mut entry = Entry {
            region: self.place.region.clone(),
            stack: stack.to_string(),
            id: id.clone(),
            handle: String::new(),
            component: tags::of(spec, COMPONENT),
            spec: as_returned(kind, spec),
            outputs: Outputs::new(),
            status: Status::Creating(self.now_s() + f64::from(kind.info().times.create_s)),
            hidden_listings: self.lag,
        };
        self.change(|state| {
            check_name_is_free(state, &entry, kind.info())?;
            entry.outputs = self.outputs(state, (stack, id), spec, &Outputs::new())?;
            let handle = ["id", "arn", "name"].iter().find_map(|key| entry.outputs.get(*key));
            entry.handle = match handle {
                Some(handle) => handle.clone(),
                None => format!("{}-{}", id.kind, state.digits(&entry.region, stack, id)),
            };
            let outputs = entry.outputs.clone();
            state.create(entry);
            Ok(outputs)
        })
    }

    fn do_update(&self, spec: &Value, live: &Live) -> Result<Outputs> {
        let kind = self.kind(&live.id)?;
        kind.check(spec).map_err(|error| CloudError::internal(format!("{}: {error}", live.id)))?;
        self.change(|state| {
            let at = state.position(&live.id, &live.handle);
            let before = at.and_then(|at| Some((at, state.entries().get(at)?.clone())));
            let Some((at, before)) = before.filter(|(_, entry)| !entry.is_deleting()) else {
                return Err(not_found(&live.id, "Update", &live.handle));
            };
            check_updatable(&before, spec, kind.info())?;
            let address = (before.stack.as_str(), &live.id);
            let outputs = self.outputs(state, address, spec, &before.outputs)?;
            let updated_at_s = self.now_s() + f64::from(kind.info().times.update_s);
            state.update(at, |entry| {
                entry.spec = as_returned(kind, spec);
                entry.component = tags::of(spec, COMPONENT);
                entry.outputs = outputs.clone();
                entry.status = Status::Updating(updated_at_s);
            });
            Ok(outputs)
        })
    }

    fn do_delete(&self, live: &Live) -> Result<Progress> {
        let kind = self.kind(&live.id)?;
        let now_s = self.now_s();
        self.change(|state| {
            let at = state.position(&live.id, &live.handle);
            let Some((at, entry)) = at.and_then(|at| Some((at, state.entries().get(at)?))) else {
                return Ok(Progress::Done);
            };
            if !entry.is_deleting() {
                check_deletable(state, at, self.kinds)?;
                state.delete(at, now_s + f64::from(kind.info().times.delete_s));
                state.settle(now_s);
            }
            Ok(match state.position(&live.id, &live.handle) {
                Some(_) => Progress::Waiting("deleting".into()),
                None => Progress::Done,
            })
        })
    }

    /// Simulates that a value which `text` refers to has changed, such as a rotated secret: every
    /// property that equals `text` gets another value, so that the next plan updates it.
    fn invalidate(&self, text: &str) -> Result<()> {
        self.change(|state| {
            for at in 0..state.entries().len() {
                let Some(entry) = state.entries().get(at) else { continue };
                let spec = swapped(&entry.spec, text, ANOTHER_VALUE);
                if spec != entry.spec {
                    state.update(at, |entry| entry.spec = spec);
                }
            }
            Ok(())
        })
    }

    /// Returns the kind's answer to an action. Most actions only read, and work while another run
    /// has the lock; an action that generates an identifier changes the state.
    fn simulate(
        &self,
        kind: &dyn DynSpec,
        live: &Live,
        action: &str,
        arguments: &Value,
    ) -> Result<Option<Value>> {
        let Place { region, account, .. } = &self.place;
        let answer = |digits: &mut dyn FnMut() -> String| {
            let mut mint = Mint { region, account, before: &live.outputs, digits };
            kind.simulate(action, &live.spec, arguments, &mut mint)
        };
        // The first call finds out whether the action generates an identifier; otherwise its answer
        // is the result.
        let mut generates = false;
        let read = answer(&mut || {
            generates = true;
            String::new()
        });
        if !generates {
            return Ok(read);
        }
        self.change(|state| {
            let at = state.position(&live.id, &live.handle);
            let entry = at.and_then(|at| state.entries().get(at));
            let stack = entry.map(|entry| entry.stack.clone()).unwrap_or_default();
            Ok(answer(&mut || state.digits(region, &stack, &live.id)))
        })
    }

    /// Whether listings in this region contain the resource. They omit resources being deleted
    /// and resources of unknown kinds.
    fn is_listed(&self, entry: &Entry) -> bool {
        (entry.region == self.place.region || entry.is_global())
            && !entry.is_deleting()
            && self.kinds.find(&entry.id.kind).is_some()
    }

    fn listed(&self, stack: &str, kind: Option<&str>) -> Vec<Live> {
        self.read(|state| {
            state.list(|entry| {
                kind.is_none_or(|kind| kind == entry.id.kind)
                    && entry.stack == stack
                    && self.is_listed(entry)
            })
        })
    }

    /// The names of other stacks' resources in this region, and of their global ones.
    fn foreign(&self, state: &State, stack: &str) -> Foreign {
        let mut foreign = Foreign::new();
        let others = |entry: &&Entry| entry.stack != stack && self.is_listed(entry);
        for entry in state.entries().iter().filter(others) {
            let name_property =
                self.kinds.find(&entry.id.kind).map(|kind| kind.info().name_property);
            let name = name_property.and_then(|property| entry.spec.get(property)?.as_str());
            let of_kind = foreign.entry(entry.id.kind.clone()).or_default();
            of_kind.insert(name.unwrap_or(&entry.handle).to_string());
        }
        foreign
    }
}

fn not_found(id: &Id, act: &str, handle: &str) -> CloudError {
    let message = format!("{id} ({handle}) does not exist");
    error(Class::NotFound, &operation(&id.kind, act), "NotFound", message)
}

/// A spec as listings return it: in canonical form and without directives, the properties that only
/// say how to apply a change. They stay if the spec is invalid without them.
fn as_returned(kind: &dyn DynSpec, spec: &Value) -> Value {
    let whole = kind.canonical(spec);
    let mut returned = whole.clone();
    if let Some(fields) = returned.as_object_mut() {
        fields.retain(|name, _| !kind.info().directives.contains(&name.as_str()));
    }
    if kind.check(&returned).is_ok() { returned } else { whole }
}

#[async_trait::async_trait]
impl Cloud for Sandbox {
    fn place(&self) -> &Place {
        &self.place
    }

    async fn facts(&self, query: &Query) -> Result<Facts> {
        Ok(self.read(|state| facts::facts(&self.place, query, state)))
    }

    async fn survey(&self, stack: &str) -> Result<Survey> {
        let resources = self.listed(stack, None);
        Ok(Survey { resources, others: self.read(|state| self.foreign(state, stack)) })
    }

    async fn quota(&self, quota: &Quota) -> Result<u32> {
        Ok(quota.default)
    }

    async fn list(&self, stack: &str, kind: &str) -> Result<Vec<Live>> {
        Ok(self.listed(stack, Some(kind)))
    }

    async fn stacks(&self) -> Result<Vec<StackSummary>> {
        let here = |entry: &&Entry| entry.region == self.place.region && self.is_listed(entry);
        let stacks = self.read(|state| {
            let mut stacks: BTreeMap<String, usize> = BTreeMap::new();
            for entry in state.entries().iter().filter(here) {
                *stacks.entry(entry.stack.clone()).or_default() += 1;
            }
            stacks
        });
        let summary = |(name, resources)| StackSummary { name, resources };
        Ok(stacks.into_iter().map(summary).collect())
    }

    /// Takes the lock, and reads the state again if another run changed it before.
    async fn begin(&self) -> Result<()> {
        self.change(|_| Ok(()))
    }

    async fn create(&self, stack: &str, id: &Id, spec: &Value) -> Result<Outputs> {
        let operation = operation(&id.kind, "Create");
        self.faults.around(&operation, id, || self.do_create(stack, id, spec))
    }

    async fn ready(&self, id: &Id, outputs: &Outputs) -> Result<Progress> {
        let statuses: Vec<Option<&str>> = self.read(|state| {
            state.with_outputs(id, outputs).map(|entry| entry.status.in_progress()).collect()
        });
        if statuses.is_empty() {
            return Err(not_found(id, "Describe", ""));
        }
        let waiting = statuses.into_iter().flatten().next();
        Ok(waiting.map_or(Progress::Done, |status| Progress::Waiting(status.into())))
    }

    /// Returns the outputs unchanged: a creation sets the whole spec at once.
    async fn finish(&self, _id: &Id, _spec: &Value, outputs: &Outputs) -> Result<Outputs> {
        Ok(outputs.clone())
    }

    async fn update(&self, spec: &Value, live: &Live) -> Result<Outputs> {
        let operation = operation(&live.id.kind, "Update");
        self.faults.around(&operation, &live.id, || self.do_update(spec, live))
    }

    async fn delete(&self, live: &Live) -> Result<Progress> {
        let operation = operation(&live.id.kind, "Delete");
        self.faults.around(&operation, &live.id, || self.do_delete(live))
    }

    async fn act(&self, live: &Live, action: &str, arguments: &Value) -> Result<Value> {
        let kind = self.kind(&live.id)?;
        if let Some(text) = kind.invalidates(action, &live.spec, &live.outputs) {
            self.invalidate(&text)?;
        }
        let answer = self.simulate(kind, live, action, arguments)?;
        answer.ok_or_else(|| CloudError::internal(format!("{} has no action {action}", live.id)))
    }

    async fn pause(&self, seconds: f64) {
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    }

    fn virtual_time_s(&self) -> Option<u64> {
        Some(self.now_s().round() as u64)
    }
}
