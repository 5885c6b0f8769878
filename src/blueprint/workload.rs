//! `workload`: the expected load of the stack. It is used for estimates only; no resource depends on
//! it.

use serde::Serialize;

use super::language::decode::Value;
use super::language::units::{Percent, Rate};

/// The expected load. Estimates fill in values that are none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Workload {
    /// Mean rate of requests over a day.
    pub mean: Option<Rate>,
    /// Rate of requests at the busiest time.
    pub peak: Option<Rate>,
    /// CPU time of a service for one request, in milliseconds.
    pub cpu_time_ms: Option<u32>,
    pub response_size_bytes: Option<u64>,
    /// Percentage of requests that the CDN serves from its cache.
    pub cdn_hit_rate: Option<Percent>,
    /// Percentage of reads that a cache serves.
    pub cache_hit_rate: Option<Percent>,
    /// Percentage of requests that write.
    pub write_share: Option<Percent>,
    /// Percentage of requests that send a message to a queue.
    pub queue_share: Option<Percent>,
}

pub(super) fn decode(value: Value<'_>) -> Option<Workload> {
    let share = |value: Value<'_>| value.percent(0.0..=100.0);
    value.fields(|fields| Workload {
        mean: fields.optional("mean", Value::rate),
        peak: fields.optional("peak", Value::rate),
        cpu_time_ms: fields.optional("cpu_time", |value| value.milliseconds(1..=900_000)),
        response_size_bytes: fields.optional("response_size", Value::size_bytes),
        cdn_hit_rate: fields.optional("cdn_hit_rate", share),
        cache_hit_rate: fields.optional("cache_hit_rate", share),
        write_share: fields.optional("write_share", share),
        queue_share: fields.optional("queue_share", share),
    })
}
