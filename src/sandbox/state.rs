//! What there is in a sandbox.
use crate::facts::{HostedZone, Subnet};
use crate::names::hash;
use crate::resource::{Condition, Id, Live, Outputs};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The form of the file. One of another form is refused, not guessed at.
pub const FORMAT: u32 = 1;

/// All that is kept, in the order in which it was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub format: u32,
    #[serde(default)]
    pub entries: Vec<Entry>,
    /// How many identifiers each address was given, so that none is ever given twice.
    #[serde(default)]
    minted: BTreeMap<String, u32>,
    #[serde(default, skip_serializing_if = "Known::is_empty")]
    pub known: Known,
}

/// Facts of one's own, in place of those that the sandbox would make up; written by hand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The image that a parameter holds.
    #[serde(default)]
    pub image_parameters: BTreeMap<String, String>,
    #[serde(default)]
    pub subnets: BTreeMap<String, Subnet>,
    #[serde(default)]
    pub hosted_zones: Vec<HostedZone>,
}

impl Known {
    fn is_empty(&self) -> bool {
        *self == Known::default()
    }
}

/// One resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub region: String,
    pub stack: String,
    pub id: Id,
    pub handle: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    pub spec: Value,
    pub outputs: Outputs,
    #[serde(skip)]
    pub course: Course,
    /// How many listings it is still kept out of.
    #[serde(skip)]
    pub unseen: u32,
}

/// Where it is on its way, by the virtual clock. Not kept: between two runs all comes to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Course {
    #[default]
    Settled,
    Creating(f64),
    Updating(f64),
    Deleting(f64),
}

impl Course {
    /// The service's own words.
    pub fn status(self) -> Option<&'static str> {
        match self {
            Course::Settled => None,
            Course::Creating(_) => Some("creating"),
            Course::Updating(_) => Some("updating"),
            Course::Deleting(_) => Some("deleting"),
        }
    }
}

impl Entry {
    /// Whether it is seen from every region: what is an account's and no region's, by its ARN.
    pub fn is_global(&self) -> bool {
        let arn: Vec<&str> =
            self.outputs.get("arn").map_or_else(Vec::new, |arn| arn.splitn(6, ':').collect());
        matches!(arn[..], ["arn", _, _, "", account, _] if !account.is_empty())
    }
}

impl Default for State {
    fn default() -> Self {
        let (entries, minted, known) = Default::default();
        State { format: FORMAT, entries, minted, known }
    }
}

impl State {
    /// Brings everything to where it is at this time.
    pub fn settle(&mut self, now_s: f64) {
        self.entries.retain(|entry| !matches!(entry.course, Course::Deleting(at) if at <= now_s));
        for entry in &mut self.entries {
            if let Course::Creating(at) | Course::Updating(at) = entry.course
                && at <= now_s
            {
                entry.course = Course::Settled;
            }
        }
    }

    /// As it is written down: what is being deleted will be gone by the time it is read.
    pub fn lasting(&self) -> State {
        let mut state = self.clone();
        state.entries.retain(|entry| !entry.is_going());
        state
    }

    /// Seventeen hexadecimal digits, as AWS's identifiers have: always the same ones for the same
    /// address, and never the same twice.
    pub fn digits(&mut self, region: &str, stack: &str, id: &Id) -> String {
        let address = format!("{region}/{stack}/{id}");
        let given = self.minted.entry(address.clone()).or_default();
        *given += 1;
        format!("0{}", hash(&format!("{address}/{given}"), 16))
    }

    /// What is not being deleted, and has this address and these outputs. Several only where a
    /// kind has no outputs that tell.
    pub fn with_outputs<'a>(
        &'a mut self,
        id: &'a Id,
        outputs: &'a Outputs,
    ) -> impl Iterator<Item = &'a mut Entry> {
        self.entries
            .iter_mut()
            .filter(move |entry| !entry.is_going() && entry.id == *id && entry.outputs == *outputs)
    }

    /// Where the resource of this address and handle stands among the entries.
    pub fn position(&self, id: &Id, handle: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.id == *id && entry.handle == handle)
    }
}

impl Entry {
    pub fn is_going(&self) -> bool {
        matches!(self.course, Course::Deleting(_))
    }

    pub fn live(&self) -> Live {
        Live {
            id: self.id.clone(),
            handle: self.handle.clone(),
            component: self.component.clone(),
            spec: self.spec.clone(),
            outputs: self.outputs.clone(),
            condition: match self.course.status() {
                None => Condition::Ready,
                Some(status) => Condition::Converging(status.into()),
            },
        }
    }
}
