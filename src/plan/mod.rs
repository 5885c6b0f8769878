//! The plan: what to do about every resource, and why. A pure function of the desired resources
//! and the observation, byte for byte.
pub mod capacity;
pub mod check;
mod decide;
pub mod deletions;
pub mod diff;
pub mod estimate;
pub mod replan;
pub mod saved;
pub mod steps;
pub mod usages;
pub mod waivers;

pub use decide::{Data, PlanOptions, plan};

use crate::resource::{Id, Live};
use diff::PropertyChange;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is to be done about one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is as it should be.
    None,
    Create,
    Update,
    /// A successor is made, or it is deleted and made again.
    Replace,
    Delete,
    /// It would be deleted, but holds data nobody said could go, or holds up what does.
    Keep,
    /// It would have to be replaced, and is never replaced by a plan; or the change would lose
    /// something.
    Refuse,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The cloud is as the blueprint asks.
    AsDesired,
    /// The blueprint asks for it, and it is not there.
    Missing,
    /// Properties differ that AWS changes in place.
    Differs,
    /// A property differs that AWS cannot change in place.
    CreateOnly,
    /// The change would lose something.
    WouldLose,
    /// The blueprint does not ask for it (any more).
    NotInBlueprint,
    /// A second one of the same address, left by a run that was cut off, or an old one whose
    /// successor is in place.
    Superseded,
    /// The stack is being destroyed.
    Destroyed,
    /// Something that is kept stands on it.
    UsedByKept,
}

/// A resource and what is to be done about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub id: Id,
    pub component: String,
    pub action: Action,
    pub reason: Reason,
    /// What would be lost, and what to do instead; only where the change is refused for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refuse: Option<String>,
    /// The properties that differ; none where something is created, deleted or left alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<PropertyChange>,
    /// What is wanted, with references to what is not known yet; absent for a deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired: Option<Value>,
    /// What is there; absent for a creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Live>,
}

/// Work that remains once a plan is carried out, by people or by another verb.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemainingWork {
    pub id: Id,
    /// The sum of it.
    pub work: String,
    /// One by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
}

/// What to do about every resource of a stack: first those that are wanted, each after all it
/// needs, then those that go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub stack: String,
    pub changes: Vec<Change>,
    /// Work that remains then. It is no difference: a plan that has nothing else is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remaining_work: Vec<RemainingWork>,
}

impl Plan {
    /// The changes that are more than "leave it alone".
    pub fn effective(&self) -> impl Iterator<Item = &Change> {
        let idle = [Action::None, Action::Keep];
        self.changes.iter().filter(move |change| !idle.contains(&change.action))
    }

    pub fn is_empty(&self) -> bool {
        self.effective().next().is_none()
    }

    pub fn count(&self, action: Action) -> usize {
        self.changes.iter().filter(|change| change.action == action).count()
    }
}
