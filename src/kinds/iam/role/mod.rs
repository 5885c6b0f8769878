//! An IAM role with its policies, <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::policy::Policy;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Role {
    pub role_name: String,
    /// The stack's path, see [`path`]. tenfold does not find a role with another path.
    pub path: String,
    pub description: String,
    /// Who may assume the role.
    pub assume_role_policy_document: Policy,
    pub managed_policy_arns: BTreeSet<String>,
    /// Inline policies, which exist only as part of the role.
    pub policies: Policies,
    /// In seconds.
    pub max_session_duration: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<String>,
    pub tags: Tags,
}

/// The path of a stack's roles and instance profiles. IAM can list by path, but not by tag.
pub fn path(stack: &str) -> String {
    format!("/tenfold/{stack}/")
}

/// Inline policies by name, serialized as CloudFormation's list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policies(pub BTreeMap<String, Policy>);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Inline<N, P> {
    policy_name: N,
    policy_document: P,
}

impl Serialize for Policies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let inline = |(policy_name, policy_document)| Inline { policy_name, policy_document };
        serializer.collect_seq(self.0.iter().map(inline))
    }
}

impl<'de> Deserialize<'de> for Policies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<Inline<String, Policy>>::deserialize(deserializer)?;
        let pair = |inline: Inline<_, _>| (inline.policy_name, inline.policy_document);
        Ok(Policies(list.into_iter().map(pair).collect()))
    }
}

impl Spec for Role {
    const INFO: KindInfo = KindInfo {
        name: "role",
        type_name: "AWS::IAM::Role",
        name_property: "RoleName",
        // <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
        names_ignore_case: true,
        create_only: &["RoleName", "Path"],
        replace: Replace::Successor,
        // GetAccountAuthorizationDetails leaves out two properties, which ListRoles returns.
        reads: Reads { fixed: 2, each: 0 },
        times: Times { create_s: 2, update_s: 1, delete_s: 2 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = format!("arn:aws:iam::{}:role{}{}", mint.account, self.path, self.role_name);
        outputs(arn, self.role_name.clone())
    }
}

fn outputs(arn: String, name: String) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name)])
}
