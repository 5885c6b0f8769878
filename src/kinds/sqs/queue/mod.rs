//! A queue, <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/welcome.html>.
mod attributes;
#[cfg(feature = "aws")]
mod calls;

use crate::policy::Policy;
use crate::reference;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times, Waiver};
use crate::tags::{NAME, Tags};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, to_value};
use std::collections::BTreeSet;

/// The action that moves failed messages back to their source queues.
pub const REDRIVE: &str = "redrive";

/// Durations are in seconds. The policy is a separate resource in CloudFormation, and an attribute of
/// the queue in SQS.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Queue {
    pub queue_name: String,
    /// `true` or absent: a standard queue does not have it. The same applies to the next three.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fifo_queue: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_based_deduplication: Option<bool>,
    /// `queue` or `messageGroup`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deduplication_scope: Option<String>,
    /// `perQueue` or `perMessageGroupId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fifo_throughput_limit: Option<String>,
    pub visibility_timeout: i32,
    pub message_retention_period: i32,
    pub delay_seconds: i32,
    /// In bytes.
    pub maximum_message_size: i32,
    pub receive_message_wait_time_seconds: i32,
    /// The dead-letter queue for messages that failed too often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redrive_policy: Option<RedrivePolicy>,
    /// The queues that can use this one as their dead-letter queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redrive_allow_policy: Option<RedriveAllowPolicy>,
    /// Encryption with a key that SQS manages: either this or a KMS key.
    pub sqs_managed_sse_enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_master_key_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_data_key_reuse_period_seconds: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    pub tags: Tags,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RedrivePolicy {
    pub dead_letter_target_arn: String,
    /// 1 to 1000.
    pub max_receive_count: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RedriveAllowPolicy {
    /// `byQueue`, `allowAll` or `denyAll`.
    pub redrive_permission: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub source_queue_arns: BTreeSet<String>,
}

impl Spec for Queue {
    const INFO: KindInfo = KindInfo {
        name: "queue",
        type_name: "AWS::SQS::Queue",
        name_property: "QueueName",
        create_only: &["QueueName", "FifoQueue"],
        replace: Replace::Refuse,
        stateful: true,
        back_references: &["RedriveAllowPolicy"],
        // The attributes and the tags of each.
        reads: Reads { fixed: 1, each: 2 },
        times: Times { create_s: 2, update_s: 1, delete_s: 1 },
        waivers: &[Waiver {
            controls: &["CKV2_AWS_73"],
            because: "messages are encrypted with a key that SQS manages unless `kms_key` names another",
        }],
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let mut queue = to_value(self).unwrap_or_default();
        let policy = queue.as_object_mut().and_then(|fields| fields.shift_remove("Policy"));
        let url = reference::to(Self::INFO.name, self.tags.get(NAME).unwrap_or_default(), "url");
        let policy = policy.map(|policy| {
            let properties = json!({ "PolicyDocument": policy, "Queues": [url] });
            ("AWS::SQS::QueuePolicy", properties)
        });
        [(Self::INFO.type_name, queue)].into_iter().chain(policy).collect()
    }

    /// The sandbox has no messages, so there are none to move.
    fn simulate(&self, action: &str, _arguments: &Value, _mint: &mut Mint) -> Option<Value> {
        (action == REDRIVE).then(|| json!({ "messages": 0 }))
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let url = format!(
            "https://sqs.{}.amazonaws.com/{}/{}",
            mint.region, mint.account, self.queue_name
        );
        outputs(url, mint.arn("sqs", &self.queue_name), self.queue_name.clone())
    }
}

fn outputs(url: String, arn: String, name: String) -> Outputs {
    Outputs::from([("url".into(), url), ("arn".into(), arn), ("name".into(), name)])
}
