//! Which alarms the components of each section get by themselves. What each watches, and from
//! where on, is in `desired/watch`.

/// How a rule's threshold is written.
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
    /// It is so or it is not: there is no threshold.
    Yes,
}

use Unit::{Count, PerMinute, Percent, Seconds, Yes};

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
            ("at_max", Yes),
            ("capacity_gap", Count),
            ("cpu", Percent),
            ("no_healthy_hosts", Yes),
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
