//! Changes of a group in place. Each call is made only if something differs.
use super::{convert, describe, refresh, scheduled};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::autoscaling::auto_scaling_group::sizes::Sizes;
use crate::kinds::autoscaling::auto_scaling_group::{
    AutoScalingGroup, GroupTags, MetricsCollection, sizes,
};
use aws_sdk_autoscaling::types;
use std::collections::BTreeSet;

/// The maximum number of target groups in one call.
const TARGET_GROUPS: usize = 10;

fn changed<T: PartialEq + Clone>(was: &T, is: &T) -> Option<T> {
    (was != is).then(|| is.clone())
}

impl AutoScalingGroup {
    /// The properties that UpdateAutoScalingGroup changes here; all others are empty.
    fn settings(&self) -> Self {
        Self {
            launch_template: None,
            mixed_instances_policy: None,
            target_group_arns: BTreeSet::new(),
            metrics_collection: BTreeSet::new(),
            tags: GroupTags::default(),
            instance_refresh: None,
            ..self.clone()
        }
    }

    /// Changes the properties that one UpdateAutoScalingGroup call sets.
    pub async fn change_settings(&self, was: &Self, aws: &Aws) -> Result<()> {
        if self.settings() == was.settings() {
            return Ok(());
        }
        let sizes = self.changed_sizes(was, aws).await?;
        let lifetime = changed(&was.max_instance_lifetime, &self.max_instance_lifetime);
        let subnets = changed(&was.vpc_zone_identifier, &self.vpc_zone_identifier);
        let maintenance =
            changed(&was.instance_maintenance_policy, &self.instance_maintenance_policy);
        let protection = changed(&was.deletion_protection, &self.deletion_protection);
        let call = || {
            aws.autoscaling
                .update_auto_scaling_group()
                .auto_scaling_group_name(&self.auto_scaling_group_name)
                .set_min_size(sizes.map(|sizes| sizes.min))
                .set_max_size(sizes.map(|sizes| sizes.max))
                .set_vpc_zone_identifier(subnets.as_ref().map(|_| self.subnets()))
                .set_health_check_type(changed(&was.health_check_type, &self.health_check_type))
                .set_health_check_grace_period(changed(
                    &was.health_check_grace_period,
                    &self.health_check_grace_period,
                ))
                // -1 removes the warm-up, 0 removes the maximum lifetime.
                .set_default_instance_warmup(changed(
                    &was.default_instance_warmup,
                    &self.default_instance_warmup,
                ))
                .set_max_instance_lifetime(lifetime.map(|seconds| seconds.unwrap_or(0)))
                .set_termination_policies(changed(
                    &was.termination_policies,
                    &self.termination_policies,
                ))
                .set_capacity_rebalance(changed(&was.capacity_rebalance, &self.capacity_rebalance))
                .set_new_instances_protected_from_scale_in(changed(
                    &was.new_instances_protected_from_scale_in,
                    &self.new_instances_protected_from_scale_in,
                ))
                .set_instance_maintenance_policy(maintenance.as_ref().map(convert::maintenance))
                .set_deletion_protection(protection.as_deref().map(Into::into))
                .send()
        };
        aws.safe("autoscaling:UpdateAutoScalingGroup", call).await.map(drop)
    }

    /// The sizes to write, if the group's own sizes change. They depend on open windows of the
    /// schedule, see [`sizes`].
    async fn changed_sizes(&self, was: &Self, aws: &Aws) -> Result<Option<Sizes>> {
        let name = self.auto_scaling_group_name.as_str();
        if self.sizes() == was.sizes() {
            return Ok(None);
        }
        let Some(group) = describe(name, aws).await? else { return Ok(Some(self.sizes())) };
        let live = convert::live_sizes(&group);
        let (_, stored) = convert::read(group);
        let schedule = match stored.agrees(live) {
            true => Vec::new(),
            false => scheduled(Some(name), aws).await?,
        };
        let schedule: Vec<_> = schedule.into_iter().map(|(_, action)| action).collect();
        Ok(Some(sizes::to_write(self.sizes(), live, stored, &schedule)))
    }

    /// Attaches and detaches target groups.
    pub async fn change_target_groups(&self, was: &Self, aws: &Aws) -> Result<()> {
        let name = self.auto_scaling_group_name.as_str();
        let added: Vec<_> = self.target_group_arns.difference(&was.target_group_arns).collect();
        for arns in added.chunks(TARGET_GROUPS) {
            let call = || {
                let attach = aws.autoscaling.attach_load_balancer_target_groups();
                let arns = arns.iter().map(|arn| arn.to_string()).collect();
                attach.auto_scaling_group_name(name).set_target_group_arns(Some(arns)).send()
            };
            aws.safe("autoscaling:AttachLoadBalancerTargetGroups", call).await?;
        }
        let removed: Vec<_> = was.target_group_arns.difference(&self.target_group_arns).collect();
        for arns in removed.chunks(TARGET_GROUPS) {
            let call = || {
                let detach = aws.autoscaling.detach_load_balancer_target_groups();
                let arns = arns.iter().map(|arn| arn.to_string()).collect();
                detach.auto_scaling_group_name(name).set_target_group_arns(Some(arns)).send()
            };
            aws.safe("autoscaling:DetachLoadBalancerTargetGroups", call).await.found()?;
        }
        Ok(())
    }

    /// Starts and stops the collection of group metrics.
    pub async fn collect_metrics(
        &self,
        was: &BTreeSet<MetricsCollection>,
        aws: &Aws,
    ) -> Result<()> {
        let name = self.auto_scaling_group_name.as_str();
        let all = |collections: &BTreeSet<MetricsCollection>| -> BTreeSet<String> {
            collections.iter().flat_map(|one| one.metrics.iter().cloned()).collect()
        };
        for collection in self.metrics_collection.difference(was) {
            let metrics = || Some(collection.metrics.iter().cloned().collect());
            let call = || {
                let enable = aws.autoscaling.enable_metrics_collection();
                let enable = enable.auto_scaling_group_name(name).set_metrics(metrics());
                enable.granularity(&collection.granularity).send()
            };
            aws.safe("autoscaling:EnableMetricsCollection", call).await?;
        }
        let (was, is) = (all(was), all(&self.metrics_collection));
        let removed: Vec<String> = was.difference(&is).cloned().collect();
        if !removed.is_empty() {
            let call = || {
                let disable = aws.autoscaling.disable_metrics_collection();
                disable.auto_scaling_group_name(name).set_metrics(Some(removed.clone())).send()
            };
            aws.safe("autoscaling:DisableMetricsCollection", call).await?;
        }
        Ok(())
    }

    /// Brings the tags of the group up to date. Instances receive tags only at launch.
    pub async fn retag(&self, was: &Self, aws: &Aws) -> Result<()> {
        let name = self.auto_scaling_group_name.as_str();
        let (was, is) = (was.tags_with_sizes(), self.tags_with_sizes());
        let changed = is.missing_in(&was);
        if !changed.is_empty() {
            let tags = || Some(convert::to_autoscaling(&changed, name));
            let call = || aws.autoscaling.create_or_update_tags().set_tags(tags()).send();
            aws.safe("autoscaling:CreateOrUpdateTags", call).await?;
        }
        let removed = was.without(&is);
        if !removed.is_empty() {
            let tags = || Some(convert::to_autoscaling(&removed, name));
            let call = || aws.autoscaling.delete_tags().set_tags(tags()).send();
            aws.safe("autoscaling:DeleteTags", call).await?;
        }
        Ok(())
    }

    /// Rolls the launch template or mixed instances policy of the group out to its instances, and
    /// returns the ID of the instance refresh that does so. Without an instance to replace, it
    /// updates the group directly and returns `None`: "all new instances will get the updated
    /// configuration",
    /// <https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html>.
    pub async fn roll_out(&self, aws: &Aws) -> Result<Option<String>> {
        let name = self.auto_scaling_group_name.as_str();
        let launch = self.launch();
        let group = describe(name, aws).await?;
        let instances = group.and_then(|group| group.instances).unwrap_or_default();
        if instances.iter().any(replaceable) {
            return refresh::start(name, &launch, &self.instance_refresh, aws).await.map(Some);
        }
        let call = || {
            aws.autoscaling
                .update_auto_scaling_group()
                .auto_scaling_group_name(name)
                .set_launch_template(launch.template_request())
                .set_mixed_instances_policy(launch.mixed_request())
                .send()
        };
        aws.safe("autoscaling:UpdateAutoScalingGroup", call).await?;
        Ok(None)
    }
}

/// Whether a refresh has to replace an instance. AWS replaces a terminating instance anyway, by one
/// of the configuration that the group then has.
fn replaceable(instance: &types::Instance) -> bool {
    let state = instance.lifecycle_state.as_ref().map(|state| state.as_str());
    !state.is_some_and(|state| state.starts_with("Terminat"))
}
