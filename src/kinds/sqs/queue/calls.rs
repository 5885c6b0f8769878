use super::attributes::{self, Attributes};
use super::{Queue, REDRIVE, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_sqs::types::QueueAttributeName;
use futures::future::try_join_all;
use serde_json::{Value, json};
use std::collections::HashMap;

impl Calls for Queue {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            let list = aws.sqs.list_queues().queue_name_prefix(listing.prefix());
            list.max_results(1000).set_next_token(token).send()
        };
        let urls =
            aws.pages("sqs:ListQueues", call, |page| (page.next_token, page.queue_urls)).await?;
        let found = urls.into_iter().map(|url| read(url, listing));
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.refuse_namesake(aws).await?;
        let mut wanted = self.attributes();
        wanted.retain(|_, value| !value.is_empty());
        wanted.extend(self.fifo_queue.map(|fifo| ("FifoQueue".to_string(), fifo.to_string())));
        let call = || {
            let create = aws.sqs.create_queue().queue_name(&self.queue_name);
            create.set_attributes(Some(named(&wanted))).set_tags(Some(to_sqs(&self.tags))).send()
        };
        // Idempotent: the same request twice creates one queue.
        let created = aws.safe("sqs:CreateQueue", call).await?;
        let arn = aws.arn("sqs", &self.queue_name);
        Ok(outputs(created.queue_url.unwrap_or_default(), arn, self.queue_name.clone()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let (url, was) = (&live.handle, live.spec.attributes());
        let mut changed = self.attributes();
        changed.retain(|name, value| was.get(name) != Some(value));
        if !changed.is_empty() {
            let set = || aws.sqs.set_queue_attributes().queue_url(url);
            let call = || set().set_attributes(Some(named(&changed))).send();
            aws.safe("sqs:SetQueueAttributes", call).await?;
        }
        aws.retag_sqs(url, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        aws.delete("sqs:DeleteQueue", || aws.sqs.delete_queue().queue_url(&live.handle).send())
            .await
    }

    async fn act(live: &Live<Self>, action: &str, arguments: &Value, aws: &Aws) -> Result<Value> {
        match action {
            REDRIVE => redrive(live, arguments, aws).await,
            _ => Err(CloudError::internal(format!("{} has no action {action}", live.id))),
        }
    }
}

impl Queue {
    /// CreateQueue returns an existing queue of the same name and attributes, even another stack's.
    async fn refuse_namesake(&self, aws: &Aws) -> Result<()> {
        let call = || aws.sqs.get_queue_url().queue_name(&self.queue_name).send();
        if aws.safe("sqs:GetQueueUrl", call).await.found()?.is_none() {
            return Ok(());
        }
        Err(CloudError::namesake("sqs:CreateQueue", "QueueNameExists", "queue", &self.queue_name))
    }
}

impl Aws {
    /// Brings the tags of a queue from `live` to `desired`.
    async fn retag_sqs(&self, url: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag =
            |tags: &Tags| self.sqs.tag_queue().queue_url(url).set_tags(Some(to_sqs(tags))).send();
        let untag = |keys| self.sqs.untag_queue().queue_url(url).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("sqs:TagQueue", tag), ("sqs:UntagQueue", untag));
        self.retag((live, desired), tag, untag).await
    }
}

/// Starts a task of SQS that moves the messages of a dead-letter queue back to their source queues.
/// Returns the approximate number of messages.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html>
async fn redrive(live: &Live<Queue>, arguments: &Value, aws: &Aws) -> Result<Value> {
    let all = read_attributes(&live.handle, aws).await?.unwrap_or_default();
    let messages = all.get("ApproximateNumberOfMessages").and_then(|text| text.parse().ok());
    let messages: u64 = messages.unwrap_or_default();
    if messages == 0 {
        return Ok(json!({ "messages": 0 }));
    }
    let rate = arguments.get("rate").and_then(Value::as_i64);
    let rate = rate.and_then(|rate| i32::try_from(rate).ok());
    let call = || {
        let start = aws.sqs.start_message_move_task().source_arn(&live.outputs["arn"]);
        start.set_max_number_of_messages_per_second(rate).send()
    };
    aws.once("sqs:StartMessageMoveTask", call).await?;
    Ok(json!({ "messages": messages }))
}

fn named(attributes: &Attributes) -> HashMap<QueueAttributeName, String> {
    let named = |(name, value): (&String, &String)| {
        (QueueAttributeName::from(name.as_str()), value.clone())
    };
    attributes.iter().map(named).collect()
}

/// Tags in SQS's shape.
fn to_sqs(tags: &Tags) -> HashMap<String, String> {
    tags.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

async fn read_attributes(url: &str, aws: &Aws) -> Result<Option<Attributes>> {
    let get = || aws.sqs.get_queue_attributes().queue_url(url);
    let call = || get().attribute_names(QueueAttributeName::All).send();
    let found = aws.safe("sqs:GetQueueAttributes", call).await.found()?;
    let found = found.map(|found| found.attributes.unwrap_or_default());
    let text = |(name, value): (QueueAttributeName, String)| (name.as_str().to_string(), value);
    Ok(found.map(|found| found.into_iter().map(text).collect()))
}

/// A listed queue, if it is the stack's. SQS still lists a queue that was just deleted.
async fn read(url: String, listing: &Listing<'_>) -> Result<Option<Live<Queue>>> {
    let aws = listing.aws;
    let call = || aws.sqs.list_queue_tags().queue_url(&url).send();
    let Some(tagged) = aws.safe("sqs:ListQueueTags", call).await.found()? else { return Ok(None) };
    let tags: Tags = tagged.tags.unwrap_or_default().into_iter().collect();
    let Some(owner) = listing.owner::<Queue>(url.rsplit('/').next(), &tags) else {
        return Ok(None);
    };
    let Some(all) = read_attributes(&url, aws).await? else { return Ok(None) };
    let arn = all.get("QueueArn").cloned().unwrap_or_default();
    let name = arn.rsplit(':').next().unwrap_or_default().to_string();
    let spec = attributes::read(&name, &all, tags).map_err(CloudError::refused)?;
    let outputs = outputs(url.clone(), arn, name);
    Ok(Some(owner.live(url, spec, outputs)))
}
