//! Reads an instance from RDS in the shape of its spec.
use super::super::requested::Requested;
use super::super::{DbInstance, Known};
use super::change::{DEFAULT_IOPS, DEFAULT_MIB_S};
use super::{Found, status};
use crate::aws::Aws;
use crate::kinds::contract::Listing;
use crate::kinds::rds::calls::from_rds;
use crate::resource::{Condition, Live, Outputs};
use aws_sdk_rds::types::PendingModifiedValues;

/// The storage (GiB) and version that it has or is about to have, whatever was requested.
pub struct Real {
    pub storage: i32,
    pub version: String,
}

impl Real {
    pub fn of(instance: &Found) -> Self {
        let pending = pending(instance);
        let storage = pending.allocated_storage.or(instance.allocated_storage);
        let version = pending.engine_version.or_else(|| instance.engine_version.clone());
        Real { storage: storage.unwrap_or_default(), version: version.unwrap_or_default() }
    }
}

/// The live instance, if it is the stack's.
pub fn live(instance: &Found, listing: &Listing<'_>) -> Option<Live<DbInstance>> {
    let spec = spec(instance, listing.aws);
    let owner = listing.owner::<DbInstance>(instance.db_instance_identifier(), &spec.tags)?;
    let condition = match (failure(instance), in_progress(instance).or_else(|| restart(instance))) {
        (Some(problem), _) => Condition::Failed(problem),
        (None, Some(status)) => Condition::Converging(status),
        (None, None) => Condition::Ready,
    };
    let handle = instance.dbi_resource_id.clone()?;
    Some(Live { condition, ..owner.live(handle, spec, outputs(instance)) })
}

/// The spec, with pending changes as if they were made: RDS completes them by itself.
pub fn spec(instance: &Found, aws: &Aws) -> DbInstance {
    let (real, pending) = (Real::of(instance), pending(instance));
    let mut tags = from_rds(instance.tag_list.as_deref());
    let requested = Requested::take(&mut tags);
    let source = instance.read_replica_source_db_instance_identifier.as_deref();
    let source = source.filter(|source| !source.is_empty());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let groups = instance.db_parameter_groups.as_deref().unwrap_or_default();
    let security = instance.vpc_security_groups.as_deref().unwrap_or_default();
    let chosen =
        |value: Option<i32>, defaults: [i32; 2]| value.filter(|value| !defaults.contains(value));
    let interval = instance.monitoring_interval.unwrap_or_default();
    let spec = DbInstance {
        db_instance_identifier: text(&instance.db_instance_identifier),
        source_db_instance_identifier: source.map(|source| arn(source, aws)),
        engine: instance.engine.clone(),
        engine_version: Some(requested.version(&real.version)),
        engine_lifecycle_support: instance.engine_lifecycle_support.clone(),
        db_instance_class: text(&pending.db_instance_class.or(instance.db_instance_class.clone())),
        allocated_storage: requested.storage(real.storage),
        max_allocated_storage: instance.max_allocated_storage,
        storage_type: text(&pending.storage_type.or(instance.storage_type.clone())),
        iops: chosen(pending.iops.or(instance.iops), DEFAULT_IOPS),
        storage_throughput: chosen(
            pending.storage_throughput.or(instance.storage_throughput),
            DEFAULT_MIB_S,
        ),
        storage_encrypted: instance.storage_encrypted,
        kms_key_id: requested.key(instance.kms_key_id.as_ref()),
        db_name: instance.db_name.clone(),
        master_username: instance.master_username.clone(),
        manage_master_user_password: Some(instance.master_user_secret.is_some()),
        port: pending.port.or(port(instance)).unwrap_or_default(),
        db_subnet_group_name: instance
            .db_subnet_group
            .as_ref()
            .and_then(|group| group.db_subnet_group_name.clone()),
        vpc_security_groups: security
            .iter()
            .filter_map(|group| group.vpc_security_group_id.clone())
            .collect(),
        publicly_accessible: instance.publicly_accessible.unwrap_or_default(),
        db_parameter_group_name: groups
            .first()
            .and_then(|group| group.db_parameter_group_name.clone())
            .unwrap_or_default(),
        multi_az: pending.multi_az.or(instance.multi_az).unwrap_or_default(),
        backup_retention_period: pending
            .backup_retention_period
            .or(instance.backup_retention_period),
        preferred_backup_window: instance.preferred_backup_window.clone(),
        preferred_maintenance_window: text(&instance.preferred_maintenance_window),
        auto_minor_version_upgrade: instance.auto_minor_version_upgrade.unwrap_or_default(),
        copy_tags_to_snapshot: instance.copy_tags_to_snapshot.unwrap_or_default(),
        logs: logs(instance),
        enable_performance_insights: instance.performance_insights_enabled.unwrap_or_default(),
        monitoring_interval: interval,
        monitoring_role_arn: instance.monitoring_role_arn.clone().filter(|_| interval > 0),
        enable_iam_database_authentication: pending
            .iam_database_authentication_enabled
            .or(instance.iam_database_authentication_enabled)
            .unwrap_or_default(),
        ca_certificate_identifier: text(
            &pending.ca_certificate_identifier.or(instance.ca_certificate_identifier.clone()),
        ),
        deletion_protection: instance.deletion_protection.unwrap_or_default(),
        tags,
    };
    if source.is_some() { inherited(spec) } else { spec }
}

/// A replica's spec leaves out what the replica takes from its source.
fn inherited(spec: DbInstance) -> DbInstance {
    DbInstance {
        engine: None,
        engine_version: None,
        engine_lifecycle_support: None,
        storage_encrypted: None,
        kms_key_id: None,
        db_name: None,
        master_username: None,
        manage_master_user_password: None,
        db_subnet_group_name: None,
        backup_retention_period: None,
        preferred_backup_window: None,
        ..spec
    }
}

/// The logs that are exported, or are about to be.
fn logs(instance: &Found) -> std::collections::BTreeSet<String> {
    let mut logs: std::collections::BTreeSet<String> =
        instance.enabled_cloudwatch_logs_exports.clone().unwrap_or_default().into_iter().collect();
    if let Some(pending) = pending(instance).pending_cloudwatch_logs_exports {
        logs.extend(pending.log_types_to_enable.unwrap_or_default());
        pending.log_types_to_disable.unwrap_or_default().iter().for_each(|log| {
            logs.remove(log);
        });
    }
    logs
}

fn pending(instance: &Found) -> PendingModifiedValues {
    instance
        .pending_modified_values
        .clone()
        .unwrap_or_else(|| PendingModifiedValues::builder().build())
}

/// RDS identifies a source in the same region by its name, and one in another region by its ARN.
fn arn(source: &str, aws: &Aws) -> String {
    match source.starts_with("arn:") {
        true => source.to_string(),
        false => aws.arn("rds", &format!("db:{source}")),
    }
}

/// The port of the endpoint, once there is one.
fn port(instance: &Found) -> Option<i32> {
    let endpoint = instance.endpoint.as_ref();
    endpoint.and_then(|endpoint| endpoint.port).or(instance.db_instance_port)
}

pub fn outputs(instance: &Found) -> Outputs {
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let endpoint = instance.endpoint.as_ref();
    let secret = instance.master_user_secret.as_ref();
    let known = Known {
        arn: text(instance.db_instance_arn.as_ref()),
        endpoint: text(endpoint.and_then(|endpoint| endpoint.address.as_ref())),
        port: port(instance).unwrap_or_default(),
        resource_id: text(instance.dbi_resource_id.as_ref()),
        secret_arn: secret.and_then(|secret| secret.secret_arn.clone()),
    };
    known.outputs(&text(instance.db_instance_identifier.as_ref()))
}

/// A status that does not resolve by itself:
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html>.
pub fn failure(instance: &Found) -> Option<String> {
    let status = status(instance);
    let failed = ["failed", "incompatible", "inaccessible", "restore-error", "insufficient"];
    let stuck = ["storage-full", "stopped", "stopping"];
    (failed.iter().any(|start| status.starts_with(start)) || stuck.contains(&status))
        .then(|| status.to_string())
}

/// What RDS is still doing. The instance can be used during storage optimization, which takes hours.
pub fn in_progress(instance: &Found) -> Option<String> {
    let status = status(instance);
    if !["available", "storage-optimization"].contains(&status) {
        return Some(status.to_string());
    }
    let none = PendingModifiedValues::builder().build();
    (pending(instance) != none).then(|| "changes are pending".to_string())
}

/// Parameters that wait for a restart of the instance. Only its operators know a good moment for that.
fn restart(instance: &Found) -> Option<String> {
    let groups = instance.db_parameter_groups.as_deref().unwrap_or_default();
    let pending = groups
        .iter()
        .any(|group| group.parameter_apply_status.as_deref() == Some("pending-reboot"));
    pending.then(|| "some parameters take effect with the next restart".to_string())
}
