//! A subnet, <https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Subnet {
    pub vpc_id: String,
    pub cidr_block: String,
    pub availability_zone: String,
    /// Whether instances launched in the subnet get a public address by default.
    pub map_public_ip_on_launch: bool,
    pub tags: Tags,
}

impl Spec for Subnet {
    const INFO: KindInfo = KindInfo {
        name: "subnet",
        type_name: "AWS::EC2::Subnet",
        create_only: &["VpcId", "CidrBlock", "AvailabilityZone"],
        replace: Replace::Refuse,
        times: Times { create_s: 3, update_s: 1, delete_s: 2 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.id("id", "subnet"))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}
