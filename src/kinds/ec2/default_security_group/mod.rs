//! The security group that every VPC comes with, closed: what is launched without a group of its
//! own lands in it. <https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html>
//!
//! It bears no tags. There is one for each VPC, so that it has its VPC's name and goes with it,
//! and CloudFormation has no resource for it.
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
    /// Always empty in what is wanted; of a live group, the rules it has.
    pub security_group_ingress: BTreeSet<Permission>,
    /// Likewise.
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
