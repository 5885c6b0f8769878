use super::attributes::{self, Attributes};
use super::{Queue, REDRIVE, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_sqs::types::QueueAttributeName;
use futures::future::try_join_all;
use serde_json::{Value, json};
use std::collections::HashMap;

impl Calls for Queue {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            let list = aws.sqs.list_queues().queue_name_prefix(format!("{}-", listing.stack));
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
            create.set_attributes(Some(named(&wanted))).set_tags(Some(map(&self.tags))).send()
        };
        // Asked for twice alike it is one queue.
        let made = aws.safe("sqs:CreateQueue", call).await?;
        let arn = aws.arn("sqs", &self.queue_name);
        Ok(outputs(made.queue_url.unwrap_or_default(), arn, self.queue_name.clone()))
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
        self.retag(url, &live.spec.tags, aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.sqs.delete_queue().queue_url(&live.handle).send();
        aws.safe("sqs:DeleteQueue", call).await.found()?;
        Ok(Progress::Done)
    }

    async fn act(live: &Live<Self>, action: &str, arguments: &Value, aws: &Aws) -> Result<Value> {
        match action {
            REDRIVE => redrive(live, arguments, aws).await,
            _ => Err(CloudError::internal(format!("{} knows no {action}", live.id))),
        }
    }
}

impl Queue {
    /// CreateQueue answers with one that exists, whosever it is, if its attributes are those asked
    /// for.
    async fn refuse_namesake(&self, aws: &Aws) -> Result<()> {
        let call = || aws.sqs.get_queue_url().queue_name(&self.queue_name).send();
        if aws.safe("sqs:GetQueueUrl", call).await.found()?.is_none() {
            return Ok(());
        }
        let message = format!("there is a queue {} already", self.queue_name);
        Err(CloudError::taken("sqs:CreateQueue", "QueueNameExists", message))
    }

    async fn retag(&self, url: &str, live: &Tags, aws: &Aws) -> Result<()> {
        let tag = |tags: &Tags| aws.sqs.tag_queue().queue_url(url).set_tags(Some(map(tags))).send();
        let untag = |keys| aws.sqs.untag_queue().queue_url(url).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("sqs:TagQueue", tag), ("sqs:UntagQueue", untag));
        aws.retag((live, &self.tags), tag, untag).await
    }
}

/// Has SQS move what is in a dead-letter queue back to where it came from.
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

fn map(tags: &Tags) -> HashMap<String, String> {
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

/// A queue that the listing names, if it is the stack's. Of one deleted a moment ago there is
/// nothing any more but the name in the listing.
async fn read(url: String, listing: &Listing<'_>) -> Result<Option<Live<Queue>>> {
    let aws = listing.aws;
    let call = || aws.sqs.list_queue_tags().queue_url(&url).send();
    let Some(tagged) = aws.safe("sqs:ListQueueTags", call).await.found()? else { return Ok(None) };
    let tags: Tags = tagged.tags.unwrap_or_default().into_iter().collect();
    let Some(owner) = tags::owner::<Queue>(&tags, listing.stack) else { return Ok(None) };
    let Some(all) = read_attributes(&url, aws).await? else { return Ok(None) };
    let arn = all.get("QueueArn").cloned().unwrap_or_default();
    let name = arn.rsplit(':').next().unwrap_or_default().to_string();
    let spec = attributes::read(&name, &all, tags).map_err(CloudError::refused)?;
    let outputs = outputs(url.clone(), arn, name);
    let (id, component) = (owner.id, owner.component);
    Ok(Some(Live { id, handle: url, component, spec, outputs, condition: Condition::Ready }))
}
