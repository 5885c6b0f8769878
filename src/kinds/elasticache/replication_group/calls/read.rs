//! Reads a group from ElastiCache, which returns half of its properties only with its nodes.
use crate::error::Result;
use crate::kinds::contract::Listing;
use crate::kinds::elasticache::replication_group::change::minor;
use crate::kinds::elasticache::replication_group::{
    LogDelivery, PORT, ReplicationGroup, described, outputs,
};
use crate::resource::{Condition, Id, Live, Outputs};
use crate::spec::Spec;
use crate::tags::{COMPONENT, NAME, STACK, Tags};
use aws_sdk_elasticache::types::{
    self, AutomaticFailoverStatus, LogDeliveryConfigurationStatus as LogStatus, MultiAzStatus,
};
use std::collections::BTreeSet;

pub const AVAILABLE: &str = "available";
pub const DELETING: &str = "deleting";

/// The numbers of a group that automatic scaling manages.
#[derive(Clone, Copy, Default)]
pub struct Scaled {
    pub shards: bool,
    pub replicas: bool,
}

pub async fn live(
    group: types::ReplicationGroup,
    member: Option<types::CacheCluster>,
    scaled: Scaled,
    listing: &Listing<'_>,
) -> Result<Option<Live<ReplicationGroup>>> {
    let arn = group.arn.clone().unwrap_or_default();
    let returned = listing.aws.elasticache_tags(&arn).await?;
    let description = group.description.as_deref().unwrap_or_default();
    let tags = returned.or_else(|| tags_of(description, listing.stack));
    let Some(tags) = tags else { return Ok(None) };
    let owner = listing.owner::<ReplicationGroup>(group.replication_group_id(), &tags);
    let Some(owner) = owner else { return Ok(None) };
    let (condition, outputs) = (condition(&group), all_outputs(&group));
    let mut spec = spec(&group, member).tagged(tags);
    if scaled.shards {
        spec.num_node_groups = None;
    }
    if scaled.replicas {
        spec.replicas_per_node_group = None;
    }
    let handle = spec.replication_group_id.clone();
    Ok(Some(Live { condition, ..owner.live(handle, spec, outputs) }))
}

/// The tags that follow from a description. The others are missing, so the group differs from its
/// desired state, and the run waits for it.
fn tags_of(description: &str, stack: &str) -> Option<Tags> {
    let component = described(description, stack)?;
    let (_, name) = component.split_once('.')?;
    let id = Id::new(ReplicationGroup::INFO.name, name);
    Some([(STACK, stack), (NAME, &id.name), (COMPONENT, component)].into_iter().collect())
}

/// The outputs. The endpoint exists once the group has been available.
pub fn all_outputs(group: &types::ReplicationGroup) -> Outputs {
    let name = group.replication_group_id.as_deref().unwrap_or_default();
    let mut outputs = outputs(name, group.arn.clone().unwrap_or_default());
    let endpoint = group.configuration_endpoint.as_ref();
    if let Some(address) = endpoint.and_then(|endpoint| endpoint.address.clone()) {
        outputs.insert("endpoint".into(), address);
        outputs.insert("port".into(), port(group).to_string());
    }
    outputs
}

fn port(group: &types::ReplicationGroup) -> i32 {
    let endpoint = group.configuration_endpoint.as_ref();
    endpoint.and_then(|endpoint| endpoint.port).unwrap_or(PORT)
}

/// ElastiCache's status of a group, with the progress of resharding in percent.
pub fn status(group: &types::ReplicationGroup) -> String {
    let status = group.status.clone().unwrap_or_default();
    let pending = group.pending_modified_values.as_ref();
    let resharding = pending.and_then(|pending| pending.resharding.as_ref());
    match resharding.and_then(|resharding| resharding.slot_migration.as_ref()) {
        Some(moved) => {
            format!("{status}: resharding {:.0} %", moved.progress_percentage.unwrap_or_default())
        }
        None => status,
    }
}

fn condition(group: &types::ReplicationGroup) -> Condition {
    let logs = group.log_delivery_configurations.as_deref().unwrap_or_default();
    let failed = logs.iter().find(|log| log.status == Some(LogStatus::Error));
    match group.status.as_deref() {
        Some("create-failed") => Condition::Failed("create-failed".into()),
        Some(AVAILABLE | "snapshotting") => match failed {
            Some(log) => {
                let why = log.message.as_deref().unwrap_or("AWS gives no reason");
                Condition::Failed(format!("logs are not delivered: {why}"))
            }
            None => Condition::Ready,
        },
        _ => Condition::Converging(status(group)),
    }
}

/// The spec without tags. Pending changes count as made.
pub fn spec(
    group: &types::ReplicationGroup,
    member: Option<types::CacheCluster>,
) -> ReplicationGroup {
    let name = group.replication_group_id.clone().unwrap_or_default();
    let member = member.unwrap_or_else(|| types::CacheCluster::builder().build());
    let pending = member.pending_modified_values.as_ref();
    let version = pending.and_then(|pending| pending.engine_version.clone());
    let node_type = pending.and_then(|pending| pending.cache_node_type.clone());
    let engine = group.engine.clone().or(member.engine);
    let parameters = member.cache_parameter_group.and_then(|of| of.cache_parameter_group_name);
    let security_groups = member.security_groups.unwrap_or_default().into_iter();
    let node_groups = group.node_groups.as_deref().unwrap_or_default();
    let encrypted = group.transit_encryption_enabled.unwrap_or_default();
    let mode = group.transit_encryption_mode.as_ref().map(|mode| mode.as_str().to_string());
    let failover = group.automatic_failover.as_ref();
    let on = [AutomaticFailoverStatus::Enabled, AutomaticFailoverStatus::Enabling];
    let windows = (group.snapshot_window.clone(), member.preferred_maintenance_window);
    ReplicationGroup {
        replication_group_description: group.description.clone().unwrap_or_default(),
        engine: engine.unwrap_or_default(),
        engine_version: minor(&version.or(member.engine_version).unwrap_or_default()),
        cache_node_type: node_type.or(group.cache_node_type.clone()).unwrap_or_default(),
        num_node_groups: i32::try_from(node_groups.len()).ok(),
        replicas_per_node_group: node_groups.iter().map(replicas).min(),
        start: None,
        cluster_mode: match group.cluster_mode.as_ref() {
            Some(mode) => mode.as_str().to_string(),
            // ElastiCache returns the mode of a group created with cluster mode only once the group exists.
            None => "enabled".into(),
        },
        automatic_failover_enabled: failover.is_some_and(|status| on.contains(status)),
        multi_az_enabled: group.multi_az == Some(MultiAzStatus::Enabled),
        port: port(group),
        at_rest_encryption_enabled: group.at_rest_encryption_enabled.unwrap_or_default(),
        kms_key_id: group.kms_key_id.clone(),
        transit_encryption_enabled: encrypted,
        transit_encryption_mode: mode.filter(|_| encrypted),
        // Unknown until its nodes are visible. A stack gives the group and its subnet group one name.
        cache_subnet_group_name: member.cache_subnet_group_name.unwrap_or_else(|| name.clone()),
        cache_parameter_group_name: parameters.unwrap_or_default(),
        security_group_ids: security_groups.filter_map(|of| of.security_group_id).collect(),
        user_group_ids: user_groups(group),
        log_delivery_configurations: logs(group),
        snapshot_retention_limit: group.snapshot_retention_limit.unwrap_or_default(),
        snapshot_window: windows.0.unwrap_or_default(),
        preferred_maintenance_window: windows.1.unwrap_or_default(),
        auto_minor_version_upgrade: group.auto_minor_version_upgrade.unwrap_or_default(),
        tags: Tags::default(),
        replication_group_id: name,
    }
}

/// The number of nodes of a shard without its primary.
fn replicas(shard: &types::NodeGroup) -> i32 {
    let members = shard.node_group_members.as_ref().map_or(1, Vec::len);
    i32::try_from(members.saturating_sub(1)).unwrap_or_default()
}

fn user_groups(group: &types::ReplicationGroup) -> BTreeSet<String> {
    let mut ids: BTreeSet<String> = group.user_group_ids.iter().flatten().cloned().collect();
    let pending = group.pending_modified_values.as_ref();
    if let Some(pending) = pending.and_then(|pending| pending.user_groups.as_ref()) {
        ids.extend(pending.user_group_ids_to_add.iter().flatten().cloned());
        for id in pending.user_group_ids_to_remove.iter().flatten() {
            ids.remove(id);
        }
    }
    ids
}

fn logs(group: &types::ReplicationGroup) -> BTreeSet<LogDelivery> {
    let all = group.log_delivery_configurations.iter().flatten();
    all.filter(|log| log.status != Some(LogStatus::Disabling)).filter_map(log).collect()
}

/// tenfold does not manage deliveries to other destinations.
fn log(log: &types::LogDeliveryConfiguration) -> Option<LogDelivery> {
    let details = log.destination_details.as_ref()?.cloud_watch_logs_details.as_ref()?;
    let log_type = log.log_type.as_ref()?.as_str();
    let log_format = log.log_format.as_ref()?.as_str().to_string();
    let delivery = LogDelivery::to_log_group(log_type, details.log_group.clone()?);
    Some(LogDelivery { log_format, ..delivery })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_tags_from_the_description() {
        let tags = tags_of("tenfold shop caches.hot", "shop").expect("a stack's");
        assert_eq!(tags.get(NAME), Some("hot"));
        for other in ["", "tenfold shop-eu caches.hot", "a cache", "tenfold shop"] {
            assert_eq!(tags_of(other, "shop"), None, "{other}");
        }
    }

    #[test]
    fn counts_pending_changes_as_made() {
        let pending = types::PendingModifiedValues::builder().cache_node_type("cache.r7g.xlarge");
        let member = types::CacheCluster::builder()
            .engine_version("8.1.3")
            .pending_modified_values(pending.build())
            .build();
        let groups = types::UserGroupsUpdateStatus::builder()
            .user_group_ids_to_add("new")
            .user_group_ids_to_remove("old");
        let pending = types::ReplicationGroupPendingModifiedValues::builder();
        let group = types::ReplicationGroup::builder()
            .replication_group_id("shop-hot")
            .cache_node_type("cache.r7g.large")
            .user_group_ids("old")
            .pending_modified_values(pending.user_groups(groups.build()).build())
            .build();
        let spec = spec(&group, Some(member));
        assert_eq!(spec.cache_node_type, "cache.r7g.xlarge");
        assert_eq!(spec.engine_version, "8.1");
        assert_eq!(spec.user_group_ids, BTreeSet::from(["new".to_string()]));
    }
}
