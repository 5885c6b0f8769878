//! The plan's data: changes, their actions and reasons.
use super::diff::PropertyChange;
use crate::graph::Graph;
use crate::resource::{Id, Live, Resource};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a plan does with one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing: the live resource equals the desired one.
    None,
    Create,
    Update,
    /// Create a successor and delete the old resource, or delete and recreate it.
    Replace,
    Delete,
    /// Keep a resource that is not desired: it holds data that may not be deleted, or a kept
    /// resource depends on it.
    Keep,
    /// Refuse the plan: the kind is never replaced by a plan, or the change would lose something.
    Refuse,
}

/// Why a plan takes an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The live resource equals the desired one.
    AsDesired,
    /// The resource is desired and does not exist.
    Missing,
    /// Properties differ that AWS can change in place.
    Differs,
    /// A property differs that AWS cannot change in place.
    CreateOnly,
    /// The change would lose something.
    WouldLose,
    /// The blueprint does not contain the resource, or no longer does.
    NotInBlueprint,
    /// A second resource with the same address: left by an interrupted run, or replaced by a
    /// successor that exists already.
    Superseded,
    /// The stack is being destroyed.
    Destroyed,
    /// A kept resource depends on this one.
    UsedByKept,
}

/// One resource and what the plan does with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub id: Id,
    pub component: String,
    pub action: Action,
    pub reason: Reason,
    /// What the change would lose, and what to do instead. Only with [`Reason::WouldLose`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// The properties that differ; empty for resources that are created, deleted or unchanged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<PropertyChange>,
    /// The desired spec, with references for values that are not known yet; absent for a deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired: Option<Value>,
    /// The live resource; absent for a creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Live>,
}

/// Work on one resource that remains after a plan is applied, for people or for another command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemainingWork {
    pub id: Id,
    /// A summary.
    pub work: String,
    /// The single items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
}

/// What to do with every resource of a stack.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub stack: String,
    /// The desired resources and their dependencies, as given to [`super::plan`].
    pub desired: Graph<Id, Resource>,
    /// Whether pinned properties follow their source, see [`super::PlanOptions`].
    pub upgrade: bool,
    /// First the desired resources, each after its dependencies, then those to delete.
    pub changes: Vec<Change>,
    /// Work that remains afterwards. It is not a change: a plan with only this is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remaining_work: Vec<RemainingWork>,
}

impl Plan {
    /// The changes that affect a resource, and those that are refused.
    pub fn effective(&self) -> impl Iterator<Item = &Change> {
        let idle = [Action::None, Action::Keep];
        self.changes.iter().filter(move |change| !idle.contains(&change.action))
    }

    /// The changes with this action.
    pub fn with(&self, action: Action) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.action == action)
    }

    pub fn is_empty(&self) -> bool {
        self.effective().next().is_none()
    }

    pub fn count(&self, action: Action) -> usize {
        self.with(action).count()
    }
}
