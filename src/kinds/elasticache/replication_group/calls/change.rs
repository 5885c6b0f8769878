//! Makes a change of a group. Each is one call, and takes effect at once rather than in the next
//! maintenance window.
use super::log_request;
use crate::aws::Aws;
use crate::error::Result;
use crate::kinds::elasticache::replication_group::ReplicationGroup;
use crate::kinds::elasticache::replication_group::change::{Change, surplus};
use aws_sdk_elasticache::operation::modify_replication_group::builders::ModifyReplicationGroupFluentBuilder as Modify;
use aws_sdk_elasticache::types::{LogDeliveryConfigurationRequest, ReplicationGroup as Found};
use std::collections::BTreeSet;

impl ReplicationGroup {
    /// `found` is the group as ElastiCache returned it; `was` is its spec.
    pub(super) async fn make(
        &self,
        change: &Change,
        was: &Self,
        found: &Found,
        aws: &Aws,
    ) -> Result<()> {
        match change {
            Change::Settings => self.modify(aws, |modify| self.with_settings(modify)).await,
            Change::Encryption { mode } => {
                let set = |modify: Modify| {
                    modify
                        .transit_encryption_enabled(true)
                        .transit_encryption_mode(mode.as_str().into())
                };
                self.modify(aws, set).await
            }
            Change::MultiAz { on } => self.modify(aws, |modify| modify.multi_az_enabled(*on)).await,
            Change::Engine => self.modify(aws, |modify| self.with_engine(was, modify)).await,
            Change::NodeType => {
                self.modify(aws, |modify| modify.cache_node_type(&self.cache_node_type)).await
            }
            Change::Users => self.modify(aws, |modify| self.with_users(was, modify)).await,
            Change::Logs => {
                let logs = self.logs(was);
                let set =
                    |modify: Modify| modify.set_log_delivery_configurations(Some(logs.clone()));
                self.modify(aws, set).await
            }
            Change::Replicas { from, to } => self.count_replicas(*from, *to, aws).await,
            Change::Shards { to } => self.count_shards(*to, found, aws).await,
        }
    }

    async fn modify(&self, aws: &Aws, set: impl Fn(Modify) -> Modify) -> Result<()> {
        let call = || {
            let modify = aws.elasticache.modify_replication_group().apply_immediately(true);
            set(modify.replication_group_id(&self.replication_group_id)).send()
        };
        aws.once("elasticache:ModifyReplicationGroup", call).await.map(drop)
    }

    fn with_settings(&self, modify: Modify) -> Modify {
        modify
            .replication_group_description(&self.replication_group_description)
            .set_security_group_ids(Some(self.security_group_ids.iter().cloned().collect()))
            .snapshot_retention_limit(self.snapshot_retention_limit)
            .snapshot_window(&self.snapshot_window)
            .preferred_maintenance_window(&self.preferred_maintenance_window)
            .auto_minor_version_upgrade(self.auto_minor_version_upgrade)
            .automatic_failover_enabled(self.automatic_failover_enabled)
    }

    /// Sends only properties that differ: AWS refuses a version that the group has already.
    fn with_engine(&self, was: &Self, modify: Modify) -> Modify {
        let new = |is: &String, was: &String| (is != was).then(|| is.clone());
        let version = self.engine != was.engine || self.engine_version != was.engine_version;
        let group = new(&self.cache_parameter_group_name, &was.cache_parameter_group_name);
        modify
            .set_engine(new(&self.engine, &was.engine))
            .set_engine_version(version.then(|| self.engine_version.clone()))
            .set_cache_parameter_group_name(group)
    }

    fn with_users(&self, was: &Self, modify: Modify) -> Modify {
        let only_in = |of: &BTreeSet<String>, other: &BTreeSet<String>| {
            let ids: Vec<String> = of.difference(other).cloned().collect();
            (!ids.is_empty()).then_some(ids)
        };
        let added = only_in(&self.user_group_ids, &was.user_group_ids);
        if self.user_group_ids.is_empty() {
            return modify.remove_user_groups(true);
        }
        modify
            .set_user_group_ids_to_add(added)
            .set_user_group_ids_to_remove(only_in(&was.user_group_ids, &self.user_group_ids))
    }

    /// Deliveries that are new or differ, and those to turn off.
    fn logs(&self, was: &Self) -> Vec<LogDeliveryConfigurationRequest> {
        let (is, was) = (&self.log_delivery_configurations, &was.log_delivery_configurations);
        let removed =
            was.iter().filter(|log| is.iter().all(|other| other.log_type != log.log_type));
        let off = removed.map(|log| {
            let request = LogDeliveryConfigurationRequest::builder();
            request.log_type(log.log_type.as_str().into()).enabled(false).build()
        });
        is.difference(was).map(log_request).chain(off).collect()
    }

    /// AWS has one call for more replicas and one for fewer.
    async fn count_replicas(&self, from: i32, to: i32, aws: &Aws) -> Result<()> {
        let id = &self.replication_group_id;
        if from < to {
            let call = || {
                let increase = aws.elasticache.increase_replica_count().replication_group_id(id);
                increase.new_replica_count(to).apply_immediately(true).send()
            };
            return aws.once("elasticache:IncreaseReplicaCount", call).await.map(drop);
        }
        let call = || {
            let decrease = aws.elasticache.decrease_replica_count().replication_group_id(id);
            decrease.new_replica_count(to).apply_immediately(true).send()
        };
        aws.once("elasticache:DecreaseReplicaCount", call).await.map(drop)
    }

    /// For fewer shards the call has to name those to remove. ElastiCache moves their data to the others
    /// first.
    async fn count_shards(&self, to: i32, found: &Found, aws: &Aws) -> Result<()> {
        let shards = found.node_groups.iter().flatten();
        let ids = shards.filter_map(|shard| shard.node_group_id.clone()).collect();
        let removed = surplus(ids, usize::try_from(to).unwrap_or_default());
        let call = || {
            aws.elasticache
                .modify_replication_group_shard_configuration()
                .replication_group_id(&self.replication_group_id)
                .node_group_count(to)
                .set_node_groups_to_remove((!removed.is_empty()).then(|| removed.clone()))
                .apply_immediately(true)
                .send()
        };
        let operation = "elasticache:ModifyReplicationGroupShardConfiguration";
        aws.once(operation, call).await.map(drop)
    }
}
