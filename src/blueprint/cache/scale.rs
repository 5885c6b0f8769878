//! `scale` of a cache: shards and replicas that come and go with the load.

use serde::Serialize;

use super::{MOST_NODES, MOST_REPLICAS};
use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;
use crate::blueprint::language::units::Percent;
use crate::blueprint::scaling_target::{self, Target};

/// What is scaled; the rest stays as it is written.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Scale {
    pub shards: Option<ShardScale>,
    pub replicas: Option<ReplicaScale>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShardScale {
    pub min: u32,
    pub max: u32,
    /// Of the primaries' engines.
    pub cpu: Option<Target<Percent>>,
    /// That is counted for eviction.
    pub memory: Option<Target<Percent>>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReplicaScale {
    pub min: u32,
    pub max: u32,
    /// Of the replicas' engines.
    pub cpu: Target<Percent>,
}

/// Of these sizes only are caches scaled.
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html>
const SIZES: [&str; 3] = ["large", "xlarge", "2xlarge"];

const USUAL_CPU: Target<Percent> = Target { target: Percent(60.0), scale_in: true };

pub(crate) fn decode(value: Value<'_>) -> Option<Scale> {
    value.fields(|fields| Scale {
        shards: fields.optional("shards", shards),
        replicas: fields.optional("replicas", replicas),
    })
}

fn shards(value: Value<'_>) -> Option<ShardScale> {
    value.fields(|fields| {
        let (min, max) = limits(fields, 1..=MOST_NODES);
        let targets = fields.optional("targets", |value| {
            value.fields(|fields| {
                let cpu = fields.optional("cpu", |value| scaling_target::decode(value, percent));
                (cpu, fields.optional("memory", |value| scaling_target::decode(value, percent)))
            })
        });
        let (cpu, memory) = targets.unwrap_or((Some(USUAL_CPU), None));
        Some(ShardScale { min: min?, max: max?, cpu, memory })
    })?
}

fn replicas(value: Value<'_>) -> Option<ReplicaScale> {
    value.fields(|fields| {
        let (min, max) = limits(fields, 1..=MOST_REPLICAS);
        let targets = fields.optional("targets", |value| {
            value.fields(|fields| {
                fields.optional("cpu", |value| scaling_target::decode(value, percent))
            })
        });
        let cpu = targets.flatten().unwrap_or(USUAL_CPU);
        Some(ReplicaScale { min: min?, max: max?, cpu })
    })?
}

/// AWS takes targets from 35 to 70 percent.
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
    if let (Some(least), Some(most)) = (min, max)
        && most < least
    {
        fields.clash(
            code::MAX_BELOW_MIN,
            "`max` is below `min`",
            ("max", &format!("is {most}")),
            ("min", &format!("is {least}")),
            format!("raise `max` to at least {least}"),
        );
    }
    (min, max)
}

/// What is written beside `scale` must go with it.
pub(crate) fn check(fields: &mut Fields<'_>, scale: &Scale, instance: &str) {
    let shards = scale.shards.as_ref().map(|shards| ("shards", shards.min, shards.max));
    let replicas = scale.replicas.as_ref().map(|some| ("replicas", some.min, some.max));
    for (key, min, max) in shards.into_iter().chain(replicas) {
        let written = fields.get(key).filter(|value| value.node.scalar().is_some());
        let number = written.and_then(|value| value.node.scalar()?.text.parse::<u32>().ok());
        if let Some(number) = number.filter(|number| !(min..=max).contains(number)) {
            fields.clash(
                code::OUTSIDE_SCALE,
                format!("`{key}` is outside what it is scaled within"),
                (key, &format!("is {number}")),
                (&format!("scale.{key}"), &format!("from {min} to {max}")),
                format!("leave `{key}` out: it starts at `min`, and scaling has it from then on"),
            );
        }
    }
    let size = instance.split('.').nth(1).unwrap_or_default();
    if (shards.is_some() || replicas.is_some()) && !SIZES.contains(&size) {
        fields.clash(
            code::UNSCALED_SIZE,
            format!("caches of `{instance}` are not scaled by AWS"),
            ("scale", "asks for it"),
            ("instance", "of this size"),
            "write an instance that is large, xlarge or 2xlarge, such as `instance: r7g.large`",
        );
    }
}
