//! `alarms` of a component: what differs from the alarms that it gets by itself.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::alarm_rules::{Unit, rules};
use crate::blueprint::language::decode::Value;

/// By the name of a rule, such as `cpu`.
pub type Alarms = BTreeMap<String, AlarmChange>;

/// What is asked of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmChange {
    /// No such alarm.
    Off,
    /// What is not given stays as the rule has it.
    Changed {
        /// In the unit of the rule: hundredths, seconds, so many a minute, or a count.
        threshold: Option<f64>,
        severity: Option<Severity>,
        /// How long it must last, in seconds.
        for_s: Option<u32>,
    },
}

/// What an alarm is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Users notice: somebody is called.
    Page,
    /// Nobody does yet: somebody looks at it in working hours.
    Ticket,
}

/// `section` says which rules there are, such as `caches`.
pub(crate) fn decode(value: Value<'_>, section: &'static str) -> Option<Alarms> {
    value.fields(|fields| {
        let known = rules(section).iter();
        let written = known.filter_map(|(rule, unit)| Some((*rule, fields.get(rule)?, *unit)));
        written
            .filter_map(|(rule, value, unit)| Some((rule.into(), change(value, unit)?)))
            .collect()
    })
}

fn change(value: Value<'_>, unit: Unit) -> Option<AlarmChange> {
    if value.is_false() {
        return Some(AlarmChange::Off);
    }
    value.fields(|fields| AlarmChange::Changed {
        threshold: match unit {
            Unit::Yes => None,
            _ => fields.optional("threshold", |value| threshold(value, unit)),
        },
        severity: fields.optional("severity", severity),
        for_s: fields.optional("for", |value| value.seconds(MINUTE_S..=DAY_S)),
    })
}

const MINUTE_S: u32 = 60;
const DAY_S: u32 = 86_400;

fn threshold(value: Value<'_>, unit: Unit) -> Option<f64> {
    match unit {
        Unit::Percent => value.percent(0.0..=100.0).map(|percent| percent.0),
        Unit::Seconds => value.precise_seconds(),
        Unit::PerMinute => value.rate().map(|rate| rate.per_minute()),
        Unit::Count => value.count(0..=u32::MAX).map(f64::from),
        Unit::Yes => None,
    }
}

pub(crate) fn severity(value: Value<'_>) -> Option<Severity> {
    value.word(&[("page", Severity::Page), ("ticket", Severity::Ticket)])
}
