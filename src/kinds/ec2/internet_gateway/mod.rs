//! An internet gateway, attached to its VPC,
//! <https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::reference;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec, Times};
use crate::tags::{NAME, Tags};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct InternetGateway {
    /// Absent only in a live gateway that is not attached yet; an update attaches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vpc_id: Option<String>,
    pub tags: Tags,
}

impl Spec for InternetGateway {
    const INFO: KindInfo = KindInfo {
        name: "internet-gateway",
        type_name: "AWS::EC2::InternetGateway",
        replace: Replace::Refuse,
        times: Times { create_s: 3, update_s: 2, delete_s: 3 },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let own = reference::to(Self::INFO.name, self.tags.get(NAME).unwrap_or_default(), "id");
        let gateway = (Self::INFO.type_name, json!({ "Tags": self.tags }));
        let attach = |vpc_id: &String| {
            let properties = json!({ "VpcId": vpc_id, "InternetGatewayId": own });
            ("AWS::EC2::VPCGatewayAttachment", properties)
        };
        std::iter::once(gateway).chain(self.vpc_id.iter().map(attach)).collect()
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.id("id", "igw"))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn template_attaches_gateway_to_vpc() {
        let tags = [(NAME, "main")].into_iter().collect();
        let gateway = InternetGateway { vpc_id: Some("vpc-1".into()), tags };
        let template = gateway.template();
        assert_eq!(template[0].1, json!({ "Tags": [{ "Key": NAME, "Value": "main" }] }));
        let attachment =
            json!({ "VpcId": "vpc-1", "InternetGatewayId": "${internet-gateway.main.id}" });
        assert_eq!(template[1], ("AWS::EC2::VPCGatewayAttachment", attachment));
    }
}
