//! The scaling of a service: targets, backlogs, steps, schedules, predictive scaling.
mod backlog;
mod policy;
mod steps;

use super::parts::{GROUP_NAME, Parts};
use crate::blueprint::service::scale::schedule::Window;
use crate::blueprint::service::scale::target::Metric;
use crate::blueprint::service::scale::{Predictive, PredictiveMode};
use crate::desired::build::{Build, Handle, int};
use crate::kinds::autoscaling::scaling_policy::{
    CustomizedMetric, MetricSpecification, PredefinedMetric, PredictiveScalingConfiguration,
    ScalingPolicy, TargetTracking,
};
use crate::kinds::autoscaling::scheduled_action::ScheduledAction;
use crate::kinds::elb::load_balancer::LoadBalancer;
use crate::reference::literal;
use policy::{add, dimensions, policy, statistic};
use std::collections::BTreeSet;

pub fn expand(build: &mut Build, parts: &Parts, group: &Handle) {
    for (name, tracking) in targets(parts) {
        let policy = ScalingPolicy {
            target_tracking_configuration: Some(tracking),
            ..policy(build, parts, &name, group, "TargetTrackingScaling")
        };
        add(build, parts, &name, policy);
    }
    backlog::expand(build, parts, group);
    for (name, step) in &parts.service.scale.steps {
        steps::expand(build, parts, name, step, group);
    }
    for (name, window) in &parts.service.scale.schedule {
        schedule(build, parts, name, window, group);
    }
    if let Some(predictive) = &parts.service.scale.predictive {
        let policy = ScalingPolicy {
            predictive_scaling_configuration: forecast(parts, predictive),
            ..policy(build, parts, "predictive", group, "PredictiveScaling")
        };
        add(build, parts, "predictive", policy);
    }
}

/// One policy for each target, with rates per minute, as CloudWatch counts them. A group scales out
/// if any policy requires it, and scales in only if all policies agree.
fn targets(parts: &Parts) -> Vec<(String, TargetTracking)> {
    let targets = &parts.service.scale.targets;
    let mut all = Vec::new();
    let mut predefined = |name: String, metric: &str, label, value: f64, scale_in: bool| {
        let tracking = TargetTracking {
            target_value: value,
            disable_scale_in: !scale_in,
            predefined_metric_specification: Some(PredefinedMetric {
                predefined_metric_type: metric.into(),
                resource_label: label,
            }),
            customized_metric_specification: None,
        };
        all.push((name, tracking));
    };
    if let Some(cpu) = &targets.cpu {
        predefined("cpu".into(), "ASGAverageCPUUtilization", None, cpu.target.0, cpu.scale_in);
    }
    if let Some(requests) = &targets.requests {
        for target in &parts.targets {
            let name = match parts.targets.len() {
                1 => "requests".to_string(),
                _ => format!("requests-{}", target.balancer),
            };
            let label = Some(resource_label(&target.balancer, &target.group));
            let value = requests.target.per_minute();
            predefined(name, "ALBRequestCountPerTarget", label, value, requests.scale_in);
        }
    }
    let network = [
        ("network-in", "ASGAverageNetworkIn", &targets.network_in),
        ("network-out", "ASGAverageNetworkOut", &targets.network_out),
    ];
    for (name, metric, target) in network {
        if let Some(target) = target {
            let value = target.target.per_minute();
            predefined(name.into(), metric, None, value, target.scale_in);
        }
    }
    let custom = targets.metrics.iter().map(|(name, wanted)| {
        let tracking = TargetTracking {
            target_value: wanted.target,
            disable_scale_in: !wanted.scale_in,
            predefined_metric_specification: None,
            customized_metric_specification: Some(customized(&wanted.metric)),
        };
        (name.clone(), tracking)
    });
    all.extend(custom);
    all
}

/// The label by which a policy refers to the requests of one target group.
fn resource_label(balancer: &str, target: &Handle) -> String {
    let balancer = Handle::of::<LoadBalancer>(balancer).output("full_name");
    format!("{balancer}/{}", target.output("full_name"))
}

fn customized(metric: &Metric) -> CustomizedMetric {
    CustomizedMetric {
        namespace: Some(literal(&metric.namespace)),
        metric_name: Some(literal(&metric.name)),
        dimensions: dimensions(metric),
        statistic: Some(statistic(metric.statistic).into()),
        unit: metric.unit.clone(),
        period: None,
        metrics: BTreeSet::new(),
    }
}

/// Adds two actions for a window: the first sets sizes, the second resets them to the blueprint's.
fn schedule(build: &mut Build, parts: &Parts, name: &str, window: &Window, group: &Handle) {
    let scale = &parts.service.scale;
    let mut add = |end: &str, cron: &str, min: Option<u32>, max: Option<u32>, desired| {
        let own = format!("{}-{name}-{end}", parts.name);
        let action = ScheduledAction {
            scheduled_action_name: build.name(&own, GROUP_NAME),
            auto_scaling_group_name: group.output("name"),
            min_size: min.map(int),
            max_size: max.map(int),
            desired_capacity: Option::map(desired, int),
            recurrence: Some(cron.into()),
            time_zone: Some(window.time_zone.clone()),
            start_time: None,
            end_time: None,
        };
        build.add(&parts.component, &own, &action);
    };
    add("start", &window.start, window.min, window.max, window.desired);
    let max = window.max.map(|_| scale.max);
    // An action must set something: the minimum, if the window sets only the desired capacity.
    let min = window.min.map(|_| scale.min).or(max.is_none().then_some(scale.min));
    add("end", &window.end, min, max, None);
}

/// A forecast of the metric that the targets use: CPU, or else requests.
fn forecast(parts: &Parts, wanted: &Predictive) -> Option<PredictiveScalingConfiguration> {
    let targets = &parts.service.scale.targets;
    let (metric, label, value) = match (&targets.cpu, &targets.requests, parts.targets.first()) {
        (Some(cpu), _, _) => ("ASGCPUUtilization", None, cpu.target.0),
        (None, Some(requests), Some(target)) => {
            let label = resource_label(&target.balancer, &target.group);
            ("ALBRequestCount", Some(label), requests.target.per_minute())
        }
        _ => return None,
    };
    let pair = PredefinedMetric { predefined_metric_type: metric.into(), resource_label: label };
    Some(PredictiveScalingConfiguration {
        mode: match wanted.mode {
            PredictiveMode::Forecast => "ForecastOnly",
            PredictiveMode::Scale => "ForecastAndScale",
        }
        .into(),
        scheduling_buffer_time: int(wanted.buffer_s),
        max_capacity_breach_behavior: match wanted.beyond_max {
            Some(_) => "IncreaseMaxCapacity",
            None => "HonorMaxCapacity",
        }
        .into(),
        max_capacity_buffer: wanted.beyond_max.map(|percent| percent.0.round() as i32),
        metric_specifications: vec![MetricSpecification {
            target_value: value,
            predefined_metric_pair_specification: Some(pair),
            predefined_load_metric_specification: None,
            predefined_scaling_metric_specification: None,
            customized_load_metric_specification: None,
            customized_scaling_metric_specification: None,
            customized_capacity_metric_specification: None,
        }],
    })
}
