//! `workload`: the load that the stack is meant for. Nothing is made of it; estimates assume it.

use serde::Serialize;

use super::language::decode::Value;
use super::language::units::{Percent, Rate};

/// What is written of it; estimates fill in the rest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Workload {
    /// Requests over a day.
    pub mean: Option<Rate>,
    /// Requests at the busiest time.
    pub peak: Option<Rate>,
    /// CPU time that a service takes for one request.
    pub cpu_time_ms: Option<u32>,
    pub response_size_bytes: Option<u64>,
    /// Requests that the CDN answers by itself.
    pub cdn_hit_rate: Option<Percent>,
    /// Reads that a cache answers.
    pub cache_hit_rate: Option<Percent>,
    /// Requests that write.
    pub write_share: Option<Percent>,
    /// Requests that put a message into a queue.
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
