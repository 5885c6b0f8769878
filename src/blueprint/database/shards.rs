//! `shards` and `slots` of a database: how its rows are distributed.

use serde::Serialize;
use std::collections::BTreeMap;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::node::LabelPosition;
use crate::diagnostic::Diagnostic;

/// A shard, which is an RDS instance with its replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Shard {
    /// Share of the slots relative to the other shards, 0 to 1000; 0 drains the shard. Default: 1.
    pub weight: u32,
}

/// The default number of slots: enough for 64 shards with 64 slots each.
pub const SLOTS: u32 = 4096;
const MAX_SLOTS: u32 = 65_536;
/// More than RDS's default quota of instances in a region.
const MAX_SHARDS: u32 = 256;
const MAX_WEIGHT: u32 = 1000;

/// The ID of the shard with a number: `s007`.
pub fn id(number: u32) -> String {
    format!("s{number:03}")
}

/// The number of a shard ID, 7 of `s007`, which selects the shard's part of a window.
pub fn number(id: &str) -> Option<u32> {
    let digits = id.strip_prefix('s').filter(|digits| digits.len() == 3)?;
    digits.chars().all(|c| c.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// One shard with all slots.
pub(super) fn default() -> BTreeMap<String, Shard> {
    count(1)
}

/// `count` shards of equal weight.
fn count(count: u32) -> BTreeMap<String, Shard> {
    (0..count).map(|number| (id(number), Shard { weight: 1 })).collect()
}

/// A number of shards, or a map of all shards by ID.
pub(super) fn decode(value: Value<'_>) -> Option<BTreeMap<String, Shard>> {
    if value.node.map().is_none() {
        return value.count(1..=MAX_SHARDS).map(count);
    }
    let shards = value.entries(|value| {
        check_id(value);
        value.fields(|fields| Shard {
            weight: fields.or("weight", 1, |value| value.count(0..=MAX_WEIGHT)),
        })
    })?;
    if shards.values().all(|shard| shard.weight == 0) {
        let report = Diagnostic::error(code::NO_SHARD_LEFT, "all shards have weight 0");
        let report = report.label_at(value.key_position, "no shard can get slots");
        value.report(report.help("remove `weight` from at least one shard"));
        return None;
    }
    Some(shards)
}

fn check_id(value: Value<'_>) {
    if number(value.key).is_none() {
        let report =
            Diagnostic::error(code::BAD_NAME, format!("`{}` is not a valid shard ID", value.key));
        let report = report.label_at(value.key_position, "must be `s` and three digits");
        value.report(
            report.help("write `s000`, `s001` and so on; never reuse the ID of a removed shard"),
        );
    }
}

/// The number of slots: a power of two, so that a slot is a fixed number of bits of a hash, and at
/// least one for each shard.
pub(super) fn slots(value: Value<'_>, shards: usize) -> Option<u32> {
    let least = u32::try_from(shards).unwrap_or(MAX_SLOTS).max(1);
    let slots = value.count(least..=MAX_SLOTS)?;
    if slots.is_power_of_two() {
        return Some(slots);
    }
    let power = slots.next_power_of_two().min(MAX_SLOTS);
    value.malformed("a power of two", format!("write {power}"))
}
