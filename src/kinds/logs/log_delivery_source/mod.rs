//! What logs are to be delivered of: a distribution, for one,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html>.
//! It lives where CloudFront does, in us-east-1.
#[cfg(feature = "aws")]
mod calls;

use crate::facts::EDGE_REGION;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LogDeliverySource {
    pub name: String,
    pub resource_arn: String,
    /// `ACCESS_LOGS`.
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
