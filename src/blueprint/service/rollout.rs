//! `rollout` of a service: how a new version replaces the instances of the old one.

use serde::Serialize;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::{Decoder, Value};
use crate::blueprint::language::fields::Fields;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rollout {
    /// Of the desired number, 0 to 100.
    pub min_healthy_percent: u32,
    /// Of the desired number, 100 to 200, at most 100 above `min_healthy_percent`.
    pub max_healthy_percent: u32,
    /// Time to watch before the rollout counts as done.
    pub bake_s: u32,
    pub auto_rollback: bool,
    /// Leaves instances alone that are already as wanted.
    pub skip_matching: bool,
    /// Percentages at which to pause, rising.
    pub checkpoints: Vec<u32>,
    pub checkpoint_delay_s: u32,
    /// Names of CloudWatch alarms that stop it.
    pub alarms: Vec<String>,
}

/// What follows from writing nothing.
pub(crate) fn default(decoder: &Decoder<'_>) -> Rollout {
    Rollout {
        min_healthy_percent: 100,
        max_healthy_percent: 150,
        bake_s: decoder.preset(300, 0),
        auto_rollback: true,
        skip_matching: true,
        checkpoints: Vec::new(),
        checkpoint_delay_s: 3600,
        alarms: Vec::new(),
    }
}

pub(crate) fn decode(value: Value<'_>) -> Option<Rollout> {
    let default = default(value.decoder);
    value.fields(|fields| {
        let min = fields.optional("min_healthy", |value| value.whole_percent(0..=100));
        let max = fields.optional("max_healthy", |value| value.whole_percent(100..=200));
        let min = min.unwrap_or(default.min_healthy_percent.min(max.unwrap_or(u32::MAX)));
        let max = max.unwrap_or(default.max_healthy_percent.min(min + 100));
        refuse_wide_range(fields, min, max);
        Rollout {
            min_healthy_percent: min,
            max_healthy_percent: max,
            bake_s: fields.or("bake", default.bake_s, |value| value.seconds(0..=172_800)),
            auto_rollback: fields.or("auto_rollback", true, Value::boolean),
            skip_matching: fields.or("skip_matching", true, Value::boolean),
            checkpoints: fields.or("checkpoints", Vec::new(), checkpoints),
            checkpoint_delay_s: fields.or(
                "checkpoint_delay",
                default.checkpoint_delay_s,
                |value| value.seconds(0..=172_800),
            ),
            alarms: fields.or("alarms", Vec::new(), |value| {
                value.items(10, |value| value.text().map(str::to_string))
            }),
        }
    })
}

fn refuse_wide_range(fields: &Fields<'_>, min: u32, max: u32) {
    if max - min > 100 {
        fields.clash(
            code::ROLLOUT_RANGE,
            "`max_healthy` may be at most 100% above `min_healthy`",
            ("max_healthy", &format!("is {max}%")),
            ("min_healthy", &format!("is {min}%")),
            format!("write `max_healthy: {}%` or less", min + 100),
        );
    }
}

/// Rising, up to 100%: a rollout ends at its last checkpoint.
fn checkpoints(value: Value<'_>) -> Option<Vec<u32>> {
    let checkpoints = value.items(20, |value| value.whole_percent(1..=100))?;
    let rising = checkpoints.windows(2).all(|pair| pair[0] < pair[1]);
    if rising && checkpoints.last() == Some(&100) {
        return Some(checkpoints);
    }
    value.malformed("percentages that rise to 100%", "write them like [10%, 50%, 100%]")
}
