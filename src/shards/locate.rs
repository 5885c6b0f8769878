//! Looks up the shard of a key.
use super::map::{Map, Shard};
use super::{ranges, slot};
use serde::Serialize;
use serde_json::{Value, json};

/// A key's slot, and the shard that owns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Home<'a> {
    pub key: &'a str,
    pub slot: u32,
    pub shard: &'a Shard,
}

/// The slot and shard of a key. A checked map has an owner for every slot.
pub fn locate<'a>(map: &'a Map, key: &'a str) -> Option<Home<'a>> {
    let slot = slot::slot(key, map.slots);
    let shard = map.shard(ranges::owner(&map.ranges, slot)?)?;
    Some(Home { key, slot, shard })
}

impl Home<'_> {
    /// The JSON output for programs.
    pub fn to_json(&self, map: &Map) -> Value {
        let Home { key, slot, shard } = self;
        json!({ "key": key, "slot": slot, "map_version": map.version, "shard": shard })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shards::map::tests::shard;

    #[test]
    fn key_belongs_to_the_owner_of_its_slot() {
        let shards = vec![shard("s000", 1), shard("s001", 1), shard("s002", 1)];
        let map = Map::first("shop", 4096, "tenant_id", shards).expect("a map");
        let found = |key| locate(&map, key).map(|home| (home.slot, home.shard.id.as_str()));
        assert_eq!(found("tenant-1"), Some((3854, "s002")));
        assert_eq!(found("tenant-2"), Some((1164, "s000")));
    }
}
