//! Converts between the SDK's shapes and the spec's. A value reads back as it was sent.
use super::forecast;
use crate::kinds::autoscaling::scaling_policy::{
    CustomizedMetric, PredefinedMetric, ScalingPolicy, Step, TargetTracking,
};
use crate::kinds::cloudwatch::alarm::metric::{Dimension, Metric, MetricDataQuery, MetricStat};
use aws_sdk_autoscaling::types::{self, MetricStatistic, MetricType};
use std::collections::BTreeSet;

/// A target tracking configuration in the SDK's shape.
pub fn tracking(tracking: &TargetTracking) -> types::TargetTrackingConfiguration {
    let predefined = tracking.predefined_metric_specification.as_ref().map(|metric| {
        types::PredefinedMetricSpecification::builder()
            .predefined_metric_type(MetricType::from(metric.predefined_metric_type.as_str()))
            .set_resource_label(metric.resource_label.clone())
            .build()
    });
    let customized = tracking.customized_metric_specification.as_ref().map(customized);
    types::TargetTrackingConfiguration::builder()
        .target_value(tracking.target_value)
        .disable_scale_in(tracking.disable_scale_in)
        .set_predefined_metric_specification(predefined)
        .set_customized_metric_specification(customized)
        .build()
}

fn customized(metric: &CustomizedMetric) -> types::CustomizedMetricSpecification {
    let metrics = metric.metrics.iter().map(query).collect();
    types::CustomizedMetricSpecification::builder()
        .set_namespace(metric.namespace.clone())
        .set_metric_name(metric.metric_name.clone())
        .set_dimensions(dimensions(&metric.dimensions))
        .set_statistic(metric.statistic.as_deref().map(MetricStatistic::from))
        .set_unit(metric.unit.clone())
        .set_period(metric.period)
        .set_metrics((!metric.metrics.is_empty()).then_some(metrics))
        .build()
}

fn query(query: &MetricDataQuery) -> types::TargetTrackingMetricDataQuery {
    let stat = |stat: &MetricStat| {
        types::TargetTrackingMetricStat::builder()
            .metric(metric(&stat.metric))
            .stat(&stat.stat)
            .set_unit(stat.unit.clone())
            .set_period(stat.period)
            .build()
    };
    types::TargetTrackingMetricDataQuery::builder()
        .id(&query.id)
        .set_expression(query.expression.clone())
        .set_metric_stat(query.metric_stat.as_ref().map(stat))
        .set_label(query.label.clone())
        .set_period(query.period)
        .return_data(query.return_data)
        .build()
}

/// A metric in the SDK's shape.
pub fn metric(metric: &Metric) -> types::Metric {
    types::Metric::builder()
        .namespace(&metric.namespace)
        .metric_name(&metric.metric_name)
        .set_dimensions(dimensions(&metric.dimensions))
        .build()
}

fn dimensions(dimensions: &BTreeSet<Dimension>) -> Option<Vec<types::MetricDimension>> {
    let one = |dimension: &Dimension| {
        types::MetricDimension::builder().name(&dimension.name).value(&dimension.value).build()
    };
    (!dimensions.is_empty()).then(|| dimensions.iter().map(one).collect())
}

/// The steps of a policy in the SDK's shape, if it has any.
pub fn steps(policy: &ScalingPolicy) -> Option<Vec<types::StepAdjustment>> {
    let one = |step: &Step| {
        types::StepAdjustment::builder()
            .set_metric_interval_lower_bound(step.metric_interval_lower_bound)
            .set_metric_interval_upper_bound(step.metric_interval_upper_bound)
            .scaling_adjustment(step.scaling_adjustment)
            .build()
    };
    let steps: Vec<_> = policy.step_adjustments.iter().map(one).collect();
    (!steps.is_empty()).then_some(steps)
}

fn read_tracking(tracking: types::TargetTrackingConfiguration) -> TargetTracking {
    let predefined = tracking.predefined_metric_specification.map(|metric| PredefinedMetric {
        predefined_metric_type: metric
            .predefined_metric_type
            .map(|kind| kind.as_str().to_string())
            .unwrap_or_default(),
        resource_label: metric.resource_label,
    });
    TargetTracking {
        target_value: tracking.target_value.unwrap_or_default(),
        disable_scale_in: tracking.disable_scale_in == Some(true),
        predefined_metric_specification: predefined,
        customized_metric_specification: tracking
            .customized_metric_specification
            .map(read_customized),
    }
}

fn read_customized(metric: types::CustomizedMetricSpecification) -> CustomizedMetric {
    CustomizedMetric {
        namespace: metric.namespace,
        metric_name: metric.metric_name,
        dimensions: read_dimensions(metric.dimensions),
        statistic: metric.statistic.map(|statistic| statistic.as_str().to_string()),
        unit: metric.unit,
        period: metric.period,
        metrics: metric.metrics.unwrap_or_default().into_iter().map(read_query).collect(),
    }
}

fn read_query(query: types::TargetTrackingMetricDataQuery) -> MetricDataQuery {
    let stat = |stat: types::TargetTrackingMetricStat| {
        Some(MetricStat {
            metric: read_metric(stat.metric?),
            period: stat.period,
            stat: stat.stat.unwrap_or_default(),
            unit: stat.unit,
        })
    };
    MetricDataQuery {
        id: query.id.unwrap_or_default(),
        expression: query.expression,
        metric_stat: query.metric_stat.and_then(stat),
        label: query.label,
        period: query.period,
        return_data: query.return_data.unwrap_or(true),
    }
}

/// A metric from the SDK's shape.
pub fn read_metric(metric: types::Metric) -> Metric {
    Metric {
        namespace: metric.namespace.unwrap_or_default(),
        metric_name: metric.metric_name.unwrap_or_default(),
        dimensions: read_dimensions(metric.dimensions),
    }
}

fn read_dimensions(dimensions: Option<Vec<types::MetricDimension>>) -> BTreeSet<Dimension> {
    let one = |dimension: types::MetricDimension| {
        Some(Dimension { name: dimension.name?, value: dimension.value? })
    };
    dimensions.unwrap_or_default().into_iter().filter_map(one).collect()
}

fn read_step(step: types::StepAdjustment) -> Step {
    Step {
        metric_interval_lower_bound: step.metric_interval_lower_bound,
        metric_interval_upper_bound: step.metric_interval_upper_bound,
        scaling_adjustment: step.scaling_adjustment.unwrap_or(0),
    }
}

/// A policy as AWS returns it, without the properties that its type does not use: AWS fills in some
/// of these.
pub fn read(policy: types::ScalingPolicy) -> ScalingPolicy {
    // AWS's default type.
    let policy_type = policy.policy_type.unwrap_or_else(|| "SimpleScaling".into());
    let (simple, step) = (policy_type == "SimpleScaling", policy_type == "StepScaling");
    let steps = policy.step_adjustments.unwrap_or_default().into_iter();
    let aggregation = policy.metric_aggregation_type.unwrap_or_else(|| "Average".into());
    ScalingPolicy {
        policy_name: policy.policy_name.unwrap_or_default(),
        auto_scaling_group_name: policy.auto_scaling_group_name.unwrap_or_default(),
        target_tracking_configuration: policy.target_tracking_configuration.map(read_tracking),
        predictive_scaling_configuration: policy
            .predictive_scaling_configuration
            .map(forecast::read),
        adjustment_type: policy.adjustment_type.filter(|_| simple || step),
        min_adjustment_magnitude: policy.min_adjustment_magnitude.filter(|_| simple || step),
        step_adjustments: steps.filter(|_| step).map(read_step).collect(),
        metric_aggregation_type: step.then_some(aggregation),
        estimated_instance_warmup: policy.estimated_instance_warmup.filter(|_| !simple),
        scaling_adjustment: policy.scaling_adjustment.filter(|_| simple),
        cooldown: policy.cooldown.filter(|_| simple),
        policy_type,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customized_metric_reads_back_as_sent() {
        let depth = MetricStat {
            metric: Metric {
                namespace: "AWS/SQS".into(),
                metric_name: "ApproximateNumberOfMessagesVisible".into(),
                dimensions: [("QueueName", "orders"), ("A", "b")]
                    .map(|(name, value)| Dimension { name: name.into(), value: value.into() })
                    .into(),
            },
            period: Some(60),
            stat: "Sum".into(),
            unit: None,
        };
        let query = |id: &str, expression: Option<&str>, metric_stat| MetricDataQuery {
            id: id.into(),
            return_data: expression.is_some(),
            expression: expression.map(str::to_string),
            metric_stat,
            label: None,
            period: None,
        };
        let metrics = [query("m", None, Some(depth)), query("e", Some("m / 2"), None)];
        let sent = TargetTracking {
            target_value: 100.5,
            disable_scale_in: true,
            predefined_metric_specification: None,
            customized_metric_specification: Some(CustomizedMetric::of(metrics)),
        };
        assert_eq!(read_tracking(tracking(&sent)), sent);
    }

    #[test]
    fn ignores_properties_that_the_type_does_not_use() {
        let returned = types::ScalingPolicy::builder()
            .policy_type("TargetTrackingScaling")
            .adjustment_type("ChangeInCapacity")
            .metric_aggregation_type("Average")
            .cooldown(300)
            .estimated_instance_warmup(60)
            .build();
        let read = read(returned);
        assert_eq!(
            (read.adjustment_type, read.metric_aggregation_type, read.cooldown),
            (None, None, None)
        );
        assert_eq!(read.estimated_instance_warmup, Some(60));
    }
}
