//! `caches`: clusters of Valkey or Redis OSS.

use serde::Serialize;
use std::collections::BTreeMap;

use super::language::code;
use super::language::decode::Value;
use super::language::fields::Fields;
use super::language::names::is_instance_type;
use super::monitoring::alarms;
use super::monitoring::alarms::Alarms;
use super::window::{DayWindow, WeekWindow};

mod scale;

pub use scale::{ReplicaScale, Scale, ShardScale};

/// A cluster, which is a replication group in ElastiCache's API.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cache {
    /// Default: Valkey.
    pub engine: Engine,
    /// `8` for the newest version of 8, or `8.1`. Default: `8` for Valkey, `7` for Redis OSS.
    pub version: String,
    /// Node type without its prefix `cache.`. Default: `r7g.large`, with the `dev` preset
    /// `t4g.small`.
    pub instance: String,
    /// Number of shards; the initial number if they are scaled. Default: 1, or the minimum of the
    /// scaling.
    pub shards: u32,
    /// Replicas of the primary in each shard, 0 to 5; the initial number if they are scaled.
    /// Default: the minimum of the scaling, else 1, with the `dev` preset 0.
    pub replicas: u32,
    /// Whether the nodes of a shard are in several zones, so that the shard survives the loss of
    /// one. Default: true if there are replicas, with the `dev` preset false.
    pub multi_az: bool,
    /// Maintenance window in ElastiCache's format, UTC. Default: `sun:05:00-sun:06:00`.
    pub maintenance: String,
    /// None: no snapshots.
    pub snapshots: Option<Snapshots>,
    /// Eviction policy when memory is full, in the engine's terms. Default: `allkeys-lru`.
    pub policy: String,
    /// Engine parameters that differ from the engine's defaults.
    pub parameters: BTreeMap<String, String>,
    /// None: every client that can reach the cache has access.
    pub auth: Option<Auth>,
    /// Whether the slow log and the engine log are kept. Default: true.
    pub logs: bool,
    /// Automatic scaling. Default: off.
    pub scale: Scale,
    /// Changes to the default alarms.
    pub alarms: Alarms,
}

/// The engine of a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    Valkey,
    Redis,
}

impl Engine {
    /// The name that ElastiCache uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Engine::Valkey => "valkey",
            Engine::Redis => "redis",
        }
    }

    /// The default major version.
    fn default_version(self) -> &'static str {
        match self {
            Engine::Valkey => "8",
            Engine::Redis => "7",
        }
    }
}

/// Daily snapshots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snapshots {
    /// Days that a snapshot is kept, 1 to 35. Default: 7, with the `dev` preset 1.
    pub retention_days: u32,
    /// Window in UTC. Default: `03:00-04:00`.
    pub window: String,
}

/// The user as which services authenticate, with its own password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Auth {
    /// Access string in the syntax of the engine's ACL. Default: all commands on all keys and
    /// channels.
    pub access: String,
}

/// ElastiCache's minimum length of a window, in minutes.
const MIN_WINDOW_MIN: u32 = 60;
const DEFAULT_MAINTENANCE: &str = "sun:05:00-sun:06:00";
const DEFAULT_SNAPSHOT_WINDOW: &str = "03:00-04:00";

/// The largest number of nodes in a cluster, after AWS has raised the default quota of 90.
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html>
const MAX_NODES: u32 = 500;
const MAX_REPLICAS: u32 = 5;

const ALLKEYS_LRU: &str = "allkeys-lru";

/// The eviction policies of the engines.
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

pub(super) fn decode(value: Value<'_>) -> Option<Cache> {
    let decoder = value.decoder;
    value.fields(|fields| {
        let engine = fields.or("engine", Engine::Valkey, |value| {
            value.word(&[("valkey", Engine::Valkey), ("redis", Engine::Redis)])
        });
        let version = fields.or("version", engine.default_version().to_string(), version);
        let default_instance = decoder.preset("r7g.large", "t4g.small").to_string();
        let instance = fields.or("instance", default_instance, instance);
        let scale = fields.optional("scale", scale::decode).unwrap_or_default();
        scale::check(fields, &scale, &instance);
        let shards = fields
            .optional("shards", |value| value.count(1..=MAX_NODES))
            .unwrap_or(scale.shards.as_ref().map_or(1, |shards| shards.min));
        let replicas = fields
            .optional("replicas", |value| value.count(0..=MAX_REPLICAS))
            .unwrap_or(scale.replicas.as_ref().map_or(decoder.preset(1, 0), |range| range.min));
        refuse_many_nodes(fields, shards, replicas);
        Cache {
            engine,
            version,
            instance,
            shards,
            replicas,
            multi_az: multi_az(fields, replicas),
            maintenance: fields.or("maintenance", DEFAULT_MAINTENANCE.to_string(), maintenance),
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

/// A major version, or a major and a minor version.
fn version(value: Value<'_>) -> Option<String> {
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let fits = |text: &str| text.split('.').all(is_number) && text.split('.').count() <= 2;
    value.shaped(fits, "a version", "\"8\"` or `\"8.1\"")
}

fn instance(value: Value<'_>) -> Option<String> {
    if let Some(bare) = value.text()?.strip_prefix("cache.") {
        let wanted = "an instance type";
        return value.malformed(wanted, format!("write `{bare}`, without the prefix `cache.`"));
    }
    value.shaped(is_instance_type, "an instance type", "r7g.large")
}

fn refuse_many_nodes(fields: &Fields<'_>, shards: u32, replicas: u32) {
    let nodes = shards * (replicas + 1);
    if nodes > MAX_NODES {
        let max_shards = MAX_NODES / (replicas + 1);
        fields.clash(
            code::MANY_NODES,
            format!("{shards} shards with {} nodes each are {nodes} nodes", replicas + 1),
            ("shards", &format!("is {shards}")),
            ("replicas", &format!("is {replicas}")),
            format!("a cache can have {MAX_NODES} nodes: write `shards: {max_shards}` or fewer"),
        );
    }
}

/// Requires a replica, which can be in another zone than the primary.
fn multi_az(fields: &mut Fields<'_>, replicas: u32) -> bool {
    let given = fields.optional("multi_az", Value::boolean);
    if given == Some(true)
        && replicas == 0
        && let Some(value) = fields.get("multi_az")
    {
        let summary = "`multi_az` needs at least one replica";
        let report =
            value.error(code::ZONES_WITHOUT_REPLICA, summary, "no replica to fail over to");
        value.report(report.help("add `replicas: 1`, or remove `multi_az`"));
    }
    given.unwrap_or(fields.value.decoder.preset(true, false)) && replicas > 0
}

/// `sun 05:00-06:00`, which becomes `sun:05:00-sun:06:00`.
fn maintenance(value: Value<'_>) -> Option<String> {
    WeekWindow::decode(value, MIN_WINDOW_MIN).map(WeekWindow::to_aws)
}

/// `03:00-04:00`
fn snapshot_window(value: Value<'_>) -> Option<String> {
    DayWindow::decode(value, MIN_WINDOW_MIN).map(|window| window.to_string())
}

fn snapshots(fields: &mut Fields<'_>) -> Option<Snapshots> {
    let default = Snapshots {
        retention_days: fields.value.decoder.preset(7, 1),
        window: DEFAULT_SNAPSHOT_WINDOW.to_string(),
    };
    fields.switch("snapshots", Some(default.clone()), |value| {
        value.fields(|fields| Snapshots {
            retention_days: fields
                .or("retention", default.retention_days, |value| value.days(1..=35)),
            window: fields.or("window", default.window, snapshot_window),
        })
    })
}

/// Users cannot set two parameters: one has a key of its own, and one enables cluster mode, which
/// every cache uses.
fn parameters(value: Value<'_>) -> Option<BTreeMap<String, String>> {
    value.entries(|value| {
        let help = match value.key {
            "maxmemory-policy" => "set `policy` of the cache instead",
            "cluster-enabled" => "remove it: every cache runs in cluster mode",
            _ => return value.any_text(),
        };
        let summary = format!("tenfold sets the parameter `{}`", value.key);
        value.report(value.error(code::OWN_PARAMETER, summary, "cannot be set here").help(help));
        None
    })
}

/// `false`, or a map with the access of the user.
fn auth(fields: &mut Fields<'_>) -> Option<Auth> {
    let default = Auth { access: "on ~* &* +@all".to_string() };
    fields.switch("auth", Some(default.clone()), |value| {
        if value.is_true() {
            return Some(default);
        }
        value.fields(|fields| {
            let access = fields.or("access", default.access, |value| {
                let fits = |text: &str| text == "on" || text.starts_with("on ");
                value.shaped(fits, "an access string", "on ~app:* +@all -@dangerous")
            });
            Auth { access }
        })
    })
}
