//! A group of instances whose number changes automatically,
//! <https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-groups.html>.
//!
//! The scaling policies determine the number of instances: desired capacity is never part of the
//! spec. It starts at the minimum, and AWS adjusts it if a new minimum or maximum requires that.
#[cfg(feature = "aws")]
mod calls;
mod sizes;
mod tags;

pub use tags::{GroupTag, GroupTags};

use crate::kinds::text;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct AutoScalingGroup {
    pub auto_scaling_group_name: String,
    /// The size outside the windows of scheduled actions, see [`sizes`]. So is the maximum.
    #[serde(with = "text")]
    pub min_size: i32,
    #[serde(with = "text")]
    pub max_size: i32,
    /// Either this, or a mixed instances policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch_template: Option<TemplateVersion>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mixed_instances_policy: Option<MixedInstancesPolicy>,
    /// The IDs of the subnets.
    #[serde(rename = "VPCZoneIdentifier")]
    pub vpc_zone_identifier: BTreeSet<String>,
    #[serde(rename = "TargetGroupARNs", default, skip_serializing_if = "BTreeSet::is_empty")]
    pub target_group_arns: BTreeSet<String>,
    pub health_check_type: String,
    /// In seconds.
    pub health_check_grace_period: i32,
    /// Seconds until a new instance counts towards the group's metrics; -1 for no warm-up.
    pub default_instance_warmup: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_instance_lifetime: Option<i32>,
    /// In the order in which AWS applies them.
    pub termination_policies: Vec<String>,
    pub capacity_rebalance: bool,
    pub new_instances_protected_from_scale_in: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_maintenance_policy: Option<InstanceMaintenancePolicy>,
    /// Contains the name of every metric: AWS returns all names, even if none was given.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub metrics_collection: BTreeSet<MetricsCollection>,
    pub deletion_protection: String,
    pub tags: GroupTags,
    /// How a change of the launch template is rolled out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_refresh: Option<InstanceRefresh>,
}

/// A version by number: a refresh cannot be rolled back to `$Latest` or `$Default`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TemplateVersion {
    pub launch_template_id: String,
    pub version: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MixedInstancesPolicy {
    pub instances_distribution: InstancesDistribution,
    pub launch_template: MixedTemplate,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct InstancesDistribution {
    pub on_demand_allocation_strategy: String,
    pub on_demand_base_capacity: i32,
    pub on_demand_percentage_above_base_capacity: i32,
    pub spot_allocation_strategy: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MixedTemplate {
    pub launch_template_specification: TemplateVersion,
    /// In order of preference.
    pub overrides: Vec<Override>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Override {
    pub instance_type: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct InstanceMaintenancePolicy {
    pub min_healthy_percentage: i32,
    pub max_healthy_percentage: i32,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MetricsCollection {
    pub granularity: String,
    pub metrics: BTreeSet<String>,
}

/// The preferences of an instance refresh. An absent property has AWS's default, see
/// <https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html>.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct InstanceRefresh {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_healthy_percentage: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_healthy_percentage: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_warmup: Option<i32>,
    #[serde(default)]
    pub skip_matching: bool,
    #[serde(default)]
    pub auto_rollback: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bake_time: Option<i32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checkpoint_percentages: Vec<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint_delay: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_in_protected_instances: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standby_instances: Option<String>,
    /// The names of the alarms that make the refresh fail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<String>,
}

/// The value of `DeletionProtection` for a group without protection.
const UNPROTECTED: &str = "none";

impl Spec for AutoScalingGroup {
    const INFO: KindInfo = KindInfo {
        name: "auto-scaling-group",
        type_name: "AWS::AutoScaling::AutoScalingGroup",
        name_property: "AutoScalingGroupName",
        create_only: &["AutoScalingGroupName"],
        replace: Replace::Successor,
        directives: &["InstanceRefresh"],
        // The network has to exist when instances boot. The load balancer checks their health, and
        // policies by request count need the target group to be attached to the load balancer.
        depends_on_kinds: &[
            "route-table",
            "security-group-rule",
            "vpc-endpoint",
            "listener-rule",
            "listener",
        ],
        // The groups, and the instance refreshes of each. One more read if the size of any group is
        // not the one in its tags but perhaps that of a scheduled action.
        reads: Reads { fixed: 1, each: 1 },
        times: Times { create_s: 180, update_s: 300, delete_s: 180 },
        ..KindInfo::PLAIN
    };

    fn unprotected(&self) -> Option<Self> {
        (self.deletion_protection != UNPROTECTED)
            .then(|| Self { deletion_protection: UNPROTECTED.into(), ..self.clone() })
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let name = &self.auto_scaling_group_name;
        let arn = mint.before.get("arn").cloned().unwrap_or_else(|| {
            let digits = (mint.digits)();
            mint.arn(
                "autoscaling",
                &format!("autoScalingGroup:{digits}:autoScalingGroupName/{name}"),
            )
        });
        outputs(name, arn)
    }
}

fn outputs(name: &str, arn: String) -> Outputs {
    Outputs::from([("name".into(), name.into()), ("arn".into(), arn)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, from_value, json, to_value};

    fn spec() -> Value {
        json!({
            "AutoScalingGroupName": "shop-api",
            "MinSize": "2",
            "MaxSize": "6",
            "LaunchTemplate": { "LaunchTemplateId": "lt-1", "Version": "3" },
            "VPCZoneIdentifier": ["subnet-1", "subnet-2"],
            "HealthCheckType": "ELB",
            "HealthCheckGracePeriod": 60,
            "DefaultInstanceWarmup": 60,
            "TerminationPolicies": ["Default"],
            "CapacityRebalance": false,
            "NewInstancesProtectedFromScaleIn": false,
            "MetricsCollection": [{ "Granularity": "1Minute", "Metrics": ["GroupMaxSize"] }],
            "DeletionProtection": "prevent-force-deletion",
            "Tags": [{ "Key": "Name", "Value": "shop-api", "PropagateAtLaunch": true }],
            "InstanceRefresh": { "SkipMatching": true, "AutoRollback": true },
        })
    }

    #[test]
    fn a_spec_has_cloudformations_shape() {
        let typed: AutoScalingGroup = from_value(spec()).expect("a spec");
        assert_eq!(typed.min_size, 2);
        assert_eq!(to_value(&typed).expect("JSON"), spec());
        let (_, properties) = typed.template().remove(0);
        assert_eq!(properties.get("InstanceRefresh"), None);
        assert_eq!(properties["MinSize"], "2");
    }

    #[test]
    fn unprotected_lifts_the_deletion_protection() {
        let typed: AutoScalingGroup = from_value(spec()).expect("a spec");
        let lifted = typed.unprotected().expect("was protected");
        assert_eq!(lifted.deletion_protection, "none");
        assert_eq!(lifted.unprotected(), None);
    }
}
