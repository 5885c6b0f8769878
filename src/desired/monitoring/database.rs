//! Alarms of databases, for each instance of each shard,
//! <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html>.
use super::rule::{Measure, Rule, Signal, Subject, When};
use crate::blueprint::monitoring::alarms::Severity;
use crate::desired::build::{Added, Build};
use crate::kinds::rds::db_instance::DbInstance;
use std::collections::BTreeMap;

const GIB: f64 = 1_073_741_824.0;
/// How many transaction IDs PostgreSQL has before writes stop; vacuum frees them.
const TRANSACTION_IDS: f64 = 2_147_483_648.0;

const RULES: &[Rule] = &[
    Rule {
        name: "cpu",
        description: "The instance is busy",
        measure: Measure::Plain("CPUUtilization", "Average"),
        threshold: 80.0,
        datapoints: 8,
        periods: 10,
        missing_data: "missing",
        ..Rule::DEFAULT
    },
    Rule {
        name: "connections",
        description: "The number of client connections is close to the limit",
        measure: Measure::Plain("DatabaseConnections", "Average"),
        threshold: 80.0,
        scale: None,
        missing_data: "missing",
        severity: Severity::Page,
        ..Rule::DEFAULT
    },
    Rule {
        name: "free_storage",
        description: "Free storage is low",
        measure: Measure::Plain("FreeStorageSpace", "Minimum"),
        threshold: 10.0,
        scale: None,
        when: When::Below,
        period_s: 300,
        datapoints: 3,
        periods: 3,
        missing_data: "missing",
        severity: Severity::Page,
    },
    Rule {
        name: "disk_queue",
        description: "Reads and writes wait for the disk",
        measure: Measure::Plain("DiskQueueDepth", "Average"),
        threshold: 64.0,
        missing_data: "missing",
        ..Rule::DEFAULT
    },
    Rule {
        name: "read_latency",
        description: "Reads from the disk take long",
        measure: Measure::Plain("ReadLatency", "Average"),
        threshold: 0.02,
        missing_data: "missing",
        ..Rule::DEFAULT
    },
    Rule {
        name: "write_latency",
        description: "Writes to the disk take long",
        measure: Measure::Plain("WriteLatency", "Average"),
        threshold: 0.02,
        missing_data: "missing",
        ..Rule::DEFAULT
    },
];

const REPLICA_LAG: Rule = Rule {
    name: "replica_lag",
    description: "The replica lags behind",
    measure: Measure::Plain("ReplicaLag", "Maximum"),
    threshold: 30.0,
    missing_data: "missing",
    ..Rule::DEFAULT
};

const IDS: Rule = Rule {
    name: "transaction_ids",
    description: "Transaction IDs run out: vacuum does not keep up, and writes will stop",
    measure: Measure::Plain("MaximumUsedTransactionIDs", "Average"),
    threshold: 50.0,
    scale: Some(TRANSACTION_IDS / 100.0),
    period_s: 3600,
    datapoints: 1,
    periods: 1,
    missing_data: "missing",
    severity: Severity::Page,
    ..Rule::DEFAULT
};

pub fn signals(build: &Build) -> Vec<Signal> {
    build.all().flat_map(|instance| of_instance(&instance)).collect()
}

fn of_instance(instance: &Added<DbInstance>) -> Vec<Signal> {
    let (name, spec) = (instance.name(), instance.spec);
    let prefix = format!("database-{name}");
    let title = format!("database {name}");
    let subject = Subject::new(instance.component(), prefix, title, "AWS/RDS");
    let mut subject = subject.node(vec![("DBInstanceIdentifier", instance.output("name"))]);
    if let Some(most) = connections(&spec.db_instance_class) {
        subject.scales.insert("connections", most / 100.0);
    }
    if spec.allocated_storage > 0 {
        let gib = f64::from(spec.allocated_storage);
        subject.scales.insert("free_storage", gib * GIB / 100.0);
        // A tenth of a small disk can fill up within minutes.
        subject.thresholds = BTreeMap::from([("free_storage", (1000.0 / gib).clamp(10.0, 50.0))]);
    }
    let replica = spec.source_db_instance_identifier.is_some();
    let more = if replica { REPLICA_LAG } else { IDS };
    RULES.iter().chain([&more]).map(|rule| (subject.clone(), *rule)).collect()
}

/// How many connections an instance class accepts: RDS's default for PostgreSQL, which depends on
/// the memory and is 5000 at most.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections>
fn connections(class: &str) -> Option<f64> {
    memory_gib(class).map(|gib| (gib * GIB / 9_531_392.0).floor().min(5000.0))
}

/// The memory of a class such as `db.r7g.large`: eight, four or two GiB for each of its vCPUs.
/// <https://aws.amazon.com/rds/instance-types/>
fn memory_gib(class: &str) -> Option<f64> {
    let (family, size) = class.strip_prefix("db.").unwrap_or(class).split_once('.')?;
    if family.starts_with('t') {
        let small = [("micro", 1.0), ("small", 2.0), ("medium", 4.0), ("large", 8.0)];
        let larger = [("xlarge", 16.0), ("2xlarge", 32.0)];
        return small.iter().chain(&larger).find(|(name, _)| *name == size).map(|(_, gib)| *gib);
    }
    let per_vcpu = match family.chars().next()? {
        'r' => 8.0,
        'm' => 4.0,
        'c' => 2.0,
        _ => return None,
    };
    let vcpus = match size {
        "medium" => 1.0,
        "large" => 2.0,
        "xlarge" => 4.0,
        _ => size.strip_suffix("xlarge")?.parse::<f64>().ok()? * 4.0,
    };
    Some(per_vcpu * vcpus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_connections_depend_on_memory() {
        assert_eq!(connections("db.r7g.large"), Some(1802.0));
        assert_eq!(connections("db.t4g.medium"), Some(450.0));
        assert_eq!(connections("r7g.16xlarge"), Some(5000.0));
        assert_eq!(connections("db.weird"), None);
    }
}
