//! Converts between the SDK's shapes and the spec's. A value reads back as it was sent.
use crate::kinds::autoscaling::auto_scaling_group::sizes::{Sizes, Stored};
use crate::kinds::autoscaling::auto_scaling_group::{
    AutoScalingGroup, GroupTag, GroupTags, InstanceMaintenancePolicy, InstancesDistribution,
    MetricsCollection, MixedInstancesPolicy, MixedTemplate, Override, TemplateVersion, UNPROTECTED,
};
use aws_sdk_autoscaling::types::{self, LaunchTemplateSpecification};
use std::collections::{BTreeMap, BTreeSet};

/// The configuration from which a group launches instances: one of the two.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Launch {
    pub template: Option<TemplateVersion>,
    pub mixed: Option<MixedInstancesPolicy>,
}

impl AutoScalingGroup {
    pub fn launch(&self) -> Launch {
        Launch {
            template: self.launch_template.clone(),
            mixed: self.mixed_instances_policy.clone(),
        }
    }
}

impl Launch {
    pub fn template_request(&self) -> Option<LaunchTemplateSpecification> {
        self.template.as_ref().map(template)
    }

    pub fn mixed_request(&self) -> Option<types::MixedInstancesPolicy> {
        self.mixed.as_ref().map(mixed)
    }

    /// The desired configuration of a refresh; `None` if the refresh only replaces instances.
    pub fn of_refresh(refresh: &types::InstanceRefresh) -> Option<Self> {
        let desired = refresh.desired_configuration.clone()?;
        Some(Launch {
            template: desired.launch_template.map(read_template),
            mixed: desired.mixed_instances_policy.and_then(read_mixed),
        })
    }
}

fn template(version: &TemplateVersion) -> LaunchTemplateSpecification {
    LaunchTemplateSpecification::builder()
        .launch_template_id(&version.launch_template_id)
        .version(&version.version)
        .build()
}

fn mixed(policy: &MixedInstancesPolicy) -> types::MixedInstancesPolicy {
    let distribution = &policy.instances_distribution;
    let above = distribution.on_demand_percentage_above_base_capacity;
    let distribution = types::InstancesDistribution::builder()
        .on_demand_allocation_strategy(&distribution.on_demand_allocation_strategy)
        .on_demand_base_capacity(distribution.on_demand_base_capacity)
        .on_demand_percentage_above_base_capacity(above)
        .spot_allocation_strategy(&distribution.spot_allocation_strategy)
        .build();
    let overrides = policy.launch_template.overrides.iter().map(|one| {
        types::LaunchTemplateOverrides::builder().instance_type(&one.instance_type).build()
    });
    let launch = types::LaunchTemplate::builder()
        .launch_template_specification(template(
            &policy.launch_template.launch_template_specification,
        ))
        .set_overrides(Some(overrides.collect()))
        .build();
    types::MixedInstancesPolicy::builder()
        .instances_distribution(distribution)
        .launch_template(launch)
        .build()
}

fn read_template(version: LaunchTemplateSpecification) -> TemplateVersion {
    TemplateVersion {
        launch_template_id: version.launch_template_id.unwrap_or_default(),
        version: version.version.unwrap_or_default(),
    }
}

/// A mixed instances policy from the SDK's shape. AWS's defaults are those of
/// <https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html>.
fn read_mixed(policy: types::MixedInstancesPolicy) -> Option<MixedInstancesPolicy> {
    let launch = policy.launch_template?;
    let distribution = policy
        .instances_distribution
        .unwrap_or_else(|| types::InstancesDistribution::builder().build());
    let overrides = launch.overrides.unwrap_or_default().into_iter();
    Some(MixedInstancesPolicy {
        instances_distribution: InstancesDistribution {
            on_demand_allocation_strategy: distribution
                .on_demand_allocation_strategy
                .unwrap_or_else(|| "prioritized".into()),
            on_demand_base_capacity: distribution.on_demand_base_capacity.unwrap_or(0),
            on_demand_percentage_above_base_capacity: distribution
                .on_demand_percentage_above_base_capacity
                .unwrap_or(100),
            spot_allocation_strategy: distribution
                .spot_allocation_strategy
                .unwrap_or_else(|| "lowest-price".into()),
        },
        launch_template: MixedTemplate {
            launch_template_specification: read_template(launch.launch_template_specification?),
            overrides: overrides
                .filter_map(|one| one.instance_type)
                .map(|instance_type| Override { instance_type })
                .collect(),
        },
    })
}

/// A maintenance policy in the SDK's shape. -1 removes the policy.
pub fn maintenance(policy: &Option<InstanceMaintenancePolicy>) -> types::InstanceMaintenancePolicy {
    let none = InstanceMaintenancePolicy { min_healthy_percentage: -1, max_healthy_percentage: -1 };
    let policy = policy.as_ref().unwrap_or(&none);
    types::InstanceMaintenancePolicy::builder()
        .min_healthy_percentage(policy.min_healthy_percentage)
        .max_healthy_percentage(policy.max_healthy_percentage)
        .build()
}

fn read_maintenance(policy: types::InstanceMaintenancePolicy) -> Option<InstanceMaintenancePolicy> {
    let set = |percentage: Option<i32>| percentage.filter(|percentage| *percentage >= 0);
    Some(InstanceMaintenancePolicy {
        min_healthy_percentage: set(policy.min_healthy_percentage)?,
        max_healthy_percentage: set(policy.max_healthy_percentage)?,
    })
}

fn read_metrics(enabled: Vec<types::EnabledMetric>) -> BTreeSet<MetricsCollection> {
    let mut by_granularity: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in enabled {
        let metrics = by_granularity.entry(one.granularity.unwrap_or_default()).or_default();
        metrics.extend(one.metric);
    }
    let collection = |(granularity, metrics)| MetricsCollection { granularity, metrics };
    by_granularity.into_iter().map(collection).collect()
}

/// Tags of a group in EC2 Auto Scaling's shape.
pub fn to_autoscaling(tags: &GroupTags, group: &str) -> Vec<types::Tag> {
    let one = |(key, tag): (&str, &GroupTag)| {
        types::Tag::builder()
            .resource_id(group)
            .resource_type("auto-scaling-group")
            .key(key)
            .value(&tag.value)
            .propagate_at_launch(tag.propagate)
            .build()
    };
    tags.iter().map(one).collect()
}

/// Tags of a group from EC2 Auto Scaling's shape.
pub fn from_autoscaling(tags: Vec<types::TagDescription>) -> GroupTags {
    let one = |tag: types::TagDescription| {
        let propagate = tag.propagate_at_launch == Some(true);
        Some((tag.key?, GroupTag { value: tag.value.unwrap_or_default(), propagate }))
    };
    tags.into_iter().filter_map(one).collect()
}

/// The sizes that AWS returns, which may be those of a scheduled action.
pub fn live_sizes(group: &types::AutoScalingGroup) -> Sizes {
    Sizes { min: group.min_size.unwrap_or(0), max: group.max_size.unwrap_or(0) }
}

/// The spec of a group with the live sizes, and the sizes that its tags store.
pub fn read(group: types::AutoScalingGroup) -> (AutoScalingGroup, Stored) {
    let sizes = live_sizes(&group);
    let mut tags = from_autoscaling(group.tags.unwrap_or_default());
    let stored = Stored::take(&mut tags);
    let subnets = group.vpc_zone_identifier.unwrap_or_default();
    let subnets = subnets.split(',').map(str::trim).filter(|subnet| !subnet.is_empty());
    let protection = group.deletion_protection;
    let spec = AutoScalingGroup {
        auto_scaling_group_name: group.auto_scaling_group_name.unwrap_or_default(),
        min_size: sizes.min,
        max_size: sizes.max,
        launch_template: group.launch_template.map(read_template),
        mixed_instances_policy: group.mixed_instances_policy.and_then(read_mixed),
        vpc_zone_identifier: subnets.map(str::to_string).collect(),
        target_group_arns: group.target_group_arns.unwrap_or_default().into_iter().collect(),
        health_check_type: group.health_check_type.unwrap_or_default(),
        health_check_grace_period: group.health_check_grace_period.unwrap_or(0),
        default_instance_warmup: group.default_instance_warmup.unwrap_or(-1),
        max_instance_lifetime: group.max_instance_lifetime.filter(|seconds| *seconds > 0),
        termination_policies: group.termination_policies.unwrap_or_default(),
        capacity_rebalance: group.capacity_rebalance == Some(true),
        new_instances_protected_from_scale_in: group.new_instances_protected_from_scale_in
            == Some(true),
        instance_maintenance_policy: group.instance_maintenance_policy.and_then(read_maintenance),
        metrics_collection: read_metrics(group.enabled_metrics.unwrap_or_default()),
        deletion_protection: protection.map_or(UNPROTECTED.into(), |p| p.as_str().to_string()),
        tags,
        instance_refresh: None,
    };
    (spec, stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixed_instances_policy_reads_back_as_sent() {
        let version = TemplateVersion { launch_template_id: "lt-1".into(), version: "2".into() };
        let policy = MixedInstancesPolicy {
            instances_distribution: InstancesDistribution {
                on_demand_allocation_strategy: "prioritized".into(),
                on_demand_base_capacity: 2,
                on_demand_percentage_above_base_capacity: 20,
                spot_allocation_strategy: "price-capacity-optimized".into(),
            },
            launch_template: MixedTemplate {
                launch_template_specification: version,
                overrides: ["m7g.large", "c7g.large"]
                    .map(|kind| Override { instance_type: kind.into() })
                    .to_vec(),
            },
        };
        assert_eq!(read_mixed(mixed(&policy)), Some(policy));
    }

    #[test]
    fn a_removed_maintenance_policy_reads_back_as_none() {
        assert_eq!(read_maintenance(maintenance(&None)), None);
    }
}
