//! What the scaling policies of a group have in common.
use crate::blueprint::service::scale::target::{Metric, Statistic};
use crate::desired::build::{Build, Handle};
use crate::desired::service::parts::{GROUP_NAME, Parts};
use crate::kinds::autoscaling::scaling_policy::ScalingPolicy;
use crate::kinds::cloudwatch::alarm::metric::Dimension;
use crate::reference::literal;
use std::collections::BTreeSet;

pub fn add(build: &mut Build, parts: &Parts, name: &str, policy: ScalingPolicy) -> Handle {
    build.add(&parts.component, &format!("{}-{name}", parts.name), &policy)
}

/// A policy without adjustments or targets, for callers to complete.
pub fn policy(
    build: &Build,
    parts: &Parts,
    name: &str,
    group: &Handle,
    kind: &str,
) -> ScalingPolicy {
    ScalingPolicy {
        policy_name: build.name(&format!("{}-{name}", parts.name), GROUP_NAME),
        auto_scaling_group_name: group.output("name"),
        policy_type: kind.into(),
        target_tracking_configuration: None,
        predictive_scaling_configuration: None,
        adjustment_type: None,
        min_adjustment_magnitude: None,
        step_adjustments: std::iter::empty().collect(),
        metric_aggregation_type: None,
        estimated_instance_warmup: None,
        scaling_adjustment: None,
        cooldown: None,
    }
}

pub fn statistic(statistic: Statistic) -> &'static str {
    match statistic {
        Statistic::Average => "Average",
        Statistic::Minimum => "Minimum",
        Statistic::Maximum => "Maximum",
        Statistic::SampleCount => "SampleCount",
        Statistic::Sum => "Sum",
    }
}

pub fn dimensions(metric: &Metric) -> BTreeSet<Dimension> {
    let dimension = |(name, value): (&String, &String)| Dimension {
        name: literal(name),
        value: literal(value),
    };
    metric.dimensions.iter().map(dimension).collect()
}
