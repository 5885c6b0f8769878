//! `uses` and `secrets` of a service: the components it may access, and the environment variables
//! that contain their addresses.

use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

use super::environment;
use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::suggest;

/// A component that a service uses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Use {
    pub to: Target,
    /// The access to a bucket (`write` includes reading) or a queue (`read` receives, `write` sends);
    /// the other sections have only one. Default: write.
    pub access: Access,
    /// The maximum number of connections from each instance of the service to each shard of a
    /// database, 1 to 1000. Default: 10.
    pub pool: u32,
}

/// A component that services can use, such as `queues.orders`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    pub section: Section,
    pub name: String,
}

/// The sections whose components services can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Buckets,
    Caches,
    Databases,
    Queues,
    Secrets,
}

/// What a service may do with a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    Read,
    Write,
}

const SECTIONS: [Section; 5] =
    [Section::Buckets, Section::Caches, Section::Databases, Section::Queues, Section::Secrets];
/// The default of `pool`.
const POOL: u32 = 10;

impl Section {
    /// The key of the section in a blueprint.
    pub fn name(self) -> &'static str {
        match self {
            Section::Buckets => "buckets",
            Section::Caches => "caches",
            Section::Databases => "databases",
            Section::Queues => "queues",
            Section::Secrets => "secrets",
        }
    }

    /// The facts of a component of this section; each has a variable, see [`Target::variable`].
    pub fn facts(self) -> &'static [&'static str] {
        match self {
            Section::Buckets => &["name"],
            Section::Caches => &["endpoint", "port", "secret_arn"],
            Section::Databases => &["map"],
            Section::Queues => &["url"],
            Section::Secrets => &["arn"],
        }
    }
}

impl Target {
    /// The queue of this name.
    pub fn queue(name: &str) -> Self {
        Target { section: Section::Queues, name: name.to_string() }
    }

    /// The environment variable that contains a fact about the component, such as
    /// `QUEUE_ORDERS_URL`.
    pub fn variable(&self, fact: &str) -> String {
        let section = self.section.name().trim_end_matches('s').to_uppercase();
        let name = self.name.to_uppercase().replace('-', "_");
        format!("{section}_{name}_{}", fact.to_uppercase())
    }

    /// All environment variables that a use of the component may set.
    pub fn variables(&self) -> impl Iterator<Item = String> {
        self.section.facts().iter().map(|fact| self.variable(fact))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.section.name(), self.name)
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// `section.name`, or `{ to: section.name, … }` with options.
pub(super) fn decode(value: Value<'_>) -> Option<Use> {
    if value.node.map().is_none() {
        return target(value).map(|to| Use { to, access: Access::Write, pool: POOL });
    }
    value.fields(|fields| {
        let to = fields.required("to", "to: databases.main", target);
        let access = fields.or("access", Access::Write, |value| {
            value.word(&[("read", Access::Read), ("write", Access::Write)])
        });
        let pool = fields.or("pool", POOL, |value| value.count(1..=1000));
        let is_database = to.as_ref().is_none_or(|to| to.section == Section::Databases);
        if let (Some(value), false) = (fields.get("pool"), is_database) {
            let summary = "`pool` applies only to databases";
            let report = value.error(code::POOL_WITHOUT_DATABASE, summary, "not a database");
            value.report(report.help("remove `pool`"));
        }
        Some(Use { to: to?, access, pool })
    })?
}

fn target(value: Value<'_>) -> Option<Target> {
    let text = value.text()?;
    let names: Vec<&str> = SECTIONS.iter().map(|section| section.name()).collect();
    let Some((section, name)) = text.split_once('.') else {
        return value.malformed("`section.name`", format!("write it like `queues.{text}`"));
    };
    match SECTIONS.into_iter().find(|known| known.name() == section) {
        Some(section) => Some(Target { section, name: name.to_string() }),
        None => {
            let summary = format!("a service cannot use `{section}`");
            let mut report = value.error(
                code::UNKNOWN_USE,
                summary,
                "not one of the sections that services can use",
            );
            report.help = suggest::help(section, &names);
            value.report(report);
            None
        }
    }
}

/// `secrets` of a service: environment variable to the name of the secret whose value it gets.
pub(super) fn secrets(value: Value<'_>) -> Option<BTreeMap<String, String>> {
    value.entries(|value| {
        environment::check_name(value);
        value.text().map(str::to_string)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_variables_after_component_and_fact() {
        let hot = Target { section: Section::Caches, name: "hot-keys".into() };
        assert_eq!(hot.variable("endpoint"), "CACHE_HOT_KEYS_ENDPOINT");
        assert_eq!(Target::queue("orders").variables().collect::<Vec<_>>(), ["QUEUE_ORDERS_URL"]);
    }
}
