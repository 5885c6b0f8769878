//! The additional metrics of a distribution, for which AWS charges: cache hits, origin latency,
//! errors by code,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/viewing-cloudfront-metrics.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec, Times};
use serde::{Deserialize, Serialize};

/// A distribution has at most one, so it has the distribution's name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MonitoringSubscription {
    pub distribution_id: String,
    pub monitoring_subscription: Subscription,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Subscription {
    pub realtime_metrics_subscription_config: Config,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Config {
    /// `Enabled` or `Disabled`.
    pub realtime_metrics_subscription_status: String,
}

impl Spec for MonitoringSubscription {
    const INFO: KindInfo = KindInfo {
        name: "monitoring-subscription",
        type_name: "AWS::CloudFront::MonitoringSubscription",
        create_only: &["DistributionId"],
        // One for each distribution of the stack.
        reads: Reads { fixed: 0, each: 1 },
        times: Times { create_s: 2, update_s: 2, delete_s: 2 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        Outputs::new()
    }
}
