//! A topic for notifications, and who can publish to it,
//! <https://docs.aws.amazon.com/sns/latest/dg/welcome.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::policy::Policy;
use crate::reference;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec};
use crate::tags::{NAME, Tags};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Topic {
    pub topic_name: String,
    /// The sender name in e-mails.
    pub display_name: String,
    /// The key with which SNS encrypts messages while it stores them. A customer-managed key: alarms
    /// cannot publish to a topic with the AWS-managed key for SNS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_master_key_id: Option<String>,
    /// A separate resource in CloudFormation.
    pub policy_document: Policy,
    pub tags: Tags,
}

impl Spec for Topic {
    const INFO: KindInfo = KindInfo {
        name: "topic",
        type_name: "AWS::SNS::Topic",
        name_property: "TopicName",
        create_only: &["TopicName"],
        // The attributes and the tags of each.
        reads: Reads { fixed: 1, each: 2 },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let mut topic = json!(self);
        if let Some(fields) = topic.as_object_mut() {
            fields.shift_remove("PolicyDocument");
        }
        let own = reference::to(Self::INFO.name, self.tags.get(NAME).unwrap_or_default(), "arn");
        let policy = json!({ "Topics": [own], "PolicyDocument": self.policy_document });
        vec![(Self::INFO.type_name, topic), ("AWS::SNS::TopicPolicy", policy)]
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.arn("sns", &self.topic_name), &self.topic_name)
    }
}

fn outputs(arn: String, name: &str) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name.into())])
}
