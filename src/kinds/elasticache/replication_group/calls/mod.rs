pub mod change;
pub mod read;

use super::change::Change;
use super::{LogDelivery, ReplicationGroup, outputs};
use crate::aws::Aws;
use crate::error::{Class, CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elasticache::calls::{is_of, scalable_targets, to_elasticache};
use crate::kinds::elasticache::{REPLICAS, SHARDS};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_elasticache::types::{
    self, LogDeliveryConfigurationRequest, ReplicationGroup as Found,
};
use futures::future::try_join_all;
use read::{AVAILABLE, DELETING, Scaled, all_outputs, live, spec, status};
use std::collections::BTreeMap;

/// A cache that keeps its snapshots for more than this many days gets a final one when it is deleted.
const SHORT_RETENTION_DAYS: i32 = 1;

/// The output that stores, between two changes, the last change.
const LAST_CHANGE: &str = "asked";

impl Calls for ReplicationGroup {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| {
            let describe = aws.elasticache.describe_replication_groups().max_records(100);
            describe.set_marker(marker).send()
        };
        let groups = aws.pages("elasticache:DescribeReplicationGroups", call, |page| {
            (page.marker, page.replication_groups)
        });
        let call = |marker| {
            let describe = aws.elasticache.describe_cache_clusters().max_records(100);
            describe.set_marker(marker).send()
        };
        let nodes = aws.pages("elasticache:DescribeCacheClusters", call, |page| {
            (page.marker, page.cache_clusters)
        });
        let (groups, nodes, targets) = futures::try_join!(groups, nodes, scalable_targets(aws))?;
        let ours = |group: &Found| {
            let stays = group.status() != Some(DELETING);
            stays && group.replication_group_id().is_some_and(|id| listing.is_ours::<Self>(id))
        };
        let mut members = first_nodes(nodes);
        let read = groups.into_iter().filter(ours).map(|group| {
            let id = group.replication_group_id.clone().unwrap_or_default();
            let has = |dimension: &str| targets.iter().any(|target| is_of(target, &id, dimension));
            let scaled = Scaled { shards: has(SHARDS), replicas: has(REPLICAS) };
            live(group, members.remove(&id), scaled, listing)
        });
        Ok(try_join_all(read.collect::<Vec<_>>()).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.elasticache
                .create_replication_group()
                .replication_group_id(&self.replication_group_id)
                .replication_group_description(&self.replication_group_description)
                .engine(&self.engine)
                .engine_version(&self.engine_version)
                .cache_node_type(&self.cache_node_type)
                .num_node_groups(self.first_shards())
                .replicas_per_node_group(self.first_replicas())
                .cluster_mode(self.cluster_mode.as_str().into())
                .automatic_failover_enabled(self.automatic_failover_enabled)
                .multi_az_enabled(self.multi_az_enabled)
                .port(self.port)
                .at_rest_encryption_enabled(self.at_rest_encryption_enabled)
                .set_kms_key_id(self.kms_key_id.clone())
                .transit_encryption_enabled(self.transit_encryption_enabled)
                .set_transit_encryption_mode(
                    self.transit_encryption_mode.as_deref().map(Into::into),
                )
                .cache_subnet_group_name(&self.cache_subnet_group_name)
                .cache_parameter_group_name(&self.cache_parameter_group_name)
                .set_security_group_ids(non_empty(self.security_group_ids.iter().cloned()))
                .set_user_group_ids(non_empty(self.user_group_ids.iter().cloned()))
                .set_log_delivery_configurations(non_empty(
                    self.log_delivery_configurations.iter().map(log_request),
                ))
                .snapshot_retention_limit(self.snapshot_retention_limit)
                .snapshot_window(&self.snapshot_window)
                .preferred_maintenance_window(&self.preferred_maintenance_window)
                .auto_minor_version_upgrade(self.auto_minor_version_upgrade)
                .set_tags(Some(to_elasticache(&self.tags)))
                .send()
        };
        let created = aws.once("elasticache:CreateReplicationGroup", call).await?;
        let arn = created.replication_group.and_then(|group| group.arn).unwrap_or_default();
        Ok(outputs(&self.replication_group_id, arn))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let name = &outputs["name"];
        let Some(group) = find(name, aws).await? else {
            return Ok(Progress::not_visible());
        };
        match group.status.as_deref() {
            Some(AVAILABLE) => Ok(Progress::Done),
            Some(status @ ("create-failed" | DELETING)) => {
                Err(CloudError::refused(format!("the status of cache {name} is {status}")))
            }
            _ => Ok(Progress::Waiting(status(&group))),
        }
    }

    /// The create call sets all properties. Its response lacks the endpoint.
    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        Ok(all_outputs(&existing(&outputs["name"], aws).await?))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        aws.retag_elasticache(&live.outputs["arn"], &live.spec.tags, &self.tags).await?;
        let Some(change) = self.next(&live.spec) else { return Ok(live.outputs.clone()) };
        let (group, was) = current(&live.outputs, aws).await?;
        if group.status.as_deref() != Some(AVAILABLE) {
            return Ok(live.outputs.clone());
        }
        if self.next(&was).as_ref() != Some(&change) {
            return Err(behind(&live.outputs["name"], "the plan"));
        }
        self.start(&change, &was, &group, aws).await
    }

    async fn advance(&self, outputs: &Outputs, aws: &Aws) -> Result<Option<Outputs>> {
        let (group, was) = current(outputs, aws).await?;
        let now = all_outputs(&group);
        match self.next(&was) {
            _ if group.status.as_deref() != Some(AVAILABLE) => Ok(Some(outputs.clone())),
            None => Ok((now != *outputs).then_some(now)),
            Some(change) if outputs.get(LAST_CHANGE) == Some(&format!("{change:?}")) => {
                Err(behind(&outputs["name"], "its last change"))
            }
            Some(change) => self.start(&change, &was, &group, aws).await.map(Some),
        }
    }

    /// A group cannot be deleted while it is being changed. If it keeps its snapshots for long, the
    /// deletion leaves a final one.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.replication_group_id;
        let Some(group) = find(name, aws).await? else { return Ok(Progress::Done) };
        if !matches!(group.status.as_deref(), Some(AVAILABLE | "create-failed")) {
            return Ok(Progress::Waiting(status(&group)));
        }
        let token = aws.token();
        let snapshot = format!("{name}-final-{}", token.get(..8).unwrap_or_default());
        let keeps = live.spec.snapshot_retention_limit > SHORT_RETENTION_DAYS;
        let call = || {
            let delete = aws.elasticache.delete_replication_group().replication_group_id(name);
            delete.set_final_snapshot_identifier(keeps.then(|| snapshot.clone())).send()
        };
        Ok(match aws.safe("elasticache:DeleteReplicationGroup", call).await.found()? {
            Some(_) => Progress::Waiting(DELETING.into()),
            None => Progress::Done,
        })
    }
}

impl ReplicationGroup {
    async fn start(
        &self,
        change: &Change,
        was: &Self,
        group: &Found,
        aws: &Aws,
    ) -> Result<Outputs> {
        self.make(change, was, group, aws).await?;
        let mut outputs = all_outputs(group);
        outputs.insert(LAST_CHANGE.into(), format!("{change:?}"));
        Ok(outputs)
    }
}

/// ElastiCache still returns the group as it was before `what`. Changes build on each other, so the
/// next change has to wait until the last one is visible.
fn behind(name: &str, what: &str) -> CloudError {
    let message = format!("DescribeReplicationGroups still returns {name} as it was before {what}");
    CloudError::plain(Class::NotYet, message)
}

/// The group as ElastiCache returns it now, and its spec.
async fn current(outputs: &Outputs, aws: &Aws) -> Result<(Found, ReplicationGroup)> {
    let group = existing(&outputs["name"], aws).await?;
    let was = spec(&group, first_member(&group, aws).await?);
    Ok((group, was))
}

/// A list to send, or `None` if it is empty.
fn non_empty<T>(items: impl Iterator<Item = T>) -> Option<Vec<T>> {
    let items: Vec<T> = items.collect();
    (!items.is_empty()).then_some(items)
}

/// The first node of each group. All nodes of a group have the same settings.
fn first_nodes(mut nodes: Vec<types::CacheCluster>) -> BTreeMap<String, types::CacheCluster> {
    nodes.sort_by(|a, b| b.cache_cluster_id.cmp(&a.cache_cluster_id));
    let of_group = |node: types::CacheCluster| Some((node.replication_group_id.clone()?, node));
    nodes.into_iter().filter_map(of_group).collect()
}

async fn find(name: &str, aws: &Aws) -> Result<Option<Found>> {
    let call = || aws.elasticache.describe_replication_groups().replication_group_id(name).send();
    let found = aws.safe("elasticache:DescribeReplicationGroups", call).await.found()?;
    Ok(found.and_then(|page| page.replication_groups?.pop()))
}

async fn existing(name: &str, aws: &Aws) -> Result<Found> {
    let missing = || CloudError::plain(Class::NotFound, format!("there is no cache {name}"));
    find(name, aws).await?.ok_or_else(missing)
}

async fn first_member(group: &Found, aws: &Aws) -> Result<Option<types::CacheCluster>> {
    let Some(id) = group.member_clusters.iter().flatten().min() else { return Ok(None) };
    let call = || aws.elasticache.describe_cache_clusters().cache_cluster_id(id).send();
    let found = aws.safe("elasticache:DescribeCacheClusters", call).await.found()?;
    Ok(found.and_then(|page| page.cache_clusters?.pop()))
}

pub(super) fn log_request(log: &LogDelivery) -> LogDeliveryConfigurationRequest {
    let group = &log.destination_details.cloud_watch_logs_details.log_group;
    let details = types::CloudWatchLogsDestinationDetails::builder().log_group(group).build();
    LogDeliveryConfigurationRequest::builder()
        .log_type(log.log_type.as_str().into())
        .destination_type(log.destination_type.as_str().into())
        .destination_details(
            types::DestinationDetails::builder().cloud_watch_logs_details(details).build(),
        )
        .log_format(log.log_format.as_str().into())
        .enabled(true)
        .build()
}
