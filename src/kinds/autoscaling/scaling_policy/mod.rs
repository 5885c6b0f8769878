//! A policy that changes the number of instances of a group,
//! <https://docs.aws.amazon.com/autoscaling/ec2/userguide/scale-your-group.html>.
#[cfg(feature = "aws")]
mod calls;
mod predictive;

pub use predictive::{
    MetricDataQueries, MetricSpecification, PredefinedMetric, PredictiveScalingConfiguration,
};

use crate::kinds::cloudwatch::alarm::metric::{Dimension, MetricDataQuery};
use crate::kinds::text;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Spec};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, to_value};
use std::collections::BTreeSet;

/// A policy of one of four types. The properties of the other types are absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ScalingPolicy {
    /// Read-only in CloudFormation, which generates the name.
    pub policy_name: String,
    pub auto_scaling_group_name: String,
    pub policy_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_tracking_configuration: Option<TargetTracking>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predictive_scaling_configuration: Option<PredictiveScalingConfiguration>,
    /// For step and simple scaling only, as is the minimum adjustment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjustment_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_adjustment_magnitude: Option<i32>,
    #[serde(default, skip_serializing_if = "Steps::is_empty")]
    pub step_adjustments: Steps,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_aggregation_type: Option<String>,
    /// In seconds. Absent: the group's default warm-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_instance_warmup: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling_adjustment: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "text::optional")]
    pub cooldown: Option<i32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TargetTracking {
    pub target_value: f64,
    pub disable_scale_in: bool,
    /// Either this or a customized metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predefined_metric_specification: Option<PredefinedMetric>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customized_metric_specification: Option<CustomizedMetric>,
}

/// Either one metric, by name, or the result of an expression in `Metrics`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CustomizedMetric {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_name: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub dimensions: BTreeSet<Dimension>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistic: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<i32>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub metrics: BTreeSet<MetricDataQuery>,
}

impl CustomizedMetric {
    /// The result of the one expression among `metrics` that returns data.
    pub fn of(metrics: impl Into<BTreeSet<MetricDataQuery>>) -> Self {
        CustomizedMetric {
            namespace: None,
            metric_name: None,
            dimensions: BTreeSet::new(),
            statistic: None,
            unit: None,
            period: None,
            metrics: metrics.into(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Step {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_interval_lower_bound: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_interval_upper_bound: Option<f64>,
    pub scaling_adjustment: i32,
}

/// Steps, from the lowest to the highest. They never overlap, so their lower bounds determine the
/// order; the step without a lower bound is first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Steps(Vec<Step>);

impl Steps {
    pub fn iter(&self) -> impl Iterator<Item = &Step> {
        self.0.iter()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Step> for Steps {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        let mut steps: Vec<Step> = steps.into_iter().collect();
        let lower = |step: &Step| step.metric_interval_lower_bound.unwrap_or(f64::NEG_INFINITY);
        steps.sort_by(|one, other| lower(one).total_cmp(&lower(other)));
        Steps(steps)
    }
}

impl Serialize for Steps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Steps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Step>::deserialize(deserializer)?.into_iter().collect())
    }
}

impl Spec for ScalingPolicy {
    const INFO: KindInfo = KindInfo {
        name: "scaling-policy",
        type_name: "AWS::AutoScaling::ScalingPolicy",
        name_property: "PolicyName",
        create_only: &["PolicyName", "AutoScalingGroupName"],
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let mut properties = to_value(self).unwrap_or_default();
        if let Some(fields) = properties.as_object_mut() {
            fields.shift_remove("PolicyName");
        }
        vec![(Self::INFO.type_name, properties)]
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = mint.before.get("arn").cloned().unwrap_or_else(|| {
            let (group, policy) = (&self.auto_scaling_group_name, &self.policy_name);
            let digits = (mint.digits)();
            let names = format!("autoScalingGroupName/{group}:policyName/{policy}");
            mint.arn("autoscaling", &format!("scalingPolicy:{digits}:{names}"))
        });
        outputs(&self.policy_name, arn)
    }
}

fn outputs(name: &str, arn: String) -> Outputs {
    Outputs::from([("name".into(), name.into()), ("arn".into(), arn)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json};

    #[test]
    fn sorts_steps_and_leaves_the_name_out_of_the_template() {
        let spec = json!({
            "PolicyName": "shop-worker-up",
            "AutoScalingGroupName": "shop-worker",
            "PolicyType": "StepScaling",
            "AdjustmentType": "ChangeInCapacity",
            "StepAdjustments": [
                { "MetricIntervalLowerBound": 10.0, "ScalingAdjustment": 4 },
                { "MetricIntervalUpperBound": 0.0, "ScalingAdjustment": -1 },
                {
                    "MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 10.0,
                    "ScalingAdjustment": 2,
                },
            ],
            "Cooldown": "60",
        });
        let typed: ScalingPolicy = from_value(spec).expect("a spec");
        let adjustments: Vec<i32> =
            typed.step_adjustments.iter().map(|step| step.scaling_adjustment).collect();
        assert_eq!(adjustments, [-1, 2, 4]);
        assert_eq!(typed.cooldown, Some(60));
        let (_, properties) = typed.template().remove(0);
        assert_eq!(properties.get("PolicyName"), None);
        assert_eq!(properties["Cooldown"], "60");
    }
}
