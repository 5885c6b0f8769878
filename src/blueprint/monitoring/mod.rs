//! `monitoring`: who gets notifications, how long logs are kept, and saved queries of logs.
pub mod alarm_rules;
pub mod alarms;

use serde::Serialize;
use std::collections::BTreeMap;

use super::language::code;
use super::language::decode::Value;
use super::language::names::is_arn;
use super::language::node::Content;
use super::language::units::Percent;

/// Alarms, logs and the dashboard of a stack.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Monitoring {
    /// Who gets the notifications of alarms; at most 20. Default: nobody.
    pub notify: Vec<Recipient>,
    pub slo: Slo,
    /// Days that logs are kept. Default: 30, with the `dev` preset 7.
    pub log_retention_days: u32,
    /// Whether there is a CloudWatch dashboard. Default: true.
    pub dashboard: bool,
    /// Saved queries of CloudWatch Logs Insights by name.
    pub queries: BTreeMap<String, Query>,
}

/// A recipient of notifications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    Email(String),
    /// A URL that accepts the POST requests of SNS.
    Https(String),
    /// The ARN of an existing SNS topic.
    Topic(String),
}

/// Service level objectives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slo {
    /// Seconds within which 99 of 100 requests get a response. Default: 1.
    pub latency_p99_s: f64,
    /// The percentage of requests that may fail, 0.001% to 100%. Default: 1%.
    pub error_rate: Percent,
}

/// A saved query of CloudWatch Logs Insights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Query {
    /// Components whose logs the query reads, such as `services.api`; at most 50.
    pub from: Vec<String>,
    /// At most 10,000 characters.
    pub query: String,
}

const SLO: Slo = Slo { latency_p99_s: 1.0, error_rate: Percent(1.0) };

/// The retention periods that CloudWatch Logs supports, in days.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
const RETENTION_DAYS: &[u32] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

/// The longest text of a query, in characters.
const MAX_QUERY_LENGTH: usize = 10_000;

pub(super) fn decode(value: Value<'_>) -> Option<Monitoring> {
    let default_retention = value.decoder.preset(30, 7);
    value.fields(|fields| Monitoring {
        notify: fields.or("notify", Vec::new(), |value| value.items(20, recipient)),
        slo: fields.or("slo", SLO, slo),
        log_retention_days: fields.or("log_retention", default_retention, retention),
        dashboard: fields.or("dashboard", true, Value::boolean),
        queries: fields.or("queries", BTreeMap::new(), |value| value.named(query)),
    })
}

fn recipient(value: Value<'_>) -> Option<Recipient> {
    let text = value.text()?;
    let owned = text.to_string();
    if is_arn("sns")(text) {
        return Some(Recipient::Topic(owned));
    }
    if text.starts_with("https://") && text.len() > "https://".len() {
        return Some(Recipient::Https(owned));
    }
    let is_email = text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !text.contains(char::is_whitespace)
    });
    if is_email {
        return Some(Recipient::Email(owned));
    }
    value.malformed(
        "an e-mail address, an https URL or the ARN of an SNS topic",
        "write it like `ops@example.com` or `https://example.com/hook`",
    )
}

fn slo(value: Value<'_>) -> Option<Slo> {
    value.fields(|fields| Slo {
        latency_p99_s: fields.or("latency_p99", SLO.latency_p99_s, Value::precise_seconds),
        error_rate: fields.or("error_rate", SLO.error_rate, |value| value.percent(0.001..=100.0)),
    })
}

/// A retention period that CloudWatch Logs supports, in days.
pub(super) fn retention(value: Value<'_>) -> Option<u32> {
    let days = value.days(1..=3653)?;
    if RETENTION_DAYS.contains(&days) {
        return Some(days);
    }
    let longer = RETENTION_DAYS.iter().find(|known| **known > days).unwrap_or(&days);
    let summary = format!("CloudWatch Logs cannot keep events for {days} days");
    let report = value.error(code::RETENTION, summary, "not a supported period");
    let all: Vec<String> = RETENTION_DAYS.iter().map(|days| format!("{days}d")).collect();
    value.report(report.help(format!("write {longer}d; supported are {}", all.join(", "))));
    None
}

fn query(value: Value<'_>) -> Option<Query> {
    let query = value.fields(|fields| {
        let from =
            fields.required("from", "from: services.api", |value| match value.node.content {
                Content::List(_) => value.items(50, component),
                _ => component(value).map(|name| vec![name]),
            });
        let query = fields.required("query", "query: 'filter level = \"ERROR\"'", |value| {
            let fits = |text: &str| !text.trim().is_empty() && text.len() <= MAX_QUERY_LENGTH;
            value.shaped(fits, "a CloudWatch Logs Insights query", "fields @message | limit 20")
        });
        Some(Query { from: from?, query: query? })
    });
    query.flatten()
}

fn component(value: Value<'_>) -> Option<String> {
    let fits = |text: &str| text.split('.').filter(|part| !part.is_empty()).count() == 2;
    value.shaped(fits, "a component", "services.api")
}
