//! The engine's parameters: they require TLS, allow slots to be moved between shards, and log slow
//! queries.
use crate::blueprint::Database;
use crate::blueprint::database::Engine;
use crate::desired::build::{Build, Handle};
use crate::kinds::rds::db_parameter_group::DbParameterGroup;
use crate::names;
use crate::reference::literal;
use std::collections::BTreeMap;

/// The limit of RDS for the names of groups.
pub const GROUP_NAME: usize = 255;
/// The most write-ahead log that a stuck replication slot may retain: in MiB, and as the divisor of
/// the disk's size. Losing a replication slot is better than a full disk.
const WAL_KEPT_MIB: u32 = 51_200;
const WAL_SHARE: u32 = 8;

/// Adds the parameter group. A new major version has another family and so another group, which an
/// instance switches to together with the version.
pub fn expand(build: &mut Build, component: &str, name: &str, database: &Database) -> Handle {
    let major = database.engine.major(&database.version);
    let family = format!("{}{major}", database.engine.name());
    let mut parameters = match database.engine {
        Engine::Postgres => postgres(database.storage.size_gib),
        Engine::Mysql => mysql(),
    };
    let own = database.parameters.iter().map(|(name, value)| (name.clone(), literal(value)));
    parameters.extend(own);
    let spec = DbParameterGroup {
        db_parameter_group_name: names::name(
            &[&build.blueprint.stack, name, &family.replace('.', "-")],
            GROUP_NAME,
        ),
        // A create-only property, so it contains nothing that can change.
        description: format!("tenfold {component}"),
        family,
        parameters,
        tags: build.tags(component, name),
    };
    build.add(component, name, &spec)
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html>
fn postgres(storage_gib: u32) -> BTreeMap<String, String> {
    let kept_mib = (storage_gib * 1024 / WAL_SHARE).min(WAL_KEPT_MIB).to_string();
    texts(&[
        ("rds.force_ssl", "1"),
        // A static parameter, so set from the start: moving slots between shards needs no restart.
        ("rds.logical_replication", "1"),
        ("max_replication_slots", "20"),
        ("max_wal_senders", "25"),
        ("max_logical_replication_workers", "20"),
        ("max_worker_processes", "24"),
        ("max_slot_wal_keep_size", &kept_mib),
        // Milliseconds.
        ("wal_sender_timeout", "30000"),
        ("idle_in_transaction_session_timeout", "60000"),
        ("log_min_duration_statement", "500"),
        ("shared_preload_libraries", "pg_stat_statements"),
    ])
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Parameters.html>
fn mysql() -> BTreeMap<String, String> {
    texts(&[
        ("require_secure_transport", "1"),
        ("binlog_format", "ROW"),
        ("log_output", "FILE"),
        ("slow_query_log", "1"),
        // Seconds.
        ("long_query_time", "0.5"),
    ])
}

fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}
