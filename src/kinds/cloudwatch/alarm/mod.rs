//! An alarm on a metric,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/>.
#[cfg(feature = "aws")]
mod calls;
pub mod metric;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec};
use crate::tags::Tags;
use metric::{Dimension, MetricDataQuery};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Watches either one metric, by name, or the result of an expression in `Metrics`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Alarm {
    pub alarm_name: String,
    /// In AWS the tags follow it, see [`super::marker`].
    pub alarm_description: String,
    pub actions_enabled: bool,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub alarm_actions: BTreeSet<String>,
    #[serde(rename = "OKActions", default, skip_serializing_if = "BTreeSet::is_empty")]
    pub ok_actions: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub insufficient_data_actions: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_name: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub dimensions: BTreeSet<Dimension>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistic: Option<String>,
    /// A percentile such as `p99`, in place of a statistic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_statistic: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub metrics: BTreeSet<MetricDataQuery>,
    pub evaluation_periods: i32,
    pub datapoints_to_alarm: i32,
    /// Absent if the threshold is an anomaly detection band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold_metric_id: Option<String>,
    pub comparison_operator: String,
    pub treat_missing_data: String,
    /// For percentiles only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluate_low_sample_count_percentile: Option<String>,
    pub tags: Tags,
}

impl Spec for Alarm {
    const INFO: KindInfo = KindInfo {
        name: "alarm",
        type_name: "AWS::CloudWatch::Alarm",
        name_property: "AlarmName",
        create_only: &["AlarmName"],
        replace: Replace::Successor,
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = mint.arn("cloudwatch", &format!("alarm:{}", self.alarm_name));
        outputs(&self.alarm_name, arn)
    }
}

/// The outputs of a metric alarm or a composite alarm.
pub(super) fn outputs(name: &str, arn: String) -> Outputs {
    Outputs::from([("name".into(), name.into()), ("arn".into(), arn)])
}
