//! Alarms from rules and their subjects, and the composite alarm that notifies on pages.
use super::rule::{Dimensions, Measure, Rule, Signal, Subject};
use crate::blueprint::monitoring::alarms::{AlarmChange, Severity};
use crate::desired::build::{Build, Handle, int};
use crate::kinds::cloudwatch::alarm::Alarm;
use crate::kinds::cloudwatch::alarm::metric::{Dimension, Metric, MetricDataQuery, MetricStat};
use crate::kinds::cloudwatch::composite_alarm::CompositeAlarm;
use crate::tags::Tags;
use std::collections::BTreeSet;

/// The limit of CloudWatch for the name of an alarm.
const ALARM_NAME: usize = 255;
/// How many metrics the expression of an alarm may contain.
const MOST_METRICS: usize = 10;
/// How many alarms one composite alarm refers to at most: the rule of a composite alarm may have
/// 10,240 characters, and an ARN has up to 200.
const MOST_CHILDREN: usize = 50;

/// The component of the composite alarms.
const COMPONENT: &str = "monitoring";

/// Adds an alarm for each signal, unless its component disables it. Returns the alarms that page.
pub fn expand(build: &mut Build, signals: Vec<Signal>, notify: &BTreeSet<String>) -> Vec<Handle> {
    let mut pages = Vec::new();
    for (subject, rule) in signals {
        let alarms = build.blueprint.alarms(&subject.component);
        let change = alarms.and_then(|alarms| alarms.get(rule.name));
        let Some(severity) = severity(change, &rule) else { continue };
        let own = match rule.name {
            "" => subject.prefix.clone(),
            rule => format!("{}-{}", subject.prefix, rule.replace('_', "-")),
        };
        let tags = build.tags(&subject.component, &own);
        let name = build.name(&own, ALARM_NAME);
        let Some(mut alarm) = alarm((name, tags), &subject, &rule, change) else { continue };
        // The composite alarm notifies on pages, so that recipients get one notification.
        if severity == Severity::Ticket {
            alarm.alarm_actions = notify.clone();
        }
        let handle = build.add(&subject.component, &own, &alarm);
        if severity == Severity::Page {
            pages.push(handle);
        }
    }
    pages
}

/// Adds the composite alarm on all alarms that page, and further ones if there are more alarms than
/// one can refer to.
pub fn user_impact(build: &mut Build, pages: &[Handle], notify: &BTreeSet<String>) {
    for (number, part) in pages.chunks(MOST_CHILDREN).enumerate() {
        let own = match number {
            0 => "user-impact".to_string(),
            _ => format!("user-impact-{}", number + 1),
        };
        // By ARN: the reference orders deletion, the composite alarm before the alarms in its rule.
        let names = part.iter().map(|alarm| format!("ALARM(\"{}\")", alarm.output("arn")));
        let spec = CompositeAlarm {
            alarm_name: build.name(&own, ALARM_NAME),
            alarm_description: format!("Users of {} are affected", build.blueprint.stack),
            alarm_rule: names.collect::<Vec<_>>().join(" OR "),
            actions_enabled: true,
            alarm_actions: notify.clone(),
            ok_actions: notify.clone(),
            insufficient_data_actions: BTreeSet::new(),
            tags: build.tags(COMPONENT, &own),
        };
        build.add(COMPONENT, &own, &spec);
    }
}

/// The severity of an alarm; none if it is disabled.
fn severity(change: Option<&AlarmChange>, rule: &Rule) -> Option<Severity> {
    match change {
        Some(AlarmChange::Off) => None,
        Some(AlarmChange::Changed { severity, .. }) => Some(severity.unwrap_or(rule.severity)),
        None => Some(rule.severity),
    }
}

fn alarm(
    (name, tags): (String, Tags),
    subject: &Subject,
    rule: &Rule,
    change: Option<&AlarmChange>,
) -> Option<Alarm> {
    let (mut threshold, mut lasting) = (subject.thresholds.get(rule.name).copied(), None);
    if let Some(AlarmChange::Changed { threshold: own, for_s, .. }) = change {
        threshold = own.or(threshold);
        lasting = for_s.map(|for_s| int(for_s.div_ceil(rule.period_s.unsigned_abs().max(1))));
    }
    let scale = subject.scales.get(rule.name).copied().or(rule.scale)?;
    let watched = watched(subject, rule);
    let percentile = watched.percentile.is_some();
    Some(Alarm {
        alarm_name: name,
        alarm_description: format!("{} ({})", rule.description, subject.title),
        actions_enabled: true,
        alarm_actions: BTreeSet::new(),
        ok_actions: BTreeSet::new(),
        insufficient_data_actions: BTreeSet::new(),
        namespace: watched.namespace,
        metric_name: watched.name,
        dimensions: watched.dimensions,
        statistic: watched.statistic,
        extended_statistic: watched.percentile,
        period: watched.metrics.is_empty().then_some(rule.period_s),
        unit: None,
        metrics: watched.metrics,
        evaluation_periods: lasting.unwrap_or(rule.periods),
        datapoints_to_alarm: lasting.unwrap_or(rule.datapoints),
        threshold: Some(round(threshold.unwrap_or(rule.threshold) * scale)),
        threshold_metric_id: None,
        comparison_operator: rule.when.operator().into(),
        treat_missing_data: rule.missing_data.into(),
        evaluate_low_sample_count_percentile: percentile.then(|| "ignore".into()),
        tags,
    })
}

/// The properties of an alarm that say what it monitors.
#[derive(Default)]
struct Watched {
    namespace: Option<String>,
    name: Option<String>,
    dimensions: BTreeSet<Dimension>,
    statistic: Option<String>,
    percentile: Option<String>,
    metrics: BTreeSet<MetricDataQuery>,
}

fn watched(subject: &Subject, rule: &Rule) -> Watched {
    match (rule.measure, subject.nodes.as_slice()) {
        (Measure::Plain(metric, statistic), [node]) => {
            let percentile = statistic.starts_with('p');
            let statistic = Some(statistic.to_string());
            Watched {
                namespace: Some(subject.namespace.clone()),
                name: Some(subject.metric.clone().unwrap_or_else(|| metric.into())),
                dimensions: dimensions(node),
                statistic: statistic.clone().filter(|_| !percentile),
                percentile: statistic.filter(|_| percentile),
                metrics: BTreeSet::new(),
            }
        }
        (Measure::Plain(metric, statistic), _) => {
            let expression = format!("{}([nodes])", rule.when.worst());
            let of = [("nodes", metric, statistic)];
            Watched { metrics: metrics(subject, rule, &expression, &of), ..Watched::default() }
        }
        (Measure::Math(expression, of), _) => {
            Watched { metrics: metrics(subject, rule, expression, of), ..Watched::default() }
        }
    }
}

/// The queries of an expression and of its metrics. With several nodes, an ID in the expression
/// becomes their sum, and an ID in brackets the list of them.
fn metrics(
    subject: &Subject,
    rule: &Rule,
    expression: &str,
    of: &[(&'static str, &'static str, &'static str)],
) -> BTreeSet<MetricDataQuery> {
    let nodes = subject.nodes.iter().take(MOST_METRICS / of.len().max(1));
    let nodes: Vec<&Dimensions> = nodes.collect();
    let mut expression = expression.to_string();
    let mut queries = BTreeSet::new();
    for (id, metric, statistic) in of {
        let own = |node: usize| match nodes.len() {
            1 => id.to_string(),
            _ => format!("{id}{node}"),
        };
        let ids: Vec<String> = (0..nodes.len()).map(own).collect();
        if nodes.len() > 1 {
            let list = ids.join(", ");
            let all = format!("[{id}]");
            expression = match expression.contains(&all) {
                true => expression.replace(&all, &format!("[{list}]")),
                false => expression.replace(id, &format!("SUM([{list}])")),
            };
        }
        for (id, node) in ids.into_iter().zip(&nodes) {
            queries.insert(query(subject, rule, id, (metric, statistic), node));
        }
    }
    queries.insert(MetricDataQuery {
        id: "watched".into(),
        expression: Some(expression),
        metric_stat: None,
        label: Some(rule.name.replace('_', " ")),
        period: None,
        return_data: true,
    });
    queries
}

fn query(
    subject: &Subject,
    rule: &Rule,
    id: String,
    (metric, statistic): (&str, &str),
    node: &Dimensions,
) -> MetricDataQuery {
    let metric = Metric {
        namespace: subject.namespace.clone(),
        metric_name: metric.into(),
        dimensions: dimensions(node),
    };
    MetricDataQuery {
        id,
        expression: None,
        metric_stat: Some(MetricStat {
            metric,
            period: Some(rule.period_s),
            stat: statistic.into(),
            unit: None,
        }),
        label: None,
        period: None,
        return_data: false,
    }
}

fn dimensions(node: &Dimensions) -> BTreeSet<Dimension> {
    let one =
        |(name, value): &(&str, String)| Dimension { name: name.to_string(), value: value.clone() };
    node.iter().map(one).collect()
}

/// Removes the rounding errors of binary fractions.
fn round(threshold: f64) -> f64 {
    (threshold * 1e6).round() / 1e6
}
