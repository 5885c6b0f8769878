//! Alarms of caches, for each shard with its nodes,
//! <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html>.
use super::rule::{Measure, Rule, Signal, Subject, When, component_name};
use crate::desired::build::{Added, Build};
use crate::kinds::elasticache::replication_group::ReplicationGroup;

const RULES: &[Rule] = &[
    Rule {
        name: "cpu",
        description: "Nodes are busy",
        measure: Measure::Plain("CPUUtilization", "Average"),
        threshold: 90.0,
        missing_data: "missing",
        ..Rule::DEFAULT
    },
    Rule {
        name: "engine_cpu",
        description: "The engine's single thread is busy: another shard would halve its load",
        measure: Measure::Plain("EngineCPUUtilization", "Average"),
        threshold: 80.0,
        missing_data: "missing",
        ..Rule::DEFAULT
    },
    Rule {
        name: "memory",
        description: "Memory is nearly full",
        measure: Measure::Plain("DatabaseMemoryUsagePercentage", "Average"),
        threshold: 80.0,
        missing_data: "missing",
        ..Rule::DEFAULT
    },
    Rule {
        name: "evictions",
        description: "Keys are evicted because memory is full",
        measure: Measure::Plain("Evictions", "Sum"),
        threshold: 1000.0,
        missing_data: "missing",
        ..Rule::DEFAULT
    },
    Rule {
        name: "connections",
        description: "The number of client connections is close to the limit",
        measure: Measure::Plain("CurrConnections", "Average"),
        threshold: 50_000.0,
        missing_data: "missing",
        ..Rule::DEFAULT
    },
    Rule {
        name: "bandwidth",
        description: "The node exceeds the outbound bandwidth of its type: responses are delayed",
        measure: Measure::Plain("NetworkBandwidthOutAllowanceExceeded", "Sum"),
        datapoints: 3,
        periods: 3,
        missing_data: "missing",
        ..Rule::DEFAULT
    },
    Rule {
        name: "hit_rate",
        description: "The hit rate is low",
        measure: Measure::Math(
            "IF(hits + misses > 1000, 100 * hits / (hits + misses), 100)",
            &[("hits", "CacheHits", "Sum"), ("misses", "CacheMisses", "Sum")],
        ),
        threshold: 80.0,
        when: When::Below,
        datapoints: 15,
        periods: 15,
        ..Rule::DEFAULT
    },
];

const REPLICATION_LAG: Rule = Rule {
    name: "replication_lag",
    description: "Replicas lag behind",
    measure: Measure::Plain("ReplicationLag", "Maximum"),
    threshold: 10.0,
    missing_data: "missing",
    ..Rule::DEFAULT
};

pub fn signals(build: &Build) -> Vec<Signal> {
    build.all().flat_map(|group| of_group(&group)).collect()
}

fn of_group(group: &Added<ReplicationGroup>) -> Vec<Signal> {
    let name = component_name(group.component());
    let shards = group.spec.num_node_groups.unwrap_or(1).max(1);
    let replicas = group.spec.replicas_per_node_group.unwrap_or(0).max(0);
    let in_cluster_mode = shards > 1 || group.spec.cluster_mode == "enabled";
    let mut found = Vec::new();
    for shard in 1..=shards {
        // In cluster mode the names of nodes contain the number of their shard.
        let within = if in_cluster_mode { format!("-{shard:04}") } else { String::new() };
        let prefix = format!("cache-{name}{within}");
        let title = format!("cache {name}, shard {shard}");
        let mut subject = Subject::new(group.component(), prefix, title, "AWS/ElastiCache");
        subject.nodes = (1..=replicas + 1)
            .map(|node| format!("{}{within}-{node:03}", group.output("name")))
            .map(|node| vec![("CacheClusterId", node)])
            .collect();
        found.extend(RULES.iter().map(|rule| (subject.clone(), *rule)));
        if replicas > 0 {
            found.push((subject, REPLICATION_LAG));
        }
    }
    found
}
