//! Step policies: an alarm on a metric, and the change of the group's size above each threshold.
use super::policy::{add, dimensions, policy, statistic};
use crate::blueprint::service::scale::step::{Adjustment, Direction, StepMetric, StepPolicy};
use crate::desired::build::{Build, Handle, int};
use crate::desired::service::parts::{GROUP_NAME, Parts};
use crate::kinds::autoscaling::scaling_policy::{ScalingPolicy, Step};
use crate::kinds::cloudwatch::alarm::Alarm;
use crate::kinds::cloudwatch::alarm::metric::Dimension;
use crate::reference::literal;
use std::collections::BTreeSet;

pub fn expand(build: &mut Build, parts: &Parts, name: &str, wanted: &StepPolicy, group: &Handle) {
    let adjustment = match wanted.adjustment {
        Adjustment::Count => "ChangeInCapacity",
        Adjustment::Percent => "PercentChangeInCapacity",
        Adjustment::Exact => "ExactCapacity",
    };
    let spec = ScalingPolicy {
        adjustment_type: Some(adjustment.into()),
        min_adjustment_magnitude: wanted.min_change.and_then(|change| change.try_into().ok()),
        step_adjustments: adjustments(wanted).into_iter().collect(),
        metric_aggregation_type: Some("Average".into()),
        ..policy(build, parts, name, group, "StepScaling")
    };
    let acts = add(build, parts, name, spec);
    alarm(build, parts, name, wanted, group, &acts);
}

/// Bounds are relative to the alarm's threshold, which is that of the first change.
/// <https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html>
fn adjustments(wanted: &StepPolicy) -> Vec<Step> {
    let Some(first) = wanted.changes.first() else { return Vec::new() };
    let distance =
        |at: usize| wanted.changes.get(at).map(|change| change.threshold - first.threshold);
    let step = |(at, change): (usize, &crate::blueprint::service::scale::step::StepChange)| {
        let (near, far) = (distance(at), distance(at + 1));
        let (lower, upper) = match wanted.direction {
            Direction::Above => (near, far),
            Direction::Below => (far, near),
        };
        Step {
            metric_interval_lower_bound: lower,
            metric_interval_upper_bound: upper,
            scaling_adjustment: change.change,
        }
    };
    wanted.changes.iter().enumerate().map(step).collect()
}

fn alarm(
    build: &mut Build,
    parts: &Parts,
    name: &str,
    wanted: &StepPolicy,
    group: &Handle,
    acts: &Handle,
) {
    let own = format!("{}-{name}", parts.name);
    let (namespace, metric, statistic, dimensions) = match &wanted.metric {
        StepMetric::Cpu => {
            let of = Dimension { name: "AutoScalingGroupName".into(), value: group.output("name") };
            ("AWS/EC2".into(), "CPUUtilization".into(), "Average", BTreeSet::from([of]))
        }
        StepMetric::Metric(metric) => (
            literal(&metric.namespace),
            literal(&metric.name),
            statistic(metric.statistic),
            dimensions(metric),
        ),
    };
    let comparison = match wanted.direction {
        Direction::Above => "GreaterThanOrEqualToThreshold",
        Direction::Below => "LessThanOrEqualToThreshold",
    };
    let spec = Alarm {
        alarm_name: build.name(&own, GROUP_NAME),
        alarm_description: format!("Scales {} by its step policy {name}", parts.component),
        actions_enabled: true,
        alarm_actions: [acts.output("arn")].into(),
        ok_actions: BTreeSet::new(),
        insufficient_data_actions: BTreeSet::new(),
        namespace: Some(namespace),
        metric_name: Some(metric),
        dimensions,
        statistic: Some(statistic.into()),
        extended_statistic: None,
        period: Some(int(wanted.period_s)),
        unit: None,
        metrics: BTreeSet::new(),
        evaluation_periods: int(wanted.evaluations),
        datapoints_to_alarm: int(wanted.evaluations),
        threshold: wanted.changes.first().map(|change| change.threshold),
        threshold_metric_id: None,
        comparison_operator: comparison.into(),
        treat_missing_data: "missing".into(),
        evaluate_low_sample_count_percentile: None,
        tags: build.tags(&parts.component, &own),
    };
    build.add(&parts.component, &own, &spec);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::service::scale::step::StepChange;

    fn bounds(direction: Direction, thresholds: &[f64]) -> Vec<(Option<f64>, Option<f64>)> {
        let change = |threshold: &f64| StepChange { threshold: *threshold, change: 1 };
        let wanted = StepPolicy {
            metric: StepMetric::Cpu,
            period_s: 60,
            evaluations: 3,
            direction,
            adjustment: Adjustment::Count,
            min_change: None,
            changes: thresholds.iter().map(change).collect(),
        };
        let steps = adjustments(&wanted);
        steps
            .iter()
            .map(|s| (s.metric_interval_lower_bound, s.metric_interval_upper_bound))
            .collect()
    }

    #[test]
    fn step_bounds_have_no_gaps() {
        let up = bounds(Direction::Above, &[70.0, 85.0, 95.0]);
        assert_eq!(up, [(Some(0.0), Some(15.0)), (Some(15.0), Some(25.0)), (Some(25.0), None)]);
        let down = bounds(Direction::Below, &[30.0, 10.0]);
        assert_eq!(down, [(Some(-20.0), Some(0.0)), (None, Some(-20.0))]);
    }
}
