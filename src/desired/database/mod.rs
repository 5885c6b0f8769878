//! `databases`: the instances of each shard, their settings, and the shard map.
use super::build::{Build, Handle, int};
use super::network::Network;
use super::shared::{access, data_stores, identity, log_group};
use super::{bucket, code};
use crate::blueprint::Database;
use crate::blueprint::database::shards::{Shard, number};
use crate::blueprint::database::storage::{STRIPED_IOPS, STRIPED_MIB_S};
use crate::facts::DatabaseClass;
use crate::kinds::rds::db_instance::DbInstance;
use crate::kinds::rds::db_instance::requested::satisfies;
use crate::kinds::rds::db_subnet_group::DbSubnetGroup;
use crate::kinds::version::numbers;
use crate::reference::literal;
use parameters::GROUP_NAME;

mod parameters;
mod shard_map;

/// The limit of RDS for the name of an instance.
const INSTANCE_NAME: usize = 63;
/// AWS charges extended support by vCPU and hour, and enables it by default.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html>
const NO_EXTENDED_SUPPORT: &str = "open-source-rds-extended-support-disabled";
/// Valid for 40 years, so that certificates need no rotation.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html>
const CERTIFICATE_AUTHORITY: &str = "rds-ca-rsa2048-g1";
/// The policy of the role for enhanced monitoring.
const MONITORING_POLICY: &str = "service-role/AmazonRDSEnhancedMonitoringRole";

/// The most shards whose map fits into a parameter of 8 KB, with a reserve.
const SHARDS_IN_A_PARAMETER: usize = 16;

/// The instances of one shard: the primary first, then its replicas.
type ShardHandles = Vec<Handle>;

/// The resources that all instances of a database share.
struct Shared<'a> {
    component: String,
    name: &'a str,
    database: &'a Database,
    subnets: Handle,
    parameters: Handle,
    security: Handle,
    monitoring: Option<Handle>,
}

/// Adds a database and its shard map.
pub fn expand(build: &mut Build, network: &Network, name: &str, database: &Database) {
    let component = format!("databases.{name}");
    check_offer(build, name, database);
    let shared = Shared {
        subnets: subnets(build, network, &component, name),
        parameters: parameters::expand(build, &component, name, database),
        security: security(build, network, &component, name, database.port),
        monitoring: monitoring(build, &component, name, database),
        component,
        name,
        database,
    };
    let ids = database.shards.keys();
    let instances: Vec<ShardHandles> = ids.map(|id| shard(build, &shared, id)).collect();
    map(build, &shared, &instances);
}

/// Adds the shard map, and a bucket for a map that is too large for a parameter.
fn map(build: &mut Build, shared: &Shared, instances: &[ShardHandles]) {
    let Shared { component, name, database, .. } = shared;
    let bucket = (database.shards.len() > SHARDS_IN_A_PARAMETER)
        .then(|| bucket::expand_private(build, component, &data_stores::map_bucket(name)));
    let shard = |((id, shard), handles): ((&'_ String, &Shard), &'_ ShardHandles)| {
        let (writer, replicas) = handles.split_first()?;
        Some((id.clone(), shard.weight, writer.clone(), replicas.to_vec()))
    };
    let known: Vec<_> = database.shards.iter().zip(instances).filter_map(shard).collect();
    let shards: Vec<shard_map::Instances> = known
        .iter()
        .map(|(id, weight, writer, replicas)| shard_map::Instances {
            id,
            weight: *weight,
            writer,
            replicas,
            port: database.port,
            database: &database.database,
        })
        .collect();
    let sharding = shard_map::Sharding {
        name,
        slots: database.slots,
        shard_key: database.shard_key.as_deref().unwrap_or_default(),
        shards: &shards,
        bucket,
    };
    shard_map::expand(build, component, &sharding);
}

fn shard(build: &mut Build, shared: &Shared, id: &str) -> ShardHandles {
    let name = format!("{}-{id}", shared.name);
    let number = number(id).unwrap_or_default();
    let primary = primary(build, shared, &name, number);
    log_groups(build, shared, &name);
    let primary = build.add(&shared.component, &name, &primary);
    let mut handles = vec![primary.clone()];
    for replica in 1..=shared.database.replicas {
        let name = format!("{name}-r{replica}");
        let spec = DbInstance {
            source_db_instance_identifier: Some(primary.output("arn")),
            multi_az: false,
            ..common(build, shared, &name, number)
        };
        log_groups(build, shared, &name);
        handles.push(build.add(&shared.component, &name, &spec));
    }
    handles
}

fn primary(build: &Build, shared: &Shared, name: &str, number: u32) -> DbInstance {
    let database = shared.database;
    DbInstance {
        engine: Some(database.engine.name().into()),
        engine_version: Some(literal(&database.version)),
        engine_lifecycle_support: Some(NO_EXTENDED_SUPPORT.into()),
        storage_encrypted: Some(true),
        kms_key_id: database.kms_key.as_deref().map(literal),
        db_name: Some(database.database.clone()),
        master_username: Some(database.user.clone()),
        manage_master_user_password: Some(true),
        db_subnet_group_name: Some(shared.subnets.output("name")),
        backup_retention_period: Some(int(database.backups.retention_days)),
        preferred_backup_window: Some(database.backups.window.turn(number)),
        ..common(build, shared, name, number)
    }
}

/// The properties that primaries and replicas have in common.
fn common(build: &Build, shared: &Shared, name: &str, number: u32) -> DbInstance {
    let Shared { component, database, .. } = shared;
    let storage = database.storage;
    let chosen = |value: Option<u32>, usual: u32| value.filter(|v| *v != usual).map(int);
    let engine = database.engine;
    DbInstance {
        db_instance_identifier: build.name(name, INSTANCE_NAME),
        source_db_instance_identifier: None,
        engine: None,
        engine_version: None,
        engine_lifecycle_support: None,
        db_instance_class: format!("db.{}", database.instance),
        allocated_storage: int(storage.size_gib),
        max_allocated_storage: storage.max_gib.map(int),
        storage_type: "gp3".into(),
        iops: chosen(storage.iops, STRIPED_IOPS),
        storage_throughput: chosen(storage.throughput_mib_s, STRIPED_MIB_S),
        storage_encrypted: None,
        kms_key_id: None,
        db_name: None,
        master_username: None,
        manage_master_user_password: None,
        port: database.port.into(),
        db_subnet_group_name: None,
        vpc_security_groups: [shared.security.output("id")].into(),
        publicly_accessible: false,
        db_parameter_group_name: shared.parameters.output("name"),
        multi_az: database.standby,
        backup_retention_period: None,
        preferred_backup_window: None,
        preferred_maintenance_window: database.maintenance.turn(number),
        auto_minor_version_upgrade: database.minor_upgrades,
        copy_tags_to_snapshot: true,
        logs: engine.logs().iter().map(|log| log.to_string()).collect(),
        enable_performance_insights: database.insights,
        monitoring_interval: database.monitoring_s.map(int).unwrap_or_default(),
        monitoring_role_arn: shared.monitoring.as_ref().map(|role| role.output("arn")),
        enable_iam_database_authentication: true,
        ca_certificate_identifier: CERTIFICATE_AUTHORITY.into(),
        deletion_protection: database.deletion_protection,
        tags: build.tags(component, name),
    }
}

fn subnets(build: &mut Build, network: &Network, component: &str, name: &str) -> Handle {
    let spec = DbSubnetGroup {
        db_subnet_group_name: build.name(name, GROUP_NAME),
        db_subnet_group_description: format!("tenfold {component}"),
        subnet_ids: network.data.iter().cloned().collect(),
        tags: build.tags(component, name),
    };
    build.add(component, name, &spec)
}

/// The group allows traffic between the database's instances only, which copy slots from each
/// other. Services that use the database add rules of their own.
fn security(
    build: &mut Build,
    network: &Network,
    component: &str,
    name: &str,
    port: u16,
) -> Handle {
    let name = data_stores::database(name);
    let security = access::group(build, &network.vpc, component, &name);
    access::connect(build, component, (&name, &security), (&name, &security), port);
    security
}

/// The role by which RDS writes metrics of the operating system.
fn monitoring(
    build: &mut Build,
    component: &str,
    name: &str,
    database: &Database,
) -> Option<Handle> {
    database.monitoring_s?;
    let description = format!("Lets RDS write the metrics of {component}");
    let name = data_stores::database(name);
    Some(identity::service_role(
        build,
        (component, &name),
        description,
        "monitoring.rds.amazonaws.com",
        MONITORING_POLICY,
    ))
}

/// Adds the log groups. RDS would create missing ones itself, and those keep logs indefinitely.
fn log_groups(build: &mut Build, shared: &Shared, name: &str) {
    let instance = build.name(name, INSTANCE_NAME);
    for log in shared.database.engine.logs() {
        let own = format!("{}-{log}", data_stores::database(name));
        let days = build.log_retention_days();
        let group_name = format!("/aws/rds/instance/{instance}/{log}");
        log_group::add(build, (&shared.component, &own), group_name, days);
    }
}

/// Reports an instance class or engine version that RDS does not offer in this region.
fn check_offer(build: &mut Build, name: &str, database: &Database) {
    let class = class(database);
    let (engine, instance) = (database.engine.name(), &database.instance);
    let region = &build.facts.region;
    let Some(offer) = build.facts.database_classes.get(&class) else {
        let summary = format!("RDS does not offer {instance} for {engine} in {region}");
        let help = "choose another instance type, such as `r7g.large`";
        let path = format!("databases.{name}.instance");
        return build.report(build.blueprint.at(&path, code::DATABASE_CLASS, summary, help));
    };
    if !offer.versions.iter().any(|version| satisfies(version, &database.version)) {
        let summary =
            format!("RDS does not offer {engine} {} on {instance} in {region}", database.version);
        let newest = offer.versions.iter().max_by_key(|version| numbers(version));
        let help = match newest {
            Some(newest) => format!("the newest is \"{newest}\""),
            None => "choose another version".to_string(),
        };
        let path = format!("databases.{name}.version");
        return build.report(build.blueprint.at(&path, code::DATABASE_VERSION, summary, help));
    }
    if database.standby && offer.zones.len() < 2 {
        let summary = format!("RDS offers {instance} in only one zone of {region}");
        let help = "choose another instance type, or set `standby: false`";
        let path = format!("databases.{name}.instance");
        build.report(build.blueprint.at(&path, code::DATABASE_ZONES, summary, help));
    }
}

/// The instance class about which a database needs facts.
pub fn class(database: &Database) -> DatabaseClass {
    DatabaseClass {
        engine: database.engine.name().to_string(),
        class: format!("db.{}", database.instance),
    }
}
