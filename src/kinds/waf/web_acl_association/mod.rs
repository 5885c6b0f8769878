//! A web ACL in front of a load balancer or a stage of an API,
//! <https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html>. A distribution
//! names its ACL itself.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use serde::{Deserialize, Serialize};

/// What it guards has one ACL at most. It bears the ACL's name, and behind it that of the load
/// balancer, of which one ACL may guard several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct WebAclAssociation {
    pub resource_arn: String,
    #[serde(rename = "WebACLArn")]
    pub web_acl_arn: String,
}

impl Spec for WebAclAssociation {
    const INFO: KindInfo = KindInfo {
        name: "web-acl-association",
        type_name: "AWS::WAFv2::WebACLAssociation",
        create_only: &["ResourceArn"],
        replace: Replace::Successor,
        // The load balancers and the stages of each ACL.
        reads: Reads { fixed: 0, each: 2 },
        times: Times { create_s: 10, update_s: 10, delete_s: 5 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(self.web_acl_arn.clone())
    }
}

/// The ACL's ARN once more: what must be guarded before it is opened refers to it.
fn outputs(web_acl_arn: String) -> Outputs {
    Outputs::from([("web_acl_arn".into(), web_acl_arn)])
}
