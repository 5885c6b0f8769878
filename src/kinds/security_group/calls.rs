use super::{SecurityGroup, outputs};
use crate::aws::{Aws, Listing, tags};
use crate::error::{Result, ResultExt};
use crate::kind::{Calls, Progress};
use crate::kinds::security_group_rule::{Permission, SecurityGroupRule};
use crate::resource::{Condition, Id, Live, Outputs};
use aws_sdk_ec2::types::{self, ResourceType};

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
        let (groups, rules) =
            futures::future::try_join(groups, listing.of::<SecurityGroupRule>()).await?;
        let ours = |group: &str| rules.iter().any(|rule| rule.spec.allows_all_egress(group));
        Ok(groups.into_iter().filter_map(|group| read(group, listing.stack, &ours)).collect())
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

/// `ours` says whether the stack has a rule of its own that lets a group reach everything.
fn read(
    group: types::SecurityGroup,
    stack: &str,
    ours: &impl Fn(&str) -> bool,
) -> Option<Live<SecurityGroup>> {
    let tags = tags::from_ec2(group.tags.as_deref());
    let owner = tags::owner::<SecurityGroup>(&tags, stack)?;
    let open = reaches_everything(&group);
    let handle = group.group_id?;
    let unasked = open && !ours(&handle);
    let outputs = outputs(handle.clone());
    Some(Live {
        id: owner.id,
        handle,
        component: owner.component,
        spec: SecurityGroup {
            group_name: group.group_name.unwrap_or_default(),
            group_description: group.description.unwrap_or_default(),
            vpc_id: group.vpc_id.unwrap_or_default(),
            security_group_egress: unasked.then(Permission::everything).into_iter().collect(),
            tags,
        },
        outputs,
        condition: Condition::Ready,
    })
}

fn reaches_everything(group: &types::SecurityGroup) -> bool {
    let everything = Permission::everything();
    let all = |permission: &&types::IpPermission| {
        permission.ip_protocol() == Some(everything.ip_protocol.as_str())
    };
    let mut ranges = group.ip_permissions_egress().iter().filter(all).flat_map(|p| p.ip_ranges());
    ranges.any(|range| range.cidr_ip == everything.cidr_ip)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags::{NAME, STACK};

    #[test]
    fn the_rule_of_a_new_group_counts_unless_the_stack_has_asked_for_it() {
        let tags = [(STACK, "shop"), (NAME, "app")].into_iter().collect();
        let group = types::SecurityGroup::builder()
            .group_id("sg-1")
            .ip_permissions_egress(Permission::everything().to_ec2(""))
            .set_tags(Some(tags::ec2_list(&tags)))
            .build();
        let egress = |ours: bool| {
            let live = read(group.clone(), "shop", &|_: &str| ours).unwrap();
            live.spec.security_group_egress.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(egress(false), [Permission::everything()]);
        assert_eq!(egress(true), []);
    }
}
