//! `scale.schedule`: windows with limits of their own.

use serde::Serialize;

use super::cron;
use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;

/// Between `start` and `end` these limits hold; afterwards those of `scale` again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Window {
    /// Five cron fields in `time_zone`.
    pub start: String,
    /// Five cron fields in `time_zone`.
    pub end: String,
    /// IANA name.
    pub time_zone: String,
    pub min: Option<u32>,
    pub max: Option<u32>,
    pub desired: Option<u32>,
}

pub(crate) fn decode(value: Value<'_>) -> Option<Window> {
    value.fields(|fields| {
        let start = fields.required("start", "start: \"0 8 * * MON-FRI\"", cron_line);
        let end = fields.required("end", "end: \"0 18 * * MON-FRI\"", cron_line);
        let time_zone = fields.or("time_zone", "Etc/UTC".to_string(), time_zone);
        let min = fields.optional("min", instances);
        let max = fields.optional("max", instances);
        let desired = fields.optional("desired", instances);
        check_limits(fields, min, max, desired);
        if start.is_some() && start == end {
            fields.clash(
                code::EMPTY_WINDOW,
                "a window that ends as it starts",
                ("end", "the same time"),
                ("start", "as this"),
                "write the time at which the usual limits hold again as `end`",
            );
        }
        Some(Window { start: start?, end: end?, time_zone, min, max, desired })
    })?
}

/// A number of instances.
pub(crate) fn instances(value: Value<'_>) -> Option<u32> {
    value.count(0..=10_000)
}

fn check_limits(fields: &Fields<'_>, min: Option<u32>, max: Option<u32>, desired: Option<u32>) {
    let limits = ["min", "max", "desired"];
    if !limits.iter().any(|key| fields.has(key)) {
        let report =
            fields.value.error(code::EMPTY_WINDOW, "a window that changes nothing", "no limits");
        fields.value.report(report.help("write `min`, `max` or `desired` in it"));
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

fn cron_line(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    match cron::check(text) {
        Ok(()) => Some(text.to_string()),
        Err(fault) => {
            let summary = format!("`{}`: {fault}", value.key);
            let report = value.error(code::BAD_CRON, summary, "minute hour day month weekday");
            value.report(
                report.help("write five fields such as \"45 7 * * FRI\", which is 7:45 on Fridays"),
            );
            None
        }
    }
}

/// The form of an IANA name; whether there is such a zone AWS says.
fn time_zone(value: Value<'_>) -> Option<String> {
    let is_zone = |text: &str| {
        let parts: Vec<&str> = text.split('/').collect();
        let is_part = |part: &&str| {
            part.starts_with(|first: char| first.is_ascii_uppercase())
                && part.chars().all(|one| one.is_ascii_alphanumeric() || "_+-".contains(one))
        };
        text == "UTC" || ((2..=3).contains(&parts.len()) && parts.iter().all(is_part))
    };
    value.shaped(is_zone, "the IANA name of a time zone", "Europe/Berlin")
}
