//! Scaling by the backlog of the queues that a service consumes.
use super::policy::{add, policy};
use crate::blueprint::service::consume::Consume;
use crate::desired::build::{Build, Handle, int};
use crate::desired::queue;
use crate::desired::service::parts::{GROUP_NAME, Parts};
use crate::kinds::autoscaling::scaling_policy::{
    CustomizedMetric, ScalingPolicy, Step, TargetTracking,
};
use crate::kinds::cloudwatch::alarm::Alarm;
use crate::kinds::cloudwatch::alarm::metric::{Dimension, Metric, MetricDataQuery, MetricStat};
use std::collections::BTreeSet;

/// AWS publishes metrics of queues and groups once a minute.
const PERIOD_S: i32 = 60;

pub fn expand(build: &mut Build, parts: &Parts, group: &Handle) {
    for (queue, consume) in &parts.service.consumes {
        let Some(wanted) = build.blueprint.queues.get(queue) else { continue };
        let queue_name = queue::address(build, queue, wanted).name;
        track(build, parts, queue, &queue_name, consume, group);
        if parts.service.scale.min == 0 {
            wake(build, parts, queue, &queue_name, group);
        }
    }
}

/// Keeps the number of waiting messages per instance at what an instance can handle in time. A
/// group without instances counts as one instance, and a queue without data as empty: otherwise the
/// expression would have no value.
/// <https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html>
fn track(
    build: &mut Build,
    parts: &Parts,
    queue: &str,
    queue_name: &str,
    consume: &Consume,
    group: &Handle,
) {
    let name = format!("backlog-{queue}");
    let metrics = [
        visible("m1", queue_name),
        of_group("m2", "GroupInServiceInstances", group),
        expression(
            "FILL(m1,0) / IF(FILL(m2,0) < 1, 1, FILL(m2,0))",
            "messages waiting for each instance",
        ),
    ];
    let tracking = TargetTracking {
        target_value: consume.backlog(),
        disable_scale_in: false,
        predefined_metric_specification: None,
        customized_metric_specification: Some(CustomizedMetric::of(metrics)),
    };
    let spec = ScalingPolicy {
        target_tracking_configuration: Some(tracking),
        ..policy(build, parts, &name, group, "TargetTrackingScaling")
    };
    add(build, parts, &name, spec);
}

/// Starts one instance if messages wait and the group's desired capacity is 0: the target value
/// alone would let a few messages wait indefinitely, since one instance can handle many more in
/// time.
fn wake(build: &mut Build, parts: &Parts, queue: &str, queue_name: &str, group: &Handle) {
    let name = format!("wake-{queue}");
    let one = Step {
        metric_interval_lower_bound: Some(0.0),
        metric_interval_upper_bound: None,
        scaling_adjustment: 1,
    };
    let spec = ScalingPolicy {
        adjustment_type: Some("ChangeInCapacity".into()),
        step_adjustments: [one].into_iter().collect(),
        metric_aggregation_type: Some("Maximum".into()),
        ..policy(build, parts, &name, group, "StepScaling")
    };
    let acts = add(build, parts, &name, spec);
    let own = format!("{}-{name}", parts.name);
    let metrics = [
        visible("m1", queue_name),
        of_group("m2", "GroupDesiredCapacity", group),
        expression("IF(FILL(m2,0) < 1, FILL(m1,0), 0)", "messages without an instance"),
    ];
    let alarm = Alarm {
        alarm_name: build.name(&own, GROUP_NAME),
        alarm_description: format!(
            "Starts an instance of {} when messages wait in {queue}",
            parts.component
        ),
        actions_enabled: true,
        alarm_actions: [acts.output("arn")].into(),
        ok_actions: BTreeSet::new(),
        insufficient_data_actions: BTreeSet::new(),
        namespace: None,
        metric_name: None,
        dimensions: BTreeSet::new(),
        statistic: None,
        extended_statistic: None,
        period: None,
        unit: None,
        metrics: metrics.into(),
        evaluation_periods: int(1),
        datapoints_to_alarm: int(1),
        threshold: Some(0.0),
        threshold_metric_id: None,
        comparison_operator: "GreaterThanThreshold".into(),
        treat_missing_data: "notBreaching".into(),
        evaluate_low_sample_count_percentile: None,
        tags: build.tags(&parts.component, &own),
    };
    build.add(&parts.component, &own, &alarm);
}

fn visible(id: &str, queue_name: &str) -> MetricDataQuery {
    let of = Dimension { name: "QueueName".into(), value: queue_name.into() };
    stat(id, "AWS/SQS", "ApproximateNumberOfMessagesVisible", of, "Sum")
}

fn of_group(id: &str, metric: &str, group: &Handle) -> MetricDataQuery {
    let of = Dimension { name: "AutoScalingGroupName".into(), value: group.output("name") };
    stat(id, "AWS/AutoScaling", metric, of, "Average")
}

fn stat(id: &str, namespace: &str, metric: &str, of: Dimension, stat: &str) -> MetricDataQuery {
    let metric = Metric {
        namespace: namespace.into(),
        metric_name: metric.into(),
        dimensions: BTreeSet::from([of]),
    };
    MetricDataQuery {
        id: id.into(),
        expression: None,
        metric_stat: Some(MetricStat {
            metric,
            period: Some(PERIOD_S),
            stat: stat.into(),
            unit: None,
        }),
        label: None,
        period: None,
        return_data: false,
    }
}

fn expression(expression: &str, label: &str) -> MetricDataQuery {
    MetricDataQuery {
        id: "e1".into(),
        expression: Some(expression.into()),
        metric_stat: None,
        label: Some(label.into()),
        period: None,
        return_data: true,
    }
}
