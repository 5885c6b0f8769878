//! `queues`: work that is done later, and where it goes when it keeps failing.

use serde::Serialize;
use std::collections::BTreeMap;

use super::language::code;
use super::language::decode::Value;
use super::language::fields::Fields;
use super::language::names::is_arn;
use super::monitoring::alarms;
use super::monitoring::alarms::Alarms;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Queue {
    /// The name of a queue that is there already, or its ARN. Then only the alarms matter.
    pub existing: Option<String>,
    /// Order is kept and nothing comes twice, at a lower rate.
    pub fifo: bool,
    /// How long a message that was taken is hidden from the others.
    pub visibility_s: u32,
    pub retention_s: u32,
    pub delay_s: u32,
    pub max_message_bytes: u32,
    /// None: a message that fails is tried until it expires.
    pub dead_letter: Option<DeadLetter>,
    /// None: a key of the service's own.
    pub kms_key: Option<String>,
    pub alarms: Alarms,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeadLetter {
    /// So many receives in vain.
    pub after: u32,
    pub retention_s: u32,
}

const DAY_S: u32 = 86_400;
const HOUR_S: u32 = 3600;
const KIB: u32 = 1024;

/// A message is hidden for six times what handling it takes, so that it can be tried again within
/// a handler, and for so long at least.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html>
pub const VISIBILITY_PER_HANDLER: u32 = 6;
const LEAST_VISIBILITY_S: u32 = 30;
const MOST_VISIBILITY_S: u32 = 12 * HOUR_S;

/// `slowest` has, by queue, the longest that a consumer takes for a message, in milliseconds.
pub(super) fn decode(value: Value<'_>, slowest: &BTreeMap<String, u32>) -> Option<Queue> {
    let handler_ms = slowest.get(value.key).copied().unwrap_or_default();
    let six_fold_s = handler_ms.saturating_mul(VISIBILITY_PER_HANDLER).div_ceil(1000);
    let visibility_s = six_fold_s.clamp(LEAST_VISIBILITY_S, MOST_VISIBILITY_S);
    value.fields(|fields| {
        let existing = fields.optional("existing", existing);
        if existing.is_some() {
            refuse_settings(fields);
        }
        Queue {
            existing,
            fifo: fields.or("fifo", false, Value::boolean),
            visibility_s: fields
                .or("visibility", visibility_s, |value| value.seconds(1..=MOST_VISIBILITY_S)),
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
        let fits = |one: char| one.is_ascii_alphanumeric() || "-_".contains(one);
        !name.is_empty() && text.len() <= 80 && name.chars().all(fits)
    };
    let fits = |text: &str| is_name(text) || is_arn("sqs")(text);
    value.shaped(
        fits,
        "the name or the ARN of a queue",
        "arn:aws:sqs:us-east-1:111122223333:orders",
    )
}

/// What exists is used as it is.
fn refuse_settings(fields: &Fields<'_>) {
    let settings =
        ["fifo", "visibility", "retention", "delay", "max_message", "dead_letter", "kms_key"];
    for key in settings.into_iter().filter(|key| fields.has(key)) {
        fields.clash(
            code::EITHER_OR,
            format!("`{key}` of a queue that exists"),
            (key, "would change it"),
            ("existing", "is used as it is"),
            format!("remove `{key}`, or remove `existing` for a queue of the stack's own"),
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
