//! A NAT gateway, <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct NatGateway {
    pub subnet_id: String,
    /// The Elastic IP that a public NAT gateway sends from. A private one has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocation_id: Option<String>,
    /// `public` or `private`.
    pub connectivity_type: String,
    pub tags: Tags,
}

impl Spec for NatGateway {
    const INFO: KindInfo = KindInfo {
        name: "nat-gateway",
        type_name: "AWS::EC2::NatGateway",
        create_only: &["SubnetId", "AllocationId", "ConnectivityType"],
        replace: Replace::Successor,
        // In a VPC without an internet gateway, AWS creates a public NAT gateway that then fails.
        depends_on_kinds: &["internet-gateway"],
        times: Times { create_s: 120, update_s: 1, delete_s: 90 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.id("id", "nat"))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}
