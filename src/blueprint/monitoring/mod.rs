//! `monitoring`: who is told what, how long logs are kept, what is asked of them.
pub mod alarm_rules;
pub mod alarms;

use serde::Serialize;
use std::collections::BTreeMap;

use super::language::code;
use super::language::decode::Value;
use super::language::names::is_arn;
use super::language::node::Content;
use super::language::units::Percent;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Monitoring {
    pub notify: Vec<Recipient>,
    pub slo: Slo,
    pub log_retention_days: u32,
    pub dashboard: bool,
    pub queries: BTreeMap<String, Query>,
}

/// Who gets notifications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    Email(String),
    /// An address that takes what SNS posts.
    Https(String),
    /// The ARN of a topic that exists.
    Topic(String),
}

/// What users are promised.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slo {
    /// In seconds: 99 of 100 requests are answered within it.
    pub latency_p99_s: f64,
    /// The share of requests that may fail.
    pub error_rate: Percent,
}

/// A query to keep, in the language of CloudWatch Logs Insights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Query {
    /// Components whose logs it reads, such as `services.api`.
    pub from: Vec<String>,
    pub query: String,
}

const SLO: Slo = Slo { latency_p99_s: 1.0, error_rate: Percent(1.0) };

/// The days that CloudWatch Logs can keep events for.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
const RETENTION_DAYS: &[u32] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

/// The longest text of a query, in characters.
const LONGEST_QUERY: usize = 10_000;

pub(crate) fn decode(value: Value<'_>) -> Option<Monitoring> {
    let usual_retention = value.decoder.preset(30, 7);
    value.fields(|fields| Monitoring {
        notify: fields.or("notify", Vec::new(), |value| value.items(20, recipient)),
        slo: fields.or("slo", SLO, slo),
        log_retention_days: fields.or("log_retention", usual_retention, retention),
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
        "an e-mail address, an https address or the ARN of a topic",
        "write it like `ops@example.com` or `https://example.com/hook`",
    )
}

fn slo(value: Value<'_>) -> Option<Slo> {
    value.fields(|fields| Slo {
        latency_p99_s: fields.or("latency_p99", SLO.latency_p99_s, Value::precise_seconds),
        error_rate: fields.or("error_rate", SLO.error_rate, |value| value.percent(0.001..=100.0)),
    })
}

/// Days that CloudWatch Logs knows.
pub(crate) fn retention(value: Value<'_>) -> Option<u32> {
    let days = value.days(1..=3653)?;
    if RETENTION_DAYS.contains(&days) {
        return Some(days);
    }
    let next = RETENTION_DAYS.iter().find(|known| **known > days).unwrap_or(&days);
    let summary = format!("CloudWatch Logs cannot keep events for {days} days");
    let report = value.error(code::RETENTION, summary, "no such period");
    let all: Vec<String> = RETENTION_DAYS.iter().map(|days| format!("{days}d")).collect();
    value.report(report.help(format!("write {next}d; it can be {}", all.join(", "))));
    None
}

fn query(value: Value<'_>) -> Option<Query> {
    let whole = value.fields(|fields| {
        let from =
            fields.required("from", "from: services.api", |value| match value.node.content {
                Content::List(_) => value.items(50, component),
                _ => component(value).map(|one| vec![one]),
            });
        let query = fields.required("query", "query: 'filter level = \"ERROR\"'", |value| {
            let fits = |text: &str| !text.trim().is_empty() && text.len() <= LONGEST_QUERY;
            value.shaped(fits, "a query of CloudWatch Logs Insights", "fields @message | limit 20")
        });
        Some(Query { from: from?, query: query? })
    });
    whole.flatten()
}

fn component(value: Value<'_>) -> Option<String> {
    let fits = |text: &str| text.split('.').filter(|part| !part.is_empty()).count() == 2;
    value.shaped(fits, "a component", "services.api")
}
