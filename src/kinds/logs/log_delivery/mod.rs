//! The delivery of logs from a source to a destination,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html>.
//! The delivery is in CloudFront's region, us-east-1.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

/// Connects a delivery source to a destination.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LogDelivery {
    pub delivery_source_name: String,
    pub delivery_destination_arn: String,
    /// The fields of a record, in this order.
    pub record_fields: Vec<String>,
    /// The folders below the destination's folder, such as `{yyyy}/{MM}/{dd}/{HH}`.
    #[serde(rename = "S3SuffixPath")]
    pub s3_suffix_path: String,
    /// Whether the folders have the form `year=2026/month=…`.
    #[serde(rename = "S3EnableHiveCompatiblePath")]
    pub s3_enable_hive_compatible_path: bool,
    pub tags: Tags,
}

impl Spec for LogDelivery {
    const INFO: KindInfo = KindInfo {
        name: "log-delivery",
        type_name: "AWS::Logs::Delivery",
        create_only: &["DeliverySourceName", "DeliveryDestinationArn"],
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(match mint.before.get("id") {
            Some(before) => before.clone(),
            None => (mint.digits)(),
        })
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}
