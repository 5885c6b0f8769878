//! Between what a blueprint asks of a map and the map itself.
use super::{Shard, ShardMap};
use crate::shards::map::{self, Map, State};
use crate::shards::slot::HASH;
use crate::tags::{STACK, Tags};

impl ShardMap {
    /// The first version.
    ///
    /// # Errors
    /// It contradicts itself.
    pub(super) fn first(&self) -> Result<Map, String> {
        if self.hash != HASH {
            return Err(format!("the slot function {} is not known", self.hash));
        }
        let stack = self.tags.get(STACK).unwrap_or_default();
        Map::first(stack, self.slots, &self.shard_key, self.entries())
    }

    /// The version after one that is there; nothing moves by it.
    ///
    /// # Errors
    /// A shard that owns slots is left out.
    pub(super) fn successor(&self, map: &Map) -> Result<Map, String> {
        map.next(self.entries())
    }

    /// Whether a map is as this asks.
    pub(super) fn describes(&self, map: &Map) -> bool {
        let found = ShardMap::read(map, &self.path, self.tags.clone());
        found == ShardMap { bucket: None, ..self.clone() }
    }

    /// What a map is in a blueprint's words.
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

/// A shard as the map has it; its state follows from what it owns.
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
