//! A log group, <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Waiver};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LogGroup {
    pub log_group_name: String,
    /// One of the numbers that CloudWatch Logs takes, see the API reference of PutRetentionPolicy.
    pub retention_in_days: i32,
    /// None: keys of the service's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Where it is kept, if not in the stack's region: what CloudFront's firewall writes must be in
    /// CloudFront's. CloudFormation has no word for this.
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
        // The region's and CloudFront's; the tags of each.
        reads: Reads { fixed: 2, each: 1 },
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

/// The ARN is without the `:*` that the API appends: other services do not take that.
fn outputs(arn: String, name: &str) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name.into())])
}
