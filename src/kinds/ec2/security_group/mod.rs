//! A security group without its rules, which are a separate kind, see
//! [`super::security_group_rule`]. <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html>
#[cfg(feature = "aws")]
mod calls;

use super::security_group_rule::Permission;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct SecurityGroup {
    pub group_name: String,
    pub group_description: String,
    pub vpc_id: String,
    /// Always empty in the desired state. AWS gives a new group a rule that allows all egress. A
    /// live spec contains this rule until tenfold removes it, so that a partly created group shows
    /// up as a difference. A rule of the stack that allows all egress is not included.
    pub security_group_egress: BTreeSet<Permission>,
    pub tags: Tags,
}

impl Spec for SecurityGroup {
    const INFO: KindInfo = KindInfo {
        name: "security-group",
        type_name: "AWS::EC2::SecurityGroup",
        name_property: "GroupName",
        // <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>
        names_ignore_case: true,
        create_only: &["GroupName", "GroupDescription", "VpcId"],
        replace: Replace::Refuse,
        // The groups and their rules.
        reads: Reads { fixed: 2, each: 0 },
        times: Times { create_s: 2, update_s: 1, delete_s: 2 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.id("id", "sg"))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}
