//! A route table with its routes and the subnets that use it,
//! <https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html>.
//!
//! AWS manages the local route, and the routes that a gateway endpoint adds for a prefix list. They
//! are not part of the spec.
#[cfg(feature = "aws")]
mod calls;

use crate::reference;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec, Times};
use crate::tags::{NAME, Tags};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RouteTable {
    pub vpc_id: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub routes: BTreeSet<Route>,
    /// The subnets that use this table instead of the VPC's main table.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub subnet_ids: BTreeSet<String>,
    pub tags: Tags,
}

/// A route to either an internet gateway or a NAT gateway. A live route with neither has a target
/// that tenfold does not model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Route {
    pub destination_cidr_block: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nat_gateway_id: Option<String>,
}

impl Spec for RouteTable {
    const INFO: KindInfo = KindInfo {
        name: "route-table",
        type_name: "AWS::EC2::RouteTable",
        create_only: &["VpcId"],
        replace: Replace::Refuse,
        times: Times { create_s: 4, update_s: 2, delete_s: 3 },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let own = reference::to(Self::INFO.name, self.tags.get(NAME).unwrap_or_default(), "id");
        let table = json!({ "VpcId": self.vpc_id, "Tags": self.tags });
        let mut resources = vec![(Self::INFO.type_name, table)];
        resources.extend(self.routes.iter().map(|route| {
            let mut properties = json!(route);
            properties["RouteTableId"] = json!(own);
            ("AWS::EC2::Route", properties)
        }));
        resources.extend(self.subnet_ids.iter().map(|subnet| {
            let properties = json!({ "RouteTableId": own, "SubnetId": subnet });
            ("AWS::EC2::SubnetRouteTableAssociation", properties)
        }));
        resources
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.id("id", "rtb"))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn template_has_separate_routes_and_associations() {
        let spec = json!({
            "VpcId": "vpc-1",
            "Routes": [
                { "DestinationCidrBlock": "10.9.0.0/16", "NatGatewayId": "nat-1" },
                { "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1" },
            ],
            "SubnetIds": ["subnet-2", "subnet-1"],
            "Tags": [{ "Key": NAME, "Value": "public" }],
        });
        let table: RouteTable = serde_json::from_value(spec).unwrap();
        let types: Vec<_> = table.template().iter().map(|(kind, _)| *kind).collect();
        let association = "AWS::EC2::SubnetRouteTableAssociation";
        let expected = ["AWS::EC2::RouteTable", "AWS::EC2::Route", "AWS::EC2::Route"];
        assert_eq!(types[..3], expected);
        assert_eq!(types[3..], [association, association]);
        let own = "${route-table.public.id}";
        let route = json!({ "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "RouteTableId": own });
        assert_eq!(table.template()[1].1, route);
        let first = json!({ "RouteTableId": own, "SubnetId": "subnet-1" });
        assert_eq!(table.template()[3].1, first);
    }
}
