//! A private way to an AWS service: a gateway endpoint adds a route to route tables, an interface
//! endpoint puts network interfaces into subnets, <https://docs.aws.amazon.com/vpc/latest/privatelink/>.
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
    /// Of a gateway endpoint: the tables that get its route.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub route_table_ids: BTreeSet<String>,
    /// Of an interface endpoint: where its interfaces stand.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub subnet_ids: BTreeSet<String>,
    /// Of an interface endpoint: who may reach it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub security_group_ids: BTreeSet<String>,
    /// Whether the service's public name leads to the endpoint within the VPC.
    pub private_dns_enabled: bool,
    /// Absent: everything is allowed through, which is AWS's default.
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

/// The policy that AWS gives an endpoint that was made without one says what no policy says.
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
    fn the_default_policy_is_no_policy() {
        let default = r#"{"Version":"2008-10-17","Statement":[
            {"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}"#;
        assert_eq!(policy(default), None);
        let own = r#"{"Statement":[
            {"Action":"s3:GetObject","Effect":"Allow","Principal":"*","Resource":"*"}]}"#;
        assert_eq!(policy(own), serde_json::from_str(own).unwrap());
    }
}
