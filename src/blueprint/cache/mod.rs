//! `caches`: clusters of Valkey or Redis OSS.

use serde::Serialize;
use std::collections::BTreeMap;

use super::language::code;
use super::language::decode::Value;
use super::language::fields::Fields;
use super::language::names::is_instance_type;
use super::monitoring::alarms;
use super::monitoring::alarms::Alarms;

mod scale;
mod window;

pub use scale::{ReplicaScale, Scale, ShardScale};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cache {
    pub engine: Engine,
    /// `8`, the newest of which is taken, or `8.1`.
    pub version: String,
    /// Of one node, `r7g.large`.
    pub instance: String,
    /// How many shards there are; where they are scaled, how many there are at first.
    pub shards: u32,
    /// Beside the primary of each shard; where they are scaled, how many there are at first.
    pub replicas: u32,
    /// Whether the nodes of a shard are in several zones, so that it outlives one.
    pub multi_az: bool,
    /// As ElastiCache writes it, UTC: `sun:05:00-sun:06:00`.
    pub maintenance: String,
    /// None: there are none.
    pub snapshots: Option<Snapshots>,
    /// What to do when memory is full, in the engine's words.
    pub policy: String,
    /// What differs from the engine's defaults, by the engine's names.
    pub parameters: BTreeMap<String, String>,
    /// None: whoever reaches it is let in.
    pub auth: Option<Auth>,
    /// Whether the slow log and the engine's log are kept.
    pub logs: bool,
    pub scale: Scale,
    pub alarms: Alarms,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    Valkey,
    Redis,
}

impl Engine {
    pub fn as_str(self) -> &'static str {
        match self {
            Engine::Valkey => "valkey",
            Engine::Redis => "redis",
        }
    }

    /// The major version taken where none is written.
    fn usual_version(self) -> &'static str {
        match self {
            Engine::Valkey => "8",
            Engine::Redis => "7",
        }
    }
}

/// Taken once a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snapshots {
    pub retention_days: u32,
    /// UTC, `03:00-04:00`.
    pub window: String,
}

/// The user that services sign in as, with a password of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Auth {
    /// What it may do, in the words of the engine's ACL.
    pub access: String,
}

/// The most nodes of one cluster, once AWS has raised its quota of 90.
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html>
const MOST_NODES: u32 = 500;
const MOST_REPLICAS: u32 = 5;

const ALLKEYS_LRU: &str = "allkeys-lru";

/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html>
const POLICIES: [(&str, &str); 8] = [
    ("allkeys-lru", ALLKEYS_LRU),
    ("allkeys-lfu", "allkeys-lfu"),
    ("allkeys-random", "allkeys-random"),
    ("volatile-lru", "volatile-lru"),
    ("volatile-lfu", "volatile-lfu"),
    ("volatile-random", "volatile-random"),
    ("volatile-ttl", "volatile-ttl"),
    ("noeviction", "noeviction"),
];

pub(crate) fn decode(value: Value<'_>) -> Option<Cache> {
    let decoder = value.decoder;
    value.fields(|fields| {
        let engine = fields.or("engine", Engine::Valkey, |value| {
            value.word(&[("valkey", Engine::Valkey), ("redis", Engine::Redis)])
        });
        let version = fields.or("version", engine.usual_version().to_string(), version);
        let usual_instance = decoder.preset("r7g.large", "t4g.small").to_string();
        let instance = fields.or("instance", usual_instance, instance);
        let scale = fields.optional("scale", scale::decode).unwrap_or_default();
        scale::check(fields, &scale, &instance);
        let shards = fields
            .optional("shards", |value| value.count(1..=MOST_NODES))
            .unwrap_or(scale.shards.as_ref().map_or(1, |shards| shards.min));
        let replicas = fields
            .optional("replicas", |value| value.count(0..=MOST_REPLICAS))
            .unwrap_or(scale.replicas.as_ref().map_or(decoder.preset(1, 0), |some| some.min));
        refuse_many_nodes(fields, shards, replicas);
        Cache {
            engine,
            version,
            instance,
            shards,
            replicas,
            multi_az: multi_az(fields, replicas),
            maintenance: fields.or("maintenance", window::USUAL_WEEKLY.to_string(), window::weekly),
            snapshots: snapshots(fields),
            policy: fields.or("policy", ALLKEYS_LRU, |value| value.word(&POLICIES)).to_string(),
            parameters: fields.or("parameters", BTreeMap::new(), parameters),
            auth: auth(fields),
            logs: fields.or("logs", true, Value::boolean),
            scale,
            alarms: fields.or("alarms", Alarms::new(), |value| alarms::decode(value, "caches")),
        }
    })
}

/// A major version, or a major and a minor one.
fn version(value: Value<'_>) -> Option<String> {
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let fits = |text: &str| text.split('.').all(is_number) && text.split('.').count() <= 2;
    value.shaped(fits, "a version", "\"8\"` or `\"8.1\"")
}

fn instance(value: Value<'_>) -> Option<String> {
    if let Some(bare) = value.text()?.strip_prefix("cache.") {
        let wanted = "an instance type";
        return value.malformed(wanted, format!("write `{bare}`, without `cache.`"));
    }
    value.shaped(is_instance_type, "an instance type", "r7g.large")
}

fn refuse_many_nodes(fields: &Fields<'_>, shards: u32, replicas: u32) {
    let nodes = shards * (replicas + 1);
    if nodes > MOST_NODES {
        let most = MOST_NODES / (replicas + 1);
        fields.clash(
            code::MANY_NODES,
            format!("{shards} shards of {} nodes are {nodes}", replicas + 1),
            ("shards", &format!("is {shards}")),
            ("replicas", &format!("is {replicas}")),
            format!("a cache has {MOST_NODES} nodes at most: write `shards: {most}` or fewer"),
        );
    }
}

/// Absent means: if there is a replica that could be elsewhere.
fn multi_az(fields: &mut Fields<'_>, replicas: u32) -> bool {
    let written = fields.optional("multi_az", Value::boolean);
    if written == Some(true)
        && replicas == 0
        && let Some(value) = fields.get("multi_az")
    {
        let summary = "`multi_az` without a replica";
        let report = value.error(code::ZONES_WITHOUT_REPLICA, summary, "nothing to fail over to");
        value.report(report.help("write `replicas: 1` beside it"));
    }
    written.unwrap_or(fields.value.decoder.preset(true, false)) && replicas > 0
}

fn snapshots(fields: &mut Fields<'_>) -> Option<Snapshots> {
    let usual = Snapshots {
        retention_days: fields.value.decoder.preset(7, 1),
        window: window::USUAL_DAILY.to_string(),
    };
    fields.switch("snapshots", Some(usual.clone()), |value| {
        value.fields(|fields| Snapshots {
            retention_days: fields
                .or("retention", usual.retention_days, |value| value.days(1..=35)),
            window: fields.or("window", usual.window, window::daily),
        })
    })
}

/// Two parameters are not for users to write: one has a key, one makes a cluster a cluster.
fn parameters(value: Value<'_>) -> Option<BTreeMap<String, String>> {
    value.entries(|value| {
        let help = match value.key {
            "maxmemory-policy" => "write it as `policy`, beside `parameters`",
            "cluster-enabled" => "leave it out: every cache is a cluster",
            _ => return value.any_text(),
        };
        let summary = format!("`{}` is set already", value.key);
        value.report(value.error(code::OWN_PARAMETER, summary, "not here").help(help));
        None
    })
}

/// `false`, or a map that says what may be done.
fn auth(fields: &mut Fields<'_>) -> Option<Auth> {
    let usual = Auth { access: "on ~* &* +@all".to_string() };
    fields.switch("auth", Some(usual.clone()), |value| {
        if value.is_true() {
            return Some(usual);
        }
        value.fields(|fields| {
            let access = fields.or("access", usual.access, |value| {
                let fits = |text: &str| text == "on" || text.starts_with("on ");
                value.shaped(fits, "an access string", "on ~app:* +@all -@dangerous")
            });
            Auth { access }
        })
    })
}
