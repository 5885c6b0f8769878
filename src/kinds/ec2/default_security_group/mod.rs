//! The default security group that AWS creates with every VPC. tenfold removes its rules: resources
//! launched without a security group use this one,
//! <https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html>.
//!
//! tenfold does not tag it. Each VPC has exactly one, so it has its VPC's name, and AWS
//! deletes it with the VPC. CloudFormation has no resource for it.
#[cfg(feature = "aws")]
mod calls;

use super::security_group_rule::Permission;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DefaultSecurityGroup {
    pub vpc_id: String,
    /// Always empty in the desired state; in a live group, its rules.
    pub security_group_ingress: BTreeSet<Permission>,
    /// Like `security_group_ingress`.
    pub security_group_egress: BTreeSet<Permission>,
}

impl Spec for DefaultSecurityGroup {
    const INFO: KindInfo = KindInfo {
        name: "default-security-group",
        type_name: "AWS::EC2::SecurityGroup",
        create_only: &["VpcId"],
        replace: Replace::Refuse,
        reads: Reads { fixed: 2, each: 0 },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.id("id", "sg"))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}
