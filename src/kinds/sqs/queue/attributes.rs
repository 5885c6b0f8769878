//! The attributes of a queue in SQS: a map of strings, in which an empty string means unset.
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>
use super::{Queue, RedriveAllowPolicy, RedrivePolicy};
use crate::policy::Policy;
use crate::tags::Tags;
use serde::Serialize;
use serde_json::{Value, from_str, from_value, to_string};
use std::collections::BTreeMap;

/// The default data-key reuse period in seconds. SQS omits the attribute at this value.
const KEY_REUSE_S: i32 = 300;

pub type Attributes = BTreeMap<String, String>;

impl Queue {
    /// All attributes except those that only CreateQueue accepts.
    pub fn attributes(&self) -> Attributes {
        fn text<T: ToString>(value: Option<T>) -> String {
            value.map(|value| value.to_string()).unwrap_or_default()
        }
        fn json<T: Serialize>(value: &Option<T>) -> String {
            value.as_ref().and_then(|value| to_string(value).ok()).unwrap_or_default()
        }
        let always = [
            ("VisibilityTimeout", self.visibility_timeout.to_string()),
            ("MessageRetentionPeriod", self.message_retention_period.to_string()),
            ("DelaySeconds", self.delay_seconds.to_string()),
            ("MaximumMessageSize", self.maximum_message_size.to_string()),
            ("ReceiveMessageWaitTimeSeconds", self.receive_message_wait_time_seconds.to_string()),
            ("RedrivePolicy", json(&self.redrive_policy)),
            ("RedriveAllowPolicy", json(&self.redrive_allow_policy)),
            ("SqsManagedSseEnabled", self.sqs_managed_sse_enabled.to_string()),
            ("KmsMasterKeyId", text(self.kms_master_key_id.as_ref())),
            ("Policy", text(self.policy.as_ref())),
        ];
        let some = [
            ("ContentBasedDeduplication", text(self.content_based_deduplication)),
            ("DeduplicationScope", text(self.deduplication_scope.as_ref())),
            ("FifoThroughputLimit", text(self.fifo_throughput_limit.as_ref())),
            ("KmsDataKeyReusePeriodSeconds", text(self.kms_data_key_reuse_period_seconds)),
        ];
        let some = some.into_iter().filter(|(_, value)| !value.is_empty());
        always.into_iter().chain(some).map(|(name, value)| (name.to_string(), value)).collect()
    }
}

/// A queue from the attributes that SQS returns.
///
/// # Errors
/// A policy is not valid.
pub fn read(name: &str, attributes: &Attributes, tags: Tags) -> Result<Queue, String> {
    let text = |key: &str| attributes.get(key).filter(|value| !value.is_empty());
    let number = |key: &str| text(key).and_then(|value| value.parse().ok());
    let flag = |key: &str| text(key).map(|value| value == "true");
    let explain = |error: serde_json::Error| format!("the queue {name}: {error}");
    let fifo = flag("FifoQueue").filter(|fifo| *fifo);
    let kms_master_key_id = text("KmsMasterKeyId").cloned();
    let reuse_s = number("KmsDataKeyReusePeriodSeconds").unwrap_or(KEY_REUSE_S);
    let redrive = text("RedrivePolicy").map(|text| redrive_policy(text)).transpose();
    let allow = text("RedriveAllowPolicy").map(|text| from_str::<RedriveAllowPolicy>(text));
    Ok(Queue {
        queue_name: name.to_string(),
        content_based_deduplication: flag("ContentBasedDeduplication").filter(|_| fifo.is_some()),
        deduplication_scope: text("DeduplicationScope").cloned(),
        fifo_throughput_limit: text("FifoThroughputLimit").cloned(),
        fifo_queue: fifo,
        visibility_timeout: number("VisibilityTimeout").unwrap_or_default(),
        message_retention_period: number("MessageRetentionPeriod").unwrap_or_default(),
        delay_seconds: number("DelaySeconds").unwrap_or_default(),
        maximum_message_size: number("MaximumMessageSize").unwrap_or_default(),
        receive_message_wait_time_seconds: number("ReceiveMessageWaitTimeSeconds")
            .unwrap_or_default(),
        redrive_policy: redrive.map_err(explain)?,
        redrive_allow_policy: allow.transpose().map_err(explain)?,
        sqs_managed_sse_enabled: flag("SqsManagedSseEnabled") == Some(true)
            && kms_master_key_id.is_none(),
        kms_data_key_reuse_period_seconds: kms_master_key_id.as_ref().map(|_| reuse_s),
        kms_master_key_id,
        policy: text("Policy").map(|text| Policy::parse(text)).transpose().map_err(explain)?,
        tags,
    })
}

/// SQS returns the count as a number or as a string, whichever was sent.
fn redrive_policy(text: &str) -> Result<RedrivePolicy, serde_json::Error> {
    let mut policy: Value = from_str(text)?;
    if let Some(Value::String(count)) = policy.get("maxReceiveCount") {
        policy["maxReceiveCount"] = from_str(count)?;
    }
    from_value(policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_the_attributes_that_it_sends() {
        let returned = [
            ("VisibilityTimeout", "60"),
            ("MessageRetentionPeriod", "345600"),
            ("DelaySeconds", "0"),
            ("MaximumMessageSize", "1048576"),
            ("ReceiveMessageWaitTimeSeconds", "20"),
            ("RedrivePolicy", r#"{"deadLetterTargetArn":"arn:x","maxReceiveCount":"3"}"#),
            ("KmsMasterKeyId", "alias/orders"),
            ("SqsManagedSseEnabled", "false"),
        ];
        let returned: Attributes =
            returned.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        let queue = read("shop-orders", &returned, Tags::default()).unwrap();
        assert_eq!(queue.redrive_policy.as_ref().unwrap().max_receive_count, 3);
        assert_eq!(queue.kms_data_key_reuse_period_seconds, Some(300));
        let again = read("shop-orders", &queue.attributes(), Tags::default()).unwrap();
        assert_eq!(again, queue);
        assert_eq!(queue.attributes()["RedriveAllowPolicy"], "");
    }
}
