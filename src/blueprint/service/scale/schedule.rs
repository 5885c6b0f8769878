//! `scale.schedule`: windows with their own limits.

use serde::Serialize;

use super::cron;
use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;

/// A recurring period with its own limits. They apply from `start` to `end`; afterwards the limits
/// of `scale` apply again. At least one limit is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Window {
    /// A cron expression of five fields, in `time_zone`.
    pub start: String,
    /// A cron expression of five fields, in `time_zone`.
    pub end: String,
    /// IANA name. Default: `Etc/UTC`.
    pub time_zone: String,
    /// None: `min` of `scale`.
    pub min: Option<u32>,
    /// None: `max` of `scale`.
    pub max: Option<u32>,
    /// Number of instances at `start`; none: it does not change, except to stay within the limits.
    pub desired: Option<u32>,
}

pub(super) fn decode(value: Value<'_>) -> Option<Window> {
    value.fields(|fields| {
        let start = fields.required("start", "start: \"0 8 * * MON-FRI\"", cron_expression);
        let end = fields.required("end", "end: \"0 18 * * MON-FRI\"", cron_expression);
        let time_zone = fields.or("time_zone", "Etc/UTC".to_string(), time_zone);
        let min = fields.optional("min", instances);
        let max = fields.optional("max", instances);
        let desired = fields.optional("desired", instances);
        check_limits(fields, min, max, desired);
        if start.is_some() && start == end {
            fields.clash(
                code::EMPTY_WINDOW,
                "the window starts and ends at the same time",
                ("end", "equals `start`"),
                ("start", "equals `end`"),
                "write as `end` the time from which the limits of `scale` apply again",
            );
        }
        Some(Window { start: start?, end: end?, time_zone, min, max, desired })
    })?
}

/// A number of instances, 0 to 10,000.
pub(in crate::blueprint::service) fn instances(value: Value<'_>) -> Option<u32> {
    value.count(0..=10_000)
}

fn check_limits(fields: &Fields<'_>, min: Option<u32>, max: Option<u32>, desired: Option<u32>) {
    let limits = ["min", "max", "desired"];
    if !limits.iter().any(|key| fields.has(key)) {
        let summary = format!("window `{}` has no limits", fields.value.key);
        let report = fields.value.error(code::EMPTY_WINDOW, summary, "changes nothing");
        fields.value.report(report.help("add `min`, `max` or `desired`"));
    }
    for (low, high, low_key, high_key) in [
        (min, max, "min", "max"),
        (min, desired, "min", "desired"),
        (desired, max, "desired", "max"),
    ] {
        let (Some(low), Some(high)) = (low, high) else {
            continue;
        };
        if high < low {
            fields.clash(
                code::MAX_BELOW_MIN,
                format!("`{high_key}` is below `{low_key}`"),
                (high_key, &format!("is {high}")),
                (low_key, &format!("is {low}")),
                format!("raise `{high_key}` to at least {low}"),
            );
        }
    }
}

fn cron_expression(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    match cron::check(text) {
        Ok(()) => Some(text.to_string()),
        Err(reason) => {
            let summary = format!("`{}`: {reason}", value.key);
            let report =
                value.error(code::BAD_CRON, summary, "must be: minute hour day month weekday");
            value.report(
                report.help("write five fields such as \"45 7 * * FRI\", which is 7:45 on Fridays"),
            );
            None
        }
    }
}

/// Checks only the form of an IANA name. AWS rejects time zones that do not exist.
fn time_zone(value: Value<'_>) -> Option<String> {
    let is_zone = |text: &str| {
        let parts: Vec<&str> = text.split('/').collect();
        let is_part = |part: &&str| {
            part.starts_with(|first: char| first.is_ascii_uppercase())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || "_+-".contains(c))
        };
        text == "UTC" || ((2..=3).contains(&parts.len()) && parts.iter().all(is_part))
    };
    value.shaped(is_zone, "the IANA name of a time zone", "Europe/Berlin")
}
