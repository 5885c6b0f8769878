//! The source of a log delivery: the resource whose logs are delivered, such as a distribution,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html>.
//! The source is in CloudFront's region, us-east-1.
#[cfg(feature = "aws")]
mod calls;

use crate::facts::EDGE_REGION;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

/// A resource whose logs are delivered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LogDeliverySource {
    pub name: String,
    pub resource_arn: String,
    /// Such as `ACCESS_LOGS`.
    pub log_type: String,
    pub tags: Tags,
}

impl Spec for LogDeliverySource {
    const INFO: KindInfo = KindInfo {
        name: "log-delivery-source",
        type_name: "AWS::Logs::DeliverySource",
        name_property: "Name",
        create_only: &["Name", "ResourceArn", "LogType"],
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn =
            format!("arn:aws:logs:{EDGE_REGION}:{}:delivery-source:{}", mint.account, self.name);
        outputs(arn, self.name.clone())
    }
}

fn outputs(arn: String, name: String) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name)])
}
