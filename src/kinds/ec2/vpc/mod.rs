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
    /// Whether instances can resolve names with the VPC's resolver.
    pub enable_dns_support: bool,
    /// Whether instances get DNS host names. Interface endpoints with private DNS names require
    /// this.
    pub enable_dns_hostnames: bool,
    pub tags: Tags,
}

impl Spec for Vpc {
    const INFO: KindInfo = KindInfo {
        name: "vpc",
        type_name: "AWS::EC2::VPC",
        create_only: &["CidrBlock"],
        replace: Replace::Refuse,
        // DescribeVpcs does not return two of the attributes: one call reads each.
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
