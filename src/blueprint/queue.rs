//! `queues`: SQS queues and their dead-letter queues.

use serde::Serialize;
use std::collections::BTreeMap;

use super::language::code;
use super::language::decode::Value;
use super::language::fields::Fields;
use super::language::names::is_arn;
use super::monitoring::alarms;
use super::monitoring::alarms::Alarms;

/// An SQS queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Queue {
    /// The name or ARN of an existing queue. Of the other fields, only `alarms` applies to it.
    pub existing: Option<String>,
    /// Whether SQS delivers messages in order and without duplicates, at a lower rate. Default: false.
    pub fifo: bool,
    /// Seconds that a received message is hidden from other consumers, up to 12 hours. Default: six
    /// times the handler time of the slowest consumer, at least 30 seconds.
    pub visibility_s: u32,
    /// Seconds that a message is kept, 1 minute to 14 days. Default: 4 days.
    pub retention_s: u32,
    /// Seconds before a new message can be received, 0 to 900. Default: 0.
    pub delay_s: u32,
    /// 1 KiB to 1 MiB. Default: 1 MiB.
    pub max_message_bytes: u32,
    /// None: a message that fails is retried until it expires.
    pub dead_letter: Option<DeadLetter>,
    /// None: SQS encrypts messages with its own key.
    pub kms_key: Option<String>,
    /// Changes to the default alarms.
    pub alarms: Alarms,
}

/// The dead-letter queue of a queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeadLetter {
    /// Receives after which SQS moves a message to the dead-letter queue, 1 to 1000. Default: 5.
    pub after: u32,
    /// Seconds that a message is kept, 1 minute to 14 days. Default: 14 days.
    pub retention_s: u32,
}

const DAY_S: u32 = 86_400;
const HOUR_S: u32 = 3600;
const KIB: u32 = 1024;

/// The default visibility timeout is six times the time of a handler, so that it can be
/// retried within the timeout, and at least `MIN_VISIBILITY_S`.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html>
pub const VISIBILITY_PER_HANDLER: u32 = 6;
const MIN_VISIBILITY_S: u32 = 30;
const MAX_VISIBILITY_S: u32 = 12 * HOUR_S;

/// `slowest` contains the longest handler time of the consumers of each queue, in milliseconds.
pub(super) fn decode(value: Value<'_>, slowest: &BTreeMap<String, u32>) -> Option<Queue> {
    let handler_ms = slowest.get(value.key).copied().unwrap_or_default();
    let six_fold_s = handler_ms.saturating_mul(VISIBILITY_PER_HANDLER).div_ceil(1000);
    let visibility_s = six_fold_s.clamp(MIN_VISIBILITY_S, MAX_VISIBILITY_S);
    value.fields(|fields| {
        let existing = fields.optional("existing", existing);
        if existing.is_some() {
            refuse_settings(fields);
        }
        Queue {
            existing,
            fifo: fields.or("fifo", false, Value::boolean),
            visibility_s: fields
                .or("visibility", visibility_s, |value| value.seconds(1..=MAX_VISIBILITY_S)),
            retention_s: fields.or("retention", 4 * DAY_S, retention),
            delay_s: fields.or("delay", 0, |value| value.seconds(0..=900)),
            max_message_bytes: KIB * fields.or("max_message", 1024, |value| value.kib(1..=1024)),
            dead_letter: fields.switch("dead_letter", Some(default_dead_letter()), dead_letter),
            kms_key: fields.optional("kms_key", |value| value.text().map(str::to_string)),
            alarms: fields.or("alarms", Alarms::new(), |value| alarms::decode(value, "queues")),
        }
    })
}

fn existing(value: Value<'_>) -> Option<String> {
    let is_name = |text: &str| {
        let name = text.strip_suffix(".fifo").unwrap_or(text);
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        !name.is_empty() && text.len() <= 80 && name.chars().all(is_allowed)
    };
    let fits = |text: &str| is_name(text) || is_arn("sqs")(text);
    value.shaped(fits, "the name or ARN of a queue", "arn:aws:sqs:us-east-1:111122223333:orders")
}

/// Refuses settings of an existing queue, which tenfold never changes.
fn refuse_settings(fields: &Fields<'_>) {
    let settings =
        ["fifo", "visibility", "retention", "delay", "max_message", "dead_letter", "kms_key"];
    for key in settings.into_iter().filter(|key| fields.has(key)) {
        fields.clash(
            code::EITHER_OR,
            format!("both `{key}` and `existing` are set"),
            (key, "applies to a new queue"),
            ("existing", "an existing queue"),
            format!("remove `{key}`, or remove `existing` to create a queue"),
        );
    }
}

fn retention(value: Value<'_>) -> Option<u32> {
    value.seconds(60..=14 * DAY_S)
}

fn default_dead_letter() -> DeadLetter {
    DeadLetter { after: 5, retention_s: 14 * DAY_S }
}

fn dead_letter(value: Value<'_>) -> Option<DeadLetter> {
    let default = default_dead_letter();
    if value.is_true() {
        return Some(default);
    }
    value.fields(|fields| DeadLetter {
        after: fields.or("after", default.after, |value| value.count(1..=1000)),
        retention_s: fields.or("retention", default.retention_s, retention),
    })
}
