//! Changes an instance: everything that differs in one call, applied at once. RDS makes one change at
//! a time.
use super::super::{DbInstance, requested};
use super::{Found, read};
use crate::aws::Aws;
use crate::error::Result;
use aws_sdk_rds::operation::modify_db_instance::builders::ModifyDBInstanceFluentBuilder as Modify;
use aws_sdk_rds::types::CloudwatchLogsExportConfiguration;
use std::collections::BTreeSet;

/// From this size (GiB) on a gp3 volume is striped, and its speed must be set; below, it must not be.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage>
const STRIPED_GIB: i32 = 400;
const STRIPED_IOPS: i32 = 12_000;
const STRIPED_MIB_S: i32 = 500;

/// The default speeds of small volumes and of striped ones, which depend on the size alone.
pub(super) const DEFAULT_IOPS: [i32; 2] = [3000, STRIPED_IOPS];
pub(super) const DEFAULT_MIB_S: [i32; 2] = [125, STRIPED_MIB_S];

impl DbInstance {
    pub(super) fn iops_to_set(&self) -> Option<i32> {
        let striped = self.allocated_storage >= STRIPED_GIB;
        striped.then(|| self.iops.unwrap_or(STRIPED_IOPS))
    }

    pub(super) fn throughput_to_set(&self) -> Option<i32> {
        let striped = self.allocated_storage >= STRIPED_GIB;
        striped.then(|| self.storage_throughput.unwrap_or(STRIPED_MIB_S))
    }

    /// Brings the instance to this spec, except its tags. Compares with what the plan saw: RDS may
    /// still return the instance as it was before.
    pub(super) async fn change(&self, was: &Self, instance: &Found, aws: &Aws) -> Result<()> {
        let real = read::Real::of(instance);
        let same = DbInstance {
            tags: was.tags.clone(),
            allocated_storage: was.allocated_storage,
            engine_version: was.engine_version.clone(),
            ..self.clone()
        };
        let grows = self.allocated_storage > real.storage;
        let another = |version: &&String| !requested::satisfies(&real.version, version);
        let version = self.engine_version.as_ref().filter(another);
        if same == *was && !grows && version.is_none() {
            return Ok(());
        }
        let call = || {
            let modify = aws
                .rds
                .modify_db_instance()
                .db_instance_identifier(&self.db_instance_identifier)
                .apply_immediately(true);
            let modify = self.change_storage(modify, was, &real);
            let modify = match version {
                Some(version) => modify.engine_version(version).allow_major_version_upgrade(true),
                None => modify,
            };
            self.change_rest(self.change_place(modify, was), was).send()
        };
        aws.safe("rds:ModifyDBInstance", call).await?;
        Ok(())
    }

    /// A volume that grows needs its speed in the same call, if its speed can be chosen.
    fn change_storage(&self, modify: Modify, was: &Self, real: &read::Real) -> Modify {
        let grows = self.allocated_storage > real.storage;
        let differs = (&self.iops, &self.storage_throughput, &self.storage_type)
            != (&was.iops, &was.storage_throughput, &was.storage_type);
        let storage = self.allocated_storage.max(real.storage);
        let modify = match self.max_allocated_storage {
            max if max == was.max_allocated_storage => modify,
            // A limit equal to the present size turns autoscaling of storage off.
            max => modify.max_allocated_storage(max.unwrap_or(storage)),
        };
        if !grows && !differs {
            return modify;
        }
        let sized = DbInstance { allocated_storage: storage, ..self.clone() };
        modify
            .allocated_storage(storage)
            .storage_type(&self.storage_type)
            .set_iops(sized.iops_to_set())
            .set_storage_throughput(sized.throughput_to_set())
    }

    /// Its size, its place and who can reach it.
    fn change_place(&self, modify: Modify, was: &Self) -> Modify {
        let modify = modify
            .set_db_instance_class(differing(&self.db_instance_class, &was.db_instance_class))
            .set_db_port_number(differing(&self.port, &was.port))
            .set_publicly_accessible(differing(&self.publicly_accessible, &was.publicly_accessible))
            .set_multi_az(differing(&self.multi_az, &was.multi_az))
            .set_db_parameter_group_name(differing(
                &self.db_parameter_group_name,
                &was.db_parameter_group_name,
            ))
            .set_ca_certificate_identifier(differing(
                &self.ca_certificate_identifier,
                &was.ca_certificate_identifier,
            ));
        match self.vpc_security_groups == was.vpc_security_groups {
            true => modify,
            false => modify.set_vpc_security_group_ids(Some(self.security_groups())),
        }
    }

    /// Its monitoring, backups and maintenance.
    fn change_rest(&self, modify: Modify, was: &Self) -> Modify {
        let monitored = (&self.monitoring_interval, &self.monitoring_role_arn)
            != (&was.monitoring_interval, &was.monitoring_role_arn);
        let modify = match monitored {
            true => modify
                .monitoring_interval(self.monitoring_interval)
                .set_monitoring_role_arn(self.monitoring_role_arn.clone()),
            false => modify,
        };
        modify
            .set_cloudwatch_logs_export_configuration(exports(&self.logs, &was.logs))
            .set_backup_retention_period(changed(
                self.backup_retention_period,
                was.backup_retention_period,
            ))
            .set_preferred_backup_window(changed(
                self.preferred_backup_window.clone(),
                was.preferred_backup_window.clone(),
            ))
            .set_preferred_maintenance_window(differing(
                &self.preferred_maintenance_window,
                &was.preferred_maintenance_window,
            ))
            .set_auto_minor_version_upgrade(differing(
                &self.auto_minor_version_upgrade,
                &was.auto_minor_version_upgrade,
            ))
            .set_copy_tags_to_snapshot(differing(
                &self.copy_tags_to_snapshot,
                &was.copy_tags_to_snapshot,
            ))
            .set_enable_performance_insights(differing(
                &self.enable_performance_insights,
                &was.enable_performance_insights,
            ))
            .set_enable_iam_database_authentication(differing(
                &self.enable_iam_database_authentication,
                &was.enable_iam_database_authentication,
            ))
            .set_manage_master_user_password(changed(
                self.manage_master_user_password,
                was.manage_master_user_password,
            ))
            .set_deletion_protection(differing(&self.deletion_protection, &was.deletion_protection))
    }
}

/// The value to send; `None` where it is set already.
fn differing<T: PartialEq + Clone>(wanted: &T, was: &T) -> Option<T> {
    (wanted != was).then(|| wanted.clone())
}

fn changed<T: PartialEq>(wanted: Option<T>, was: Option<T>) -> Option<T> {
    if wanted == was { None } else { wanted }
}

fn exports(
    wanted: &BTreeSet<String>,
    was: &BTreeSet<String>,
) -> Option<CloudwatchLogsExportConfiguration> {
    let only = |of: &BTreeSet<String>, other: &BTreeSet<String>| {
        Some(of.difference(other).cloned().collect::<Vec<_>>()).filter(|logs| !logs.is_empty())
    };
    let configuration = || {
        CloudwatchLogsExportConfiguration::builder()
            .set_enable_log_types(only(wanted, was))
            .set_disable_log_types(only(was, wanted))
            .build()
    };
    (wanted != was).then(configuration)
}
