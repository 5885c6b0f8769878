//! Creates an instance.
use super::super::DbInstance;
use super::Found;
use crate::aws::Aws;
use crate::error::Result;
use crate::kinds::rds::calls::to_rds;

/// Sets what the SDK's builders of an instance and of a read replica both take; they share no type.
macro_rules! of_either {
    ($instance:expr, $create:expr) => {{
        let this = $instance;
        $create
            .db_instance_identifier(&this.db_instance_identifier)
            .db_instance_class(&this.db_instance_class)
            .allocated_storage(this.allocated_storage)
            .set_max_allocated_storage(this.max_allocated_storage)
            .storage_type(&this.storage_type)
            .set_iops(this.iops_to_set())
            .set_storage_throughput(this.throughput_to_set())
            .port(this.port)
            .set_vpc_security_group_ids(Some(this.security_groups()))
            .publicly_accessible(this.publicly_accessible)
            .db_parameter_group_name(&this.db_parameter_group_name)
            .multi_az(this.multi_az)
            .auto_minor_version_upgrade(this.auto_minor_version_upgrade)
            .copy_tags_to_snapshot(this.copy_tags_to_snapshot)
            .set_enable_cloudwatch_logs_exports(Some(this.logs.iter().cloned().collect()))
            .enable_performance_insights(this.enable_performance_insights)
            .monitoring_interval(this.monitoring_interval)
            .set_monitoring_role_arn(this.monitoring_role_arn.clone())
            .enable_iam_database_authentication(this.enable_iam_database_authentication)
            .ca_certificate_identifier(&this.ca_certificate_identifier)
            .deletion_protection(this.deletion_protection)
            .set_tags(Some(to_rds(&this.tags_with_requested())))
    }};
}

impl DbInstance {
    pub(super) async fn create_primary(&self, aws: &Aws) -> Result<Option<Found>> {
        let call = || {
            let create = aws
                .rds
                .create_db_instance()
                .set_engine(self.engine.clone())
                .set_engine_version(self.engine_version.clone())
                .set_engine_lifecycle_support(self.engine_lifecycle_support.clone())
                .set_storage_encrypted(self.storage_encrypted)
                .set_kms_key_id(self.kms_key_id.clone())
                .set_db_name(self.db_name.clone())
                .set_master_username(self.master_username.clone())
                .set_manage_master_user_password(self.manage_master_user_password)
                .set_db_subnet_group_name(self.db_subnet_group_name.clone())
                .set_backup_retention_period(self.backup_retention_period)
                .set_preferred_backup_window(self.preferred_backup_window.clone())
                .preferred_maintenance_window(&self.preferred_maintenance_window);
            of_either!(self, create).send()
        };
        Ok(aws.once("rds:CreateDBInstance", call).await?.db_instance)
    }

    /// `source` is an ARN; within a region RDS expects the name at its end.
    pub(super) async fn create_replica(&self, source: &str, aws: &Aws) -> Result<Option<Found>> {
        let source = source.rsplit(':').next().unwrap_or(source);
        let call = || {
            let create = aws.rds.create_db_instance_read_replica();
            of_either!(self, create.source_db_instance_identifier(source)).send()
        };
        Ok(aws.once("rds:CreateDBInstanceReadReplica", call).await?.db_instance)
    }

    pub(super) fn security_groups(&self) -> Vec<String> {
        self.vpc_security_groups.iter().cloned().collect()
    }
}
