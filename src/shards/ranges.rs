//! The owners of slots: sorted ranges without gaps.
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Slots from the first to the last, both included, and the id of the shard that owns them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range(pub u32, pub u32, pub String);

impl Range {
    /// How many slots it has.
    pub fn size(&self) -> u32 {
        self.1 - self.0 + 1
    }
}

/// Ranges for shards with the given numbers of slots, one after another from slot 0.
pub fn lay_out<'a>(sizes: impl IntoIterator<Item = (&'a str, u32)>) -> Vec<Range> {
    let mut next = 0;
    let mut ranges = Vec::new();
    for (shard, size) in sizes.into_iter().filter(|(_, size)| *size > 0) {
        ranges.push(Range(next, next + size - 1, shard.into()));
        next += size;
    }
    ranges
}

/// How many slots each shard owns; those that own none are left out.
pub fn owned(ranges: &[Range]) -> BTreeMap<&str, u32> {
    let mut owned = BTreeMap::new();
    for range in ranges {
        *owned.entry(range.2.as_str()).or_default() += range.size();
    }
    owned
}

/// The shard that owns a slot.
pub fn owner(ranges: &[Range], slot: u32) -> Option<&str> {
    let range = ranges.iter().find(|range| (range.0..=range.1).contains(&slot))?;
    Some(&range.2)
}

/// Checks that ranges are sorted, have no gaps and cover exactly `slots` slots.
///
/// # Errors
/// The first range that breaks one of these rules.
pub fn check(ranges: &[Range], slots: u32) -> Result<(), String> {
    let mut next = 0;
    for Range(first, last, shard) in ranges {
        if *first != next || last < first || *last >= slots {
            return Err(format!(
                "the range {first}-{last} of {shard} is not valid: slot {next} of {slots} comes next"
            ));
        }
        next = last + 1;
    }
    match next == slots {
        true => Ok(()),
        false => Err(format!("no shard owns the slots from {next} to {}", slots - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: u32, last: u32, shard: &str) -> Range {
        Range(first, last, shard.into())
    }

    #[test]
    fn shards_get_consecutive_ranges() {
        let ranges = lay_out([("a", 3), ("b", 0), ("c", 5)]);
        assert_eq!(ranges, [range(0, 2, "a"), range(3, 7, "c")]);
        assert!(check(&ranges, 8).is_ok());
        assert_eq!(
            (owner(&ranges, 2), owner(&ranges, 3), owner(&ranges, 8)),
            (Some("a"), Some("c"), None)
        );
        assert_eq!(owned(&ranges), BTreeMap::from([("a", 3), ("c", 5)]));
    }

    #[test]
    fn finds_gaps_overlaps_and_excess() {
        for wrong in [
            vec![],
            vec![range(0, 2, "a")],
            vec![range(1, 7, "a")],
            vec![range(0, 2, "a"), range(2, 7, "b")],
            vec![range(0, 2, "a"), range(4, 7, "b")],
            vec![range(0, 8, "a")],
            vec![range(0, 7, "a"), range(8, 9, "b")],
        ] {
            assert!(check(&wrong, 8).is_err(), "{wrong:?}");
        }
    }
}
