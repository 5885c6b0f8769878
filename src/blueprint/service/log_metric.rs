//! `metrics` of a service: CloudWatch metrics that are counted in its log.

use serde::Serialize;

use crate::blueprint::language::decode::Value;
use crate::blueprint::language::units::Rate;
use crate::blueprint::monitoring::alarms::{Severity, severity};

/// A metric filter of the log group of a service.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogMetric {
    /// The events that count, as a CloudWatch Logs filter pattern.
    pub pattern: String,
    /// What an event adds to the metric: a number, or a property of the event such as `$.amount`.
    /// Default: 1.
    pub value: String,
    /// None: no alarm watches the metric.
    pub alarm: Option<LogAlarm>,
}

/// The alarm of a metric that is counted in a log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogAlarm {
    /// The alarm fires if the metric reaches this rate.
    pub threshold: Rate,
    /// Default: ticket.
    pub severity: Severity,
}

/// CloudWatch Logs' limit for a filter pattern, in characters.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html>
const MAX_PATTERN_LENGTH: usize = 1024;

pub(super) fn decode(value: Value<'_>) -> Option<LogMetric> {
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
        let trimmed = text.trim();
        let is_balanced = trimmed.starts_with('{') == trimmed.ends_with('}');
        !trimmed.is_empty() && is_balanced && text.len() <= MAX_PATTERN_LENGTH
    };
    value.shaped(fits, "a CloudWatch Logs filter pattern", "'{ $.level = \"ERROR\" }'")
}

fn amount(value: Value<'_>) -> Option<String> {
    let text = value.any_text()?;
    if text.starts_with("$.") || text.parse::<f64>().is_ok() {
        return Some(text);
    }
    value.malformed(
        "a number or a property of the event",
        "write it like `$.amount`, or remove `value` to count events",
    )
}

fn alarm(value: Value<'_>) -> Option<LogAlarm> {
    let whole = value.fields(|fields| {
        let threshold = fields.required("threshold", "threshold: 20/5m", Value::rate);
        let severity = fields.or("severity", Severity::Ticket, severity);
        Some(LogAlarm { threshold: threshold?, severity })
    });
    whole.flatten()
}
