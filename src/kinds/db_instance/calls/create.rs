//! Making an instance.
use super::super::DbInstance;
use super::Found;
use crate::aws::{Aws, tags_rds};
use crate::error::Result;

impl DbInstance {
    pub(super) async fn create_primary(&self, aws: &Aws) -> Result<Option<Found>> {
        let call = || {
            aws.rds
                .create_db_instance()
                .db_instance_identifier(&self.db_instance_identifier)
                .set_engine(self.engine.clone())
                .set_engine_version(self.engine_version.clone())
                .set_engine_lifecycle_support(self.engine_lifecycle_support.clone())
                .db_instance_class(&self.db_instance_class)
                .allocated_storage(self.allocated_storage)
                .set_max_allocated_storage(self.max_allocated_storage)
                .storage_type(&self.storage_type)
                .set_iops(self.iops_to_ask())
                .set_storage_throughput(self.throughput_to_ask())
                .set_storage_encrypted(self.storage_encrypted)
                .set_kms_key_id(self.kms_key_id.clone())
                .set_db_name(self.db_name.clone())
                .set_master_username(self.master_username.clone())
                .set_manage_master_user_password(self.manage_master_user_password)
                .port(self.port)
                .set_db_subnet_group_name(self.db_subnet_group_name.clone())
                .set_vpc_security_group_ids(Some(self.security_groups()))
                .publicly_accessible(self.publicly_accessible)
                .db_parameter_group_name(&self.db_parameter_group_name)
                .multi_az(self.multi_az)
                .set_backup_retention_period(self.backup_retention_period)
                .set_preferred_backup_window(self.preferred_backup_window.clone())
                .preferred_maintenance_window(&self.preferred_maintenance_window)
                .auto_minor_version_upgrade(self.auto_minor_version_upgrade)
                .copy_tags_to_snapshot(self.copy_tags_to_snapshot)
                .set_enable_cloudwatch_logs_exports(Some(self.logs.iter().cloned().collect()))
                .enable_performance_insights(self.enable_performance_insights)
                .monitoring_interval(self.monitoring_interval)
                .set_monitoring_role_arn(self.monitoring_role_arn.clone())
                .enable_iam_database_authentication(self.enable_iam_database_authentication)
                .ca_certificate_identifier(&self.ca_certificate_identifier)
                .deletion_protection(self.deletion_protection)
                .set_tags(Some(tags_rds::list(&self.tags_with_asked())))
                .send()
        };
        Ok(aws.once("rds:CreateDBInstance", call).await?.db_instance)
    }

    /// `source` is an ARN; within a region RDS wants the name at its end.
    pub(super) async fn create_replica(&self, source: &str, aws: &Aws) -> Result<Option<Found>> {
        let source = source.rsplit(':').next().unwrap_or(source);
        let call = || {
            aws.rds
                .create_db_instance_read_replica()
                .db_instance_identifier(&self.db_instance_identifier)
                .source_db_instance_identifier(source)
                .db_instance_class(&self.db_instance_class)
                .allocated_storage(self.allocated_storage)
                .set_max_allocated_storage(self.max_allocated_storage)
                .storage_type(&self.storage_type)
                .set_iops(self.iops_to_ask())
                .set_storage_throughput(self.throughput_to_ask())
                .port(self.port)
                .set_vpc_security_group_ids(Some(self.security_groups()))
                .publicly_accessible(self.publicly_accessible)
                .db_parameter_group_name(&self.db_parameter_group_name)
                .multi_az(self.multi_az)
                .auto_minor_version_upgrade(self.auto_minor_version_upgrade)
                .copy_tags_to_snapshot(self.copy_tags_to_snapshot)
                .set_enable_cloudwatch_logs_exports(Some(self.logs.iter().cloned().collect()))
                .enable_performance_insights(self.enable_performance_insights)
                .monitoring_interval(self.monitoring_interval)
                .set_monitoring_role_arn(self.monitoring_role_arn.clone())
                .enable_iam_database_authentication(self.enable_iam_database_authentication)
                .ca_certificate_identifier(&self.ca_certificate_identifier)
                .deletion_protection(self.deletion_protection)
                .set_tags(Some(tags_rds::list(&self.tags_with_asked())))
                .send()
        };
        Ok(aws.once("rds:CreateDBInstanceReadReplica", call).await?.db_instance)
    }

    pub(super) fn security_groups(&self) -> Vec<String> {
        self.vpc_security_groups.iter().cloned().collect()
    }
}
