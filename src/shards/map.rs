//! The published map: the shards and the slots that each owns. Each version is an immutable
//! document; the next version contains its hash.
use super::moves::{shares, sizes};
use super::ranges::{self, Range};
use super::slot::HASH;
use crate::names::hash;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The format of the document that this version of `tenfold` writes and reads.
const FORMAT: u32 = 1;
/// How long a client may use a map after reading it, in seconds.
const TTL_S: u32 = 5;
/// The most slots a map may have; 4096 is the default of blueprints.
const MOST_SLOTS: u32 = 65536;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    pub format: u32,
    pub stack: String,
    /// One more than the version of the previous map.
    pub version: u64,
    /// SHA-256 of the previous document, as it was published; the first map has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev_sha256: Option<String>,
    /// A power of two. Never changes.
    pub slots: u32,
    /// The slot function, [`HASH`].
    pub hash: String,
    /// The column that contains the key of a row, such as `tenant_id`.
    pub shard_key: String,
    /// Sorted by ID. IDs never change.
    pub shards: Vec<Shard>,
    pub ranges: Vec<Range>,
    /// Slots that are being moved from one shard to another.
    pub moves: Vec<Move>,
    /// Clients that only read older formats must not use this map.
    pub min_client_format: u32,
    /// How long a client may use a map after reading it.
    pub ttl_seconds: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    pub id: String,
    pub state: State,
    /// The host for writes.
    pub writer: String,
    /// Hosts for reads; they lag slightly behind the writer.
    pub readers: BTreeSet<String>,
    pub port: u16,
    pub db: String,
    /// The secret with user and password.
    pub secret_arn: String,
    /// Its share of the slots relative to the other shards; 0 drains it.
    pub weight: u32,
}

/// A shard's state follows from its weight and from the slots it owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It should own slots and owns none yet.
    Joining,
    Active,
    /// It owns slots and should own none.
    Draining,
    /// It owns no slots and should own none: it may be removed.
    Retired,
}

/// Slots that are being moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    pub id: String,
    pub from: String,
    pub to: String,
    pub ranges: Vec<(u32, u32)>,
    pub state: Stage,
    /// Counts the changes of owner, so that late messages about an earlier one can be recognised.
    pub epoch: u64,
}

/// The stage of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Planned,
    Copying,
    CatchingUp,
    Fenced,
    Switched,
    Soaking,
    Cleaning,
    Done,
    Aborted,
}

impl Map {
    /// The first map: all slots, distributed by weight.
    ///
    /// # Errors
    /// No shard can own them, or the number of slots is not valid.
    pub fn first(
        stack: &str,
        slots: u32,
        shard_key: &str,
        shards: Vec<Shard>,
    ) -> Result<Map, String> {
        let mut map = Map {
            format: FORMAT,
            stack: stack.into(),
            version: 1,
            prev_sha256: None,
            slots,
            hash: HASH.into(),
            shard_key: shard_key.into(),
            shards: sorted(shards),
            ranges: Vec::new(),
            moves: Vec::new(),
            min_client_format: FORMAT,
            ttl_seconds: TTL_S,
        };
        map.ranges = ranges::lay_out(sizes(&shares(&map)));
        map.with_states()
    }

    /// The map after this one: with other shards or other facts about them. No slot changes its
    /// owner.
    ///
    /// # Errors
    /// A shard that owns slots would be missing.
    pub fn next(&self, shards: Vec<Shard>) -> Result<Map, String> {
        let next = Map {
            version: self.version + 1,
            prev_sha256: Some(self.sha256()),
            shards: sorted(shards),
            ..self.clone()
        };
        next.with_states()
    }

    /// Sets the states that follow from weights and ranges, and checks the map.
    fn with_states(mut self) -> Result<Map, String> {
        let owned = ranges::owned(&self.ranges);
        for shard in &mut self.shards {
            shard.state = state(shard.weight, owned.contains_key(shard.id.as_str()));
        }
        self.check()?;
        Ok(self)
    }

    /// Reads a document.
    ///
    /// # Errors
    /// The document is not a map, has an unknown format, or contradicts itself.
    pub fn parse(text: &str) -> Result<Map, String> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let bad = |error: serde_json::Error| format!("this is not a shard map: {error}");
        let head: Head = serde_json::from_str(text).map_err(bad)?;
        if head.format != FORMAT {
            return Err(format!(
                "the map has format {}; this version of tenfold reads format {FORMAT}",
                head.format
            ));
        }
        let map: Map = serde_json::from_str(text).map_err(bad)?;
        map.check()?;
        Ok(map)
    }

    /// The document. Equal maps have equal documents, byte for byte.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// SHA-256 of the document, which the next version contains.
    pub fn sha256(&self) -> String {
        hash(&self.text(), 64)
    }

    pub fn shard(&self, id: &str) -> Option<&Shard> {
        self.shards.iter().find(|shard| shard.id == id)
    }

    /// How many slots a shard owns.
    pub fn owned(&self, id: &str) -> u32 {
        ranges::owned(&self.ranges).get(id).copied().unwrap_or(0)
    }

    /// # Errors
    /// The map contradicts itself; the error says where.
    pub fn check(&self) -> Result<(), String> {
        if !self.slots.is_power_of_two() || self.slots > MOST_SLOTS {
            return Err(format!(
                "{} slots: the number must be a power of two, {MOST_SLOTS} at most",
                self.slots
            ));
        }
        if self.hash != HASH {
            return Err(format!("the slot function {} is unknown", self.hash));
        }
        if self.version == 0 || (self.version > 1) != self.prev_sha256.is_some() {
            return Err(format!(
                "version {} and the presence of `prev_sha256` contradict each other",
                self.version
            ));
        }
        self.check_shards()?;
        ranges::check(&self.ranges, self.slots)?;
        self.check_moves()
    }

    fn check_shards(&self) -> Result<(), String> {
        if !self.shards.is_sorted_by(|one, other| one.id < other.id) {
            return Err("the shards are not sorted by ID".into());
        }
        if self.shards.iter().all(|shard| shard.weight == 0) {
            return Err("no shard has a weight above 0, so none can own the slots".into());
        }
        let owned = ranges::owned(&self.ranges);
        if let Some((id, slots)) = owned.iter().find(|(id, _)| self.shard(id).is_none()) {
            return Err(format!("{id} owns {slots} slots and is not among the shards"));
        }
        let is_valid = |shard: &&Shard| {
            shard.state == state(shard.weight, owned.contains_key(shard.id.as_str()))
        };
        match self.shards.iter().find(|shard| !is_valid(shard)) {
            Some(shard) => {
                Err(format!("the state of {} contradicts its weight and slots", shard.id))
            }
            None => Ok(()),
        }
    }

    fn check_moves(&self) -> Result<(), String> {
        let mut moving = BTreeSet::new();
        for one in self.moves.iter().filter(|one| one.state < Stage::Done) {
            let Move { id, from, to, .. } = one;
            if self.shard(from).is_none() || self.shard(to).is_none() {
                return Err(format!("the move {id} is from or to a shard that is not in this map"));
            }
            let owner = if one.state < Stage::Switched { from } else { to };
            for slot in one.ranges.iter().flat_map(|(first, last)| *first..=*last) {
                if ranges::owner(&self.ranges, slot) != Some(owner) {
                    return Err(format!(
                        "the move {id} contains slot {slot}, which {owner} does not own"
                    ));
                }
                if !moving.insert(slot) {
                    return Err(format!("slot {slot} is in two moves"));
                }
            }
        }
        Ok(())
    }
}

fn sorted(mut shards: Vec<Shard>) -> Vec<Shard> {
    shards.sort_by(|one, other| one.id.cmp(&other.id));
    shards
}

fn state(weight: u32, owns: bool) -> State {
    match (weight > 0, owns) {
        (true, true) => State::Active,
        (true, false) => State::Joining,
        (false, true) => State::Draining,
        (false, false) => State::Retired,
    }
}

#[cfg(test)]
#[path = "map_tests.rs"]
pub(super) mod tests;
