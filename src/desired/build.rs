//! What the components' files share: the resources so far, what was wrong, names and tags.
use crate::blueprint::{Blueprint, Preset};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::facts::Facts;
use crate::names;
use crate::reference::{self, literal};
use crate::resource::{Id, Pin, Resource};
use crate::spec::Spec;
use crate::tags::{COMPONENT, NAME, REGION, STACK, Tags};
use serde_json::to_value;

/// A count as AWS's calls take it. What a blueprint allows is far below the limit of the type.
pub fn int(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

pub struct Build<'a> {
    pub blueprint: &'a Blueprint,
    pub facts: &'a Facts,
    pub resources: Vec<Resource>,
    reports: Vec<Diagnostic>,
}

impl<'a> Build<'a> {
    pub fn new(blueprint: &'a Blueprint, facts: &'a Facts) -> Self {
        Build { blueprint, facts, resources: Vec::new(), reports: Vec::new() }
    }

    /// Reports what several parts of the expansion may stumble over, but once.
    pub fn report_once(&mut self, report: Diagnostic) {
        if !self.reports.contains(&report) {
            self.reports.push(report);
        }
    }

    pub fn report(&mut self, report: Diagnostic) {
        self.reports.push(report);
    }

    /// Adds a resource, and gives back its name for references to it.
    pub fn add<K: Spec>(&mut self, component: &str, name: &str, spec: &K) -> Handle {
        self.add_pinned(component, name, spec, Vec::new())
    }

    /// Adds a resource some of whose properties follow facts that move by themselves.
    pub fn add_pinned<K: Spec>(
        &mut self,
        component: &str,
        name: &str,
        spec: &K,
        pins: Vec<Pin>,
    ) -> Handle {
        let id = Id::new(K::INFO.name, name);
        let handle = Handle { kind: K::INFO.name, name: name.to_string() };
        let spec = to_value(spec).unwrap_or_default();
        self.resources.push(Resource { id, component: component.into(), spec, pins });
        handle
    }

    /// Whether a resource has been added.
    pub fn has(&self, kind: &str, name: &str) -> bool {
        self.resources.iter().any(|resource| resource.id.kind == kind && resource.id.name == name)
    }

    /// References to the secrets that RDS keeps the passwords of a component's databases in.
    pub fn passwords(&self, component: &str) -> Vec<String> {
        let keeps = |resource: &&Resource| {
            resource.component == component
                && resource.id.kind == "db-instance"
                && resource.spec["ManageMasterUserPassword"] == true
        };
        let secret =
            |resource: &Resource| reference::to(&resource.id.kind, &resource.id.name, "secret_arn");
        self.resources.iter().filter(keeps).map(secret).collect()
    }

    /// The physical name `stack-name`, at most `max` characters long.
    pub fn name(&self, name: &str, max: usize) -> String {
        names::name(&[&self.blueprint.stack, name], max)
    }

    /// The tags of a resource: the user's, those it is found again by, and one for people.
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

    /// How long logs are kept that no key of their own is about.
    pub fn log_retention_days(&self) -> i32 {
        let wanted = self.blueprint.monitoring.as_ref().map(|m| m.log_retention_days);
        int(wanted.unwrap_or(match self.blueprint.preset {
            Preset::Prod => 30,
            Preset::Dev => 7,
        }))
    }

    pub fn finish(self) -> Result<Vec<Resource>, Diagnostics> {
        let reports: Diagnostics = self.reports.into_iter().collect();
        if reports.has_errors() { Err(reports) } else { Ok(self.resources) }
    }
}

/// A resource that was added: what references to it are made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Handle {
    pub kind: &'static str,
    pub name: String,
}

impl Handle {
    /// A reference to one of its outputs.
    pub fn output(&self, output: &str) -> String {
        reference::to(self.kind, &self.name, output)
    }
}
