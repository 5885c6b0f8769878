//! What the kinds of EC2 and VPC share: tags, the rules of security groups, and deletions that
//! network interfaces block.
use super::Direction;
use crate::aws::Aws;
use crate::error::{Class, Result, ResultExt};
use crate::resource::Progress;
use crate::tags::{STACK, Tags};
use aws_sdk_ec2::types::{
    Filter, NetworkInterface, ResourceType, SecurityGroupRule, Tag, TagSpecification,
};
use futures::future::try_join_all;

/// The most values that EC2 accepts in one filter,
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html>.
const FILTER_VALUES: usize = 200;

/// The filter by which EC2 lists a stack's resources.
pub fn stack_filter(stack: &str) -> Filter {
    Filter::builder().name(format!("tag:{STACK}")).values(stack).build()
}

/// Tags from EC2's shape.
pub fn from_ec2(tags: Option<&[Tag]>) -> Tags {
    let pair = |tag: &Tag| Some((tag.key.clone()?, tag.value.clone()?));
    tags.unwrap_or_default().iter().filter_map(pair).collect()
}

/// Tags in EC2's shape.
pub fn to_ec2(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value): (&str, &str)| Tag::builder().key(key).value(value).build();
    tags.iter().map(tag).collect()
}

/// Tags in the shape that EC2's create calls take.
pub fn tag_specification(tags: &Tags, resource: ResourceType) -> TagSpecification {
    TagSpecification::builder().resource_type(resource).set_tags(Some(to_ec2(tags))).build()
}

/// A list for a request; `None` if it is empty, because AWS treats an empty list as a mistake.
pub fn non_empty<T>(items: impl IntoIterator<Item = T>) -> Option<Vec<T>> {
    let items: Vec<T> = items.into_iter().collect();
    (!items.is_empty()).then_some(items)
}

impl Aws {
    /// Brings the tags of an EC2 resource from `live` to `desired`.
    pub async fn retag_ec2(&self, id: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag =
            |tags: &Tags| self.ec2.create_tags().resources(id).set_tags(Some(to_ec2(tags))).send();
        let untag = |keys: Vec<String>| {
            let tags = keys.into_iter().map(|key| Tag::builder().key(key).build()).collect();
            self.ec2.delete_tags().resources(id).set_tags(Some(tags)).send()
        };
        let (tag, untag) = (("ec2:CreateTags", tag), ("ec2:DeleteTags", untag));
        self.retag((live, desired), tag, untag).await
    }

    /// The rules that a filter of DescribeSecurityGroupRules matches.
    pub async fn security_group_rules(&self, filter: Filter) -> Result<Vec<SecurityGroupRule>> {
        let call = |token| {
            let describe = self.ec2.describe_security_group_rules().filters(filter.clone());
            describe.set_next_token(token).send()
        };
        self.pages("ec2:DescribeSecurityGroupRules", call, |page| {
            (page.next_token, page.security_group_rules)
        })
        .await
    }

    /// All rules of some security groups, also those of other owners.
    pub async fn rules_of_groups(&self, groups: &[String]) -> Result<Vec<SecurityGroupRule>> {
        let of = |ids: &[String]| {
            let ids = Some(ids.to_vec());
            self.security_group_rules(Filter::builder().name("group-id").set_values(ids).build())
        };
        let found = try_join_all(groups.chunks(FILTER_VALUES).map(of)).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Deletes rules of a security group by their IDs. A rule that does not exist counts as
    /// deleted.
    pub async fn revoke_rules(
        &self,
        direction: Direction,
        group: &str,
        rules: &[String],
    ) -> Result<()> {
        let ids = || Some(rules.to_vec());
        match direction {
            Direction::Ingress => {
                let call = || {
                    let revoke = self.ec2.revoke_security_group_ingress().group_id(group);
                    revoke.set_security_group_rule_ids(ids()).send()
                };
                self.safe("ec2:RevokeSecurityGroupIngress", call).await.found()?;
            }
            Direction::Egress => {
                let call = || {
                    let revoke = self.ec2.revoke_security_group_egress().group_id(group);
                    revoke.set_security_group_rule_ids(ids()).send()
                };
                self.safe("ec2:RevokeSecurityGroupEgress", call).await.found()?;
            }
        }
        Ok(())
    }

    /// The progress of a deletion, from the result of its call. The network interfaces of load
    /// balancers, NAT gateways and endpoints outlive these by minutes, and AWS reports only "has
    /// dependencies". Where AWS reports that the resource is in use, this names the interfaces that
    /// `filters`, of DescribeNetworkInterfaces, match.
    ///
    /// # Errors
    /// The error of the deletion, if the resource is in use but no interface matches.
    pub async fn deletion_progress<T>(
        &self,
        deletion: Result<T>,
        filters: &[(&str, &str)],
    ) -> Result<Progress> {
        match deletion {
            Ok(_) => Ok(Progress::Done),
            Err(error) => match error.class {
                Class::NotFound => Ok(Progress::Done),
                Class::InUse => match self.users(filters).await {
                    Some(users) => Ok(Progress::Waiting(users)),
                    None => Err(error),
                },
                _ => Err(error),
            },
        }
    }

    /// What uses a resource, if network interfaces do. `None` also if they cannot be listed: the
    /// deletion must not fail because of that.
    async fn users(&self, filters: &[(&str, &str)]) -> Option<String> {
        let filter =
            |&(name, value): &(&str, &str)| Filter::builder().name(name).values(value).build();
        let call = |token| {
            let filters = Some(filters.iter().map(filter).collect());
            self.ec2.describe_network_interfaces().set_filters(filters).set_next_token(token).send()
        };
        let found = self
            .pages("ec2:DescribeNetworkInterfaces", call, |page| {
                (page.next_token, page.network_interfaces)
            })
            .await;
        in_use_by(&found.ok()?)
    }
}

fn in_use_by(interfaces: &[NetworkInterface]) -> Option<String> {
    let first = interfaces.first()?;
    let more = match interfaces.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("in use by {}{more}", describe(first)))
}

/// A network interface by its instance, or else by its description: AWS services describe their
/// interfaces (`ELB app/shop-main/0123456789abcdef`); those of instances have no description.
fn describe(interface: &NetworkInterface) -> String {
    let instance = interface.attachment().and_then(|attachment| attachment.instance_id());
    let description = interface.description().filter(|text| !text.is_empty());
    let owner = match (instance, description.or(interface.requester_id())) {
        (Some(instance), _) => format!("instance {instance}"),
        (None, Some(description)) => description.to_string(),
        (None, None) => "a network interface".to_string(),
    };
    let id = interface.network_interface_id().unwrap_or_default();
    match interface.interface_type() {
        Some(kind) if kind.as_str() != "interface" => format!("{owner} ({kind} {id})"),
        _ => format!("{owner} ({id})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ec2::types::{NetworkInterfaceAttachment, NetworkInterfaceType};

    #[test]
    fn names_what_uses_a_resource() {
        let interface = || NetworkInterface::builder().network_interface_id("eni-1");
        let balancer = interface()
            .description("ELB app/shop-main/1")
            .interface_type(NetworkInterfaceType::Interface)
            .build();
        let nat = interface()
            .description("Interface for NAT Gateway nat-1")
            .interface_type(NetworkInterfaceType::NatGateway)
            .build();
        let attachment = NetworkInterfaceAttachment::builder().instance_id("i-1").build();
        let instance = interface().description("").attachment(attachment).build();
        assert_eq!(in_use_by(&[]), None);
        assert_eq!(in_use_by(&[balancer]).unwrap(), "in use by ELB app/shop-main/1 (eni-1)");
        assert_eq!(
            in_use_by(&[nat, instance.clone()]).unwrap(),
            "in use by Interface for NAT Gateway nat-1 (natGateway eni-1) and 1 more"
        );
        assert_eq!(in_use_by(&[instance]).unwrap(), "in use by instance i-1 (eni-1)");
    }
}
