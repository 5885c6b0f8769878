//! `shards` and `slots` of a database.

use serde::Serialize;
use std::collections::BTreeMap;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::node::LabelPlace;
use crate::diagnostic::Diagnostic;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Shard {
    /// Its share of the slots against that of the others; 0 has none, and drains it.
    pub weight: u32,
}

/// Enough for 64 shards with 64 slots each.
pub const SLOTS: u32 = 4096;
const MOST_SLOTS: u32 = 65_536;
/// More than RDS grants instances in a region by default.
const MOST_SHARDS: u32 = 256;
const MOST_WEIGHT: u32 = 1000;

/// `s007`
pub fn id(number: u32) -> String {
    format!("s{number:03}")
}

/// 7 of `s007`: what its turn in a window goes by.
pub fn number(id: &str) -> Option<u32> {
    let digits = id.strip_prefix('s').filter(|digits| digits.len() == 3)?;
    digits.chars().all(|one| one.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// One shard with everything.
pub(crate) fn default() -> BTreeMap<String, Shard> {
    count(1)
}

fn count(count: u32) -> BTreeMap<String, Shard> {
    (0..count).map(|number| (id(number), Shard { weight: 1 })).collect()
}

/// A number of shards, or all of them by id.
pub(crate) fn decode(value: Value<'_>) -> Option<BTreeMap<String, Shard>> {
    if value.node.map().is_none() {
        return value.count(1..=MOST_SHARDS).map(count);
    }
    let shards = value.entries(|value| {
        check_id(value);
        value.fields(|fields| Shard {
            weight: fields.or("weight", 1, |value| value.count(0..=MOST_WEIGHT)),
        })
    })?;
    if shards.values().all(|shard| shard.weight == 0) {
        let report = Diagnostic::error(code::NO_SHARD_LEFT, "no shard has any weight");
        let report = report.place(value.key_place, "who is to have the slots?");
        value.report(report.help("leave `weight` out of at least one shard"));
        return None;
    }
    Some(shards)
}

fn check_id(value: Value<'_>) {
    if number(value.key).is_none() {
        let report = Diagnostic::error(code::BAD_NAME, format!("`{}` is no shard", value.key));
        let report = report.place(value.key_place, "shards are `s` and three digits");
        value.report(report.help("write `s000`, `s001` and so on; an id is never used again"));
    }
}

/// A power of two, so that a slot is some bits of a hash; at least one for each shard.
pub(crate) fn slots(value: Value<'_>, shards: usize) -> Option<u32> {
    let least = u32::try_from(shards).unwrap_or(MOST_SLOTS).max(1);
    let slots = value.count(least..=MOST_SLOTS)?;
    if slots.is_power_of_two() {
        return Some(slots);
    }
    let power = slots.next_power_of_two().min(MOST_SLOTS);
    value.malformed("a power of two", format!("write {power}"))
}
