//! Caches: each shard with its nodes,
//! <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html>.
use super::find::{number, of_kind, output, own_name};
use super::rule::{Measure, Rule, Signal, Subject, When};
use crate::desired::build::Build;
use crate::resource::Resource;
use serde_json::Value;

const RULES: &[Rule] = &[
    Rule {
        name: "cpu",
        about: "Nodes are busy",
        measure: Measure::Plain("CPUUtilization", "Average"),
        threshold: 90.0,
        missing: "missing",
        ..Rule::USUAL
    },
    Rule {
        name: "engine_cpu",
        about: "The engine's one thread is busy: another shard would take half of it",
        measure: Measure::Plain("EngineCPUUtilization", "Average"),
        threshold: 80.0,
        missing: "missing",
        ..Rule::USUAL
    },
    Rule {
        name: "memory",
        about: "Memory is nearly full",
        measure: Measure::Plain("DatabaseMemoryUsagePercentage", "Average"),
        threshold: 80.0,
        missing: "missing",
        ..Rule::USUAL
    },
    Rule {
        name: "evictions",
        about: "Keys go before their time, for want of memory",
        measure: Measure::Plain("Evictions", "Sum"),
        threshold: 1000.0,
        missing: "missing",
        ..Rule::USUAL
    },
    Rule {
        name: "connections",
        about: "Nearly as many clients are connected as can be",
        measure: Measure::Plain("CurrConnections", "Average"),
        threshold: 50_000.0,
        missing: "missing",
        ..Rule::USUAL
    },
    Rule {
        name: "bandwidth",
        about: "Answers are held up: the node has sent as much as its type may",
        measure: Measure::Plain("NetworkBandwidthOutAllowanceExceeded", "Sum"),
        need: 3,
        of: 3,
        missing: "missing",
        ..Rule::USUAL
    },
    Rule {
        name: "hit_rate",
        about: "Too few reads find what they look for",
        measure: Measure::Math(
            "IF(hits + misses > 1000, 100 * hits / (hits + misses), 100)",
            &[("hits", "CacheHits", "Sum"), ("misses", "CacheMisses", "Sum")],
        ),
        threshold: 80.0,
        when: When::Below,
        need: 15,
        of: 15,
        ..Rule::USUAL
    },
];

const REPLICATION_LAG: Rule = Rule {
    name: "replication_lag",
    about: "Replicas lag behind",
    measure: Measure::Plain("ReplicationLag", "Maximum"),
    threshold: 10.0,
    missing: "missing",
    ..Rule::USUAL
};

pub fn signals(build: &Build) -> Vec<Signal> {
    of_kind(build, "replication-group").flat_map(of_group).collect()
}

fn of_group(group: &Resource) -> Vec<Signal> {
    let name = own_name(&group.component);
    let shards = number(&group.spec, "NumNodeGroups").unwrap_or(1.0).max(1.0) as u32;
    let replicas = number(&group.spec, "ReplicasPerNodeGroup").unwrap_or(0.0).max(0.0) as u32;
    let mut found = Vec::new();
    for shard in 1..=shards {
        let within =
            if in_slots(&group.spec, shards) { format!("-{shard:04}") } else { String::new() };
        let prefix = format!("cache-{name}{within}");
        let title = format!("cache {name}, shard {shard}");
        let mut subject = Subject::new(&group.component, prefix, title, "AWS/ElastiCache");
        subject.nodes = (1..=replicas + 1)
            .map(|node| format!("{}{within}-{node:03}", output(group, "name")))
            .map(|node| vec![("CacheClusterId", node)])
            .collect();
        found.extend(RULES.iter().map(|rule| (subject.clone(), *rule)));
        if replicas > 0 {
            found.push((subject, REPLICATION_LAG));
        }
    }
    found
}

/// Whether the group is in cluster mode, where the names of nodes hold that of their shard.
fn in_slots(spec: &Value, shards: u32) -> bool {
    shards > 1
        || spec.get("ClusterMode").and_then(Value::as_str) == Some("enabled")
        || spec
            .get("CacheParameterGroupName")
            .and_then(Value::as_str)
            .is_some_and(|name| name.contains("cluster"))
}
