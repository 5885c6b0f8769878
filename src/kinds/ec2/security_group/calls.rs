use super::{SecurityGroup, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::calls::{from_ec2, stack_filter, tag_specification};
use crate::kinds::ec2::security_group_rule::{Direction, Permission, SecurityGroupRule, direction};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_ec2::types::{self, ResourceType};
use std::collections::BTreeSet;

impl Calls for SecurityGroup {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            let filter = stack_filter(listing.stack);
            aws.ec2.describe_security_groups().filters(filter).set_next_token(token).send()
        };
        let groups = aws.pages("ec2:DescribeSecurityGroups", call, |page| {
            (page.next_token, page.security_groups)
        });
        let groups = groups.await?;
        let ids: Vec<String> = groups.iter().filter_map(|group| group.group_id.clone()).collect();
        let open = with_default_rule(&aws.rules_of_groups(&ids).await?, listing.stack);
        Ok(groups.into_iter().filter_map(|group| read(group, listing.stack, &open)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.ec2
                .create_security_group()
                .group_name(&self.group_name)
                .description(&self.group_description)
                .vpc_id(&self.vpc_id)
                .tag_specifications(tag_specification(&self.tags, ResourceType::SecurityGroup))
                .send()
        };
        let created = aws.once("ec2:CreateSecurityGroup", call).await?;
        Ok(outputs(created.group_id.unwrap_or_default()))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let call = || aws.ec2.describe_security_groups().group_ids(&outputs["id"]).send();
        Ok(match aws.safe("ec2:DescribeSecurityGroups", call).await.found()? {
            Some(_) => Progress::Done,
            None => Progress::not_visible(),
        })
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        remove_default_rule(&outputs["id"], aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if !live.spec.security_group_egress.is_empty() {
            remove_default_rule(&live.handle, aws).await?;
        }
        aws.retag_ec2(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.ec2.delete_security_group().group_id(&live.handle).send();
        let deletion = aws.safe("ec2:DeleteSecurityGroup", call).await;
        aws.deletion_progress(deletion, &[("group-id", &live.handle)]).await
    }
}

/// Removes the egress rule that AWS gives every new group.
async fn remove_default_rule(group: &str, aws: &Aws) -> Result<()> {
    let everything = Permission::everything().to_ec2("");
    let call = || {
        let revoke = aws.ec2.revoke_security_group_egress().group_id(group);
        revoke.ip_permissions(everything.clone()).send()
    };
    let revoked = aws.safe("ec2:RevokeSecurityGroupEgress", call).await;
    revoked.allow(&["InvalidPermission.NotFound"])
}

/// The groups with a rule that allows all egress and is not the stack's: the rule that AWS gives
/// every new group.
fn with_default_rule(rules: &[types::SecurityGroupRule], stack: &str) -> BTreeSet<String> {
    let is_foreign = |rule: &&types::SecurityGroupRule| {
        let tags = from_ec2(rule.tags.as_deref());
        tags::owner::<SecurityGroupRule>(&tags, stack).is_none()
    };
    let open = rules.iter().filter(is_foreign).filter(|rule| {
        direction(rule) == Direction::Egress
            && Permission::from_ec2(rule) == Permission::everything()
    });
    open.filter_map(|rule| rule.group_id.clone()).collect()
}

fn read(
    group: types::SecurityGroup,
    stack: &str,
    open: &BTreeSet<String>,
) -> Option<Live<SecurityGroup>> {
    let tags = from_ec2(group.tags.as_deref());
    let owner = tags::owner::<SecurityGroup>(&tags, stack)?;
    let handle = group.group_id?;
    let everything = open.contains(&handle).then(Permission::everything);
    let outputs = outputs(handle.clone());
    let spec = SecurityGroup {
        group_name: group.group_name.unwrap_or_default(),
        group_description: group.description.unwrap_or_default(),
        vpc_id: group.vpc_id.unwrap_or_default(),
        security_group_egress: everything.into_iter().collect(),
        tags,
    };
    Some(owner.live(handle, spec, outputs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::ec2::calls::to_ec2;
    use crate::tags::{NAME, STACK};

    #[test]
    fn reports_default_rule_unless_stack_has_the_same_rule() {
        let rule = |tags: &[(&str, &str)]| {
            let tags = tags.iter().copied().collect();
            types::SecurityGroupRule::builder()
                .group_id("sg-1")
                .is_egress(true)
                .ip_protocol("-1")
                .cidr_ipv4("0.0.0.0/0")
                .set_tags(Some(to_ec2(&tags)))
                .build()
        };
        let (default, own) = (rule(&[]), rule(&[(STACK, "shop"), (NAME, "app-to-internet")]));
        assert_eq!(with_default_rule(&[default, own.clone()], "shop"), ["sg-1".into()].into());
        assert_eq!(with_default_rule(std::slice::from_ref(&own), "shop"), BTreeSet::new());
        assert_eq!(with_default_rule(&[own], "other"), ["sg-1".into()].into());
    }
}
