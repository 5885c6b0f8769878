//! A metric filter, which counts the events of a log group that match a pattern,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Spec};
use serde::{Deserialize, Serialize};

/// Derives metrics from the events of a log group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MetricFilter {
    pub filter_name: String,
    pub log_group_name: String,
    /// The pattern of the events that count, such as `{ $.status = 429 }`.
    pub filter_pattern: String,
    /// Exactly one: AWS accepts no more.
    pub metric_transformations: Vec<Transformation>,
}

/// The metric that matching events change, and the value that each adds to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Transformation {
    pub metric_namespace: String,
    pub metric_name: String,
    /// A number, or a property of the event such as `$.duration_ms`.
    pub metric_value: String,
    /// The value of the metric for periods in which events arrive but none matches. Excludes
    /// dimensions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// At most three. The value of each names a property of the event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<FilterDimension>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct FilterDimension {
    pub key: String,
    pub value: String,
}

impl Spec for MetricFilter {
    const INFO: KindInfo = KindInfo {
        name: "metric-filter",
        type_name: "AWS::Logs::MetricFilter",
        name_property: "FilterName",
        create_only: &["FilterName", "LogGroupName"],
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(&self.filter_name)
    }
}

fn outputs(name: &str) -> Outputs {
    Outputs::from([("name".into(), name.into())])
}
