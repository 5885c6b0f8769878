//! `alarms` of a component: what differs from the alarms that it gets by itself.

use serde::Serialize;
use std::collections::BTreeMap;

use super::decode::Value;

/// By the name of a rule, such as `cpu`.
pub type Alarms = BTreeMap<String, AlarmChange>;

/// What is asked of a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmChange {
    /// No such alarm.
    Off,
}

/// `section` says which rules there are, such as `caches`.
pub(super) fn decode(value: Value<'_>, _section: &'static str) -> Option<Alarms> {
    value.entries(|value| value.is_false().then_some(AlarmChange::Off))
}
