//! Calls that metric and composite alarms share. Both use the same names, tags and deletion.
use crate::aws::Aws;
use crate::error::{CloudError, Result};
use crate::kinds::contract::Listing;
use crate::resource::Progress;
use crate::tags::Tags;
use aws_sdk_cloudwatch::operation::describe_alarms::DescribeAlarmsOutput;
use aws_sdk_cloudwatch::types::{AlarmType, Tag};

/// Tags in CloudWatch's shape.
pub fn to_cloudwatch(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// Alarms of one type whose names have the stack's prefix. `take` returns those of a page.
pub async fn list_alarms<A>(
    listing: &Listing<'_>,
    alarm_type: AlarmType,
    take: impl Fn(DescribeAlarmsOutput) -> Option<Vec<A>>,
) -> Result<Vec<A>> {
    let call = |token| {
        let describe = listing.aws.cloudwatch.describe_alarms();
        let describe = describe.alarm_name_prefix(listing.prefix());
        let describe = describe.alarm_types(alarm_type.clone()).max_records(100);
        describe.set_next_token(token).send()
    };
    let take = |mut page: DescribeAlarmsOutput| (page.next_token.take(), take(page));
    listing.aws.pages("cloudwatch:DescribeAlarms", call, take).await
}

impl Aws {
    /// The ARN of an alarm of either type.
    pub fn alarm_arn(&self, name: &str) -> String {
        self.arn("cloudwatch", &format!("alarm:{name}"))
    }

    /// Checks that no alarm of either type has this name: `operation`, the call that creates an alarm,
    /// would overwrite it, even if another stack owns it.
    pub async fn refuse_alarm_namesake(&self, operation: &str, name: &str) -> Result<()> {
        let call = || {
            let describe = self.cloudwatch.describe_alarms().alarm_names(name);
            let describe = describe.alarm_types(AlarmType::MetricAlarm);
            describe.alarm_types(AlarmType::CompositeAlarm).send()
        };
        let page = self.safe("cloudwatch:DescribeAlarms", call).await?;
        let metric = page.metric_alarms.unwrap_or_default();
        let composite = page.composite_alarms.unwrap_or_default();
        if metric.is_empty() && composite.is_empty() {
            return Ok(());
        }
        Err(CloudError::namesake(operation, "", "CloudWatch alarm", name))
    }

    /// Brings the tags of an alarm from `live` to `desired`.
    pub async fn retag_cloudwatch(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let alarms = &self.cloudwatch;
        let tag = |tags: &Tags| {
            alarms.tag_resource().resource_arn(arn).set_tags(Some(to_cloudwatch(tags))).send()
        };
        let untag =
            |keys| alarms.untag_resource().resource_arn(arn).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("cloudwatch:TagResource", tag), ("cloudwatch:UntagResource", untag));
        self.retag((live, desired), tag, untag).await
    }

    /// Deletes one alarm of either type. AWS deletes at most one composite alarm per call.
    pub async fn delete_alarm(&self, name: &str) -> Result<Progress> {
        let call = || self.cloudwatch.delete_alarms().alarm_names(name).send();
        self.delete("cloudwatch:DeleteAlarms", call).await
    }
}
