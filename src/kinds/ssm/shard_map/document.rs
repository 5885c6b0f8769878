//! Conversions between the spec of a map and its published document.
use super::{Shard, ShardMap};
use crate::shards::map::{self, Map, State};
use crate::shards::slot::HASH;
use crate::tags::{STACK, Tags};

impl ShardMap {
    /// The first version of the map.
    ///
    /// # Errors
    /// The spec is inconsistent, for example because no shard has a weight.
    pub(super) fn first(&self) -> Result<Map, String> {
        if self.hash != HASH {
            return Err(format!("unknown slot function {}: the only one is {HASH}", self.hash));
        }
        let stack = self.tags.get(STACK).unwrap_or_default();
        Map::first(stack, self.slots, &self.shard_key, self.entries())
    }

    /// The version that follows a published one. It moves no slots.
    ///
    /// # Errors
    /// The spec omits a shard that owns slots.
    pub(super) fn successor(&self, map: &Map) -> Result<Map, String> {
        map.next(self.entries())
    }

    /// Whether a published map already matches this spec.
    pub(super) fn describes(&self, map: &Map) -> bool {
        let found = ShardMap::read(map, &self.path, self.tags.clone());
        found == ShardMap { bucket: None, ..self.clone() }
    }

    /// The spec of a published map.
    pub(super) fn read(map: &Map, path: &str, tags: Tags) -> ShardMap {
        ShardMap {
            path: path.into(),
            slots: map.slots,
            shard_key: map.shard_key.clone(),
            hash: map.hash.clone(),
            shards: map.shards.iter().map(shard).collect(),
            bucket: None,
            tags,
        }
    }

    fn entries(&self) -> Vec<map::Shard> {
        self.shards.iter().map(entry).collect()
    }
}

/// A shard in the document's shape. [`Map`] sets its state from the slots that it owns.
fn entry(shard: &Shard) -> map::Shard {
    map::Shard {
        id: shard.id.clone(),
        state: State::Joining,
        writer: shard.writer.clone(),
        readers: shard.readers.clone(),
        port: shard.port,
        db: shard.database.clone(),
        secret_arn: shard.secret_arn.clone(),
        weight: shard.weight,
    }
}

fn shard(entry: &map::Shard) -> Shard {
    Shard {
        id: entry.id.clone(),
        weight: entry.weight,
        writer: entry.writer.clone(),
        readers: entry.readers.clone(),
        port: entry.port,
        database: entry.db.clone(),
        secret_arn: entry.secret_arn.clone(),
    }
}
