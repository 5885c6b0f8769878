use super::{Direction, Permission, SecurityGroupRule, outputs};
use crate::aws::{Aws, tags};
use crate::error::Result;
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::calls::{from_ec2, non_empty, stack_filter, tag_specification};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_ec2::types::{
    self, IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType, SecurityGroupRuleRequest,
    SecurityGroupRuleUpdate, UserIdGroupPair,
};

impl Calls for SecurityGroupRule {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let found = listing.aws.security_group_rules(stack_filter(listing.stack)).await?;
        Ok(found.into_iter().filter_map(|rule| read(rule, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let permission = self.permission().to_ec2(&self.description);
        let tags = || tag_specification(&self.tags, ResourceType::SecurityGroupRule);
        let created = match self.direction {
            Direction::Ingress => {
                let call = || {
                    aws.ec2
                        .authorize_security_group_ingress()
                        .group_id(&self.group_id)
                        .ip_permissions(permission.clone())
                        .tag_specifications(tags())
                        .send()
                };
                let operation = "ec2:AuthorizeSecurityGroupIngress";
                aws.once(operation, call).await?.security_group_rules
            }
            Direction::Egress => {
                let call = || {
                    aws.ec2
                        .authorize_security_group_egress()
                        .group_id(&self.group_id)
                        .ip_permissions(permission.clone())
                        .tag_specifications(tags())
                        .send()
                };
                let operation = "ec2:AuthorizeSecurityGroupEgress";
                aws.once(operation, call).await?.security_group_rules
            }
        };
        let id = created.and_then(|mut rules| rules.pop()?.security_group_rule_id);
        Ok(outputs(id.unwrap_or_default()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if self.description != live.spec.description {
            self.set_description(&live.handle, aws).await?;
        }
        aws.retag_ec2(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let rule = std::slice::from_ref(&live.handle);
        aws.revoke_rules(live.spec.direction, &live.spec.group_id, rule).await?;
        Ok(Progress::Done)
    }
}

impl SecurityGroupRule {
    /// Sends the whole rule, because AWS removes the properties that the call does not contain.
    async fn set_description(&self, id: &str, aws: &Aws) -> Result<()> {
        let group = self.source_security_group_id.as_ref();
        let list = self.source_prefix_list_id.as_ref();
        let rule = SecurityGroupRuleRequest::builder()
            .ip_protocol(&self.ip_protocol)
            .set_from_port(self.from_port)
            .set_to_port(self.to_port)
            .set_cidr_ipv4(self.cidr_ip.clone())
            .set_cidr_ipv6(self.cidr_ipv6.clone())
            .set_referenced_group_id(group.or(self.destination_security_group_id.as_ref()).cloned())
            .set_prefix_list_id(list.or(self.destination_prefix_list_id.as_ref()).cloned())
            .description(&self.description)
            .build();
        let change =
            SecurityGroupRuleUpdate::builder().security_group_rule_id(id).security_group_rule(rule);
        let change = change.build();
        let call = || {
            let modify = aws.ec2.modify_security_group_rules().group_id(&self.group_id);
            modify.security_group_rules(change.clone()).send()
        };
        aws.safe("ec2:ModifySecurityGroupRules", call).await.map(drop)
    }
}

impl Permission {
    /// The permission in EC2's shape. The description is part of the peer; an empty one is left
    /// out.
    pub fn to_ec2(&self, description: &str) -> IpPermission {
        let note = Some(description.to_string()).filter(|text| !text.is_empty());
        let range =
            |cidr: &String| IpRange::builder().cidr_ip(cidr).set_description(note.clone()).build();
        let range6 = |cidr: &String| {
            Ipv6Range::builder().cidr_ipv6(cidr).set_description(note.clone()).build()
        };
        let group = |id: &String| {
            UserIdGroupPair::builder().group_id(id).set_description(note.clone()).build()
        };
        let list = |id: &String| {
            PrefixListId::builder().prefix_list_id(id).set_description(note.clone()).build()
        };
        let groups =
            self.source_security_group_id.iter().chain(&self.destination_security_group_id);
        let lists = self.source_prefix_list_id.iter().chain(&self.destination_prefix_list_id);
        IpPermission::builder()
            .ip_protocol(&self.ip_protocol)
            .set_from_port(self.from_port)
            .set_to_port(self.to_port)
            .set_ip_ranges(non_empty(self.cidr_ip.iter().map(range)))
            .set_ipv6_ranges(non_empty(self.cidr_ipv6.iter().map(range6)))
            .set_user_id_group_pairs(non_empty(groups.map(group)))
            .set_prefix_list_ids(non_empty(lists.map(list)))
            .build()
    }

    /// The permission of a rule. EC2 returns -1 as the ports of a rule for all protocols, which has
    /// no ports.
    pub fn from_ec2(rule: &types::SecurityGroupRule) -> Self {
        let egress = direction(rule) == Direction::Egress;
        let ip_protocol = rule.ip_protocol.clone().unwrap_or_default();
        let has_ports = ip_protocol != "-1";
        let group = rule.referenced_group_info().and_then(|group| group.group_id.clone());
        let list = rule.prefix_list_id.clone();
        Permission {
            from_port: rule.from_port.filter(|_| has_ports),
            to_port: rule.to_port.filter(|_| has_ports),
            ip_protocol,
            cidr_ip: rule.cidr_ipv4.clone(),
            cidr_ipv6: rule.cidr_ipv6.clone(),
            source_security_group_id: group.clone().filter(|_| !egress),
            destination_security_group_id: group.filter(|_| egress),
            source_prefix_list_id: list.clone().filter(|_| !egress),
            destination_prefix_list_id: list.filter(|_| egress),
        }
    }
}

/// The direction of a rule.
pub fn direction(rule: &types::SecurityGroupRule) -> Direction {
    match rule.is_egress {
        Some(true) => Direction::Egress,
        _ => Direction::Ingress,
    }
}

fn read(rule: types::SecurityGroupRule, stack: &str) -> Option<Live<SecurityGroupRule>> {
    let tags = from_ec2(rule.tags.as_deref());
    let owner = tags::owner::<SecurityGroupRule>(&tags, stack)?;
    let permission = Permission::from_ec2(&rule);
    let direction = direction(&rule);
    let handle = rule.security_group_rule_id?;
    let outputs = outputs(handle.clone());
    let spec = SecurityGroupRule {
        direction,
        group_id: rule.group_id.unwrap_or_default(),
        ip_protocol: permission.ip_protocol,
        from_port: permission.from_port,
        to_port: permission.to_port,
        cidr_ip: permission.cidr_ip,
        cidr_ipv6: permission.cidr_ipv6,
        source_security_group_id: permission.source_security_group_id,
        destination_security_group_id: permission.destination_security_group_id,
        source_prefix_list_id: permission.source_prefix_list_id,
        destination_prefix_list_id: permission.destination_prefix_list_id,
        description: rule.description.unwrap_or_default(),
        tags,
    };
    Some(owner.live(handle, spec, outputs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ec2::types::ReferencedSecurityGroup;

    #[test]
    fn reads_peer_group_by_direction() {
        let peer = ReferencedSecurityGroup::builder().group_id("sg-2").build();
        let rule = |egress: bool| {
            let rule = types::SecurityGroupRule::builder().is_egress(egress).ip_protocol("tcp");
            let rule = rule.from_port(80).to_port(81).referenced_group_info(peer.clone());
            Permission::from_ec2(&rule.build())
        };
        let (ingress, egress) = (rule(false), rule(true));
        assert_eq!(ingress.source_security_group_id.as_deref(), Some("sg-2"));
        assert_eq!(ingress.destination_security_group_id, None);
        assert_eq!(egress.destination_security_group_id.as_deref(), Some("sg-2"));
        assert_eq!((egress.from_port, egress.to_port), (Some(80), Some(81)));
    }

    #[test]
    fn reads_rule_for_all_protocols_without_ports() {
        let rule = types::SecurityGroupRule::builder().is_egress(true).ip_protocol("-1");
        let rule = rule.from_port(-1).to_port(-1).cidr_ipv4("0.0.0.0/0").build();
        assert_eq!(Permission::from_ec2(&rule), Permission::everything());
    }

    #[test]
    fn sends_one_peer_without_empty_lists() {
        let sent = Permission::everything().to_ec2("");
        assert_eq!(sent.ip_ranges().len(), 1);
        assert!(sent.user_id_group_pairs().is_empty() && sent.prefix_list_ids().is_empty());
        assert_eq!(sent.ip_ranges()[0].description(), None);
    }
}
