//! The association of a web ACL with a load balancer or with a stage of an API,
//! <https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html>. A distribution
//! refers to its ACL itself.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use serde::{Deserialize, Serialize};

/// The protected resource has at most one ACL. The association has the ACL's name. For a load balancer
/// the load balancer's name follows, because one ACL can protect several.
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
        // For each ACL, its load balancers and its stages.
        reads: Reads { fixed: 0, each: 2 },
        times: Times { create_s: 10, update_s: 10, delete_s: 5 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(self.web_acl_arn.clone())
    }
}

/// The ACL's ARN. Resources that must be protected before they accept requests refer to this output.
fn outputs(web_acl_arn: String) -> Outputs {
    Outputs::from([("web_acl_arn".into(), web_acl_arn)])
}
