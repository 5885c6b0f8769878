//! What metric and composite alarms have in common: a name space, how they are listed, tags, and
//! how they go.
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::Listing;
use crate::resource::Progress;
use crate::tags::Tags;
use aws_sdk_cloudwatch::operation::describe_alarms::DescribeAlarmsOutput;
use aws_sdk_cloudwatch::types::{AlarmType, Tag};

pub fn arn(name: &str, aws: &Aws) -> String {
    aws.arn("cloudwatch", &format!("alarm:{name}"))
}

pub fn tag_list(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// Alarms of one sort whose names begin as the stack's do; `take` picks them out of a page.
pub async fn list<A>(
    listing: &Listing<'_>,
    sort: AlarmType,
    take: impl Fn(DescribeAlarmsOutput) -> Option<Vec<A>>,
) -> Result<Vec<A>> {
    let call = |token| {
        let prefix = format!("{}-", listing.stack);
        let describe = listing.aws.cloudwatch.describe_alarms().alarm_name_prefix(prefix);
        let describe = describe.alarm_types(sort.clone()).max_records(100);
        describe.set_next_token(token).send()
    };
    let take = |mut page: DescribeAlarmsOutput| (page.next_token.take(), take(page));
    listing.aws.pages("cloudwatch:DescribeAlarms", call, take).await
}

/// To put an alarm is to overwrite one of the same name, whosever it is and of either sort: so one
/// is looked for first.
pub async fn refuse_namesake(name: &str, aws: &Aws) -> Result<()> {
    let call = || {
        let describe = aws.cloudwatch.describe_alarms().alarm_names(name);
        let describe = describe.alarm_types(AlarmType::MetricAlarm);
        describe.alarm_types(AlarmType::CompositeAlarm).send()
    };
    let page = aws.safe("cloudwatch:DescribeAlarms", call).await?;
    let metric = page.metric_alarms.unwrap_or_default();
    let composite = page.composite_alarms.unwrap_or_default();
    if metric.is_empty() && composite.is_empty() {
        return Ok(());
    }
    let message = format!("there is an alarm named {name} already");
    Err(CloudError::plain(crate::error::Class::Exists, message))
}

/// Brings the tags of an alarm from the first to the second.
pub async fn retag(name: &str, (live, wanted): (&Tags, &Tags), aws: &Aws) -> Result<()> {
    let arn = arn(name, aws);
    let tag = |tags: &Tags| {
        aws.cloudwatch.tag_resource().resource_arn(&arn).set_tags(Some(tag_list(tags))).send()
    };
    let untag =
        |keys| aws.cloudwatch.untag_resource().resource_arn(&arn).set_tag_keys(Some(keys)).send();
    let (tag, untag) = (("cloudwatch:TagResource", tag), ("cloudwatch:UntagResource", untag));
    aws.retag((live, wanted), tag, untag).await
}

/// One at a time: AWS takes no more than one composite alarm a call.
pub async fn delete(name: &str, aws: &Aws) -> Result<Progress> {
    let call = || aws.cloudwatch.delete_alarms().alarm_names(name).send();
    aws.safe("cloudwatch:DeleteAlarms", call).await.found()?;
    Ok(Progress::Done)
}
