//! `alarms` of a component: changes to its default alarms.

use serde::Serialize;
use std::collections::BTreeMap;

use super::alarm_rules::{Unit, rules};
use crate::blueprint::language::decode::Value;

/// By the name of a rule, such as `cpu`.
pub type Alarms = BTreeMap<String, AlarmChange>;

/// The change to the alarm of a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmChange {
    /// The alarm is not created.
    Off,
    /// Each field that is none keeps the default of the rule.
    Changed {
        /// In the unit of the rule: percent, seconds, number per minute, or a count.
        threshold: Option<f64>,
        severity: Option<Severity>,
        /// Seconds for which the condition must last before the alarm fires, 1 minute to 1 day.
        for_s: Option<u32>,
    },
}

/// How urgent an alarm is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Users notice the problem: someone is paged.
    Page,
    /// Users do not notice the problem yet: someone looks into it during working hours.
    Ticket,
}

/// `section` determines the rules that exist, such as `caches`.
pub(in crate::blueprint) fn decode(value: Value<'_>, section: &'static str) -> Option<Alarms> {
    value.fields(|fields| {
        let known = rules(section).iter();
        let changes = known.filter_map(|(rule, unit)| Some((*rule, fields.get(rule)?, *unit)));
        changes
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
            Unit::NoThreshold => None,
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
        Unit::NoThreshold => None,
    }
}

/// `page` or `ticket`.
pub(in crate::blueprint) fn severity(value: Value<'_>) -> Option<Severity> {
    value.word(&[("page", Severity::Page), ("ticket", Severity::Ticket)])
}
