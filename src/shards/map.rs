//! The published map: which shards there are and who owns which slots. Each version is a document
//! that never changes; the next one names it by its hash.
use super::moves::{shares, sizes};
use super::ranges::{self, Range};
use super::slot::HASH;
use crate::names::hash;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The form of the document that is written and read here.
const FORMAT: u32 = 1;
/// How long a client may go on with the map it has read, in seconds.
const TTL_S: u32 = 5;
/// What a map may have at most; 4096 is the usual number.
const MOST_SLOTS: u32 = 65536;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    pub format: u32,
    pub stack: String,
    /// One more than that of the map before.
    pub version: u64,
    /// SHA-256 of the document before, as it was published; the first has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev_sha256: Option<String>,
    /// A power of two, for ever.
    pub slots: u32,
    /// The slot function, [`HASH`].
    pub hash: String,
    /// What keys are: the column that rows are told apart by, such as `tenant_id`.
    pub shard_key: String,
    /// In order of their ids, which are for ever.
    pub shards: Vec<Shard>,
    pub ranges: Vec<Range>,
    /// Slots on their way from one shard to another.
    pub moves: Vec<Move>,
    /// Clients that read older forms only must not use this map.
    pub min_client_format: u32,
    /// How long a client may go on with what it has read.
    pub ttl_seconds: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    pub id: String,
    pub state: State,
    /// The host that takes writes.
    pub writer: String,
    /// Hosts that answer reads, a little behind.
    pub readers: BTreeSet<String>,
    pub port: u16,
    pub db: String,
    /// The secret that holds user and password.
    pub secret_arn: String,
    /// Its share of the slots, in relation to the others'; at 0 it is to be emptied.
    pub weight: u32,
}

/// What follows from a shard's weight and from what it owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is to own slots and owns none yet.
    Joining,
    Active,
    /// It owns slots and is to own none.
    Draining,
    /// It owns none and is to own none: it may be removed.
    Retired,
}

/// Slots on their way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    pub id: String,
    pub from: String,
    pub to: String,
    pub ranges: Vec<(u32, u32)>,
    pub state: Stage,
    /// Counts the changes of owner, so that a late word of an earlier one is known as such.
    pub epoch: u64,
}

/// How far a move has got.
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
    /// The first map: all slots shared out by weight.
    ///
    /// # Errors
    /// There is nobody to own them.
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
        map.settled()
    }

    /// The map after this one: other shards, or other facts about them, and not a slot elsewhere.
    ///
    /// # Errors
    /// A shard that owns slots would be gone.
    pub fn next(&self, shards: Vec<Shard>) -> Result<Map, String> {
        let next = Map {
            version: self.version + 1,
            prev_sha256: Some(self.sha256()),
            shards: sorted(shards),
            ..self.clone()
        };
        next.settled()
    }

    /// With the states that follow from weights and ranges, and checked.
    fn settled(mut self) -> Result<Map, String> {
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
    /// It is none, it is of a form that is not known here, or it contradicts itself.
    pub fn parse(text: &str) -> Result<Map, String> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let bad = |error: serde_json::Error| format!("this is not a shard map: {error}");
        let head: Head = serde_json::from_str(text).map_err(bad)?;
        if head.format != FORMAT {
            return Err(format!("the map is of form {}, and {FORMAT} is read here", head.format));
        }
        let map: Map = serde_json::from_str(text).map_err(bad)?;
        map.check()?;
        Ok(map)
    }

    /// The document: the same for the same map, byte for byte.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What the next version names this one by.
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
    /// Says what contradicts itself.
    pub fn check(&self) -> Result<(), String> {
        if !self.slots.is_power_of_two() || self.slots > MOST_SLOTS {
            return Err(format!(
                "{} slots: it must be a power of two, and {MOST_SLOTS} at most",
                self.slots
            ));
        }
        if self.hash != HASH {
            return Err(format!("the slot function {} is not known here", self.hash));
        }
        if self.version == 0 || (self.version > 1) != self.prev_sha256.is_some() {
            return Err(format!("version {} does not name the one before", self.version));
        }
        self.check_shards()?;
        ranges::check(&self.ranges, self.slots)?;
        self.check_moves()
    }

    fn check_shards(&self) -> Result<(), String> {
        if !self.shards.is_sorted_by(|one, other| one.id < other.id) {
            return Err("the shards are not in the order of their ids".into());
        }
        if self.shards.iter().all(|shard| shard.weight == 0) {
            return Err("no shard has a weight above 0, so nobody is to own the slots".into());
        }
        let owned = ranges::owned(&self.ranges);
        if let Some((id, slots)) = owned.iter().find(|(id, _)| self.shard(id).is_none()) {
            return Err(format!("{id} owns {slots} slots and is not among the shards"));
        }
        let settled = |shard: &&Shard| {
            shard.state == state(shard.weight, owned.contains_key(shard.id.as_str()))
        };
        match self.shards.iter().find(|shard| !settled(shard)) {
            Some(shard) => Err(format!("the state of {} is not what it owns", shard.id)),
            None => Ok(()),
        }
    }

    fn check_moves(&self) -> Result<(), String> {
        let mut moving = BTreeSet::new();
        for on_its_way in self.moves.iter().filter(|one| one.state < Stage::Done) {
            let Move { id, from, to, .. } = on_its_way;
            if self.shard(from).is_none() || self.shard(to).is_none() {
                return Err(format!("the move {id} is from or to no shard of this map"));
            }
            let owner = if on_its_way.state < Stage::Switched { from } else { to };
            for slot in on_its_way.ranges.iter().flat_map(|(first, last)| *first..=*last) {
                if ranges::owner(&self.ranges, slot) != Some(owner) {
                    return Err(format!(
                        "the move {id} has slot {slot}, which {owner} does not own"
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
