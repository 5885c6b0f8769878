//! A resource: its address, what the blueprint wants of it, and what the cloud has.
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// A resource's address, `load-balancer.main`: the same in plans, overrides, targets and tags.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Id {
    pub kind: String,
    pub name: String,
}

impl Id {
    pub fn new(kind: &str, name: &str) -> Self {
        Id { kind: kind.into(), name: name.into() }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}.{}", self.kind, self.name)
    }
}

impl FromStr for Id {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('.') {
            Some((kind, name)) if !kind.is_empty() && !name.is_empty() => Ok(Id::new(kind, name)),
            _ => Err(format!("`{text}` is not an address: write kind.name")),
        }
    }
}

impl From<Id> for String {
    fn from(id: Id) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for Id {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// What a resource tells the others once it exists: `arn`, `id`, `dns_name` and so on.
pub type Outputs = BTreeMap<String, String>;

/// A resource as the blueprint wants it. Strings in `spec` may hold references, see
/// [`crate::reference`]; everything else is in CloudFormation's own words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    pub id: Id,
    /// The part of the blueprint it comes from, `services.api` or `network`.
    pub component: String,
    pub spec: Value,
    /// Properties that follow a fact which moves by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
}

/// A property whose desired value comes from a fact that moves by itself, such as the newest
/// image: it stays as the cloud has it until an upgrade is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pin {
    /// JSON pointer of the property within the spec.
    pub property: String,
    /// JSON pointer of what the fact was asked for: once this differs, the pin no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// How a live resource is doing, beside what its properties say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    #[default]
    Ready,
    /// On its way to what `spec` says, with the service's own words for where it stands.
    Converging(String),
    /// Did not get to where it was sent, with the service's own words for why.
    Failed(String),
}

/// A resource as the cloud has it, its properties in the shape a blueprint asks for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Live<S = Value> {
    pub id: Id,
    /// AWS's own identifier, which tells two of one `id` apart.
    pub handle: String,
    /// The component it was made for, where its tags say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    pub spec: S,
    pub outputs: Outputs,
    #[serde(default)]
    pub condition: Condition,
}

/// All that was found of a stack. After a crash two resources may bear one id.
pub type Observation = BTreeMap<Id, Vec<Live>>;

/// What is not the stack's, so far as looking for its own has shown it: by kind, the physical
/// names, or AWS's identifiers of what has no name.
pub type Foreign = BTreeMap<String, BTreeSet<String>>;

/// What one listing of every kind returned for a stack.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// The resources of the stack. Those that AWS does not tag have no component here.
    pub resources: Vec<Live>,
    pub others: Foreign,
}

/// Where something that takes time has got to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    Done,
    /// Not yet; the service's own words for what it is doing, or what it waits for.
    Waiting(String),
}

/// Where a stack lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub account: String,
    pub region: String,
    /// What is talked to: `aws`, `sandbox`, or an emulator's address.
    pub target: String,
}
