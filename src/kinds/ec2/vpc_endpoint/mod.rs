//! A VPC endpoint: private access to an AWS service. A gateway endpoint adds a route to route
//! tables, an interface endpoint creates network interfaces in subnets,
//! <https://docs.aws.amazon.com/vpc/latest/privatelink/>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct VpcEndpoint {
    pub vpc_id: String,
    /// `com.amazonaws.us-east-1.s3`.
    pub service_name: String,
    pub vpc_endpoint_type: EndpointType,
    /// For a gateway endpoint: the route tables that get its route.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub route_table_ids: BTreeSet<String>,
    /// For an interface endpoint: the subnets of its network interfaces.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub subnet_ids: BTreeSet<String>,
    /// For an interface endpoint: the groups that control access to it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub security_group_ids: BTreeSet<String>,
    /// Whether the service's public name resolves to the endpoint inside the VPC.
    pub private_dns_enabled: bool,
    /// Absent: AWS's default policy, which allows everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_document: Option<Value>,
    pub tags: Tags,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndpointType {
    Gateway,
    Interface,
}

impl Spec for VpcEndpoint {
    const INFO: KindInfo = KindInfo {
        name: "vpc-endpoint",
        type_name: "AWS::EC2::VPCEndpoint",
        create_only: &["VpcId", "ServiceName", "VpcEndpointType"],
        replace: Replace::Successor,
        times: Times { create_s: 60, update_s: 10, delete_s: 60 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.id("id", "vpce"))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}

/// A policy from the text that AWS returns. `None` for the policy that AWS gives an endpoint
/// created without one: it allows everything, as an absent policy does.
/// <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>
fn policy(text: &str) -> Option<Value> {
    let policy: Value = serde_json::from_str(text).ok()?;
    let statements = match &policy["Statement"] {
        Value::Array(statements) => statements.as_slice(),
        statement => std::slice::from_ref(statement),
    };
    let everything = json!({ "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*" });
    match statements {
        [one] if *one == everything => None,
        _ => Some(policy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_default_policy_as_absent() {
        let default = r#"{"Version":"2008-10-17","Statement":[
            {"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}"#;
        assert_eq!(policy(default), None);
        let own = r#"{"Statement":[
            {"Action":"s3:GetObject","Effect":"Allow","Principal":"*","Resource":"*"}]}"#;
        assert_eq!(policy(own), serde_json::from_str(own).unwrap());
    }
}
