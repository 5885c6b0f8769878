//! `databases`: logical databases, each distributed over shards that are separate RDS instances.

pub mod engine;
pub mod shards;
pub mod storage;

use serde::Serialize;
use std::collections::BTreeMap;

use super::language::code;
use super::language::decode::Value;
use super::language::fields::Fields;
use super::language::names::{is_arn, is_instance_type};
use super::language::node::LabelPosition;
use super::monitoring::alarms;
use super::monitoring::alarms::Alarms;
use super::service::health;
use super::window::{self, DayWindow, WeekWindow};
use crate::diagnostic::Diagnostic;

pub use engine::Engine;
pub use shards::Shard;
pub use storage::Storage;

/// A logical database.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Database {
    /// Default: PostgreSQL.
    pub engine: Engine,
    /// `17`, or `17.4` to stay at that version; matches every version that starts with it. Default:
    /// `17` for PostgreSQL, `8.4` for MySQL.
    pub version: String,
    /// Instance type without RDS's prefix `db.`. Default: `r7g.large`, with the `dev` preset
    /// `t4g.medium`.
    pub instance: String,
    /// Shards by ID such as `s000`. An ID always refers to the same shard. Default: one shard.
    pub shards: BTreeMap<String, Shard>,
    /// The number of hash slots that are distributed over the shards; a power of two. Default:
    /// 4096.
    pub slots: u32,
    /// The column from which clients compute the slot of a row; required for several shards.
    pub shard_key: Option<String>,
    /// Read replicas of each shard, 0 to 15. Default: 0.
    pub replicas: u32,
    /// Whether each shard has a standby in another zone (Multi-AZ). Default: true, with the `dev`
    /// preset false.
    pub standby: bool,
    pub storage: Storage,
    /// The database in each instance to which clients connect. Default: `app`.
    pub database: String,
    /// The owner of the database; RDS generates the password and stores it in a secret. Default:
    /// `tenfold`.
    pub user: String,
    /// TCP port, 1150 to 65,535. Default: the port of the engine.
    pub port: u16,
    pub backups: Backups,
    /// Weekly window in UTC, divided into half hours for the shards. Default: `sun 02:00-06:00`.
    pub maintenance: WeekWindow,
    /// Engine parameters in addition to those that tenfold always sets.
    pub parameters: BTreeMap<String, String>,
    /// Whether RDS installs new minor versions automatically. Default: true.
    pub minor_upgrades: bool,
    /// Seconds between two samples of Enhanced Monitoring: 1, 5, 10, 15, 30 or 60; none: off.
    /// Default: 60, with the `dev` preset off.
    pub monitoring_s: Option<u32>,
    /// Whether Performance Insights keeps a week of data about what queries waited for. Default:
    /// true, with the `dev` preset false.
    pub insights: bool,
    /// ARN of a KMS key; none: the account's default key.
    pub kms_key: Option<String>,
    /// Default: true, with the `dev` preset false.
    pub deletion_protection: bool,
    /// Changes to the default alarms.
    pub alarms: Alarms,
}

/// Daily backups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backups {
    /// Days that a backup is kept, 0 to 35. Default: 7, with the `dev` preset 1.
    pub retention_days: u32,
    /// Daily window in UTC, divided into half hours for the shards. Default: the two hours before
    /// the time of maintenance.
    pub window: DayWindow,
}

/// Early on Sunday.
const DEFAULT_MAINTENANCE: WeekWindow =
    WeekWindow { day: 6, times: DayWindow { start_min: 120, length_min: 240 } };

/// RDS's limit of read replicas of an instance: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html>.
const MAX_REPLICAS: u32 = 15;

pub(super) fn decode(value: Value<'_>) -> Option<Database> {
    let decoder = value.decoder;
    value.fields(|fields| {
        let engine = fields.or("engine", Engine::Postgres, engine::decode);
        let shards = fields.or("shards", shards::default(), shards::decode);
        let maintenance = fields.or("maintenance", DEFAULT_MAINTENANCE, |value| {
            WeekWindow::decode(value, window::RDS_MIN_LENGTH_MIN)
        });
        let backups = backups(fields, maintenance);
        let shard_key = fields.optional("shard_key", engine::identifier);
        require_shard_key(fields, shards.len());
        Database {
            engine,
            version: fields
                .or("version", engine.newest().to_string(), |value| engine.version(value)),
            instance: fields.or(
                "instance",
                decoder.preset("r7g.large", "t4g.medium").to_string(),
                instance,
            ),
            slots: fields.or("slots", shards::SLOTS, |value| shards::slots(value, shards.len())),
            shards,
            shard_key,
            replicas: fields.or("replicas", 0, |value| value.count(0..=MAX_REPLICAS)),
            standby: fields.or("standby", decoder.preset(true, false), Value::boolean),
            storage: storage::decode(fields),
            database: fields.or("database", "app".to_string(), engine::identifier),
            user: fields.or("user", "tenfold".to_string(), engine::user),
            port: fields.or("port", engine.port(), port),
            backups,
            maintenance,
            parameters: fields
                .or("parameters", BTreeMap::new(), |value| value.entries(Value::any_text)),
            minor_upgrades: fields.or("minor_upgrades", true, Value::boolean),
            monitoring_s: fields.switch("monitoring", decoder.preset(Some(60), None), monitoring),
            insights: fields.or("insights", decoder.preset(true, false), Value::boolean),
            kms_key: fields.optional("kms_key", kms_key),
            deletion_protection: fields.or(
                "deletion_protection",
                decoder.preset(true, false),
                Value::boolean,
            ),
            alarms: fields.or("alarms", Alarms::new(), |value| alarms::decode(value, "databases")),
        }
    })
}

/// An instance type such as `r7g.large`, without the prefix `db.`.
fn instance(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    let plain = text.strip_prefix("db.").unwrap_or(text);
    if text == plain && is_instance_type(text) {
        return Some(text.to_string());
    }
    let suggestion = if is_instance_type(plain) { plain } else { "r7g.large" };
    value.malformed("an instance type", format!("write `{suggestion}`"))
}

/// With several shards, clients need the shard key to compute the shard of a row.
fn require_shard_key(fields: &Fields<'_>, shards: usize) {
    if shards > 1 && !fields.has("shard_key") {
        let summary = format!("`{}` has {shards} shards, but no `shard_key`", fields.value.key);
        let label = "needs `shard_key`, the column that determines the shard of a row";
        let report = Diagnostic::error(code::NO_SHARD_KEY, summary);
        let report = report.label_at(fields.value.key_position, label);
        fields.value.report(report.help("write it like `shard_key: tenant_id`"));
    }
}

/// The default window of backups is the two hours before `maintenance`.
fn backups(fields: &mut Fields<'_>, maintenance: WeekWindow) -> Backups {
    let default = Backups {
        retention_days: fields.value.decoder.preset(7, 1),
        window: maintenance.times.before(120),
    };
    let given = fields.optional("backups", |value| {
        value.fields(|fields| Backups {
            retention_days: fields
                .or("retention", default.retention_days, |value| value.days(0..=35)),
            window: fields.or("window", default.window, |value| {
                DayWindow::decode(value, window::RDS_MIN_LENGTH_MIN)
            }),
        })
    });
    let backups = given.unwrap_or(default);
    if backups.window.overlaps(maintenance.times) {
        fields.clash(
            code::WINDOWS_OVERLAP,
            "the windows of backups and maintenance overlap",
            ("backups.window", "overlaps maintenance"),
            ("maintenance", "overlaps backups"),
            format!("write `window: {}`", maintenance.times.before(120)),
        );
    }
    backups
}

/// A port in the range that RDS accepts.
fn port(value: Value<'_>) -> Option<u16> {
    health::port(value).filter(|port| {
        let fits = *port >= 1150;
        if !fits {
            value.out_of_range::<u16, ()>(*port, &(1150..=65_535), u16::to_string);
        }
        fits
    })
}

/// The intervals that RDS supports, in seconds:
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html>.
const MONITORING_S: [u32; 6] = [1, 5, 10, 15, 30, 60];

fn monitoring(value: Value<'_>) -> Option<u32> {
    let seconds = value.seconds(1..=60)?;
    if MONITORING_S.contains(&seconds) {
        return Some(seconds);
    }
    value.malformed("one of 1s, 5s, 10s, 15s, 30s and 60s", "write `60s`")
}

/// Must be an ARN, because RDS always returns the ARN of a key, however the key was named.
fn kms_key(value: Value<'_>) -> Option<String> {
    let example = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d";
    value.shaped(is_arn("kms"), "the ARN of a KMS key", example)
}
