//! Where logs are to be delivered to: a folder of a bucket, for one,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html>.
//! It lives where CloudFront does, in us-east-1; the bucket may be elsewhere.
#[cfg(feature = "aws")]
mod calls;

use crate::facts::EDGE_REGION;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LogDeliveryDestination {
    pub name: String,
    /// Of a bucket, with a folder in it or none.
    pub destination_resource_arn: String,
    /// `json`, `plain`, `w3c`, `raw` or `parquet`.
    pub output_format: String,
    pub tags: Tags,
}

impl Spec for LogDeliveryDestination {
    const INFO: KindInfo = KindInfo {
        name: "log-delivery-destination",
        type_name: "AWS::Logs::DeliveryDestination",
        name_property: "Name",
        create_only: &["Name", "DestinationResourceArn", "OutputFormat"],
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(format!(
            "arn:aws:logs:{EDGE_REGION}:{}:delivery-destination:{}",
            mint.account, self.name
        ))
    }
}

fn outputs(arn: String) -> Outputs {
    Outputs::from([("arn".into(), arn)])
}
