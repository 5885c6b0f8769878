//! Converts predictive scaling between the SDK's shapes and the spec's.
use super::convert::{metric, read_metric};
use crate::kinds::autoscaling::scaling_policy::{
    MetricDataQueries, MetricSpecification, PredefinedMetric, PredictiveScalingConfiguration,
};
use crate::kinds::cloudwatch::alarm::metric::{MetricDataQuery, MetricStat};
use aws_sdk_autoscaling::types;
use std::collections::BTreeSet;

/// A predictive scaling configuration in the SDK's shape.
pub fn request(forecast: &PredictiveScalingConfiguration) -> types::PredictiveScalingConfiguration {
    let specifications = forecast.metric_specifications.iter().map(specification).collect();
    types::PredictiveScalingConfiguration::builder()
        .mode(forecast.mode.as_str().into())
        .scheduling_buffer_time(forecast.scheduling_buffer_time)
        .max_capacity_breach_behavior(forecast.max_capacity_breach_behavior.as_str().into())
        .set_max_capacity_buffer(forecast.max_capacity_buffer)
        .set_metric_specifications(Some(specifications))
        .build()
}

fn specification(metrics: &MetricSpecification) -> types::PredictiveScalingMetricSpecification {
    let pair = metrics.predefined_metric_pair_specification.as_ref().map(|metric| {
        types::PredictiveScalingPredefinedMetricPair::builder()
            .predefined_metric_type(metric.predefined_metric_type.as_str().into())
            .set_resource_label(metric.resource_label.clone())
            .build()
    });
    let load = metrics.predefined_load_metric_specification.as_ref().map(|metric| {
        types::PredictiveScalingPredefinedLoadMetric::builder()
            .predefined_metric_type(metric.predefined_metric_type.as_str().into())
            .set_resource_label(metric.resource_label.clone())
            .build()
    });
    let scaling = metrics.predefined_scaling_metric_specification.as_ref().map(|metric| {
        types::PredictiveScalingPredefinedScalingMetric::builder()
            .predefined_metric_type(metric.predefined_metric_type.as_str().into())
            .set_resource_label(metric.resource_label.clone())
            .build()
    });
    let customized_load = metrics.customized_load_metric_specification.as_ref().map(|metric| {
        types::PredictiveScalingCustomizedLoadMetric::builder()
            .set_metric_data_queries(Some(queries(metric)))
            .build()
    });
    let customized_scaling =
        metrics.customized_scaling_metric_specification.as_ref().map(|metric| {
            types::PredictiveScalingCustomizedScalingMetric::builder()
                .set_metric_data_queries(Some(queries(metric)))
                .build()
        });
    let customized_capacity =
        metrics.customized_capacity_metric_specification.as_ref().map(|metric| {
            types::PredictiveScalingCustomizedCapacityMetric::builder()
                .set_metric_data_queries(Some(queries(metric)))
                .build()
        });
    types::PredictiveScalingMetricSpecification::builder()
        .target_value(metrics.target_value)
        .set_predefined_metric_pair_specification(pair)
        .set_predefined_load_metric_specification(load)
        .set_predefined_scaling_metric_specification(scaling)
        .set_customized_load_metric_specification(customized_load)
        .set_customized_scaling_metric_specification(customized_scaling)
        .set_customized_capacity_metric_specification(customized_capacity)
        .build()
}

fn queries(queries: &MetricDataQueries) -> Vec<types::MetricDataQuery> {
    let stat = |stat: &MetricStat| {
        types::MetricStat::builder()
            .metric(metric(&stat.metric))
            .stat(&stat.stat)
            .set_unit(stat.unit.clone())
            .build()
    };
    let one = |query: &MetricDataQuery| {
        types::MetricDataQuery::builder()
            .id(&query.id)
            .set_expression(query.expression.clone())
            .set_metric_stat(query.metric_stat.as_ref().map(stat))
            .set_label(query.label.clone())
            .return_data(query.return_data)
            .build()
    };
    queries.metric_data_queries.iter().map(one).collect()
}

/// A predictive scaling configuration from the SDK's shape. AWS's defaults are those of
/// <https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PredictiveScalingConfiguration.html>.
pub fn read(forecast: types::PredictiveScalingConfiguration) -> PredictiveScalingConfiguration {
    let text = |text: Option<&str>, default: &str| text.unwrap_or(default).to_string();
    let breach = forecast.max_capacity_breach_behavior.as_ref().map(|breach| breach.as_str());
    let specifications = forecast.metric_specifications.unwrap_or_default().into_iter();
    PredictiveScalingConfiguration {
        mode: text(forecast.mode.as_ref().map(|mode| mode.as_str()), "ForecastOnly"),
        scheduling_buffer_time: forecast.scheduling_buffer_time.unwrap_or(300),
        max_capacity_breach_behavior: text(breach, "HonorMaxCapacity"),
        max_capacity_buffer: forecast.max_capacity_buffer,
        metric_specifications: specifications.map(read_specification).collect(),
    }
}

fn read_specification(metrics: types::PredictiveScalingMetricSpecification) -> MetricSpecification {
    let predefined = |kind: Option<&str>, resource_label| PredefinedMetric {
        predefined_metric_type: kind.unwrap_or_default().to_string(),
        resource_label,
    };
    let pair = metrics.predefined_metric_pair_specification.map(|metric| {
        predefined(
            metric.predefined_metric_type.as_ref().map(|k| k.as_str()),
            metric.resource_label,
        )
    });
    let load = metrics.predefined_load_metric_specification.map(|metric| {
        predefined(
            metric.predefined_metric_type.as_ref().map(|k| k.as_str()),
            metric.resource_label,
        )
    });
    let scaling = metrics.predefined_scaling_metric_specification.map(|metric| {
        predefined(
            metric.predefined_metric_type.as_ref().map(|k| k.as_str()),
            metric.resource_label,
        )
    });
    let customized_load = metrics.customized_load_metric_specification;
    let customized_scaling = metrics.customized_scaling_metric_specification;
    let customized_capacity = metrics.customized_capacity_metric_specification;
    MetricSpecification {
        target_value: metrics.target_value.unwrap_or_default(),
        predefined_metric_pair_specification: pair,
        predefined_load_metric_specification: load,
        predefined_scaling_metric_specification: scaling,
        customized_load_metric_specification: customized_load
            .map(|metric| read_queries(metric.metric_data_queries)),
        customized_scaling_metric_specification: customized_scaling
            .map(|metric| read_queries(metric.metric_data_queries)),
        customized_capacity_metric_specification: customized_capacity
            .map(|metric| read_queries(metric.metric_data_queries)),
    }
}

fn read_queries(queries: Option<Vec<types::MetricDataQuery>>) -> MetricDataQueries {
    let stat = |stat: types::MetricStat| {
        Some(MetricStat {
            metric: read_metric(stat.metric?),
            period: None,
            stat: stat.stat.unwrap_or_default(),
            unit: stat.unit,
        })
    };
    let one = |query: types::MetricDataQuery| MetricDataQuery {
        id: query.id.unwrap_or_default(),
        expression: query.expression,
        metric_stat: query.metric_stat.and_then(stat),
        label: query.label,
        period: None,
        return_data: query.return_data.unwrap_or(true),
    };
    let queries: BTreeSet<_> = queries.unwrap_or_default().into_iter().map(one).collect();
    MetricDataQueries { metric_data_queries: queries }
}
