#[cfg(feature = "aws")]
pub mod change;
#[cfg(feature = "aws")]
pub mod read;

use super::change::Change;
use super::{LogDelivery, ReplicationGroup, outputs};
use crate::aws::Aws;
use crate::error::{Class, CloudError, Result, ResultExt};
use crate::kinds::autoscaling::scalable_target;
use crate::kinds::autoscaling::scalable_target::{REPLICAS, SHARDS};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elasticache::calls::to_elasticache;
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_elasticache::types::{self, LogDeliveryConfigurationRequest, ReplicationGroup as Told};
use futures::future::try_join_all;
use read::{AVAILABLE, DELETING, Scaled, all_outputs, live, spec, words};
use std::collections::BTreeMap;

/// A cache whose snapshots are kept for longer than this many days gets a last one when it goes.
const PASSING_DAYS: i32 = 1;

/// Between two changes, the last one.
const ASKED: &str = "asked";

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
        let (groups, nodes, targets) =
            futures::try_join!(groups, nodes, scalable_target::all(aws))?;
        let prefix = format!("{}-", listing.stack);
        let ours = |group: &Told| {
            let id = group.replication_group_id.as_deref();
            let stays = group.status.as_deref() != Some(DELETING);
            let named = id.is_some_and(|id| id.starts_with(&prefix));
            if !named {
                listing.foreign::<ReplicationGroup>(id);
            }
            stays && named
        };
        let mut members = first_nodes(nodes);
        let read = groups.into_iter().filter(ours).map(|group| {
            let id = group.replication_group_id.clone().unwrap_or_default();
            let has = |dimension: &str| {
                targets.iter().any(|target| scalable_target::is_of(target, &id, dimension))
            };
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
                .set_security_group_ids(some(self.security_group_ids.iter().cloned()))
                .set_user_group_ids(some(self.user_group_ids.iter().cloned()))
                .set_log_delivery_configurations(some(
                    self.log_delivery_configurations.iter().map(log_request),
                ))
                .snapshot_retention_limit(self.snapshot_retention_limit)
                .snapshot_window(&self.snapshot_window)
                .preferred_maintenance_window(&self.preferred_maintenance_window)
                .auto_minor_version_upgrade(self.auto_minor_version_upgrade)
                .set_tags(Some(to_elasticache(&self.tags)))
                .send()
        };
        let made = aws.once("elasticache:CreateReplicationGroup", call).await?;
        let arn = made.replication_group.and_then(|group| group.arn).unwrap_or_default();
        Ok(outputs(&self.replication_group_id, arn))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let name = &outputs["name"];
        let Some(group) = find(name, aws).await? else {
            return Ok(Progress::Waiting("not visible yet".into()));
        };
        match group.status.as_deref() {
            Some(AVAILABLE) => Ok(Progress::Done),
            Some(end @ ("create-failed" | DELETING)) => {
                Err(CloudError::refused(format!("the cache {name} is {end}")))
            }
            _ => Ok(Progress::Waiting(words(&group))),
        }
    }

    /// A creation sets everything. Its answer lacks the endpoint.
    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        Ok(all_outputs(&there(&outputs["name"], aws).await?))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        aws.retag_elasticache(&live.outputs["arn"], &live.spec.tags, &self.tags).await?;
        let Some(change) = self.next(&live.spec) else { return Ok(live.outputs.clone()) };
        let (group, was) = seen(&live.outputs, aws).await?;
        if group.status.as_deref() != Some(AVAILABLE) {
            return Ok(live.outputs.clone());
        }
        if self.next(&was).as_ref() != Some(&change) {
            return Err(behind(&live.outputs["name"], "it was planned"));
        }
        self.ask(&change, &was, &group, aws).await
    }

    async fn advance(&self, outputs: &Outputs, aws: &Aws) -> Result<Option<Outputs>> {
        let (group, was) = seen(outputs, aws).await?;
        let now = all_outputs(&group);
        match self.next(&was) {
            _ if group.status.as_deref() != Some(AVAILABLE) => Ok(Some(outputs.clone())),
            None => Ok((now != *outputs).then_some(now)),
            Some(change) if outputs.get(ASKED) == Some(&format!("{change:?}")) => {
                Err(behind(&outputs["name"], "its last change"))
            }
            Some(change) => self.ask(&change, &was, &group, aws).await.map(Some),
        }
    }

    /// A change under way keeps a group from being deleted. What it kept for long is kept on, in
    /// a last snapshot.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.replication_group_id;
        let Some(group) = find(name, aws).await? else { return Ok(Progress::Done) };
        if !matches!(group.status.as_deref(), Some(AVAILABLE | "create-failed")) {
            return Ok(Progress::Waiting(words(&group)));
        }
        let token = aws.token();
        let last = format!("{name}-final-{}", token.get(..8).unwrap_or_default());
        let keeps = live.spec.snapshot_retention_limit > PASSING_DAYS;
        let call = || {
            let delete = aws.elasticache.delete_replication_group().replication_group_id(name);
            delete.set_final_snapshot_identifier(keeps.then(|| last.clone())).send()
        };
        Ok(match aws.safe("elasticache:DeleteReplicationGroup", call).await.found()? {
            Some(_) => Progress::Waiting(DELETING.into()),
            None => Progress::Done,
        })
    }
}

impl ReplicationGroup {
    async fn ask(&self, change: &Change, was: &Self, group: &Told, aws: &Aws) -> Result<Outputs> {
        self.make(change, was, group, aws).await?;
        let mut outputs = all_outputs(group);
        outputs.insert(ASKED.into(), format!("{change:?}"));
        Ok(outputs)
    }
}

/// Changes build on each other: none is asked for by what ElastiCache told before the last one.
fn behind(name: &str, than: &str) -> CloudError {
    CloudError::plain(Class::NotYet, format!("{name} is told as it was before {than}"))
}

/// The group as it is told now, and what that comes to.
async fn seen(outputs: &Outputs, aws: &Aws) -> Result<(Told, ReplicationGroup)> {
    let group = there(&outputs["name"], aws).await?;
    let was = spec(&group, first_member(&group, aws).await?);
    Ok((group, was))
}

/// A list that is sent only if it holds anything.
fn some<T>(items: impl Iterator<Item = T>) -> Option<Vec<T>> {
    let items: Vec<T> = items.collect();
    (!items.is_empty()).then_some(items)
}

/// The first node of each group, which says what holds for all of them.
fn first_nodes(mut nodes: Vec<types::CacheCluster>) -> BTreeMap<String, types::CacheCluster> {
    nodes.sort_by(|a, b| b.cache_cluster_id.cmp(&a.cache_cluster_id));
    let of_group = |node: types::CacheCluster| Some((node.replication_group_id.clone()?, node));
    nodes.into_iter().filter_map(of_group).collect()
}

async fn find(name: &str, aws: &Aws) -> Result<Option<Told>> {
    let call = || aws.elasticache.describe_replication_groups().replication_group_id(name).send();
    let found = aws.safe("elasticache:DescribeReplicationGroups", call).await.found()?;
    Ok(found.and_then(|page| page.replication_groups?.pop()))
}

async fn there(name: &str, aws: &Aws) -> Result<Told> {
    let gone = || CloudError::plain(Class::NotFound, format!("there is no cache {name}"));
    find(name, aws).await?.ok_or_else(gone)
}

async fn first_member(group: &Told, aws: &Aws) -> Result<Option<types::CacheCluster>> {
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
