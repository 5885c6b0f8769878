//! A policy by which Application Auto Scaling keeps a metric at a target value,
//! <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling-Scaling-Policies-Target.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ScalablePolicy {
    pub policy_name: String,
    /// `TargetTrackingScaling`.
    pub policy_type: String,
    /// CloudFormation's identifier of the target.
    pub scaling_target_id: String,
    pub target_tracking_scaling_policy_configuration: Tracking,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Tracking {
    pub predefined_metric_specification: PredefinedMetric,
    pub target_value: f64,
    /// Seconds.
    pub scale_in_cooldown: i32,
    /// Seconds.
    pub scale_out_cooldown: i32,
    pub disable_scale_in: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PredefinedMetric {
    pub predefined_metric_type: String,
}

impl Spec for ScalablePolicy {
    const INFO: KindInfo = KindInfo {
        name: "scalable-policy",
        type_name: "AWS::ApplicationAutoScaling::ScalingPolicy",
        name_property: "PolicyName",
        create_only: &["PolicyName", "PolicyType", "ScalingTargetId"],
        replace: Replace::DeleteFirst,
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = match mint.before.get("arn") {
            Some(before) => before.clone(),
            None => {
                let policy = format!("{}:policyName/{}", (mint.digits)(), self.policy_name);
                mint.arn("autoscaling", &format!("scalingPolicy:{policy}"))
            }
        };
        outputs(&self.policy_name, arn)
    }
}

fn outputs(name: &str, arn: String) -> Outputs {
    Outputs::from([("name".into(), name.into()), ("arn".into(), arn)])
}
