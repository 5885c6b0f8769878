use super::{Subscription, name, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::sns::topic::Topic;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_sns::types;
use futures::future::try_join_all;

/// What a listing tells in place of the ARN until the endpoint has confirmed.
const PENDING: &str = "PendingConfirmation";

impl Calls for Subscription {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let topics = listing.of::<Topic>().await?;
        let found = topics.iter().map(|topic| of_topic(topic, listing.aws));
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    /// To subscribe what is subscribed already makes no second one.
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
        let made = aws.safe("sns:Subscribe", call).await?;
        Ok(outputs(made.subscription_arn.unwrap_or_default()))
    }

    /// All of it is create-only.
    async fn update(&self, live: &Live<Self>, _aws: &Aws) -> Result<Outputs> {
        Ok(live.outputs.clone())
    }

    /// One that was never confirmed cannot be deleted; AWS drops it after some days, or with its
    /// topic, and sends nothing there until then.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let arn = &live.outputs["arn"];
        if arn != PENDING {
            let call = || aws.sns.unsubscribe().subscription_arn(arn).send();
            aws.safe("sns:Unsubscribe", call).await.found()?;
        }
        Ok(Progress::Done)
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
    Some(Live {
        id: Id::new(Subscription::INFO.name, &name(&protocol, &endpoint)),
        handle: format!("{}:{protocol}:{endpoint}", topic.handle),
        component: topic.component.clone(),
        spec: Subscription {
            topic_arn: topic.handle.clone(),
            protocol,
            endpoint,
            pending_confirmation: (arn == PENDING).then_some(true),
        },
        outputs: outputs(arn),
        condition: Condition::Ready,
    })
}
