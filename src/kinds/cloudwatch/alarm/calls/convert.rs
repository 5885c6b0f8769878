//! Conversions between the spec and the SDK's types. A spec that was sent reads back equal.
use crate::kinds::cloudwatch::alarm::Alarm;
use crate::kinds::cloudwatch::alarm::metric::{Dimension, Metric, MetricDataQuery, MetricStat};
use crate::tags::Tags;
use aws_sdk_cloudwatch::types::{self, StandardUnit};
use std::collections::BTreeSet;

pub fn dimensions(dimensions: &BTreeSet<Dimension>) -> Option<Vec<types::Dimension>> {
    let one = |dimension: &Dimension| {
        types::Dimension::builder().name(&dimension.name).value(&dimension.value).build()
    };
    (!dimensions.is_empty()).then(|| dimensions.iter().map(one).collect())
}

pub fn queries(queries: &BTreeSet<MetricDataQuery>) -> Option<Vec<types::MetricDataQuery>> {
    (!queries.is_empty()).then(|| queries.iter().map(query).collect())
}

fn query(query: &MetricDataQuery) -> types::MetricDataQuery {
    types::MetricDataQuery::builder()
        .id(&query.id)
        .set_expression(query.expression.clone())
        .set_metric_stat(query.metric_stat.as_ref().map(stat))
        .set_label(query.label.clone())
        .set_period(query.period)
        .return_data(query.return_data)
        .build()
}

fn stat(stat: &MetricStat) -> types::MetricStat {
    let metric = types::Metric::builder()
        .namespace(&stat.metric.namespace)
        .metric_name(&stat.metric.metric_name)
        .set_dimensions(dimensions(&stat.metric.dimensions))
        .build();
    types::MetricStat::builder()
        .metric(metric)
        .set_period(stat.period)
        .stat(&stat.stat)
        .set_unit(stat.unit.as_deref().map(StandardUnit::from))
        .build()
}

fn read_dimensions(dimensions: Option<Vec<types::Dimension>>) -> BTreeSet<Dimension> {
    let one = |dimension: types::Dimension| {
        Some(Dimension { name: dimension.name?, value: dimension.value? })
    };
    dimensions.unwrap_or_default().into_iter().filter_map(one).collect()
}

fn read_query(query: types::MetricDataQuery) -> MetricDataQuery {
    MetricDataQuery {
        id: query.id.unwrap_or_default(),
        expression: query.expression,
        metric_stat: query.metric_stat.and_then(read_stat),
        label: query.label,
        period: query.period,
        return_data: query.return_data.unwrap_or(true),
    }
}

fn read_stat(stat: types::MetricStat) -> Option<MetricStat> {
    let metric = stat.metric?;
    let metric = Metric {
        namespace: metric.namespace.unwrap_or_default(),
        metric_name: metric.metric_name.unwrap_or_default(),
        dimensions: read_dimensions(metric.dimensions),
    };
    let unit = stat.unit.map(|unit| unit.as_str().to_string());
    Some(MetricStat { metric, period: stat.period, stat: stat.stat.unwrap_or_default(), unit })
}

/// The spec of a live alarm. The description and the tags are those that its description contains.
pub fn read(alarm: types::MetricAlarm, alarm_description: String, tags: Tags) -> Alarm {
    let set = |list: Option<Vec<String>>| list.unwrap_or_default().into_iter().collect();
    let evaluation_periods = alarm.evaluation_periods.unwrap_or(1);
    Alarm {
        alarm_name: alarm.alarm_name.unwrap_or_default(),
        alarm_description,
        actions_enabled: alarm.actions_enabled.unwrap_or(true),
        alarm_actions: set(alarm.alarm_actions),
        ok_actions: set(alarm.ok_actions),
        insufficient_data_actions: set(alarm.insufficient_data_actions),
        namespace: alarm.namespace,
        metric_name: alarm.metric_name,
        dimensions: read_dimensions(alarm.dimensions),
        statistic: alarm.statistic.map(|statistic| statistic.as_str().to_string()),
        extended_statistic: alarm.extended_statistic,
        period: alarm.period,
        unit: alarm.unit.map(|unit| unit.as_str().to_string()),
        metrics: alarm.metrics.unwrap_or_default().into_iter().map(read_query).collect(),
        evaluation_periods,
        datapoints_to_alarm: alarm.datapoints_to_alarm.unwrap_or(evaluation_periods),
        threshold: alarm.threshold,
        threshold_metric_id: alarm.threshold_metric_id,
        comparison_operator: alarm
            .comparison_operator
            .map(|operator| operator.as_str().to_string())
            .unwrap_or_default(),
        treat_missing_data: alarm.treat_missing_data.unwrap_or_else(|| "missing".into()),
        evaluate_low_sample_count_percentile: alarm.evaluate_low_sample_count_percentile,
        tags,
    }
}
