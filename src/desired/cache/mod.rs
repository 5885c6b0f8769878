//! `caches`: a replication group with its subnets, parameters, users and logs.
use super::build::{Build, Handle, int};
use super::network::Network;
use super::property::pointer;
use super::shared::{access, data_stores, log_group};
use super::{code, secret};
use crate::blueprint::cache::{Cache as Wanted, Engine};
use crate::kinds::elasticache::cache_parameter_group::CacheParameterGroup;
use crate::kinds::elasticache::cache_subnet_group::CacheSubnetGroup;
use crate::kinds::elasticache::cache_user::CacheUser;
use crate::kinds::elasticache::cache_user_group::CacheUserGroup;
use crate::kinds::elasticache::replication_group::{
    LogDelivery, PORT, ReplicationGroup, Start, description,
};
use crate::names;
use crate::reference::{literal, secret};
use crate::resource::Pin;
use parts::Parts;
use std::collections::{BTreeMap, BTreeSet};

mod parts;
mod scaling;

/// The limits of ElastiCache for names.
const NAME: usize = 40;
const LONG_NAME: usize = 255;
/// The user name that services log in with.
const USER: &str = "app";
/// Passwords of ElastiCache have 16 to 128 characters.
const PASSWORD_LENGTH: i32 = 64;

/// An engine version that AWS offers, and the family of its parameters.
struct Version {
    number: String,
    family: String,
    /// The blueprint sets only the major version: the newest minor version changes by itself.
    floating: bool,
}

pub fn expand(build: &mut Build, network: &Network, name: &str, wanted: &Wanted) {
    let parts = Parts { component: format!("caches.{name}"), name, wanted };
    let Some(version) = version(build, &parts) else { return };
    let firewall = access::group(build, &network.vpc, &parts.component, &data_stores::cache(name));
    let subnets = subnets(build, network, &parts);
    let parameters = parameters(build, &parts, &version);
    let users = users(build, &parts);
    let logs = logs(build, &parts);
    let id = build.name(name, NAME);
    let (shards, replicas) = (int(wanted.shards), int(wanted.replicas));
    let scale = &wanted.scale;
    let is_scaled = scale.shards.is_some() || scale.replicas.is_some();
    let spec = ReplicationGroup {
        replication_group_description: description(&build.blueprint.stack, &parts.component),
        replication_group_id: id,
        engine: wanted.engine.as_str().into(),
        engine_version: version.number.clone(),
        cache_node_type: format!("cache.{}", wanted.instance),
        num_node_groups: scale.shards.is_none().then_some(shards),
        replicas_per_node_group: scale.replicas.is_none().then_some(replicas),
        start: is_scaled
            .then_some(Start { num_node_groups: shards, replicas_per_node_group: replicas }),
        cluster_mode: "enabled".into(),
        automatic_failover_enabled: true,
        multi_az_enabled: wanted.multi_az,
        port: PORT,
        at_rest_encryption_enabled: true,
        kms_key_id: None,
        transit_encryption_enabled: true,
        transit_encryption_mode: Some("required".into()),
        cache_subnet_group_name: subnets.output("name"),
        cache_parameter_group_name: parameters.output("name"),
        security_group_ids: [firewall.output("id")].into(),
        user_group_ids: users.iter().map(|group| group.output("id")).collect(),
        log_delivery_configurations: logs,
        snapshot_retention_limit: wanted.snapshots.as_ref().map_or(0, |s| int(s.retention_days)),
        snapshot_window: snapshot_window(wanted),
        preferred_maintenance_window: wanted.maintenance.clone(),
        auto_minor_version_upgrade: version.floating,
        tags: build.tags(&parts.component, name),
    };
    let pins = if version.floating { vec![pin(&spec)] } else { Vec::new() };
    let group = build.add_pinned(&parts.component, name, &spec, pins);
    scaling::expand(build, &parts, &group);
}

/// AWS requires a window even without snapshots.
fn snapshot_window(wanted: &Wanted) -> String {
    let written = wanted.snapshots.as_ref().map(|snapshots| snapshots.window.clone());
    written.unwrap_or_else(|| "03:00-04:00".into())
}

/// Keeps the minor version until `--upgrade`. The parameter group identifies engine and major
/// version: another one has another group, and then the pin does not apply.
fn pin(spec: &ReplicationGroup) -> Pin {
    let source = pointer(spec, |spec| spec.cache_parameter_group_name.clear());
    Pin { property: pointer(spec, |spec| spec.engine_version.clear()), source: Some(source) }
}

/// The configured version, or the newest minor version of the configured major version.
fn version(build: &mut Build, parts: &Parts) -> Option<Version> {
    let (engine, written) = (parts.wanted.engine.as_str(), parts.wanted.version.as_str());
    let known = build.facts.cache_versions.get(engine).cloned().unwrap_or_default();
    let floating = !written.contains('.');
    let minor = |number: &str| {
        let minor = number.split_once('.').map_or("", |(_, minor)| minor);
        minor.parse::<u32>().unwrap_or_default()
    };
    let fits = |number: &str| match floating {
        true => number.split('.').next() == Some(written),
        false => number == written,
    };
    let newest = known.iter().filter(|(number, _)| fits(number)).max_by_key(|(n, _)| minor(n));
    if let Some((number, family)) = newest {
        return Some(Version { number: number.clone(), family: family.clone(), floating });
    }
    let all: Vec<&str> = known.keys().map(String::as_str).collect();
    let summary =
        format!("ElastiCache does not offer {engine} {written} in {}", build.facts.region);
    let help = format!("choose one of {}", all.join(", "));
    let path = format!("{}.version", parts.component);
    build.report(build.blueprint.at(&path, code::CACHE_VERSION, summary, help));
    None
}

fn subnets(build: &mut Build, network: &Network, parts: &Parts) -> Handle {
    let spec = CacheSubnetGroup {
        cache_subnet_group_name: build.name(parts.name, NAME),
        description: format!("tenfold {}", parts.component),
        subnet_ids: network.data.iter().cloned().collect(),
        tags: build.tags(&parts.component, parts.name),
    };
    build.add(&parts.component, parts.name, &spec)
}

/// The name contains the family, so that a group of another family can be created beside this one.
fn parameters(build: &mut Build, parts: &Parts, version: &Version) -> Handle {
    let Parts { component, name, wanted } = parts;
    let family = version.family.replace('.', "-");
    let mut properties: BTreeMap<String, String> = [
        ("cluster-enabled", "yes"),
        ("maxmemory-policy", wanted.policy.as_str()),
        ("reserved-memory-percent", "25"),
        ("tcp-keepalive", "60"),
        ("timeout", "300"),
    ]
    .map(|(name, value)| (name.to_string(), value.to_string()))
    .into();
    let written = wanted.parameters.iter();
    properties.extend(written.map(|(name, value)| (name.clone(), literal(value))));
    let spec = CacheParameterGroup {
        cache_parameter_group_name: names::name(
            &[&build.blueprint.stack, name, &family],
            LONG_NAME,
        ),
        cache_parameter_group_family: version.family.clone(),
        description: format!("tenfold {component}"),
        properties,
        tags: build.tags(component, name),
    };
    build.add(component, name, &spec)
}

/// The user that services log in with, its password, and the group of the users with access.
fn users(build: &mut Build, parts: &Parts) -> Option<Handle> {
    let Parts { component, name, wanted } = parts;
    let auth = wanted.auth.as_ref()?;
    let engine = wanted.engine.as_str();
    let secret_name = data_stores::cache(name);
    let kept = secret::generated(
        build,
        (component, &secret_name),
        format!("Password of the user {USER} of {component}"),
        PASSWORD_LENGTH,
    );
    let spec = CacheUser {
        user_id: build.name(&format!("{name}-{engine}"), NAME),
        user_name: USER.into(),
        engine: engine.into(),
        access_string: literal(&auth.access),
        passwords: [secret(&kept.output("arn"))].into(),
        no_password_required: false,
        tags: build.tags(component, name),
    };
    let mut users = vec![build.add(component, name, &spec)];
    users.extend((wanted.engine == Engine::Redis).then(|| disabled_default_user(build, parts)));
    let group = CacheUserGroup {
        user_group_id: build.name(&format!("{name}-{engine}"), NAME),
        engine: engine.into(),
        user_ids: users.iter().map(|user| user.output("id")).collect(),
        tags: build.tags(component, name),
    };
    Some(build.add(component, name, &group))
}

/// A user group for Redis OSS must contain a user named `default`, which clients use that give no
/// user name. This one has no permissions.
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html>
fn disabled_default_user(build: &mut Build, parts: &Parts) -> Handle {
    let Parts { component, name, wanted } = parts;
    let own = format!("{name}-default");
    let spec = CacheUser {
        user_id: build.name(&format!("{own}-{}", wanted.engine.as_str()), NAME),
        user_name: "default".into(),
        engine: wanted.engine.as_str().into(),
        access_string: "off ~* -@all".into(),
        passwords: BTreeSet::new(),
        no_password_required: true,
        tags: build.tags(component, &own),
    };
    build.add(component, &own, &spec)
}

fn logs(build: &mut Build, parts: &Parts) -> BTreeSet<LogDelivery> {
    let Parts { component, name, wanted } = parts;
    let kinds: &[&str] = if wanted.logs { &["slow", "engine"] } else { &[] };
    let deliver = |kind: &&str| {
        let log = format!("{}-{kind}", data_stores::cache(name));
        let (group_name, days) = (log_group::name(build, &log), build.log_retention_days());
        let group = log_group::add(build, (component, &log), group_name, days);
        LogDelivery::to_log_group(&format!("{kind}-log"), group.output("name"))
    };
    kinds.iter().map(deliver).collect()
}
