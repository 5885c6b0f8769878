use super::{LogGroup, arn, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Class, CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::logs::calls::to_logs;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::{STACK, Tags};
use aws_sdk_cloudwatchlogs::operation::describe_log_groups::DescribeLogGroupsOutput;
use aws_sdk_cloudwatchlogs::{Client, types};
use futures::future::try_join_all;

impl Calls for LogGroup {
    /// The names of some groups are prescribed by the service that writes to them; the stack's
    /// name is within them all. Tags are told one group at a time.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let regions = listing.aws.logs_regions().into_iter();
        let found = try_join_all(regions.map(|region| in_region(region, listing))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            self.client(aws)
                .create_log_group()
                .log_group_name(&self.log_group_name)
                .set_kms_key_id(self.kms_key_id.clone())
                .set_tags(Some(to_logs(&self.tags)))
                .send()
        };
        match aws.safe("logs:CreateLogGroup", call).await {
            Err(error) if error.class == Class::Exists => self.adopt(error, aws).await?,
            other => drop(other?),
        }
        Ok(outputs(self.arn(aws), &self.log_group_name))
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        self.keep_for(aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if live.spec.retention_in_days != self.retention_in_days {
            self.keep_for(aws).await?;
        }
        if live.spec.kms_key_id != self.kms_key_id {
            self.encrypt(aws).await?;
        }
        self.retag(&live.spec.tags, aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.log_group_name;
        let call = || live.spec.client(aws).delete_log_group().log_group_name(name).send();
        aws.safe("logs:DeleteLogGroup", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl LogGroup {
    fn arn(&self, aws: &Aws) -> String {
        let region = self.region.as_deref().unwrap_or(&aws.place.region);
        arn(&aws.partition, region, &aws.place.account, &self.log_group_name)
    }

    fn client<'a>(&self, aws: &'a Aws) -> &'a Client {
        aws.logs_in(self.region.as_deref())
    }

    /// An agent that writes to a group of the stack's name makes it again after it was deleted,
    /// without tags. Such a one is the stack's; any other is its owner's.
    async fn adopt(&self, exists: CloudError, aws: &Aws) -> Result<()> {
        let tags = tags_of(&self.arn(aws), self.client(aws), aws).await?;
        let stack = self.tags.get(STACK).unwrap_or_default();
        let by_name = self.log_group_name.starts_with(&format!("/tenfold/{stack}/"));
        match tags.get(STACK) {
            Some(owner) if owner == stack => {}
            None if by_name => {}
            _ => return Err(exists),
        }
        self.retag(&tags, aws).await
    }

    async fn keep_for(&self, aws: &Aws) -> Result<()> {
        let (name, days) = (&self.log_group_name, self.retention_in_days);
        let logs = self.client(aws);
        let call =
            || logs.put_retention_policy().log_group_name(name).retention_in_days(days).send();
        aws.safe("logs:PutRetentionPolicy", call).await.map(drop)
    }

    async fn encrypt(&self, aws: &Aws) -> Result<()> {
        let (logs, name) = (self.client(aws), &self.log_group_name);
        match &self.kms_key_id {
            Some(key) => {
                let call = || logs.associate_kms_key().log_group_name(name).kms_key_id(key).send();
                aws.safe("logs:AssociateKmsKey", call).await.map(drop)
            }
            None => {
                let call = || logs.disassociate_kms_key().log_group_name(name).send();
                aws.safe("logs:DisassociateKmsKey", call).await.map(drop)
            }
        }
    }

    async fn retag(&self, live: &Tags, aws: &Aws) -> Result<()> {
        let (arn, logs) = (self.arn(aws), self.client(aws));
        let tag = |tags: &Tags| {
            logs.tag_resource().resource_arn(&arn).set_tags(Some(to_logs(tags))).send()
        };
        let untag = |keys| logs.untag_resource().resource_arn(&arn).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("logs:TagResource", tag), ("logs:UntagResource", untag));
        aws.retag((live, &self.tags), tag, untag).await
    }
}

async fn in_region(
    region: Option<&'static str>,
    listing: &Listing<'_>,
) -> Result<Vec<Live<LogGroup>>> {
    let logs = listing.aws.logs_in(region);
    let call = |token| {
        let describe = logs.describe_log_groups().log_group_name_pattern(listing.stack);
        describe.limit(50).set_next_token(token).send()
    };
    let take = |page: DescribeLogGroupsOutput| (page.next_token, page.log_groups);
    let found = listing.aws.pages("logs:DescribeLogGroups", call, take).await?;
    let may_be_ours = |group: &types::LogGroup| {
        group.log_group_name.as_deref().is_some_and(|name| names(name, listing.stack))
    };
    let found = found.into_iter().filter(may_be_ours).map(|group| read(group, region, listing));
    Ok(try_join_all(found).await?.into_iter().flatten().collect())
}

async fn tags_of(arn: &str, logs: &Client, aws: &Aws) -> Result<Tags> {
    let call = || logs.list_tags_for_resource().resource_arn(arn).send();
    let found = aws.safe("logs:ListTagsForResource", call).await.found()?;
    Ok(found.and_then(|found| found.tags).unwrap_or_default().into_iter().collect())
}

/// Whether the stack's name stands in a group's as a word of its own: `/tenfold/shop/api` and
/// `aws-waf-logs-shop-edge` name `shop`, `/tenfold/shopping/api` does not.
fn names(group: &str, stack: &str) -> bool {
    group.match_indices(stack).any(|(at, _)| {
        let (before, after) = (&group[..at], &group[at + stack.len()..]);
        let joins = |letter: char| letter.is_ascii_alphanumeric();
        !before.ends_with(joins) && !after.starts_with(joins)
    })
}

async fn read(
    group: types::LogGroup,
    region: Option<&str>,
    listing: &Listing<'_>,
) -> Result<Option<Live<LogGroup>>> {
    let Some(name) = group.log_group_name else { return Ok(None) };
    let arn = group.arn.unwrap_or_default().trim_end_matches(":*").to_string();
    let tags = tags_of(&arn, listing.aws.logs_in(region), listing.aws).await?;
    let Some(owner) = tags::owner::<LogGroup>(&tags, listing.stack) else { return Ok(None) };
    Ok(Some(Live {
        id: owner.id,
        handle: name.clone(),
        component: owner.component,
        outputs: outputs(arn, &name),
        spec: LogGroup {
            log_group_name: name,
            // Without a policy events are kept for ever; no blueprint asks for that.
            retention_in_days: group.retention_in_days.unwrap_or_default(),
            kms_key_id: group.kms_key_id,
            region: region.map(str::to_string),
            tags,
        },
        condition: Condition::Ready,
    }))
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_stack_is_named_by_whole_words() {
        for name in ["/tenfold/shop/api", "aws-waf-logs-shop-edge", "/aws/rds/instance/shop-a/x"] {
            assert!(names(name, "shop"), "{name}");
        }
        for name in ["/tenfold/shopping/api", "/tenfold/workshop/api", "/tenfold/other"] {
            assert!(!names(name, "shop"), "{name}");
        }
    }
}
