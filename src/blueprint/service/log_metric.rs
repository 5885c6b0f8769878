//! `metrics` of a service: what its log says, counted.

use serde::Serialize;

use crate::blueprint::language::decode::Value;
use crate::blueprint::language::units::Rate;
use crate::blueprint::monitoring::alarms::{Severity, severity};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogMetric {
    /// Which events count, in the language of CloudWatch's filter patterns.
    pub pattern: String,
    /// What an event adds: a number, or a property of it such as `$.amount`.
    pub value: String,
    pub alarm: Option<LogAlarm>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogAlarm {
    /// From how many in a time on.
    pub threshold: Rate,
    pub severity: Severity,
}

/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html>
const LONGEST_PATTERN: usize = 1024;

pub(crate) fn decode(value: Value<'_>) -> Option<LogMetric> {
    let whole = value.fields(|fields| {
        let example = "match: '{ $.level = \"ERROR\" }'";
        let pattern = fields.required("match", example, pattern);
        let value = fields.or("value", "1".to_string(), amount);
        let alarm = fields.optional("alarm", alarm);
        Some(LogMetric { pattern: pattern?, value, alarm })
    });
    whole.flatten()
}

fn pattern(value: Value<'_>) -> Option<String> {
    let fits = |text: &str| {
        let whole = text.trim();
        let opened = whole.starts_with('{') == whole.ends_with('}');
        !whole.is_empty() && opened && text.len() <= LONGEST_PATTERN
    };
    value.shaped(fits, "a filter pattern of CloudWatch Logs", "'{ $.level = \"ERROR\" }'")
}

fn amount(value: Value<'_>) -> Option<String> {
    let text = value.any_text()?;
    if text.starts_with("$.") || text.parse::<f64>().is_ok() {
        return Some(text);
    }
    value.malformed("a property or a number", "write it like `$.amount`, or leave it out to count")
}

fn alarm(value: Value<'_>) -> Option<LogAlarm> {
    let whole = value.fields(|fields| {
        let threshold = fields.required("threshold", "threshold: 20/5m", Value::rate);
        let severity = fields.or("severity", Severity::Ticket, severity);
        Some(LogAlarm { threshold: threshold?, severity })
    });
    whole.flatten()
}
