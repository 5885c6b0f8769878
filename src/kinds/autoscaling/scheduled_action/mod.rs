//! A change of a group's sizes at scheduled times,
//! <https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Spec};
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};

/// At least one of the sizes is set; the action leaves the others as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ScheduledAction {
    /// Read-only in CloudFormation, which generates the name.
    pub scheduled_action_name: String,
    pub auto_scaling_group_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_size: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_size: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired_capacity: Option<i32>,
    /// A cron expression. Without it the action runs once, and AWS then deletes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// `2026-12-01T00:00:00Z`. Only for an action that runs once: for a recurring action AWS
    /// returns the time of its next run here, which changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_time: Option<String>,
}

impl Spec for ScheduledAction {
    const INFO: KindInfo = KindInfo {
        name: "scheduled-action",
        type_name: "AWS::AutoScaling::ScheduledAction",
        name_property: "ScheduledActionName",
        create_only: &["ScheduledActionName", "AutoScalingGroupName"],
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let mut properties = to_value(self).unwrap_or_default();
        if let Some(fields) = properties.as_object_mut() {
            fields.shift_remove("ScheduledActionName");
        }
        vec![(Self::INFO.type_name, properties)]
    }

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(&self.scheduled_action_name)
    }
}

fn outputs(name: &str) -> Outputs {
    Outputs::from([("name".into(), name.into())])
}
