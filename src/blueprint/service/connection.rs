//! `uses` and `secrets` of a service: what it may reach, and the variables that say where that is.

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
    /// What it may do there, where that can be told apart.
    pub access: Access,
    /// Connections of each instance to each shard of a database.
    pub pool: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    pub section: Section,
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Buckets,
    Caches,
    Databases,
    Queues,
    Secrets,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    Read,
    Write,
}

const SECTIONS: [Section; 5] =
    [Section::Buckets, Section::Caches, Section::Databases, Section::Queues, Section::Secrets];
/// Connections of an instance to a shard, unless told.
const POOL: u32 = 10;

impl Section {
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
    pub fn queue(name: &str) -> Self {
        Target { section: Section::Queues, name: name.to_string() }
    }

    /// The variable that tells a fact: `QUEUE_ORDERS_URL`.
    pub fn variable(&self, fact: &str) -> String {
        let section = self.section.name().trim_end_matches('s').to_uppercase();
        let name = self.name.to_uppercase().replace('-', "_");
        format!("{section}_{name}_{}", fact.to_uppercase())
    }

    /// Every variable that a use of it may bring.
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

/// `section.name`, or `{ to: section.name, … }` with more to say.
pub(crate) fn decode(value: Value<'_>) -> Option<Use> {
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
            let summary = "`pool` of something that is no database";
            let report = value.error(code::POOL_WITHOUT_DATABASE, summary, "counts connections");
            value.report(report.help("remove it"));
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
            let mut report = value.error(code::UNKNOWN_USE, summary, "no such section");
            report.help = suggest::help(section, &names);
            value.report(report);
            None
        }
    }
}

/// `secrets` of a service: variables, each with the secret whose value it gets.
pub(crate) fn secrets(value: Value<'_>) -> Option<BTreeMap<String, String>> {
    value.entries(|value| {
        environment::check_name(value);
        value.text().map(str::to_string)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_called_after_what_they_tell_of() {
        let hot = Target { section: Section::Caches, name: "hot-keys".into() };
        assert_eq!(hot.variable("endpoint"), "CACHE_HOT_KEYS_ENDPOINT");
        assert_eq!(Target::queue("orders").variables().collect::<Vec<_>>(), ["QUEUE_ORDERS_URL"]);
    }
}
