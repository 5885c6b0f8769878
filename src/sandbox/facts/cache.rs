//! Cache engine versions of the simulated account.
use crate::facts::CacheVersions;
use std::collections::BTreeSet;

/// By engine: each version with its parameter group family.
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html>
const VERSIONS: &[(&str, &[(&str, &str)])] = &[
    ("redis", &[("6.2", "redis6.x"), ("7.0", "redis7"), ("7.1", "redis7")]),
    ("valkey", &[("7.2", "valkey7"), ("8.0", "valkey8"), ("8.1", "valkey8"), ("8.2", "valkey8")]),
];

pub fn versions(engines: &BTreeSet<String>) -> CacheVersions {
    let asked = VERSIONS.iter().filter(|(engine, _)| engines.contains(*engine));
    let text = |(version, family): &(&str, &str)| (version.to_string(), family.to_string());
    asked.map(|(engine, all)| (engine.to_string(), all.iter().map(text).collect())).collect()
}
