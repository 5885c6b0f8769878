use super::{DefaultSecurityGroup, outputs};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{CloudError, Result};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::security_group_rule::{Direction, Permission, direction};
use crate::kinds::ec2::vpc::Vpc;
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_ec2::types::{self, Filter};
use std::collections::{BTreeMap, BTreeSet};

impl Calls for DefaultSecurityGroup {
    /// The default groups of the stack's VPCs.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let vpcs = listing.of::<Vpc>().await?;
        let vpc_ids: Vec<String> = vpcs.iter().map(|vpc| vpc.handle.clone()).collect();
        let groups = groups(vpc_ids, listing.aws).await?;
        let ids: Vec<String> = groups.iter().filter_map(|group| group.group_id.clone()).collect();
        let mut rules = BTreeMap::<_, Vec<_>>::new();
        for rule in listing.aws.rules_of_groups(&ids).await? {
            rules.entry(rule.group_id.clone()).or_default().push(rule);
        }
        let read = |group: types::SecurityGroup| {
            let vpc_id = group.vpc_id?;
            let vpc = vpcs.iter().find(|vpc| vpc.handle == vpc_id)?;
            let rules = rules.remove(&group.group_id).unwrap_or_default();
            let handle = group.group_id?;
            let outputs = outputs(handle.clone());
            let spec = DefaultSecurityGroup {
                vpc_id,
                security_group_ingress: permissions(&rules, Direction::Ingress),
                security_group_egress: permissions(&rules, Direction::Egress),
            };
            let id = Id::new(Self::INFO.name, &vpc.id.name);
            let owner = Owner { id, component: vpc.component.clone() };
            Some(owner.live(handle, spec, outputs))
        };
        Ok(groups.into_iter().filter_map(read).collect())
    }

    /// AWS created the group together with its VPC.
    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let found = groups(vec![self.vpc_id.clone()], aws).await?.pop();
        let missing = || {
            let vpc_id = &self.vpc_id;
            CloudError::refused(format!(
                "AWS lists no default security group of {vpc_id}; apply again"
            ))
        };
        Ok(outputs(found.and_then(|group| group.group_id).ok_or_else(missing)?))
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        remove_rules(&outputs["id"], aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        remove_rules(&live.handle, aws).await?;
        Ok(live.outputs.clone())
    }

    /// AWS deletes the group only together with its VPC.
    async fn delete(_live: &Live<Self>, _aws: &Aws) -> Result<Progress> {
        Ok(Progress::Done)
    }
}

/// Removes all rules.
async fn remove_rules(group: &str, aws: &Aws) -> Result<()> {
    let rules = aws.rules_of_groups(&[group.to_string()]).await?;
    for way in [Direction::Ingress, Direction::Egress] {
        let rules = rules.iter().filter(|rule| direction(rule) == way);
        let ids: Vec<String> =
            rules.filter_map(|rule| rule.security_group_rule_id.clone()).collect();
        if !ids.is_empty() {
            aws.revoke_rules(way, group, &ids).await?;
        }
    }
    Ok(())
}

/// The default groups of some VPCs.
async fn groups(vpc_ids: Vec<String>, aws: &Aws) -> Result<Vec<types::SecurityGroup>> {
    if vpc_ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_vpcs = Filter::builder().name("vpc-id").set_values(Some(vpc_ids)).build();
    let default = Filter::builder().name("group-name").values("default").build();
    let call = |token| {
        let describe = aws.ec2.describe_security_groups().filters(of_vpcs.clone());
        describe.filters(default.clone()).set_next_token(token).send()
    };
    aws.pages("ec2:DescribeSecurityGroups", call, |page| (page.next_token, page.security_groups))
        .await
}

fn permissions(rules: &[types::SecurityGroupRule], way: Direction) -> BTreeSet<Permission> {
    rules.iter().filter(|rule| direction(rule) == way).map(Permission::from_ec2).collect()
}
