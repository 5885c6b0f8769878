//! Finds the shard of a key in the published map of a database.
use serde::Deserialize;
use sha2::{Digest, Sha256};

const FORMAT: u32 = 1;
const HASH: &str = "sha256-be64-and";

/// The fields of the document that a client needs.
#[derive(Debug, Deserialize)]
pub struct ShardMap {
    pub version: u64,
    pub slots: u64,
    pub hash: String,
    pub shards: Vec<Shard>,
    /// First slot, last slot, id of the owner; sorted, without gaps.
    pub ranges: Vec<(u64, u64, String)>,
    pub min_client_format: u32,
    /// Seconds for which this map is valid; read it again afterwards.
    pub ttl_seconds: u64,
}

#[derive(Debug, Deserialize)]
pub struct Shard {
    pub id: String,
    /// The host that takes writes.
    pub writer: String,
    /// Hosts that answer reads, with replication lag.
    pub readers: Vec<String>,
    pub port: u16,
    pub db: String,
    /// The Secrets Manager secret with user and password.
    pub secret_arn: String,
}

/// Returns the slot of a key, which never changes. `slots` is a power of two.
pub fn slot(key: &str, slots: u64) -> u64 {
    let digest = Sha256::digest(key.as_bytes());
    let head = digest.iter().take(8).fold(0_u64, |head, byte| head << 8 | u64::from(*byte));
    head & (slots - 1)
}

impl ShardMap {
    /// Parses a document.
    ///
    /// # Errors
    /// The document is not a shard map, or needs a newer client.
    pub fn parse(document: &str) -> Result<ShardMap, String> {
        let map: ShardMap = serde_json::from_str(document).map_err(|error| error.to_string())?;
        if map.min_client_format > FORMAT || map.hash != HASH {
            return Err("this map is for newer clients".into());
        }
        Ok(map)
    }

    /// Returns the shard that stores the rows of a key, or none if the map has no owner for its slot.
    pub fn locate(&self, key: &str) -> Option<&Shard> {
        let slot = slot(key, self.slots);
        let at = self.ranges.partition_point(|(_, last, _)| *last < slot);
        let (_, _, owner) = self.ranges.get(at)?;
        self.shards.iter().find(|shard| shard.id == *owner)
    }
}
