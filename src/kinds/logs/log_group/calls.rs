use super::{LogGroup, arn, outputs};
use crate::aws::Aws;
use crate::error::{Class, CloudError, Result};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::logs::calls::{LOGS_PAGE, to_logs};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::{STACK, Tags};
use aws_sdk_cloudwatchlogs::operation::describe_log_groups::DescribeLogGroupsOutput;
use aws_sdk_cloudwatchlogs::{Client, types};
use futures::future::try_join_all;

impl Calls for LogGroup {
    /// The service that writes to a group can prescribe its name. Every name contains the stack's
    /// name, but not always at the start. Tags take one call for each group.
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
        self.set_retention(aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if live.spec.retention_in_days != self.retention_in_days {
            self.set_retention(aws).await?;
        }
        if live.spec.kms_key_id != self.kms_key_id {
            self.set_key(aws).await?;
        }
        self.retag(&live.spec.tags, aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.log_group_name;
        let call = || live.spec.client(aws).delete_log_group().log_group_name(name).send();
        aws.delete("logs:DeleteLogGroup", call).await
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

    /// Takes over an existing group of the same name if it is the stack's, see [`is_adoptable`].
    /// Otherwise returns the error that the group exists.
    async fn adopt(&self, exists: CloudError, aws: &Aws) -> Result<()> {
        let tags = aws.logs_tags(self.region.as_deref(), &self.arn(aws)).await?.unwrap_or_default();
        let stack = self.tags.get(STACK).unwrap_or_default();
        if tags.get(STACK) != Some(stack) && !is_adoptable(&self.log_group_name, &tags, stack) {
            return Err(exists);
        }
        self.retag(&tags, aws).await
    }

    async fn set_retention(&self, aws: &Aws) -> Result<()> {
        let (name, days) = (&self.log_group_name, self.retention_in_days);
        let logs = self.client(aws);
        let call =
            || logs.put_retention_policy().log_group_name(name).retention_in_days(days).send();
        aws.safe("logs:PutRetentionPolicy", call).await.map(drop)
    }

    async fn set_key(&self, aws: &Aws) -> Result<()> {
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
        aws.retag_logs(self.region.as_deref(), &self.arn(aws), live, &self.tags).await
    }
}

async fn in_region(
    region: Option<&'static str>,
    listing: &Listing<'_>,
) -> Result<Vec<Live<LogGroup>>> {
    let logs = listing.aws.logs_in(region);
    let call = |token| {
        let describe = logs.describe_log_groups().log_group_name_pattern(listing.stack);
        describe.limit(LOGS_PAGE).set_next_token(token).send()
    };
    let take = |page: DescribeLogGroupsOutput| (page.next_token, page.log_groups);
    let found = listing.aws.pages("logs:DescribeLogGroups", call, take).await?;
    let may_be_ours = |group: &types::LogGroup| {
        group.log_group_name.as_deref().is_some_and(|name| contains_word(name, listing.stack))
    };
    let found = found.into_iter().filter(may_be_ours).map(|group| read(group, region, listing));
    Ok(try_join_all(found).await?.into_iter().flatten().collect())
}

/// Whether a group belongs to the stack by its name alone. An agent that still writes to a deleted
/// group of the stack recreates it, without tags.
fn is_adoptable(name: &str, tags: &Tags, stack: &str) -> bool {
    tags.get(STACK).is_none() && name.starts_with(&format!("/tenfold/{stack}/"))
}

/// Whether the name of a group contains the stack's name as a whole word: `/tenfold/shop/api` and
/// `aws-waf-logs-shop-edge` contain `shop`, `/tenfold/shopping/api` does not.
fn contains_word(group: &str, stack: &str) -> bool {
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
    let Some(tags) = listing.aws.logs_tags(region, &arn).await? else { return Ok(None) };
    // A create adopts such a group, so a plan must not refuse it. The name of a group in CloudFront's
    // region is free in the stack's own region.
    let is_free = is_adoptable(&name, &tags, listing.stack) || region.is_some();
    let taken_name = (!is_free).then_some(name.as_str());
    let Some(owner) = listing.owner::<LogGroup>(taken_name, &tags) else { return Ok(None) };
    let outputs = outputs(arn, &name);
    let spec = LogGroup {
        log_group_name: name.clone(),
        // 0: without a retention policy, CloudWatch Logs keeps events forever. No blueprint sets that.
        retention_in_days: group.retention_in_days.unwrap_or_default(),
        kms_key_id: group.kms_key_id,
        region: region.map(str::to_string),
        tags,
    };
    Ok(Some(owner.live(name, spec, outputs)))
}

#[cfg(test)]
mod tests {
    use super::{contains_word, is_adoptable};
    use crate::tags::{STACK, Tags};

    #[test]
    fn finds_the_stack_name_as_a_whole_word_only() {
        for name in ["/tenfold/shop/api", "aws-waf-logs-shop-edge", "/aws/rds/instance/shop-a/x"] {
            assert!(contains_word(name, "shop"), "{name}");
        }
        for name in ["/tenfold/shopping/api", "/tenfold/workshop/api", "/tenfold/other"] {
            assert!(!contains_word(name, "shop"), "{name}");
        }
    }

    #[test]
    fn adopts_only_untagged_groups_below_the_path_of_the_stack() {
        let none = Tags::default();
        let other: Tags = [(STACK, "other")].into_iter().collect();
        assert!(is_adoptable("/tenfold/shop/api", &none, "shop"));
        assert!(!is_adoptable("/tenfold/shop/api", &other, "shop"));
        assert!(!is_adoptable("/aws/rds/instance/shop-a/x", &none, "shop"));
    }
}
