//! A log group, <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html>.
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Waiver};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LogGroup {
    pub log_group_name: String,
    /// One of the numbers that CloudWatch Logs takes, see the API reference of PutRetentionPolicy.
    pub retention_in_days: i32,
    /// None: keys of the service's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    pub tags: Tags,
}

impl Spec for LogGroup {
    const INFO: KindInfo = KindInfo {
        name: "log-group",
        type_name: "AWS::Logs::LogGroup",
        name_property: "LogGroupName",
        create_only: &["LogGroupName"],
        replace: Replace::Refuse,
        stateful: true,
        reads: Reads { fixed: 1, each: 1 },
        waivers: &[
            Waiver {
                controls: &["CKV_AWS_158"],
                because: "logs are encrypted by a key of the service's own",
            },
            Waiver {
                controls: &["CKV_AWS_338"],
                because: "logs are kept a month unless `log_retention` says otherwise",
            },
        ],
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = mint.arn("logs", &format!("log-group:{}", self.log_group_name));
        outputs(arn, &self.log_group_name)
    }
}

/// The ARN is without the `:*` that the API appends: other services do not take that.
fn outputs(arn: String, name: &str) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name.into())])
}
