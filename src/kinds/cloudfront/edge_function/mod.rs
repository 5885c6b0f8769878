//! A CloudFront function: JavaScript that processes every request or response at an edge location,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-functions.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct EdgeFunction {
    pub name: String,
    /// Whether a change is published to the live stage. Always true.
    pub auto_publish: bool,
    pub function_code: String,
    pub function_config: Config,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Config {
    /// Contains the marker by which the stack recognises the function, see
    /// [`crate::names::marker`].
    pub comment: String,
    /// `cloudfront-js-2.0`.
    pub runtime: String,
}

impl Spec for EdgeFunction {
    const INFO: KindInfo = KindInfo {
        name: "edge-function",
        type_name: "AWS::CloudFront::Function",
        name_property: "Name",
        create_only: &["Name"],
        replace: Replace::Successor,
        directives: &["AutoPublish"],
        // The listings of the development and the live stage, and the code of each function.
        reads: Reads { fixed: 2, each: 1 },
        times: Times { create_s: 5, update_s: 5, delete_s: 2 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let account = mint.account;
        outputs(format!("arn:aws:cloudfront::{account}:function/{}", self.name), &self.name)
    }
}

fn outputs(arn: String, name: &str) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name.into())])
}
