//! The auto scaling group of a service, with its lifecycle hooks.
use super::parts::{GROUP_NAME, Parts};
use crate::blueprint::Service;
use crate::blueprint::service::TerminationPolicy;
use crate::blueprint::service::hook::{HookResult, Transition};
use crate::blueprint::service::spot::SpotStrategy;
use crate::desired::build::{Build, Handle, int};
use crate::desired::network::Network;
use crate::kinds::autoscaling::auto_scaling_group::{
    AutoScalingGroup, GroupTags, InstanceMaintenancePolicy, InstanceRefresh, InstancesDistribution,
    MetricsCollection, MixedInstancesPolicy, MixedTemplate, Override, TemplateVersion,
};
use crate::kinds::autoscaling::lifecycle_hook::LifecycleHook;
use crate::reference::literal;

/// All group metrics except those of warm pools. They are free of charge.
/// <https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html>
const METRICS: &[&str] = &[
    "GroupDesiredCapacity",
    "GroupInServiceCapacity",
    "GroupInServiceInstances",
    "GroupMaxSize",
    "GroupMinSize",
    "GroupPendingCapacity",
    "GroupPendingInstances",
    "GroupStandbyCapacity",
    "GroupStandbyInstances",
    "GroupTerminatingCapacity",
    "GroupTerminatingInstances",
    "GroupTotalCapacity",
    "GroupTotalInstances",
];

pub fn expand(build: &mut Build, network: &Network, parts: &Parts, template: &Handle) -> Handle {
    let Parts { component, name, service, targets } = parts;
    let version = TemplateVersion {
        launch_template_id: template.output("id"),
        version: template.output("version"),
    };
    let mixed = mixed(service, &version);
    let rollout = &service.rollout;
    let behind_balancer = !targets.is_empty();
    let spec = AutoScalingGroup {
        auto_scaling_group_name: build.name(name, GROUP_NAME),
        min_size: int(service.scale.min),
        max_size: int(service.scale.max),
        launch_template: mixed.is_none().then_some(version),
        mixed_instances_policy: mixed,
        vpc_zone_identifier: network.subnets(service.subnets).iter().cloned().collect(),
        target_group_arns: targets.iter().map(|target| target.group.output("arn")).collect(),
        health_check_type: if behind_balancer { "ELB" } else { "EC2" }.into(),
        health_check_grace_period: int(service.health.grace_s),
        default_instance_warmup: int(service.scale.warmup_s),
        max_instance_lifetime: service.lifetime_s.map(int),
        termination_policies: service.termination_policies.iter().map(termination).collect(),
        capacity_rebalance: service.spot.as_ref().is_some_and(|spot| spot.rebalance),
        new_instances_protected_from_scale_in: service.protect_from_scale_in,
        instance_maintenance_policy: Some(InstanceMaintenancePolicy {
            min_healthy_percentage: int(rollout.min_healthy_percent),
            max_healthy_percentage: int(rollout.max_healthy_percent),
        }),
        metrics_collection: [MetricsCollection {
            granularity: "1Minute".into(),
            metrics: METRICS.iter().map(ToString::to_string).collect(),
        }]
        .into(),
        deletion_protection: match service.deletion_protection {
            true => "prevent-force-deletion",
            false => "none",
        }
        .into(),
        tags: GroupTags::propagated(&build.tags(component, name)),
        instance_refresh: Some(refresh(service)),
    };
    let group = build.add(component, name, &spec);
    hooks(build, parts, &group);
    group
}

/// The policy of a group with several instance types or with spot instances.
fn mixed(service: &Service, version: &TemplateVersion) -> Option<MixedInstancesPolicy> {
    if service.instances.len() == 1 && service.spot.is_none() {
        return None;
    }
    let spot = service.spot.as_ref();
    let strategy = spot.map_or(SpotStrategy::PriceCapacityOptimized, |spot| spot.strategy);
    let over = |kind: &String| Override { instance_type: kind.clone() };
    Some(MixedInstancesPolicy {
        instances_distribution: InstancesDistribution {
            on_demand_allocation_strategy: "prioritized".into(),
            on_demand_base_capacity: int(spot.map_or(0, |spot| spot.on_demand_base)),
            on_demand_percentage_above_base_capacity: spot
                .map_or(100, |spot| 100 - spot.share.0.round() as i32),
            spot_allocation_strategy: match strategy {
                SpotStrategy::PriceCapacityOptimized => "price-capacity-optimized",
                SpotStrategy::CapacityOptimized => "capacity-optimized",
                SpotStrategy::CapacityOptimizedPrioritized => "capacity-optimized-prioritized",
                SpotStrategy::LowestPrice => "lowest-price",
            }
            .into(),
        },
        launch_template: MixedTemplate {
            launch_template_specification: version.clone(),
            overrides: service.instances.iter().map(over).collect(),
        },
    })
}

fn refresh(service: &Service) -> InstanceRefresh {
    let rollout = &service.rollout;
    let stops = !rollout.checkpoints.is_empty();
    InstanceRefresh {
        min_healthy_percentage: Some(int(rollout.min_healthy_percent)),
        max_healthy_percentage: Some(int(rollout.max_healthy_percent)),
        instance_warmup: Some(int(service.scale.warmup_s)),
        skip_matching: rollout.skip_matching,
        auto_rollback: rollout.auto_rollback,
        bake_time: Some(int(rollout.bake_s)),
        checkpoint_percentages: rollout.checkpoints.iter().map(|at| int(*at)).collect(),
        checkpoint_delay: stops.then(|| int(rollout.checkpoint_delay_s)),
        scale_in_protected_instances: Some("Wait".into()),
        standby_instances: Some("Wait".into()),
        alarms: rollout.alarms.iter().map(|alarm| literal(alarm)).collect(),
    }
}

fn termination(policy: &TerminationPolicy) -> String {
    match policy {
        TerminationPolicy::Default => "Default",
        TerminationPolicy::AllocationStrategy => "AllocationStrategy",
        TerminationPolicy::OldestLaunchTemplate => "OldestLaunchTemplate",
        TerminationPolicy::OldestInstance => "OldestInstance",
        TerminationPolicy::NewestInstance => "NewestInstance",
        TerminationPolicy::ClosestToNextInstanceHour => "ClosestToNextInstanceHour",
    }
    .into()
}

/// The configured hooks, and the one that `drain` adds.
fn hooks(build: &mut Build, parts: &Parts, group: &Handle) {
    let Parts { component, name, service, .. } = parts;
    let mut add = |hook: &str, on: Transition, timeout_s: u32, result: HookResult| {
        let own = format!("{name}-{hook}");
        let spec = LifecycleHook {
            lifecycle_hook_name: build.name(&own, GROUP_NAME),
            auto_scaling_group_name: group.output("name"),
            lifecycle_transition: match on {
                Transition::Launch => "autoscaling:EC2_INSTANCE_LAUNCHING",
                Transition::Terminate => "autoscaling:EC2_INSTANCE_TERMINATING",
            }
            .into(),
            heartbeat_timeout: int(timeout_s),
            default_result: match result {
                HookResult::Continue => "CONTINUE",
                HookResult::Abandon => "ABANDON",
            }
            .into(),
            notification_metadata: None,
        };
        build.add(component, &own, &spec);
    };
    if let Some(drain_s) = service.drain_s {
        add("drain", Transition::Terminate, drain_s, HookResult::Continue);
    }
    for (hook, wanted) in &service.hooks {
        add(hook, wanted.on, wanted.timeout_s, wanted.default);
    }
}
