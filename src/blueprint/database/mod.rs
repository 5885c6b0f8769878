//! `databases`: one logical database each, spread over shards that are RDS instances of their own.

pub mod engine;
pub mod shards;
pub mod storage;
pub mod window;

use serde::Serialize;
use std::collections::BTreeMap;

use super::language::code;
use super::language::decode::Value;
use super::language::fields::Fields;
use super::language::names::{is_arn, is_instance_type};
use super::language::node::LabelPlace;
use super::monitoring::alarms;
use super::monitoring::alarms::Alarms;
use super::service::health;
use crate::diagnostic::Diagnostic;

pub use super::window::{DayWindow, WeekWindow};
pub use engine::Engine;
pub use shards::Shard;
pub use storage::Storage;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Database {
    pub engine: Engine,
    /// `17`, or `17.4` to stay there: any version that begins so will do.
    pub version: String,
    /// `r7g.large`, without the `db.` that RDS puts before it.
    pub instance: String,
    /// By id, `s000`: for ever the same shard.
    pub shards: BTreeMap<String, Shard>,
    /// Into how many parts the keys are hashed, which the shards share out; a power of two.
    pub slots: u32,
    /// The column that a row's slot is computed from.
    pub shard_key: Option<String>,
    /// Of each shard, for reading.
    pub replicas: u32,
    /// Whether each shard has a copy in another zone that takes over.
    pub standby: bool,
    pub storage: Storage,
    /// The database within each instance that clients connect to.
    pub database: String,
    /// The user that owns it; RDS makes up the password and keeps it in a secret.
    pub user: String,
    pub port: u16,
    pub backups: Backups,
    /// Shards take turns in it.
    pub maintenance: WeekWindow,
    /// Beside those that are always set, as the engine names them.
    pub parameters: BTreeMap<String, String>,
    /// Whether minor versions are installed as they come out.
    pub minor_upgrades: bool,
    /// Seconds between two readings of the operating system; none if off.
    pub monitoring_s: Option<u32>,
    /// Whether Performance Insights keeps a week of what queries waited for.
    pub insights: bool,
    /// The ARN of a KMS key; the account's default key if none.
    pub kms_key: Option<String>,
    pub deletion_protection: bool,
    pub alarms: Alarms,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backups {
    pub retention_days: u32,
    /// Every day, UTC; shards take turns in it.
    pub window: DayWindow,
}

/// What RDS grants at most: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html>.
const MOST_REPLICAS: u32 = 15;

pub(crate) fn decode(value: Value<'_>) -> Option<Database> {
    let decoder = value.decoder;
    value.fields(|fields| {
        let engine = fields.or("engine", Engine::Postgres, engine::decode);
        let shards = fields.or("shards", shards::default(), shards::decode);
        let maintenance = fields.or("maintenance", WeekWindow::DEFAULT, window::week);
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
            replicas: fields.or("replicas", 0, |value| value.count(0..=MOST_REPLICAS)),
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

/// `r7g.large`: the `db.` goes without saying.
fn instance(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    let plain = text.strip_prefix("db.").unwrap_or(text);
    if text == plain && is_instance_type(text) {
        return Some(text.to_string());
    }
    let better = if is_instance_type(plain) { plain } else { "r7g.large" };
    value.malformed("an instance type", format!("write `{better}`"))
}

/// Without a key to compute slots from, nobody can tell which shard a row is on.
fn require_shard_key(fields: &Fields<'_>, shards: usize) {
    if shards > 1 && !fields.has("shard_key") {
        let summary = format!("`{}` has {shards} shards and no `shard_key`", fields.value.key);
        let label = "which column says where a row belongs?";
        let report = Diagnostic::error(code::NO_SHARD_KEY, summary);
        let report = report.place(fields.value.key_place, label);
        fields.value.report(report.help("write it like `shard_key: tenant_id`"));
    }
}

/// Backups that are not told when are made in the two hours before `maintenance`.
fn backups(fields: &mut Fields<'_>, maintenance: WeekWindow) -> Backups {
    let usual = Backups {
        retention_days: fields.value.decoder.preset(7, 1),
        window: maintenance.times.before(120),
    };
    let written = fields.optional("backups", |value| {
        value.fields(|fields| Backups {
            retention_days: fields
                .or("retention", usual.retention_days, |value| value.days(0..=35)),
            window: fields.or("window", usual.window, window::day),
        })
    });
    let backups = written.unwrap_or(usual);
    if backups.window.overlaps(maintenance.times) {
        fields.clash(
            code::WINDOWS_OVERLAP,
            "backups and maintenance at the same time of day",
            ("backups.window", "RDS refuses windows"),
            ("maintenance", "that overlap"),
            format!("write `window: {}`", maintenance.times.before(120)),
        );
    }
    backups
}

/// A port above those that only the system may open.
fn port(value: Value<'_>) -> Option<u16> {
    health::port(value).filter(|port| {
        let fits = *port >= 1150;
        if !fits {
            value.out_of_range::<u16, ()>(*port, &(1150..=65_535), u16::to_string);
        }
        fits
    })
}

/// What RDS takes: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html>.
const MONITORING_S: [u32; 6] = [1, 5, 10, 15, 30, 60];

fn monitoring(value: Value<'_>) -> Option<u32> {
    let seconds = value.seconds(1..=60)?;
    if MONITORING_S.contains(&seconds) {
        return Some(seconds);
    }
    value.malformed("one of 1s, 5s, 10s, 15s, 30s and 60s", "write `60s`")
}

/// RDS tells the ARN of a key, however it was named.
fn kms_key(value: Value<'_>) -> Option<String> {
    let example = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d";
    value.shaped(is_arn("kms"), "the ARN of a KMS key", example)
}
