//! `consumes` of a service: the queues it works off, and how fast that has to go.

use serde::Serialize;
use std::collections::BTreeMap;

use crate::blueprint::language::decode::Value;

/// By the name of the queue.
pub type Consumes = BTreeMap<String, Consume>;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Consume {
    /// The longest that a message should wait.
    pub within_s: u32,
    /// What an instance takes for one message.
    pub handler_time_ms: u32,
    /// Messages that an instance handles at once.
    pub concurrency: u32,
}

impl Consume {
    /// Messages that may wait for each instance so that the last is taken up in time.
    /// <https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html>
    pub fn backlog(&self) -> f64 {
        let one_after_the_other =
            f64::from(self.within_s) * 1000.0 / f64::from(self.handler_time_ms);
        one_after_the_other * f64::from(self.concurrency)
    }
}

const HOUR_S: u32 = 3600;

pub(crate) fn decode(value: Value<'_>) -> Option<Consumes> {
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

/// What the slowest message takes.
pub fn slowest_ms(consumes: &Consumes) -> Option<u32> {
    consumes.values().map(|consume| consume.handler_time_ms).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlog_is_what_an_instance_does_in_time() {
        let consume = Consume { within_s: 30, handler_time_ms: 250, concurrency: 8 };
        assert_eq!(consume.backlog(), 960.0);
        let consume = Consume { within_s: 10, handler_time_ms: 100, concurrency: 4 };
        assert_eq!(consume.backlog(), 400.0);
    }
}
