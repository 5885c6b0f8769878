//! The destination of a log delivery, such as a folder in a bucket,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html>.
//! The destination is in CloudFront's region, us-east-1; the bucket can be in another region.
#[cfg(feature = "aws")]
mod calls;

use crate::facts::EDGE_REGION;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

/// A place to which logs are delivered, and the format of the files there.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LogDeliveryDestination {
    pub name: String,
    /// The ARN of a bucket, optionally followed by a folder.
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
