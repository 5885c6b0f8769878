//! The default alarms of the components of each section. Their metrics and thresholds are in
//! `desired/monitoring`.

/// The unit in which a blueprint states the threshold of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `80%`
    Percent,
    /// `500ms`
    Seconds,
    /// `1000/m`
    PerMinute,
    /// `10`
    Count,
    /// The rule has no threshold: its condition is true or false.
    NoThreshold,
}

use Unit::{Count, NoThreshold, PerMinute, Percent, Seconds};

/// The rules of a section, each with the unit of its threshold.
pub fn rules(section: &str) -> &'static [(&'static str, Unit)] {
    match section {
        "load_balancers" => &[
            ("connection_errors", PerMinute),
            ("error_rate", Percent),
            ("latency_p50", Seconds),
            ("latency_p99", Seconds),
            ("rejected", PerMinute),
            ("target_error_rate", Percent),
        ],
        "services" => &[
            ("at_max", NoThreshold),
            ("capacity_gap", Count),
            ("cpu", Percent),
            ("no_healthy_hosts", NoThreshold),
            ("status_checks", Count),
            ("unhealthy_hosts", Count),
        ],
        "caches" => &[
            ("bandwidth", PerMinute),
            ("connections", Count),
            ("cpu", Percent),
            ("engine_cpu", Percent),
            ("evictions", PerMinute),
            ("hit_rate", Percent),
            ("memory", Percent),
            ("replication_lag", Seconds),
        ],
        "databases" => &[
            ("connections", Percent),
            ("cpu", Percent),
            ("disk_queue", Count),
            ("free_storage", Percent),
            ("read_latency", Seconds),
            ("replica_lag", Seconds),
            ("transaction_ids", Percent),
            ("write_latency", Seconds),
        ],
        "queues" => &[("age", Seconds), ("dead_letters", Count), ("in_flight", Count)],
        "cdn" => &[("client_error_rate", Percent), ("error_rate", Percent)],
        "rate_limits" => &[
            ("client_error_rate", Percent),
            ("error_rate", Percent),
            ("latency_p90", Seconds),
            ("throttled", PerMinute),
        ],
        _ => &[],
    }
}
