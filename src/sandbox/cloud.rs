//! The sandbox as the executor sees it.
use super::rules::{changeable, deletable, error, operation, unique};
use super::state::{Course, Entry, State};
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
        let mut state = self.state();
        let mut entry = Entry {
            region: self.place.region.clone(),
            stack: stack.to_string(),
            id: id.clone(),
            handle: String::new(),
            component: tags::of(spec, COMPONENT),
            spec: told(kind, spec),
            outputs: Outputs::new(),
            course: Course::Creating(self.now_s() + f64::from(kind.info().times.create_s)),
            unseen: self.lag,
        };
        unique(&state, &entry, kind.info())?;
        entry.outputs = self.outputs(&mut state, (stack, id), spec, &Outputs::new())?;
        entry.handle = match ["id", "arn", "name"].iter().find_map(|key| entry.outputs.get(*key)) {
            Some(handle) => handle.clone(),
            None => format!("{}-{}", id.kind, state.digits(&entry.region, stack, id)),
        };
        let outputs = entry.outputs.clone();
        state.entries.push(entry);
        self.file.save(&state)?;
        Ok(outputs)
    }

    fn do_update(&self, spec: &Value, live: &Live) -> Result<Outputs> {
        let kind = self.kind(&live.id)?;
        kind.check(spec).map_err(|error| CloudError::internal(format!("{}: {error}", live.id)))?;
        let mut state = self.state();
        let at = state.position(&live.id, &live.handle);
        let Some(before) = at.and_then(|at| state.entries.get(at)).filter(|e| !e.is_going()) else {
            return Err(missing(&live.id, "Update", &live.handle));
        };
        let before = before.clone();
        changeable(&before, spec, kind.info())?;
        let place = (before.stack.as_str(), &live.id);
        let outputs = self.outputs(&mut state, place, spec, &before.outputs)?;
        if let Some(entry) = at.and_then(|at| state.entries.get_mut(at)) {
            entry.spec = told(kind, spec);
            entry.component = tags::of(spec, COMPONENT);
            entry.outputs = outputs.clone();
            entry.course = Course::Updating(self.now_s() + f64::from(kind.info().times.update_s));
        }
        self.file.save(&state)?;
        Ok(outputs)
    }

    fn do_delete(&self, live: &Live) -> Result<Progress> {
        let kind = self.kind(&live.id)?;
        let mut state = self.state();
        let Some(at) = state.position(&live.id, &live.handle) else { return Ok(Progress::Done) };
        let going = state.entries.get(at).is_some_and(Entry::is_going);
        if !going {
            deletable(&state, at, self.kinds)?;
            let now_s = self.now_s();
            let gone_at = now_s + f64::from(kind.info().times.delete_s);
            if let Some(entry) = state.entries.get_mut(at) {
                entry.course = Course::Deleting(gone_at);
            }
            state.settle(now_s);
            self.file.save(&state)?;
        }
        Ok(match state.position(&live.id, &live.handle) {
            Some(_) => Progress::Waiting("deleting".into()),
            None => Progress::Done,
        })
    }

    /// Whatever holds what a text stood for holds something else from now on.
    fn outdate(&self, text: &str) -> Result<()> {
        let mut state = self.state();
        for entry in &mut state.entries {
            entry.spec = swapped(&entry.spec, text, ANOTHER_VALUE);
        }
        self.file.save(&state)
    }

    /// Keeps in mind what identifiers an answer has used up.
    fn simulate(
        &self,
        kind: &dyn DynSpec,
        live: &Live,
        action: &str,
        arguments: &Value,
    ) -> Result<Option<Value>> {
        let mut state = self.state();
        let at = state.position(&live.id, &live.handle);
        let entry = at.and_then(|at| state.entries.get(at));
        let stack = entry.map(|entry| entry.stack.clone()).unwrap_or_default();
        let Place { region, account, .. } = &self.place;
        let mut used = false;
        let mut digits = || {
            used = true;
            state.digits(region, &stack, &live.id)
        };
        let mut mint = Mint { region, account, before: &live.outputs, digits: &mut digits };
        let answer = kind.simulate(action, &live.spec, arguments, &mut mint);
        if used {
            self.file.save(&state)?;
        }
        Ok(answer)
    }

    /// To be seen from this region, known as a kind, and not on its way out.
    fn stands(&self, entry: &Entry) -> bool {
        (entry.region == self.place.region || entry.is_global())
            && !entry.is_going()
            && self.kinds.find(&entry.id.kind).is_some()
    }

    fn found(&self, stack: &str, kind: Option<&str>) -> Vec<Live> {
        let mut state = self.state();
        let mut found = Vec::new();
        for entry in &mut state.entries {
            let asked = kind.is_none_or(|kind| kind == entry.id.kind);
            if asked && entry.stack == stack && self.stands(entry) {
                match entry.unseen.checked_sub(1) {
                    Some(left) => entry.unseen = left,
                    None => found.push(entry.live()),
                }
            }
        }
        found
    }

    /// What other stacks of this region have.
    fn others(&self, stack: &str) -> Foreign {
        let mut others = Foreign::new();
        for entry in self.state().entries.iter().filter(|entry| self.stands(entry)) {
            let name_property =
                self.kinds.find(&entry.id.kind).map(|kind| kind.info().name_property);
            let name = name_property.and_then(|property| entry.spec.get(property)?.as_str());
            if entry.stack != stack {
                let of_kind = others.entry(entry.id.kind.clone()).or_default();
                of_kind.insert(name.unwrap_or(&entry.handle).to_string());
            }
        }
        others
    }
}

fn missing(id: &Id, act: &str, handle: &str) -> CloudError {
    let message = format!("{id} ({handle}) does not exist");
    error(Class::NotFound, &operation(&id.kind, act), "NotFound", message)
}

/// A spec as it will be returned: in canonical form, and without what only says how to act, so
/// far as the kind can be read without.
fn told(kind: &dyn DynSpec, spec: &Value) -> Value {
    let whole = kind.canonical(spec);
    let mut told = whole.clone();
    if let Some(fields) = told.as_object_mut() {
        fields.retain(|name, _| !kind.info().directives.contains(&name.as_str()));
    }
    if kind.check(&told).is_ok() { told } else { whole }
}

#[async_trait::async_trait]
impl Cloud for Sandbox {
    fn place(&self) -> &Place {
        &self.place
    }

    async fn facts(&self, query: &Query) -> Result<Facts> {
        Ok(facts::facts(&self.place, query, &self.state()))
    }

    async fn survey(&self, stack: &str) -> Result<Survey> {
        Ok(Survey { resources: self.found(stack, None), others: self.others(stack) })
    }

    async fn quota(&self, quota: &Quota) -> Result<u32> {
        Ok(quota.default)
    }

    async fn list(&self, stack: &str, kind: &str) -> Result<Vec<Live>> {
        Ok(self.found(stack, Some(kind)))
    }

    async fn stacks(&self) -> Result<Vec<StackSummary>> {
        let state = self.state();
        let mut stacks: BTreeMap<&str, usize> = BTreeMap::new();
        let here = |entry: &&Entry| entry.region == self.place.region && self.stands(entry);
        for entry in state.entries.iter().filter(here) {
            *stacks.entry(&entry.stack).or_default() += 1;
        }
        let summary =
            |(name, resources): (&str, usize)| StackSummary { name: name.into(), resources };
        Ok(stacks.into_iter().map(summary).collect())
    }

    async fn create(&self, stack: &str, id: &Id, spec: &Value) -> Result<Outputs> {
        let operation = operation(&id.kind, "Create");
        self.faults.around(&operation, id, || self.do_create(stack, id, spec))
    }

    async fn ready(&self, id: &Id, outputs: &Outputs) -> Result<Progress> {
        let mut state = self.state();
        let statuses: Vec<Option<&str>> =
            state.with_outputs(id, outputs).map(|entry| entry.course.status()).collect();
        if statuses.is_empty() {
            return Err(missing(id, "Describe", ""));
        }
        let waiting = statuses.into_iter().flatten().next();
        Ok(waiting.map_or(Progress::Done, |status| Progress::Waiting(status.into())))
    }

    /// Nothing is left to set: a creation takes the whole spec.
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
            self.outdate(&text)?;
        }
        let answer = self.simulate(kind, live, action, arguments)?;
        answer.ok_or_else(|| CloudError::internal(format!("{} knows no {action}", live.id)))
    }

    async fn pause(&self, seconds: f64) {
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    }

    fn virtual_time_s(&self) -> Option<u64> {
        Some(self.now_s().round() as u64)
    }
}
