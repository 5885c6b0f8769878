//! A cache of one or more shards, each a primary with its replicas,
//! <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.html>.
#[cfg(feature = "aws")]
mod calls;
mod change;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ReplicationGroup {
    /// Lower case, up to 40 characters.
    pub replication_group_id: String,
    /// See [`description`]: it tells whose the group is while its tags cannot be read.
    pub replication_group_description: String,
    /// `valkey` or `redis`.
    pub engine: String,
    /// Major and minor, `8.1`; the patch is AWS's matter.
    pub engine_version: String,
    /// `cache.r7g.large`.
    pub cache_node_type: String,
    /// Absent where automatic scaling has the number of shards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_node_groups: Option<i32>,
    /// Absent where automatic scaling has the number of replicas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas_per_node_group: Option<i32>,
    /// What a new group starts with of that which automatic scaling has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
    /// `enabled`.
    pub cluster_mode: String,
    /// AWS wants it with cluster mode, replicas or not.
    pub automatic_failover_enabled: bool,
    /// Needs a replica.
    #[serde(rename = "MultiAZEnabled")]
    pub multi_az_enabled: bool,
    pub port: i32,
    pub at_rest_encryption_enabled: bool,
    /// Absent: the key that AWS owns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    pub transit_encryption_enabled: bool,
    /// `preferred` or `required`; absent without encryption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transit_encryption_mode: Option<String>,
    pub cache_subnet_group_name: String,
    pub cache_parameter_group_name: String,
    pub security_group_ids: BTreeSet<String>,
    /// One at most; without any, everybody who reaches it is let in.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub user_group_ids: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub log_delivery_configurations: BTreeSet<LogDelivery>,
    /// Days that a daily snapshot is kept; 0 for none.
    pub snapshot_retention_limit: i32,
    /// `03:00-04:00`, UTC.
    pub snapshot_window: String,
    /// `sun:05:00-sun:06:00`, UTC.
    pub preferred_maintenance_window: String,
    pub auto_minor_version_upgrade: bool,
    pub tags: Tags,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Start {
    pub num_node_groups: i32,
    pub replicas_per_node_group: i32,
}

/// Ordered by the type of log, of which each is delivered once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LogDelivery {
    /// `slow-log` or `engine-log`.
    pub log_type: String,
    /// `cloudwatch-logs`.
    pub destination_type: String,
    pub destination_details: Destination,
    /// `json` or `text`.
    pub log_format: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Destination {
    pub cloud_watch_logs_details: LogGroupName,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LogGroupName {
    pub log_group: String,
}

impl LogDelivery {
    /// A log as JSON in a log group.
    pub fn to_log_group(log_type: &str, log_group: String) -> Self {
        LogDelivery {
            log_type: log_type.into(),
            destination_type: "cloudwatch-logs".into(),
            destination_details: Destination {
                cloud_watch_logs_details: LogGroupName { log_group },
            },
            log_format: "json".into(),
        }
    }
}

/// The port of a cache that is told no other.
pub const PORT: i32 = 6379;

/// The description by which a group is known to be the stack's while it is made or changed: then
/// ElastiCache does not tell its tags.
pub fn description(stack: &str, component: &str) -> String {
    format!("tenfold {stack} {component}")
}

/// The component in a description, if it is of this stack.
fn described<'a>(description: &'a str, stack: &str) -> Option<&'a str> {
    description.strip_prefix("tenfold ")?.strip_prefix(stack)?.strip_prefix(' ')
}

impl Spec for ReplicationGroup {
    const INFO: KindInfo = KindInfo {
        name: "replication-group",
        type_name: "AWS::ElastiCache::ReplicationGroup",
        name_property: "ReplicationGroupId",
        create_only: &[
            "ReplicationGroupId",
            "ClusterMode",
            "Port",
            "AtRestEncryptionEnabled",
            "KmsKeyId",
            "CacheSubnetGroupName",
        ],
        replace: Replace::Refuse,
        stateful: true,
        directives: &["Start"],
        // All groups, all their nodes and all scalable targets of the region; the tags of each.
        reads: Reads { fixed: 3, each: 1 },
        times: Times { create_s: 600, update_s: 300, delete_s: 300 },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let whole = ReplicationGroup {
            num_node_groups: Some(self.first_shards()),
            replicas_per_node_group: Some(self.first_replicas()),
            start: None,
            ..self.clone()
        };
        vec![(Self::INFO.type_name, to_value(whole).unwrap_or_default())]
    }

    /// ElastiCache takes newer versions only, and Valkey in the place of Redis OSS. From Valkey 7.2 it
    /// goes back to Redis OSS 7.1 if its users are still those of Redis OSS, which here they are not.
    /// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html>
    fn refuse(&self, live: &Self, _outputs: &Outputs) -> Option<String> {
        let (wanted, has) = (&self.engine_version, &live.engine_version);
        let (why, now) = if self.engine != live.engine && self.engine == "redis" {
            (
                "a cache does not go back to Redis OSS".to_string(),
                format!("engine: {}", live.engine),
            )
        } else if change::numbers(wanted) < change::numbers(has) {
            let why = format!("versions do not go back: it has {has}, and {wanted} is asked for");
            (why, format!("version: \"{has}\""))
        } else {
            return None;
        };
        Some(format!("{why}; write `{now}`, or make a cache beside it under another name"))
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let name = &self.replication_group_id;
        let arn = mint.arn("elasticache", &format!("replicationgroup:{name}"));
        let endpoint = match mint.before.get("endpoint") {
            Some(before) => before.clone(),
            None => {
                let digits: String = (mint.digits)().chars().take(6).collect();
                format!("clustercfg.{name}.{digits}.{}.cache.amazonaws.com", mint.region)
            }
        };
        let mut outputs = outputs(name, arn);
        outputs.insert("endpoint".into(), endpoint);
        outputs.insert("port".into(), self.port.to_string());
        outputs
    }
}

impl ReplicationGroup {
    /// How many shards a new group gets.
    fn first_shards(&self) -> i32 {
        let start = self.start.as_ref().map_or(1, |start| start.num_node_groups);
        self.num_node_groups.unwrap_or(start)
    }

    /// How many replicas the shards of a new group get.
    fn first_replicas(&self) -> i32 {
        let start = self.start.as_ref().map_or(0, |start| start.replicas_per_node_group);
        self.replicas_per_node_group.unwrap_or(start)
    }
}

/// What is known of a group from the start; its endpoint comes later.
fn outputs(name: &str, arn: String) -> Outputs {
    Outputs::from([("name".into(), name.into()), ("arn".into(), arn)])
}
