use super::{SecurityGroup, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::security_group_rule::{Direction, Permission, SecurityGroupRule, direction};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_ec2::types::{self, ResourceType};
use std::collections::BTreeSet;

impl Calls for SecurityGroup {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            let filter = tags::ec2_filter(listing.stack);
            aws.ec2.describe_security_groups().filters(filter).set_next_token(token).send()
        };
        let groups = aws.pages("ec2:DescribeSecurityGroups", call, |page| {
            (page.next_token, page.security_groups)
        });
        let groups = groups.await?;
        let ids: Vec<String> = groups.iter().filter_map(|group| group.group_id.clone()).collect();
        let open = unasked(&aws.rules_of(&ids).await?, listing.stack);
        Ok(groups.into_iter().filter_map(|group| read(group, listing.stack, &open)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.ec2
                .create_security_group()
                .group_name(&self.group_name)
                .description(&self.group_description)
                .vpc_id(&self.vpc_id)
                .tag_specifications(tags::to_ec2(&self.tags, ResourceType::SecurityGroup))
                .send()
        };
        let made = aws.once("ec2:CreateSecurityGroup", call).await?;
        Ok(outputs(made.group_id.unwrap_or_default()))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let call = || aws.ec2.describe_security_groups().group_ids(&outputs["id"]).send();
        Ok(match aws.safe("ec2:DescribeSecurityGroups", call).await.found()? {
            Some(_) => Progress::Done,
            None => Progress::Waiting("not visible yet".into()),
        })
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        close(&outputs["id"], aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if !live.spec.security_group_egress.is_empty() {
            close(&live.handle, aws).await?;
        }
        aws.retag_ec2(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.ec2.delete_security_group().group_id(&live.handle).send();
        let deletion = aws.safe("ec2:DeleteSecurityGroup", call).await;
        aws.deleted_or_held(deletion, &[("group-id", &live.handle)]).await
    }
}

/// Takes away the rule that a new group comes with.
async fn close(group: &str, aws: &Aws) -> Result<()> {
    let everything = Permission::everything().to_ec2("");
    let call = || {
        let revoke = aws.ec2.revoke_security_group_egress().group_id(group);
        revoke.ip_permissions(everything.clone()).send()
    };
    let revoked = aws.safe("ec2:RevokeSecurityGroupEgress", call).await;
    revoked.allow(&["InvalidPermission.NotFound"])
}

/// The groups that reach everything by a rule that is not the stack's: the one a group comes with.
fn unasked(rules: &[types::SecurityGroupRule], stack: &str) -> BTreeSet<String> {
    let foreign = |rule: &&types::SecurityGroupRule| {
        let tags = tags::from_ec2(rule.tags.as_deref());
        tags::owner::<SecurityGroupRule>(&tags, stack).is_none()
    };
    let open = rules.iter().filter(foreign).filter(|rule| {
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
    let tags = tags::from_ec2(group.tags.as_deref());
    let owner = tags::owner::<SecurityGroup>(&tags, stack)?;
    let handle = group.group_id?;
    let everything = open.contains(&handle).then(Permission::everything);
    let outputs = outputs(handle.clone());
    Some(Live {
        id: owner.id,
        handle,
        component: owner.component,
        spec: SecurityGroup {
            group_name: group.group_name.unwrap_or_default(),
            group_description: group.description.unwrap_or_default(),
            vpc_id: group.vpc_id.unwrap_or_default(),
            security_group_egress: everything.into_iter().collect(),
            tags,
        },
        outputs,
        condition: Condition::Ready,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags::{NAME, STACK};

    #[test]
    fn the_rule_of_a_new_group_counts_unless_the_stack_has_asked_for_it() {
        let rule = |own: &[(&str, &str)]| {
            let tags = own.iter().copied().collect();
            types::SecurityGroupRule::builder()
                .group_id("sg-1")
                .is_egress(true)
                .ip_protocol("-1")
                .cidr_ipv4("0.0.0.0/0")
                .set_tags(Some(tags::ec2_list(&tags)))
                .build()
        };
        let (given, asked) = (rule(&[]), rule(&[(STACK, "shop"), (NAME, "app-to-internet")]));
        assert_eq!(unasked(&[given.clone(), asked.clone()], "shop"), ["sg-1".into()].into());
        assert_eq!(unasked(std::slice::from_ref(&asked), "shop"), BTreeSet::new());
        assert_eq!(unasked(&[asked], "other"), ["sg-1".into()].into());
    }
}
