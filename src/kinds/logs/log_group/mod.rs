//! A log group,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Waiver};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};

/// Log streams that share a retention period and a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LogGroup {
    pub log_group_name: String,
    /// In days. CloudWatch Logs accepts certain numbers only, see the API reference of
    /// PutRetentionPolicy.
    pub retention_in_days: i32,
    /// `None`: CloudWatch Logs encrypts with keys that it manages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// The group's region, if it is not the stack's: a web ACL of CloudFront writes its log to a group
    /// in CloudFront's region. CloudFormation has no such property.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    pub tags: Tags,
}

impl Spec for LogGroup {
    const INFO: KindInfo = KindInfo {
        name: "log-group",
        type_name: "AWS::Logs::LogGroup",
        name_property: "LogGroupName",
        create_only: &["LogGroupName", "Region"],
        replace: Replace::Refuse,
        stateful: true,
        // The listing in the stack's region and in CloudFront's; the tags of each group.
        reads: Reads { fixed: 2, each: 1 },
        waivers: &[
            Waiver {
                controls: &["CKV_AWS_158"],
                because: "logs are encrypted with a key that CloudWatch Logs manages",
            },
            Waiver {
                controls: &["CKV_AWS_338"],
                because: "logs are kept for a month by default; set `log_retention` to keep them longer",
            },
        ],
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let properties = to_value(LogGroup { region: None, ..self.clone() });
        vec![(Self::INFO.type_name, properties.unwrap_or_default())]
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let region = self.region.as_deref().unwrap_or(mint.region);
        outputs(arn("aws", region, mint.account, &self.log_group_name), &self.log_group_name)
    }
}

fn arn(partition: &str, region: &str, account: &str, name: &str) -> String {
    format!("arn:{partition}:logs:{region}:{account}:log-group:{name}")
}

/// `arn` has no `:*` at its end. CloudWatch Logs appends that, but other services reject it.
fn outputs(arn: String, name: &str) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name.into())])
}
