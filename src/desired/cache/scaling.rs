//! `scale` of a cache: scalable targets and their target-tracking policies.
use super::parts::Parts;
use crate::blueprint::language::units::Percent;
use crate::blueprint::service::scale::target::Target;
use crate::desired::build::{Build, Handle, int};
use crate::kinds::autoscaling::scalable_policy::{PredefinedMetric, ScalablePolicy, Tracking};
use crate::kinds::autoscaling::scalable_target::ScalableTarget;
use crate::kinds::elasticache::{CACHES, REPLICAS, SHARDS};

/// The limit of Application Auto Scaling for names.
const POLICY_NAME: usize = 256;
/// Resharding moves data: long cooldowns, in seconds, so that shards are removed rarely and added
/// one after another.
const SCALE_IN_S: i32 = 900;
const SCALE_OUT_S: i32 = 600;

/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling-Scaling-Policies-Target.html>
const SHARD_CPU: &str = "ElastiCachePrimaryEngineCPUUtilization";
const SHARD_MEMORY: &str = "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage";
const REPLICA_CPU: &str = "ElastiCacheReplicaEngineCPUUtilization";

pub fn expand(build: &mut Build, parts: &Parts, group: &Handle) {
    let scale = &parts.wanted.scale;
    if let Some(shards) = &scale.shards {
        let limits = (shards.min, shards.max);
        let target = target(build, parts, group, ("shards", SHARDS), limits);
        if let Some(cpu) = &shards.cpu {
            track(build, parts, &target, ("cpu", SHARD_CPU), cpu);
        }
        if let Some(memory) = &shards.memory {
            track(build, parts, &target, ("memory", SHARD_MEMORY), memory);
        }
    }
    if let Some(replicas) = &scale.replicas {
        let limits = (replicas.min, replicas.max);
        let target = target(build, parts, group, ("replicas", REPLICAS), limits);
        track(build, parts, &target, ("cpu", REPLICA_CPU), &replicas.cpu);
    }
}

fn target(
    build: &mut Build,
    parts: &Parts,
    group: &Handle,
    (what, dimension): (&str, &str),
    (min, max): (u32, u32),
) -> Handle {
    let spec = ScalableTarget {
        service_namespace: CACHES.into(),
        resource_id: format!("replication-group/{}", group.output("name")),
        scalable_dimension: dimension.into(),
        min_capacity: int(min),
        max_capacity: int(max),
    };
    build.add(&parts.component, &format!("{}-{what}", parts.name), &spec)
}

fn track(
    build: &mut Build,
    parts: &Parts,
    target: &Handle,
    (what, metric): (&str, &str),
    wanted: &Target<Percent>,
) {
    let own = format!("{}-{what}", target.name);
    let spec = ScalablePolicy {
        policy_name: build.name(&own, POLICY_NAME),
        policy_type: "TargetTrackingScaling".into(),
        scaling_target_id: target.output("id"),
        target_tracking_scaling_policy_configuration: Tracking {
            predefined_metric_specification: PredefinedMetric {
                predefined_metric_type: metric.into(),
            },
            target_value: wanted.target.0,
            scale_in_cooldown: SCALE_IN_S,
            scale_out_cooldown: SCALE_OUT_S,
            disable_scale_in: !wanted.scale_in,
        },
    };
    build.add(&parts.component, &own, &spec);
}
