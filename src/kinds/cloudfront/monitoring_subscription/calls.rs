use super::{Config, MonitoringSubscription, Subscription};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::cloudfront::calls::unbuilt;
use crate::kinds::cloudfront::distribution::Distribution;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_cloudfront::types::{self, RealtimeMetricsSubscriptionConfig};
use futures::future::try_join_all;

impl Calls for MonitoringSubscription {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let distributions = listing.of::<Distribution>().await?;
        let found = distributions.iter().map(|of| read(of, listing.aws));
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await
    }

    /// There is no call that changes one: the create takes another value for what is there once
    /// that has gone.
    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        MonitoringSubscription::delete(live, aws).await?;
        self.put(aws).await
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let id = &live.spec.distribution_id;
        let call = || aws.cloudfront.delete_monitoring_subscription().distribution_id(id).send();
        aws.safe("cloudfront:DeleteMonitoringSubscription", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl MonitoringSubscription {
    async fn put(&self, aws: &Aws) -> Result<Outputs> {
        let of = &self.monitoring_subscription.realtime_metrics_subscription_config;
        let status = of.realtime_metrics_subscription_status.as_str().into();
        let config = RealtimeMetricsSubscriptionConfig::builder();
        let config = config.realtime_metrics_subscription_status(status).build();
        let subscription = types::MonitoringSubscription::builder()
            .realtime_metrics_subscription_config(config.map_err(unbuilt)?)
            .build();
        let call = || {
            let call = aws.cloudfront.create_monitoring_subscription();
            let call = call.distribution_id(&self.distribution_id);
            call.monitoring_subscription(subscription.clone()).send()
        };
        aws.safe("cloudfront:CreateMonitoringSubscription", call).await?;
        Ok(Outputs::new())
    }
}

async fn read(of: &Live<Distribution>, aws: &Aws) -> Result<Option<Live<MonitoringSubscription>>> {
    let id = &of.handle;
    let call = || aws.cloudfront.get_monitoring_subscription().distribution_id(id).send();
    let found = aws.safe("cloudfront:GetMonitoringSubscription", call).await.found()?;
    let config = found.and_then(|found| found.monitoring_subscription);
    let config = config.and_then(|of| of.realtime_metrics_subscription_config);
    Ok(config.map(|config| {
        let status = config.realtime_metrics_subscription_status.as_str().to_string();
        let config = Config { realtime_metrics_subscription_status: status };
        Live {
            id: Id::new(MonitoringSubscription::INFO.name, &of.id.name),
            handle: id.clone(),
            component: of.component.clone(),
            spec: MonitoringSubscription {
                distribution_id: id.clone(),
                monitoring_subscription: Subscription {
                    realtime_metrics_subscription_config: config,
                },
            },
            outputs: Outputs::new(),
            condition: Condition::Ready,
        }
    }))
}
