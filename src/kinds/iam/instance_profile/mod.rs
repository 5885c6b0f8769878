//! An instance profile, which gives a role to instances,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec, Times};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// CloudFormation does not support its tags and IAM does not list them, so path and name identify
/// it: the path is the stack's, the name is `<stack>-<name>`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct InstanceProfile {
    pub instance_profile_name: String,
    /// The stack's path, see [`path`](super::role::path).
    pub path: String,
    /// The names of its roles. IAM allows one.
    pub roles: BTreeSet<String>,
}

impl Spec for InstanceProfile {
    const INFO: KindInfo = KindInfo {
        name: "instance-profile",
        type_name: "AWS::IAM::InstanceProfile",
        name_property: "InstanceProfileName",
        // <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html>
        names_ignore_case: true,
        create_only: &["InstanceProfileName", "Path"],
        replace: Replace::Successor,
        times: Times { create_s: 3, update_s: 1, delete_s: 1 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let InstanceProfile { path, instance_profile_name: name, .. } = self;
        outputs(format!("arn:aws:iam::{}:instance-profile{path}{name}", mint.account), name.clone())
    }
}

fn outputs(arn: String, name: String) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name)])
}
