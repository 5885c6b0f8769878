//! The published shard map of a database: an immutable parameter for each version, and one
//! parameter, the pointer, that names the current version. CloudFormation has no such type, so
//! tenfold defines the names of the properties.
//! <https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html>
//!
//! Which shard owns which slots is not a property: only moving slots changes it. The output
//! `document` contains it.
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

/// The map of a sharded database, without the owners of slots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ShardMap {
    /// Such as `/tenfold/shop/databases/ledger/map`. The parameters below it are `current` and
    /// `v/<version>`.
    pub path: String,
    /// The number of slots: a power of two, which can never change.
    pub slots: u32,
    /// The column by which rows are sharded, such as `tenant_id`. It can never change either. Empty
    /// for a database of one shard.
    pub shard_key: String,
    /// The function that maps a key to a slot, [`crate::shards::slot::HASH`].
    pub hash: String,
    /// Ordered by ID.
    pub shards: BTreeSet<Shard>,
    /// The stack's bucket for documents that are too large for a parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    pub tags: Tags,
}

/// One shard: a database that stores the rows of the slots it owns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Shard {
    /// Such as `s000`. It can never change.
    pub id: String,
    /// Its share of the slots, relative to the weights of the other shards. 0 drains it.
    pub weight: u32,
    /// The host that accepts writes.
    pub writer: String,
    /// Hosts that serve reads.
    pub readers: BTreeSet<String>,
    pub port: u16,
    pub database: String,
    /// The ARN of the secret that contains user and password.
    pub secret_arn: String,
}

impl Spec for ShardMap {
    const INFO: KindInfo = KindInfo {
        name: "shard-map",
        type_name: "AWS::SSM::Parameter",
        name_property: "Path",
        create_only: &["Path"],
        replace: Replace::Refuse,
        // The map is the only record of which shard owns which rows.
        stateful: true,
        directives: &["Bucket"],
        volatile_outputs: &["document", "version"],
        // One listing for all maps, and the tags of each.
        reads: crate::spec::Reads { fixed: 1, each: 1 },
        ..KindInfo::PLAIN
    };

    /// The two parameters of a new map.
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

    fn refusal(&self, live: &Self, outputs: &Outputs) -> Option<String> {
        let fixed = |what: &str, before: &str, after: &str| {
            let why = "it decides which shard stores each existing row";
            format!(
                "{what} cannot change from {before} to {after}, because {why}: restore {before}"
            )
        };
        if self.slots != live.slots {
            let (before, after) = (live.slots.to_string(), self.slots.to_string());
            return Some(fixed("the number of slots", &before, &after));
        }
        if self.shard_key != live.shard_key {
            let (before, after) = (shown(&live.shard_key), shown(&self.shard_key));
            return Some(fixed("the shard key", before, after));
        }
        if self.hash != live.hash {
            return Some(fixed("the slot function", &live.hash, &self.hash));
        }
        let map = match document(outputs) {
            Ok(map) => map,
            Err(why) => return Some(format!("cannot read which shard owns which slots: {why}")),
        };
        self.cannot_remove(&map).or_else(|| self.successor(&map).err())
    }

    fn remaining_work(&self, live: Option<(&Self, &Outputs)>) -> Vec<String> {
        let Some((_, outputs)) = live else { return Vec::new() };
        let next = document(outputs).and_then(|map| self.successor(&map));
        next.map(|next| moves::in_words(&moves::moves(&next))).unwrap_or_default()
    }

    /// The action `map` returns the document.
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
    /// Why a shard that the spec omits cannot be removed from the map yet; `None` if all can.
    fn cannot_remove(&self, map: &Map) -> Option<String> {
        let stays = |id: &str| self.shards.iter().any(|shard| shard.id == id);
        let removed = map.shards.iter().filter(|shard| !stays(&shard.id));
        let owns = |id: &str| Some(map.owned(id)).filter(|slots| *slots > 0);
        let (id, slots) = removed.filter_map(|shard| Some((&shard.id, owns(&shard.id)?))).next()?;
        Some(format!(
            "{id} owns {} and cannot be removed: keep it with `weight: 0` until its slots have \
             moved to other shards",
            moves::counted(slots)
        ))
    }
}

/// A shard key as messages show it. A database of one shard need not have one.
fn shown(shard_key: &str) -> &str {
    if shard_key.is_empty() { "none" } else { shard_key }
}

/// The action that returns the document of the current version.
pub const MAP: &str = "map";

/// The name of the parameter that points to the current version.
fn pointer_name(path: &str) -> String {
    format!("{path}/current")
}

/// The name of the parameter that contains a version, or the version's location in S3.
fn version_name(path: &str, version: u64) -> String {
    format!("{path}/v/{version}")
}

/// The map in a resource's outputs.
fn document(outputs: &Outputs) -> Result<Map, String> {
    Map::parse(outputs.get("document").map(String::as_str).unwrap_or_default())
}

fn outputs(path: &str, arn: String, map: &Map) -> Outputs {
    Outputs::from([
        // The ARN of the path. IAM policies allow reading `<arn>/*`.
        ("arn".into(), arn),
        ("document".into(), map.text()),
        ("name".into(), pointer_name(path)),
        ("path".into(), path.into()),
        ("version".into(), map.version.to_string()),
    ])
}

#[cfg(test)]
mod tests;
