//! One rule of a security group. Rules are separate from their groups, because two groups that
//! refer to each other would otherwise depend on each other.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>
#[cfg(feature = "aws")]
mod calls;
mod permission;

pub use super::Direction;
#[cfg(feature = "aws")]
pub use calls::direction;
pub use permission::Permission;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec, Times, Warning};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct SecurityGroupRule {
    pub direction: Direction,
    pub group_id: String,
    /// `tcp`, `udp`, `icmp`, or `-1` for all protocols, without ports.
    pub ip_protocol: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_port: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_port: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cidr_ip: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cidr_ipv6: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_security_group_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination_security_group_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_prefix_list_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination_prefix_list_id: Option<String>,
    pub description: String,
    pub tags: Tags,
}

impl SecurityGroupRule {
    /// Whether any address may connect to a port other than those of HTTP and HTTPS.
    fn is_open_to_internet(&self) -> bool {
        let any_address = self.cidr_ip.as_deref() == Some("0.0.0.0/0")
            || self.cidr_ipv6.as_deref() == Some("::/0");
        let is_web = matches!(self.from_port, Some(80 | 443));
        self.direction == Direction::Ingress && any_address && !is_web
    }

    /// The traffic that the rule allows.
    fn permission(&self) -> Permission {
        Permission {
            ip_protocol: self.ip_protocol.clone(),
            from_port: self.from_port,
            to_port: self.to_port,
            cidr_ip: self.cidr_ip.clone(),
            cidr_ipv6: self.cidr_ipv6.clone(),
            source_security_group_id: self.source_security_group_id.clone(),
            destination_security_group_id: self.destination_security_group_id.clone(),
            source_prefix_list_id: self.source_prefix_list_id.clone(),
            destination_prefix_list_id: self.destination_prefix_list_id.clone(),
        }
    }
}

impl Spec for SecurityGroupRule {
    const INFO: KindInfo = KindInfo {
        name: "security-group-rule",
        // An egress rule is AWS::EC2::SecurityGroupEgress, see `template`.
        type_name: "AWS::EC2::SecurityGroupIngress",
        create_only: &[
            "Direction",
            "GroupId",
            "IpProtocol",
            "FromPort",
            "ToPort",
            "CidrIp",
            "CidrIpv6",
            "SourceSecurityGroupId",
            "DestinationSecurityGroupId",
            "SourcePrefixListId",
            "DestinationPrefixListId",
        ],
        // AWS rejects a second rule that allows the same traffic.
        replace: Replace::DeleteFirst,
        times: Times { create_s: 1, update_s: 1, delete_s: 1 },
        ..KindInfo::PLAIN
    };

    /// CloudFormation does not support tags on rules.
    fn template(&self) -> Vec<(&'static str, Value)> {
        let kind = match self.direction {
            Direction::Ingress => Self::INFO.type_name,
            Direction::Egress => "AWS::EC2::SecurityGroupEgress",
        };
        let mut properties = json!(self);
        if let Some(fields) = properties.as_object_mut() {
            fields.retain(|name, _| name != "Direction" && name != "Tags");
        }
        vec![(kind, properties)]
    }

    fn warnings(&self) -> Vec<Warning> {
        if !self.is_open_to_internet() {
            return Vec::new();
        }
        let message = "anyone on the internet can connect to this port";
        vec![Warning { message, help: "restrict `allow`, or serve it on port 443" }]
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.id("id", "sgr"))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn template_type_depends_on_direction() {
        let spec = json!({
            "Direction": "egress",
            "GroupId": "sg-1",
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
            "DestinationSecurityGroupId": "sg-2",
            "Description": "to the endpoints",
            "Tags": [],
        });
        let rule: SecurityGroupRule = serde_json::from_value(spec).unwrap();
        let properties = json!({
            "GroupId": "sg-1",
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
            "DestinationSecurityGroupId": "sg-2",
            "Description": "to the endpoints",
        });
        assert_eq!(rule.template(), [("AWS::EC2::SecurityGroupEgress", properties)]);
    }

    #[test]
    fn warns_about_ports_open_to_the_internet() {
        let warnings = |port: i32, direction: &str, cidr: &str| {
            let spec = json!({
                "Direction": direction,
                "GroupId": "sg-1",
                "IpProtocol": "tcp",
                "FromPort": port,
                "ToPort": port,
                "CidrIp": cidr,
                "Description": "test",
                "Tags": [],
            });
            let rule: SecurityGroupRule = serde_json::from_value(spec).unwrap();
            rule.warnings().len()
        };
        assert_eq!(warnings(22, "ingress", "0.0.0.0/0"), 1);
        assert_eq!(warnings(443, "ingress", "0.0.0.0/0"), 0);
        assert_eq!(warnings(22, "ingress", "10.0.0.0/8"), 0);
        assert_eq!(warnings(22, "egress", "0.0.0.0/0"), 0);
    }
}
