//! `rollout` of a service: how a new version replaces the instances of the old one.

use serde::Serialize;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::{Decoder, Value};
use crate::blueprint::language::fields::Fields;

/// Options of an instance refresh.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rollout {
    /// Healthy instances to keep, in percent of the desired number, 0 to 100. Default: 100.
    pub min_healthy_percent: u32,
    /// Instances to have at most, in percent of the desired number, 100 to 200, at most 100 above
    /// `min_healthy_percent`. Default: 150.
    pub max_healthy_percent: u32,
    /// Seconds to observe the new instances before the rollout counts as complete, up to 2 days.
    /// Default: 300, with the `dev` preset 0.
    pub bake_s: u32,
    /// Whether a failed rollout is rolled back. Default: true.
    pub auto_rollback: bool,
    /// Whether instances that already have the desired configuration are kept. Default: true.
    pub skip_matching: bool,
    /// Percentages at which the rollout pauses, in ascending order, the last 100. Default: none.
    pub checkpoints: Vec<u32>,
    /// Seconds of each pause, up to 2 days. Default: 3600.
    pub checkpoint_delay_s: u32,
    /// Names of CloudWatch alarms that stop the rollout; at most 10.
    pub alarms: Vec<String>,
}

/// The rollout of a service that configures none.
pub(super) fn default(decoder: &Decoder<'_>) -> Rollout {
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

pub(super) fn decode(value: Value<'_>) -> Option<Rollout> {
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

/// Percentages in ascending order. The last must be 100%, because a rollout ends at its last
/// checkpoint.
fn checkpoints(value: Value<'_>) -> Option<Vec<u32>> {
    let checkpoints = value.items(20, |value| value.whole_percent(1..=100))?;
    let ascending = checkpoints.windows(2).all(|pair| pair[0] < pair[1]);
    if ascending && checkpoints.last() == Some(&100) {
        return Some(checkpoints);
    }
    value.malformed(
        "a list of percentages in ascending order that ends with 100%",
        "write them like [10%, 50%, 100%]",
    )
}
