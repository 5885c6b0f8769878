//! What a check of a plan reports.
use super::change::Change;
use crate::resource::Id;
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The plan must not be applied.
    Error,
    Warning,
    Note,
}

/// Something to know before a plan is applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub severity: Severity,
    pub id: Id,
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
}

impl Finding {
    /// A finding about the resource of a change.
    pub fn new(
        severity: Severity,
        change: &Change,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Finding { severity, id: change.id.clone(), message: message.into(), help: help.into() }
    }
}
