//! `permissions` of a service: statements of its instance role's policy.

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Permission {
    pub effect: Effect,
    pub actions: Vec<String>,
    pub resources: Vec<String>,
    /// An IAM `Condition` block; empty when there is none.
    pub conditions: serde_json::Map<String, serde_json::Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    Allow,
    Deny,
}
