use super::{Subscription, name, outputs};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::sns::topic::Topic;
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_sns::types;
use futures::future::try_join_all;

/// The value that SNS lists in place of the ARN until the endpoint has confirmed.
const PENDING: &str = "PendingConfirmation";

impl Calls for Subscription {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let topics = listing.of::<Topic>().await?;
        let found = topics.iter().map(|topic| of_topic(topic, listing.aws));
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    /// Subscribe is idempotent.
    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.sns
                .subscribe()
                .topic_arn(&self.topic_arn)
                .protocol(&self.protocol)
                .endpoint(&self.endpoint)
                .return_subscription_arn(true)
                .send()
        };
        let created = aws.safe("sns:Subscribe", call).await?;
        Ok(outputs(created.subscription_arn.unwrap_or_default()))
    }

    /// All properties are create-only.
    async fn update(&self, live: &Live<Self>, _aws: &Aws) -> Result<Outputs> {
        Ok(live.outputs.clone())
    }

    /// A subscription that was never confirmed cannot be deleted. AWS removes it after some days, or
    /// with its topic, and sends nothing to it until then.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let arn = &live.outputs["arn"];
        if arn == PENDING {
            return Ok(Progress::Done);
        }
        aws.delete("sns:Unsubscribe", || aws.sns.unsubscribe().subscription_arn(arn).send()).await
    }
}

async fn of_topic(topic: &Live<Topic>, aws: &Aws) -> Result<Vec<Live<Subscription>>> {
    let call = |token| {
        let list = aws.sns.list_subscriptions_by_topic().topic_arn(&topic.handle);
        list.set_next_token(token).send()
    };
    let found = aws
        .pages("sns:ListSubscriptionsByTopic", call, |page| (page.next_token, page.subscriptions))
        .await
        .found()?;
    let found = found.unwrap_or_default().into_iter();
    Ok(found.filter_map(|subscription| read(subscription, topic)).collect())
}

fn read(subscription: types::Subscription, topic: &Live<Topic>) -> Option<Live<Subscription>> {
    let (protocol, endpoint) = (subscription.protocol?, subscription.endpoint?);
    let arn = subscription.subscription_arn?;
    let id = Id::new(Subscription::INFO.name, &name(&protocol, &endpoint));
    let handle = format!("{}:{protocol}:{endpoint}", topic.handle);
    let spec = Subscription {
        topic_arn: topic.handle.clone(),
        protocol,
        endpoint,
        pending_confirmation: (arn == PENDING).then_some(true),
    };
    let owner = Owner { id, component: topic.component.clone() };
    Some(owner.live(handle, spec, outputs(arn)))
}
