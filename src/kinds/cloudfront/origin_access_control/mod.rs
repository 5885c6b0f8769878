//! An origin access control: how CloudFront signs its requests to a bucket, so that the bucket can
//! recognise them,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Spec, Times};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct OriginAccessControl {
    pub origin_access_control_config: Config,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Config {
    pub name: String,
    /// Contains the marker by which the stack recognises the control, see [`crate::names::marker`].
    pub description: String,
    pub origin_access_control_origin_type: String,
    /// `always`, `never` or `no-override`.
    pub signing_behavior: String,
    pub signing_protocol: String,
}

impl Spec for OriginAccessControl {
    const INFO: KindInfo = KindInfo {
        name: "origin-access-control",
        type_name: "AWS::CloudFront::OriginAccessControl",
        times: Times { create_s: 2, update_s: 2, delete_s: 2 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.cloudfront_id("id"))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}
