//! The published shard map of a database: an immutable parameter for each version, and one that
//! points to the version that holds. CloudFormation has no such type, so the words are ours.
//! <https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html>
//!
//! Who owns which slots is no property: it is what the map is about, and only moving slots changes
//! it. It is told by the output `document`.
#[cfg(feature = "aws")]
mod calls;
mod document;

use crate::resource::{Id, Outputs};
use crate::shards::pointer::Pointer;
use crate::shards::{Map, moves};
use crate::spec::{KindInfo, Mint, Replace, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Map as Fields, Value, from_str, json};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ShardMap {
    /// `/tenfold/shop/databases/ledger/map`; below it lie `current` and `v/<version>`.
    pub path: String,
    /// A power of two, for ever.
    pub slots: u32,
    /// What keys are, such as `tenant_id`; for ever as well.
    pub shard_key: String,
    /// The slot function, [`crate::shards::slot::HASH`].
    pub hash: String,
    /// In order of their ids.
    pub shards: BTreeSet<Shard>,
    /// A bucket of the stack for documents that are too large for a parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    pub tags: Tags,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Shard {
    /// For ever: `s000`.
    pub id: String,
    /// Its share of the slots in relation to the others'; 0 drains it.
    pub weight: u32,
    /// The host that takes writes.
    pub writer: String,
    /// Hosts that answer reads.
    pub readers: BTreeSet<String>,
    pub port: u16,
    pub database: String,
    /// The secret with user and password.
    pub secret_arn: String,
}

impl Spec for ShardMap {
    const INFO: KindInfo = KindInfo {
        name: "shard-map",
        type_name: "AWS::SSM::Parameter",
        name_property: "Path",
        create_only: &["Path"],
        replace: Replace::Refuse,
        // It alone says who owns which rows.
        stateful: true,
        directives: &["Bucket"],
        volatile_outputs: &["document", "version"],
        // The tags of each; the maps themselves come in one listing.
        reads: crate::spec::Reads { fixed: 1, each: 1 },
        ..KindInfo::PLAIN
    };

    /// The parameters of a map that is new.
    fn template(&self) -> Vec<(&'static str, Value)> {
        let Ok(map) = self.first() else { return Vec::new() };
        let tags: Fields<String, Value> =
            self.tags.iter().map(|(key, value)| (key.to_string(), json!(value))).collect();
        let version = json!({
            "Name": version_name(&self.path, map.version), "Type": "String", "Value": map.text(),
        });
        let pointer = json!({
            "Name": pointer_name(&self.path), "Type": "String",
            "Value": Pointer::to(&map).text(), "Tags": tags,
        });
        vec![(Self::INFO.type_name, version), (Self::INFO.type_name, pointer)]
    }

    fn refuse(&self, live: &Self, outputs: &Outputs) -> Option<String> {
        let for_ever = |what: &str, before: &str, after: &str| {
            let why = "by it every row has found its shard";
            format!("{what} cannot change from {before} to {after}, because {why}: undo that")
        };
        if self.slots != live.slots {
            let (before, after) = (live.slots.to_string(), self.slots.to_string());
            return Some(for_ever("the number of slots", &before, &after));
        }
        if self.shard_key != live.shard_key {
            let (before, after) = (named(&live.shard_key), named(&self.shard_key));
            return Some(for_ever("the shard key", before, after));
        }
        if self.hash != live.hash {
            return Some(for_ever("the slot function", &live.hash, &self.hash));
        }
        let map = match document(outputs) {
            Ok(map) => map,
            Err(why) => return Some(format!("who owns which slots cannot be read: {why}")),
        };
        self.left_out(&map).or_else(|| self.successor(&map).err())
    }

    fn remaining_work(&self, live: Option<(&Self, &Outputs)>) -> Vec<String> {
        let Some((_, outputs)) = live else { return Vec::new() };
        let next = document(outputs).and_then(|map| self.successor(&map));
        next.map(|next| moves::in_words(&moves::moves(&next))).unwrap_or_default()
    }

    /// `map`: the document.
    fn simulate(&self, action: &str, _arguments: &Value, mint: &mut Mint) -> Option<Value> {
        (action == MAP).then(|| from_str(mint.before.get("document")?).ok()).flatten()
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let next = match document(mint.before) {
            Ok(map) if self.describes(&map) => Ok(map),
            Ok(map) => self.successor(&map),
            Err(_) => self.first(),
        };
        let arn = mint.arn("ssm", &format!("parameter{}", self.path));
        next.map(|map| outputs(&self.path, arn, &map)).unwrap_or_default()
    }
}

impl ShardMap {
    /// Why a shard must not be left out of the map yet.
    fn left_out(&self, map: &Map) -> Option<String> {
        let stays = |id: &str| self.shards.iter().any(|shard| shard.id == id);
        let gone = map.shards.iter().filter(|shard| !stays(&shard.id));
        let owns = |id: &str| Some(map.owned(id)).filter(|slots| *slots > 0);
        let (id, slots) = gone.filter_map(|shard| Some((&shard.id, owns(&shard.id)?))).next()?;
        Some(format!(
            "{id} owns {} and cannot be removed: keep it with `weight: 0` until its slots have \
             moved to the others",
            moves::counted(slots)
        ))
    }
}

/// A database of one shard may be without a key.
fn named(shard_key: &str) -> &str {
    if shard_key.is_empty() { "none" } else { shard_key }
}

/// The action that reads the document.
const MAP: &str = "map";

/// The name of the parameter that says which version holds.
fn pointer_name(path: &str) -> String {
    format!("{path}/current")
}

/// The name of the parameter that holds a version, or says where it lies.
fn version_name(path: &str, version: u64) -> String {
    format!("{path}/v/{version}")
}

/// The map that a resource has told.
fn document(outputs: &Outputs) -> Result<Map, String> {
    Map::parse(outputs.get("document").map(String::as_str).unwrap_or_default())
}

fn outputs(path: &str, arn: String, map: &Map) -> Outputs {
    Outputs::from([
        // Of all that lies below: what may be read is `<arn>/*`.
        ("arn".into(), arn),
        ("document".into(), map.text()),
        ("name".into(), pointer_name(path)),
        ("path".into(), path.into()),
        ("version".into(), map.version.to_string()),
    ])
}

#[cfg(test)]
mod tests;
