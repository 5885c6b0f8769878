//! `scale` of a cache: automatic scaling of shards and replicas.

use serde::Serialize;

use super::{MAX_NODES, MAX_REPLICAS};
use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;
use crate::blueprint::language::units::Percent;
use crate::blueprint::scaling_target::{self, Target};

/// What is scaled. If none, the number in the blueprint applies.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Scale {
    pub shards: Option<ShardScale>,
    pub replicas: Option<ReplicaScale>,
}

/// The range of the number of shards, and the targets that change it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShardScale {
    pub min: u32,
    pub max: u32,
    /// CPU usage of the engine on primaries, 35% to 70%. Default without `targets`: 60%.
    pub cpu: Option<Target<Percent>>,
    /// Share of the memory that counts for eviction, 35% to 70%.
    pub memory: Option<Target<Percent>>,
}

/// The range of the number of replicas of each shard, and the target that changes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReplicaScale {
    pub min: u32,
    pub max: u32,
    /// CPU usage of the engine on replicas, 35% to 70%. Default: 60%.
    pub cpu: Target<Percent>,
}

/// The only node sizes that ElastiCache scales.
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html>
const SIZES: [&str; 3] = ["large", "xlarge", "2xlarge"];

const DEFAULT_CPU: Target<Percent> = Target { target: Percent(60.0), scale_in: true };

pub(super) fn decode(value: Value<'_>) -> Option<Scale> {
    value.fields(|fields| Scale {
        shards: fields.optional("shards", shards),
        replicas: fields.optional("replicas", replicas),
    })
}

fn shards(value: Value<'_>) -> Option<ShardScale> {
    value.fields(|fields| {
        let (min, max) = limits(fields, 1..=MAX_NODES);
        let targets = fields.optional("targets", |value| {
            value.fields(|fields| {
                let cpu = fields.optional("cpu", |value| scaling_target::decode(value, percent));
                (cpu, fields.optional("memory", |value| scaling_target::decode(value, percent)))
            })
        });
        let (cpu, memory) = targets.unwrap_or((Some(DEFAULT_CPU), None));
        Some(ShardScale { min: min?, max: max?, cpu, memory })
    })?
}

fn replicas(value: Value<'_>) -> Option<ReplicaScale> {
    value.fields(|fields| {
        let (min, max) = limits(fields, 1..=MAX_REPLICAS);
        let targets = fields.optional("targets", |value| {
            value.fields(|fields| {
                fields.optional("cpu", |value| scaling_target::decode(value, percent))
            })
        });
        let cpu = targets.flatten().unwrap_or(DEFAULT_CPU);
        Some(ReplicaScale { min: min?, max: max?, cpu })
    })?
}

/// AWS accepts targets from 35 to 70 percent.
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling-Scaling-Policies-Target.html>
fn percent(value: Value<'_>) -> Option<Percent> {
    value.percent(35.0..=70.0)
}

fn limits(
    fields: &mut Fields<'_>,
    range: std::ops::RangeInclusive<u32>,
) -> (Option<u32>, Option<u32>) {
    let min = fields.required("min", "min: 1", |value| value.count(range.clone()));
    let max = fields.required("max", "max: 4", |value| value.count(range));
    if let (Some(min), Some(max)) = (min, max)
        && max < min
    {
        fields.clash(
            code::MAX_BELOW_MIN,
            "`max` is below `min`",
            ("max", &format!("is {max}")),
            ("min", &format!("is {min}")),
            format!("raise `max` to at least {min}"),
        );
    }
    (min, max)
}

/// Checks that the other keys of the cache are compatible with `scale`.
pub(super) fn check(fields: &mut Fields<'_>, scale: &Scale, instance: &str) {
    let shards = scale.shards.as_ref().map(|shards| ("shards", shards.min, shards.max));
    let replicas = scale.replicas.as_ref().map(|range| ("replicas", range.min, range.max));
    for (key, min, max) in shards.into_iter().chain(replicas) {
        let written = fields.get(key).filter(|value| value.node.scalar().is_some());
        let number = written.and_then(|value| value.node.scalar()?.text.parse::<u32>().ok());
        if let Some(number) = number.filter(|number| !(min..=max).contains(number)) {
            fields.clash(
                code::OUTSIDE_SCALE,
                format!("`{key}` is outside its scaling range"),
                (key, &format!("is {number}")),
                (&format!("scale.{key}"), &format!("from {min} to {max}")),
                format!(
                    "remove `{key}`: it starts at `min`, and automatic scaling changes it later"
                ),
            );
        }
    }
    let size = instance.split('.').nth(1).unwrap_or_default();
    if (shards.is_some() || replicas.is_some()) && !SIZES.contains(&size) {
        fields.clash(
            code::UNSCALED_SIZE,
            format!("ElastiCache does not scale caches of `{instance}`"),
            ("scale", "needs another node size"),
            ("instance", "cannot be scaled"),
            "choose a size of large, xlarge or 2xlarge, such as `instance: r7g.large`",
        );
    }
}
