//! `consumes` of a service: the queues whose messages it processes, and how long they may wait.

use serde::Serialize;
use std::collections::BTreeMap;

use crate::blueprint::language::decode::Value;

/// Name of the queue to how it is consumed.
pub type Consumes = BTreeMap<String, Consume>;

/// How the instances of a service process the messages of a queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Consume {
    /// The longest time that a message should wait, in seconds, up to 24 h. Default: 60.
    pub within_s: u32,
    /// The time that an instance needs for one message, in milliseconds, up to 12 h.
    pub handler_time_ms: u32,
    /// Messages that an instance processes at the same time, 1 to 10,000. Default: 1.
    pub concurrency: u32,
}

impl Consume {
    /// The number of messages that may wait per instance if the last one is to be received within
    /// `within_s`.
    /// <https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html>
    pub fn backlog(&self) -> f64 {
        let sequential = f64::from(self.within_s) * 1000.0 / f64::from(self.handler_time_ms);
        sequential * f64::from(self.concurrency)
    }
}

const HOUR_S: u32 = 3600;

pub(super) fn decode(value: Value<'_>) -> Option<Consumes> {
    value.named(|value| {
        value.fields(|fields| {
            let handler_time_ms = fields.required("handler_time", "handler_time: 250ms", |value| {
                value.milliseconds(1..=12 * HOUR_S * 1000)
            });
            Some(Consume {
                within_s: fields.or("within", 60, |value| value.seconds(1..=24 * HOUR_S)),
                concurrency: fields.or("concurrency", 1, |value| value.count(1..=10_000)),
                handler_time_ms: handler_time_ms?,
            })
        })?
    })
}

/// The longest handler time, in milliseconds; none without queues.
pub(super) fn slowest_ms(consumes: &Consumes) -> Option<u32> {
    consumes.values().map(|consume| consume.handler_time_ms).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backlog_is_what_an_instance_processes_in_time() {
        let consume = Consume { within_s: 30, handler_time_ms: 250, concurrency: 8 };
        assert_eq!(consume.backlog(), 960.0);
        let consume = Consume { within_s: 10, handler_time_ms: 100, concurrency: 4 };
        assert_eq!(consume.backlog(), 400.0);
    }
}
