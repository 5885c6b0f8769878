//! Log groups of services, and metrics that are counted in logs.
use super::entry_points::{THROTTLED, api_subject};
use super::rule::{Measure, Rule, Signal, Subject, When};
use crate::blueprint::service::log_metric::{LogAlarm, LogMetric};
use crate::desired::build::{Added, Build, Handle, int};
use crate::desired::shared::log_group;
use crate::kinds::logs::log_group::LogGroup;
use crate::kinds::logs::metric_filter::{MetricFilter, Transformation};
use crate::reference::literal;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The limit of CloudWatch Logs for the name of a filter.
const FILTER_NAME: usize = 512;

/// The namespace of the metrics that the stack publishes itself.
pub fn namespace(build: &Build) -> String {
    format!("Tenfold/{}", build.blueprint.stack)
}

/// The log group of a service's instances.
fn group_of(service: &str) -> Handle {
    Handle::of::<LogGroup>(service)
}

/// The variable with the log group's name, for a service's instances.
pub fn environment(build: &Build, service: &str) -> BTreeMap<String, String> {
    let group = ("LOG_GROUP".to_string(), log_group::name(build, service));
    build.blueprint.monitoring.iter().map(|_| group.clone()).collect()
}

/// Permissions of a service's instances to write to their log group, and metrics to the stack's
/// namespace and to that of the CloudWatch agent.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-identity-based-access-control-cwl.html>
pub fn permissions(build: &Build, service: &str) -> Vec<Value> {
    if build.blueprint.monitoring.is_none() {
        return Vec::new();
    }
    let group = group_of(service).output("arn");
    let namespaces = json!({ "cloudwatch:namespace": ["CWAgent", namespace(build)] });
    vec![
        json!({
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [group.clone(), format!("{group}:*")],
        }),
        json!({
            "Effect": "Allow",
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",
            "Condition": { "StringEquals": namespaces },
        }),
    ]
}

/// Adds a log group and metric filters for each service, and metric filters for the throttled calls
/// of APIs. Returns the signals for alarms on these metrics.
pub fn expand(build: &mut Build) -> Vec<Signal> {
    for name in build.blueprint.services.keys() {
        let component = format!("services.{name}");
        let (group_name, days) = (log_group::name(build, name), build.log_retention_days());
        log_group::add(build, (&component, name), group_name, days);
    }
    let throttled = throttled(build);
    let mut signals = Vec::new();
    for (name, service) in &build.blueprint.services {
        for (metric, wanted) in &service.metrics {
            let counted = count(build, name, metric, wanted);
            signals.extend(wanted.alarm.as_ref().map(|alarm| signal(counted, alarm)));
        }
    }
    signals.into_iter().chain(throttled).collect()
}

/// Adds a metric filter on a service's log.
fn count(build: &mut Build, service: &str, metric: &str, wanted: &LogMetric) -> Subject {
    let component = format!("services.{service}");
    let own = format!("{service}-{metric}");
    let group = group_of(service).output("name");
    filter(build, (&component, &own), group, (&literal(&wanted.pattern), &literal(&wanted.value)));
    let title = format!("{metric} of service {service}");
    let subject = Subject::new(&component, format!("metric-{own}"), title, &namespace(build));
    Subject { metric: Some(own), ..subject }.node(Vec::new())
}

/// Counts the throttled calls in the access logs of APIs.
fn throttled(build: &mut Build) -> Vec<Signal> {
    let is_access_log = |group: &Added<LogGroup>| {
        group.component().starts_with("rate_limits.") && group.name().starts_with("api-")
    };
    let groups = build.all().filter(is_access_log);
    let groups: Vec<(String, String)> =
        groups.map(|group| (group.component().into(), group.output("name"))).collect();
    let mut signals = Vec::new();
    for (component, group) in groups {
        let subject = api_subject(&component, &namespace(build));
        let own = format!("{}-throttled", subject.prefix);
        filter(build, (&component, &own), group, (THROTTLED_PATTERN, "1"));
        signals.push((Subject { metric: Some(own), ..subject }.node(Vec::new()), THROTTLED));
    }
    signals
}

/// The status is a number or a string, depending on the log's format.
const THROTTLED_PATTERN: &str = "{ ($.status = 429) || ($.status = \"429\") }";

fn filter(
    build: &mut Build,
    (component, own): (&str, &str),
    log_group_name: String,
    (pattern, value): (&str, &str),
) {
    let transformation = Transformation {
        metric_namespace: namespace(build),
        metric_name: own.into(),
        metric_value: value.into(),
        default_value: Some(0.0),
        unit: None,
        dimensions: Vec::new(),
    };
    let spec = MetricFilter {
        filter_name: build.name(own, FILTER_NAME),
        log_group_name,
        filter_pattern: pattern.into(),
        metric_transformations: vec![transformation],
    };
    build.add(component, own, &spec);
}

/// An alarm's period is a whole number of minutes; for other windows the alarm counts per minute.
fn signal(subject: Subject, alarm: &LogAlarm) -> Signal {
    let window_s = alarm.threshold.window_s;
    let whole = window_s.is_multiple_of(60) && (60..=86_400).contains(&window_s);
    let (period_s, threshold) = match whole {
        true => (int(window_s), alarm.threshold.count),
        false => (60, alarm.threshold.per_minute()),
    };
    let rule = Rule {
        description: "The log contains more of these events than expected",
        measure: Measure::Plain("", "Sum"),
        threshold,
        when: When::AtLeast,
        period_s,
        datapoints: 1,
        periods: 1,
        severity: alarm.severity,
        ..Rule::DEFAULT
    };
    (subject, rule)
}
