use super::{Config, MonitoringSubscription, Subscription};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{Result, ResultExt};
use crate::kinds::cloudfront::calls::unbuilt;
use crate::kinds::cloudfront::distribution::Distribution;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_cloudfront::types::{self, RealtimeMetricsSubscriptionConfig};
use futures::future::try_join_all;

impl Calls for MonitoringSubscription {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let distributions = listing.of::<Distribution>().await?;
        let found = distributions.iter().map(|distribution| read(distribution, listing.aws));
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await
    }

    /// AWS has no call to update a subscription, and CreateMonitoringSubscription accepts another
    /// value only once the existing subscription is deleted.
    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        MonitoringSubscription::delete(live, aws).await?;
        self.put(aws).await
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let id = &live.spec.distribution_id;
        let call = || aws.cloudfront.delete_monitoring_subscription().distribution_id(id).send();
        aws.delete("cloudfront:DeleteMonitoringSubscription", call).await
    }
}

impl MonitoringSubscription {
    async fn put(&self, aws: &Aws) -> Result<Outputs> {
        let spec = &self.monitoring_subscription.realtime_metrics_subscription_config;
        let status = spec.realtime_metrics_subscription_status.as_str().into();
        let config = RealtimeMetricsSubscriptionConfig::builder();
        let config = config.realtime_metrics_subscription_status(status).build();
        let subscription = types::MonitoringSubscription::builder()
            .realtime_metrics_subscription_config(config.map_err(unbuilt)?)
            .build();
        let call = || {
            let create = aws.cloudfront.create_monitoring_subscription();
            let create = create.distribution_id(&self.distribution_id);
            create.monitoring_subscription(subscription.clone()).send()
        };
        aws.safe("cloudfront:CreateMonitoringSubscription", call).await?;
        Ok(Outputs::new())
    }
}

async fn read(
    distribution: &Live<Distribution>,
    aws: &Aws,
) -> Result<Option<Live<MonitoringSubscription>>> {
    let distribution_id = &distribution.handle;
    let call = || {
        let get = aws.cloudfront.get_monitoring_subscription();
        get.distribution_id(distribution_id).send()
    };
    let found = aws.safe("cloudfront:GetMonitoringSubscription", call).await.found()?;
    let config = found
        .and_then(|found| found.monitoring_subscription)
        .and_then(|subscription| subscription.realtime_metrics_subscription_config);
    Ok(config.map(|config| {
        let status = config.realtime_metrics_subscription_status.as_str().to_string();
        let config = Config { realtime_metrics_subscription_status: status };
        let spec = MonitoringSubscription {
            distribution_id: distribution_id.clone(),
            monitoring_subscription: Subscription { realtime_metrics_subscription_config: config },
        };
        let id = Id::new(MonitoringSubscription::INFO.name, &distribution.id.name);
        let owner = Owner { id, component: distribution.component.clone() };
        owner.live(distribution_id, spec, Outputs::new())
    }))
}
