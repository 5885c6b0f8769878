//! A composite alarm, whose state depends on the states of other alarms,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html>.
#[cfg(feature = "aws")]
mod calls;

use super::alarm;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Its state follows from a rule over other alarms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CompositeAlarm {
    pub alarm_name: String,
    /// In AWS the tags follow it, see [`super::marker`].
    pub alarm_description: String,
    /// The alarms it depends on, each by its name or ARN: `ALARM("…") OR ALARM("…")`.
    pub alarm_rule: String,
    pub actions_enabled: bool,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub alarm_actions: BTreeSet<String>,
    #[serde(rename = "OKActions", default, skip_serializing_if = "BTreeSet::is_empty")]
    pub ok_actions: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub insufficient_data_actions: BTreeSet<String>,
    pub tags: Tags,
}

impl Spec for CompositeAlarm {
    const INFO: KindInfo = KindInfo {
        name: "composite-alarm",
        type_name: "AWS::CloudWatch::CompositeAlarm",
        name_property: "AlarmName",
        create_only: &["AlarmName"],
        replace: Replace::Successor,
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = mint.arn("cloudwatch", &format!("alarm:{}", self.alarm_name));
        alarm::outputs(&self.alarm_name, arn)
    }
}
