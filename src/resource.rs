//! A resource: its address, its desired state from the blueprint, and its live state in the cloud.
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// A resource's address, `load-balancer.main`: the same in plans, overrides, command-line options
/// and tags.
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

/// The values that other resources may refer to once a resource exists: `arn`, `id`, `dns_name` and
/// so on.
pub type Outputs = BTreeMap<String, String>;

/// A desired resource. Strings in `spec` may contain references, see `reference.rs`; apart from
/// these, a spec has CloudFormation's property names and values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    pub id: Id,
    /// The part of the blueprint it comes from, `services.api` or `network`.
    pub component: String,
    pub spec: Value,
    /// Properties whose desired value changes without a change of the blueprint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
}

/// A property whose desired value comes from a fact that changes over time, such as the newest
/// image. The live value is kept unless the user passes `--upgrade`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pin {
    /// JSON pointer of the property within the spec.
    pub property: String,
    /// JSON pointer of the property that selects the fact. If its live value differs from the
    /// desired one, the pin does not apply. `None`: the pin always applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The condition of a live resource, apart from its properties.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    #[default]
    Ready,
    /// Still changing to what `spec` says, with the status that the service reports.
    Converging(String),
    /// Failed to reach its target state, with the reason that the service reports.
    Failed(String),
}

/// A live resource, with its properties in the same form as those of a desired one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Live<S = Value> {
    pub id: Id,
    /// The AWS identifier, such as an ARN or `vpc-0a1b…`. It distinguishes two resources with the
    /// same address.
    pub handle: String,
    /// The component it belongs to, if its tags say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    pub spec: S,
    pub outputs: Outputs,
    #[serde(default)]
    pub condition: Condition,
}

/// All live resources of a stack. After an interrupted run two resources may have one address.
pub type Observation = BTreeMap<Id, Vec<Live>>;

/// Groups live resources by address.
pub fn observed(found: impl IntoIterator<Item = Live>) -> Observation {
    let mut observation = Observation::new();
    for live in found {
        observation.entry(live.id.clone()).or_default().push(live);
    }
    observation
}

/// Resources of other owners that were found while listing the stack's own: for each kind the
/// physical names, or the AWS identifiers of resources without a name.
pub type Foreign = BTreeMap<String, BTreeSet<String>>;

/// What listing a stack's account and region found.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    pub observation: Observation,
    pub others: Foreign,
}

/// The progress of an operation that takes time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    Done,
    /// Not done yet, with the status that the service reports or what it waits for.
    Waiting(String),
}

impl Progress {
    /// AWS's read APIs do not return the resource yet.
    pub fn not_visible() -> Self {
        Progress::Waiting("not visible yet".into())
    }
}

/// The location of a stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub account: String,
    pub region: String,
    /// The API that is called: `aws`, `sandbox`, or an emulator's address.
    pub target: String,
}
