//! What the expansion of every component uses: the resources added so far, the errors found, names
//! and tags.
use crate::blueprint::{Blueprint, Preset};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::facts::Facts;
use crate::names;
use crate::reference::{self, literal};
use crate::resource::{Id, Pin, Resource};
use crate::spec::Spec;
use crate::tags::{COMPONENT, NAME, REGION, STACK, Tags};
use serde_json::to_value;
use std::any::Any;
use std::collections::BTreeMap;

/// A count in the type that AWS's calls take. Blueprints allow only counts far below its limit.
pub fn int(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// The index of a resource, and its spec with its type.
type TypedSpec = (usize, Box<dyn Any>);

pub struct Build<'a> {
    pub blueprint: &'a Blueprint,
    pub facts: &'a Facts,
    /// In the order in which they were added. To read them use [`Build::all`], which has the type
    /// of their specs.
    pub resources: Vec<Resource>,
    /// The typed specs of each kind, each with its index in `resources`. Overrides and the section
    /// `resources` do not change them: both come after everything that reads typed specs.
    specs: BTreeMap<&'static str, Vec<TypedSpec>>,
    reports: Vec<Diagnostic>,
}

impl<'a> Build<'a> {
    pub fn new(blueprint: &'a Blueprint, facts: &'a Facts) -> Self {
        let specs = BTreeMap::new();
        Build { blueprint, facts, resources: Vec::new(), specs, reports: Vec::new() }
    }

    /// Reports an error unless it was reported before: several parts of the expansion may find it.
    pub fn report_once(&mut self, report: Diagnostic) {
        if !self.reports.contains(&report) {
            self.reports.push(report);
        }
    }

    pub fn report(&mut self, report: Diagnostic) {
        self.reports.push(report);
    }

    /// Adds a resource and returns the handle for references to it.
    pub fn add<K: Spec>(&mut self, component: &str, name: &str, spec: &K) -> Handle {
        self.add_pinned(component, name, spec, Vec::new())
    }

    /// Adds a resource with properties that follow facts which change by themselves, such as the
    /// newest image.
    pub fn add_pinned<K: Spec>(
        &mut self,
        component: &str,
        name: &str,
        spec: &K,
        pins: Vec<Pin>,
    ) -> Handle {
        let index = self.resources.len();
        self.specs.entry(K::INFO.name).or_default().push((index, Box::new(spec.clone())));
        let id = Id::new(K::INFO.name, name);
        let spec = to_value(spec).unwrap_or_default();
        self.resources.push(Resource { id, component: component.into(), spec, pins });
        Handle::of::<K>(name)
    }

    /// The resources of a kind that have been added so far, in that order.
    pub fn all<K: Spec>(&self) -> impl Iterator<Item = Added<'_, K>> {
        let specs = self.specs.get(K::INFO.name).into_iter().flatten();
        specs.filter_map(|(index, spec)| {
            Some(Added { resource: self.resources.get(*index)?, spec: spec.downcast_ref()? })
        })
    }

    /// Whether a resource of a kind has been added.
    pub fn has<K: Spec>(&self, name: &str) -> bool {
        self.all::<K>().any(|added| added.name() == name)
    }

    /// The physical name `stack-name`, at most `max` characters long.
    pub fn name(&self, name: &str, max: usize) -> String {
        names::name(&[&self.blueprint.stack, name], max)
    }

    /// The tags of a resource: the user's, those that `tenfold` finds it by, and `Name`, which
    /// AWS's console shows.
    pub fn tags(&self, component: &str, name: &str) -> Tags {
        let mut tags: Tags =
            self.blueprint.tags.iter().map(|(k, v)| (literal(k), literal(v))).collect();
        tags.set("Name", &format!("{}-{name}", self.blueprint.stack));
        tags.set(STACK, &self.blueprint.stack);
        tags.set(NAME, name);
        tags.set(COMPONENT, component);
        tags.set(REGION, &self.blueprint.region);
        tags
    }

    /// How many days logs are kept for which the blueprint has no key of their own.
    pub fn log_retention_days(&self) -> i32 {
        let configured = self.blueprint.monitoring.as_ref().map(|m| m.log_retention_days);
        int(configured.unwrap_or(match self.blueprint.preset {
            Preset::Prod => 30,
            Preset::Dev => 7,
        }))
    }

    pub fn finish(self) -> Result<Vec<Resource>, Diagnostics> {
        let reports: Diagnostics = self.reports.into_iter().collect();
        if reports.has_errors() { Err(reports) } else { Ok(self.resources) }
    }
}

/// The address of a resource, for references to its outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Handle {
    kind: &'static str,
    pub name: String,
}

impl Handle {
    /// The address of a resource that has been added, or will be by another component.
    pub fn of<K: Spec>(name: impl Into<String>) -> Self {
        Handle { kind: K::INFO.name, name: name.into() }
    }

    /// A reference to one of its outputs.
    pub fn output(&self, output: &str) -> String {
        reference::to(self.kind, &self.name, output)
    }
}

/// A resource that has been added, with its typed spec.
pub struct Added<'b, K> {
    resource: &'b Resource,
    pub spec: &'b K,
}

impl<'b, K: Spec> Added<'b, K> {
    pub fn name(&self) -> &'b str {
        &self.resource.id.name
    }

    pub fn component(&self) -> &'b str {
        &self.resource.component
    }

    /// A reference to one of its outputs.
    pub fn output(&self, output: &str) -> String {
        Handle::of::<K>(self.name()).output(output)
    }

    /// Whether the spec refers to an output of another resource.
    pub fn refers_to<O>(&self, other: &Added<O>) -> bool {
        let references = reference::within(&self.resource.spec);
        references.iter().any(|reference| reference.id == other.resource.id)
    }
}
