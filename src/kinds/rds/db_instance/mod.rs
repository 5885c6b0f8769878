//! A database instance: a primary with its standby, or a replica of one,
//! <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.html>.
//!
//! A replica takes its engine, version, encryption, user, subnets and backups from its source, so
//! its spec leaves them out. It contains nothing that its source does not have, and is deleted like any
//! other resource; a primary is kept by default, and its deletion leaves a final snapshot.
#[cfg(feature = "aws")]
mod calls;
pub mod requested;

use crate::kinds::text;
use crate::kinds::version::numbers;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Quota, Replace, Spec, Times, Waiver};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DbInstance {
    #[serde(rename = "DBInstanceIdentifier")]
    pub db_instance_identifier: String,
    /// The ARN of the primary that this is a replica of.
    #[serde(
        rename = "SourceDBInstanceIdentifier",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub source_db_instance_identifier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// As requested, `17`: any version that begins with it counts as equal, see [`requested`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// Whether the engine keeps running when its standard support ends, for which AWS charges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_lifecycle_support: Option<String>,
    #[serde(rename = "DBInstanceClass")]
    pub db_instance_class: String,
    /// GiB, as requested: storage that RDS has added since is not a difference, see [`requested`].
    #[serde(with = "text")]
    pub allocated_storage: i32,
    /// The size in GiB up to which RDS enlarges it when it fills up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_allocated_storage: Option<i32>,
    pub storage_type: String,
    /// `None`: the default for the size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iops: Option<i32>,
    /// MiB/s; `None`: the default for the size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_throughput: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_encrypted: Option<bool>,
    /// The ARN of a key; `None`: the account's default key for RDS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// The database that RDS creates in it.
    #[serde(rename = "DBName", default, skip_serializing_if = "Option::is_none")]
    pub db_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub master_username: Option<String>,
    /// RDS generates the password, stores it in a secret and rotates it every week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manage_master_user_password: Option<bool>,
    #[serde(with = "text")]
    pub port: i32,
    #[serde(rename = "DBSubnetGroupName", default, skip_serializing_if = "Option::is_none")]
    pub db_subnet_group_name: Option<String>,
    #[serde(rename = "VPCSecurityGroups")]
    pub vpc_security_groups: BTreeSet<String>,
    pub publicly_accessible: bool,
    #[serde(rename = "DBParameterGroupName")]
    pub db_parameter_group_name: String,
    #[serde(rename = "MultiAZ")]
    pub multi_az: bool,
    /// Days; 0 means no backups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup_retention_period: Option<i32>,
    /// `00:00-00:30`, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_backup_window: Option<String>,
    /// `sun:02:00-sun:02:30`, UTC.
    pub preferred_maintenance_window: String,
    pub auto_minor_version_upgrade: bool,
    pub copy_tags_to_snapshot: bool,
    #[serde(
        rename = "EnableCloudwatchLogsExports",
        default,
        skip_serializing_if = "BTreeSet::is_empty"
    )]
    pub logs: BTreeSet<String>,
    pub enable_performance_insights: bool,
    /// Seconds between metrics of the operating system; 0 turns them off.
    pub monitoring_interval: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitoring_role_arn: Option<String>,
    #[serde(rename = "EnableIAMDatabaseAuthentication")]
    pub enable_iam_database_authentication: bool,
    #[serde(rename = "CACertificateIdentifier")]
    pub ca_certificate_identifier: String,
    pub deletion_protection: bool,
    pub tags: Tags,
}

impl DbInstance {
    pub fn is_replica(&self) -> bool {
        self.source_db_instance_identifier.is_some()
    }
}

impl Spec for DbInstance {
    const INFO: KindInfo = KindInfo {
        name: "db-instance",
        type_name: "AWS::RDS::DBInstance",
        name_property: "DBInstanceIdentifier",
        create_only: &[
            "DBInstanceIdentifier",
            "DBName",
            "DBSubnetGroupName",
            "Engine",
            "EngineLifecycleSupport",
            "KmsKeyId",
            "MasterUsername",
            "SourceDBInstanceIdentifier",
            "StorageEncrypted",
        ],
        replace: Replace::Refuse,
        stateful: true,
        serial_updates: true,
        quota: Some(Quota { service: "rds", code: "L-7B6409FD", default: 40 }),
        volatile_outputs: &["port"],
        // Where there are no log groups RDS creates them itself, and they keep their logs forever.
        depends_on_kinds: &["log-group"],
        times: Times { create_s: 900, update_s: 600, delete_s: 400 },
        waivers: &[Waiver {
            controls: &["RDS.23"],
            because: "databases listen on the default port of their engine, within the VPC",
        }],
        ..KindInfo::PLAIN
    };

    fn unprotected(&self) -> Option<Self> {
        self.deletion_protection.then(|| Self { deletion_protection: false, ..self.clone() })
    }

    fn is_copy(&self) -> bool {
        self.is_replica()
    }

    fn refusal(&self, live: &Self, _outputs: &Outputs) -> Option<String> {
        let engines = self.engine.as_ref().zip(live.engine.as_ref());
        if let Some((wanted, is)) = engines.filter(|(wanted, is)| wanted != is) {
            return Some(format!(
                "the engine cannot be changed from {is} to {wanted}; create a second database under \
                 another name, and move its rows there"
            ));
        }
        let (wanted, has) = (self.allocated_storage, live.allocated_storage);
        if wanted < has {
            return Some(format!(
                "storage cannot shrink from {has} GiB to {wanted} GiB; write `storage: {has}GiB` or \
                 more"
            ));
        }
        let (wanted, has) = (self.engine_version.as_deref()?, live.engine_version.as_deref()?);
        (numbers(wanted) < numbers(has) && !requested::satisfies(has, wanted))
            .then(|| format!("the version cannot go back from {has} to {wanted}"))
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let name = &self.db_instance_identifier;
        let digits = match mint.before.get("resource_id") {
            Some(before) => before.trim_start_matches("db-").to_string(),
            None => (mint.digits)().to_uppercase(),
        };
        let host: String = digits.chars().take(12).collect::<String>().to_lowercase();
        let known = Known {
            arn: mint.arn("rds", &format!("db:{name}")),
            endpoint: format!("{name}.{host}.{}.rds.amazonaws.com", mint.region),
            port: self.port,
            resource_id: format!("db-{digits}"),
            secret_arn: (!self.is_replica()).then(|| {
                let secret = format!(
                    "secret:rds!db-{}-{}",
                    digits.to_lowercase(),
                    &host[..6.min(host.len())]
                );
                mint.arn("secretsmanager", &secret)
            }),
        };
        known.outputs(name)
    }
}

/// What AWS returns of an instance once it exists.
struct Known {
    arn: String,
    endpoint: String,
    port: i32,
    resource_id: String,
    /// Only of a primary.
    secret_arn: Option<String>,
}

impl Known {
    fn outputs(self, name: &str) -> Outputs {
        let mut outputs = Outputs::from([
            ("arn".into(), self.arn),
            ("endpoint".into(), self.endpoint),
            ("name".into(), name.into()),
            ("port".into(), self.port.to_string()),
            ("resource_id".into(), self.resource_id),
        ]);
        outputs.extend(self.secret_arn.map(|arn| ("secret_arn".into(), arn)));
        outputs
    }
}
