//! A cache of one or more shards, each a primary with its replicas,
//! <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.html>.
#[cfg(feature = "aws")]
mod calls;
mod change;

use crate::kinds::version::numbers;
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
    /// See [`description`]: it identifies the owner while the tags cannot be read.
    pub replication_group_description: String,
    /// `valkey` or `redis`.
    pub engine: String,
    /// Major and minor version, `8.1`; AWS chooses the patch.
    pub engine_version: String,
    /// `cache.r7g.large`.
    pub cache_node_type: String,
    /// Absent where automatic scaling manages the number of shards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_node_groups: Option<i32>,
    /// Absent where automatic scaling manages the number of replicas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas_per_node_group: Option<i32>,
    /// The initial numbers of a new group where automatic scaling manages them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
    /// `enabled`.
    pub cluster_mode: String,
    /// AWS requires it with cluster mode, with or without replicas.
    pub automatic_failover_enabled: bool,
    /// Needs a replica.
    #[serde(rename = "MultiAZEnabled")]
    pub multi_az_enabled: bool,
    pub port: i32,
    pub at_rest_encryption_enabled: bool,
    /// Absent for the AWS-owned key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    pub transit_encryption_enabled: bool,
    /// `preferred` or `required`; absent without encryption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transit_encryption_mode: Option<String>,
    pub cache_subnet_group_name: String,
    pub cache_parameter_group_name: String,
    pub security_group_ids: BTreeSet<String>,
    /// One at most. Without one, every client that can reach the cache has access.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub user_group_ids: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub log_delivery_configurations: BTreeSet<LogDelivery>,
    /// The days for which daily snapshots are kept; 0 for no snapshots.
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

/// Ordered by the type of log; each type is delivered once.
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
    /// Delivery of a log as JSON to a log group.
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

/// The default port of a cache.
pub const PORT: i32 = 6379;

/// The description that identifies the stack's group while it is being created or changed: then
/// ElastiCache does not return its tags.
pub fn description(stack: &str, component: &str) -> String {
    format!("tenfold {stack} {component}")
}

/// The component in a description, if it names this stack.
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
        // All groups, all their nodes and all scalable targets of the region; the tags of each group.
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

    /// ElastiCache accepts newer versions only, and Valkey in place of Redis OSS. It can go back from
    /// Valkey 7.2 to Redis OSS 7.1 only if the users are still those of Redis OSS, which tenfold's are not.
    /// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html>
    fn refusal(&self, live: &Self, _outputs: &Outputs) -> Option<String> {
        let (wanted, has) = (&self.engine_version, &live.engine_version);
        let (why, now) = if self.engine != live.engine && self.engine == "redis" {
            ("a cache cannot go back to Redis OSS".to_string(), format!("engine: {}", live.engine))
        } else if numbers(wanted) < numbers(has) {
            let why = format!("the version cannot go back from {has} to {wanted}");
            (why, format!("version: \"{has}\""))
        } else {
            return None;
        };
        Some(format!("{why}; write `{now}`, or create a second cache under another name"))
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
    /// The number of shards of a new group.
    fn first_shards(&self) -> i32 {
        let start = self.start.as_ref().map_or(1, |start| start.num_node_groups);
        self.num_node_groups.unwrap_or(start)
    }

    /// The number of replicas of each shard of a new group.
    fn first_replicas(&self) -> i32 {
        let start = self.start.as_ref().map_or(0, |start| start.replicas_per_node_group);
        self.replicas_per_node_group.unwrap_or(start)
    }
}

/// The outputs that are known at creation; the endpoint becomes known later.
fn outputs(name: &str, arn: String) -> Outputs {
    Outputs::from([("name".into(), name.into()), ("arn".into(), arn)])
}
