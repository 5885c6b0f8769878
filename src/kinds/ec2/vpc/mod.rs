//! A virtual private cloud, <https://docs.aws.amazon.com/vpc/latest/userguide/>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Quota, Reads, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Vpc {
    pub cidr_block: String,
    /// Whether instances can resolve names through the VPC's own resolver.
    pub enable_dns_support: bool,
    /// Whether instances get names of their own; interface endpoints with private names need it.
    pub enable_dns_hostnames: bool,
    pub tags: Tags,
}

impl Spec for Vpc {
    const INFO: KindInfo = KindInfo {
        name: "vpc",
        type_name: "AWS::EC2::VPC",
        create_only: &["CidrBlock"],
        replace: Replace::Refuse,
        // Two attributes that DescribeVpcs leaves out are read one by one.
        reads: Reads { fixed: 1, each: 2 },
        times: Times { create_s: 3, update_s: 1, delete_s: 1 },
        quota: Some(Quota { service: "vpc", code: "L-F678F1CE", default: 5 }),
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.id("id", "vpc"))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}
