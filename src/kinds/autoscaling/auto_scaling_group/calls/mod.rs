mod change;
mod convert;
mod refresh;

use super::sizes::{self, Scheduled, Stored};
use super::{AutoScalingGroup, UNPROTECTED, outputs};
use crate::aws::Aws;
use crate::error::{Class, CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_autoscaling::types::{
    self, DeletionProtection, LifecycleState, ScalingActivityStatusCode as Status,
};
use convert::Launch;
use futures::future::try_join_all;
use refresh::State;

/// The output that contains the ID of an instance refresh while that is in progress.
const REFRESH: &str = "refresh";

impl Calls for AutoScalingGroup {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            let describe = aws.autoscaling.describe_auto_scaling_groups().include_instances(false);
            describe.max_records(100).set_next_token(token).send()
        };
        let found = aws
            .pages("autoscaling:DescribeAutoScalingGroups", call, |page| {
                (page.next_token, page.auto_scaling_groups)
            })
            .await?;
        let is_ours = |group: &types::AutoScalingGroup| {
            let tags = convert::from_autoscaling(group.tags.clone().unwrap_or_default());
            let name = group.auto_scaling_group_name.as_deref();
            // AWS returns a status only for a group that is being deleted.
            group.status.is_none() && listing.owner::<Self>(name, &tags.plain()).is_some()
        };
        let found: Vec<_> = found.into_iter().filter(is_ours).collect();
        let agrees = |group: &types::AutoScalingGroup| {
            let mut tags = convert::from_autoscaling(group.tags.clone().unwrap_or_default());
            Stored::take(&mut tags).agrees(convert::live_sizes(group))
        };
        let schedule = match found.iter().all(agrees) {
            true => Vec::new(),
            false => scheduled(None, aws).await?,
        };
        let read = |group| read(group, &schedule, listing);
        Ok(try_join_all(found.into_iter().map(read)).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        match self.create_group(aws).await {
            // The name becomes free once the deletion is complete.
            Err(error) if error.class == Class::Exists => {
                let found = describe(&self.auto_scaling_group_name, aws).await?;
                let deleting = found.is_some_and(|group| group.status.is_some());
                Err(if deleting { CloudError { class: Class::InUse, ..error } } else { error })
            }
            Err(error) => Err(error),
            Ok(()) => Ok(outputs(&self.auto_scaling_group_name, self.arn(aws).await?)),
        }
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let name = outputs["name"].as_str();
        if let Some(id) = outputs.get(REFRESH)
            && let Progress::Waiting(text) = refresh::ready(name, id, aws).await?
        {
            return Ok(Progress::Waiting(text));
        }
        let Some(group) = describe(name, aws).await? else {
            return Ok(Progress::not_visible());
        };
        let wanted = group.min_size.unwrap_or(0);
        let instances = group.instances.unwrap_or_default();
        let serving = instances.iter().filter(|instance| serves(instance)).count();
        if i32::try_from(serving).is_ok_and(|serving| serving >= wanted) {
            return Ok(Progress::Done);
        }
        let problem = launch_problem(name, aws).await?;
        Ok(Progress::Waiting(format!("{serving} of {wanted} in service{problem}")))
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        self.collect_metrics(&Default::default(), aws).await?;
        let mut known = outputs.clone();
        known.insert("arn".into(), self.arn(aws).await?);
        Ok(known)
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let was = &live.spec;
        self.change_settings(was, aws).await?;
        self.change_target_groups(was, aws).await?;
        self.collect_metrics(&was.metrics_collection, aws).await?;
        // The tags follow the sizes: in the opposite order, a crash in between would make the old
        // sizes look like those of a window.
        self.retag(was, aws).await?;
        let mut known = live.outputs.clone();
        if self.launch() != was.launch() {
            known.remove(REFRESH);
            let refresh = self.roll_out(aws).await?;
            known.extend(refresh.map(|id| (REFRESH.into(), id)));
        }
        Ok(known)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = live.handle.as_str();
        let Some(group) = describe(name, aws).await? else { return Ok(Progress::Done) };
        let instances = group.instances.as_deref().unwrap_or_default();
        let text = match instances.len() {
            0 => "being deleted".into(),
            1 => "1 instance terminating".into(),
            count => format!("{count} instances terminating"),
        };
        if group.status.is_some() {
            return Ok(Progress::Waiting(text));
        }
        empty(&group, name, aws).await?;
        if instances.is_empty() {
            let call =
                || aws.autoscaling.delete_auto_scaling_group().auto_scaling_group_name(name).send();
            aws.safe("autoscaling:DeleteAutoScalingGroup", call).await.found()?;
        }
        Ok(Progress::Waiting(text))
    }
}

impl AutoScalingGroup {
    /// Creates the group. Without a desired capacity a group starts at its minimum.
    async fn create_group(&self, aws: &Aws) -> Result<()> {
        let name = self.auto_scaling_group_name.as_str();
        let launch = self.launch();
        let targets: Vec<String> = self.target_group_arns.iter().cloned().collect();
        let maintenance = self.instance_maintenance_policy.as_ref();
        let call = || {
            aws.autoscaling
                .create_auto_scaling_group()
                .auto_scaling_group_name(name)
                .min_size(self.min_size)
                .max_size(self.max_size)
                .set_launch_template(launch.template_request())
                .set_mixed_instances_policy(launch.mixed_request())
                .vpc_zone_identifier(self.subnets())
                .set_target_group_arns((!targets.is_empty()).then(|| targets.clone()))
                .health_check_type(&self.health_check_type)
                .health_check_grace_period(self.health_check_grace_period)
                .set_default_instance_warmup(Some(self.default_instance_warmup).filter(|s| *s >= 0))
                .set_max_instance_lifetime(self.max_instance_lifetime)
                .set_termination_policies(Some(self.termination_policies.clone()))
                .capacity_rebalance(self.capacity_rebalance)
                .new_instances_protected_from_scale_in(self.new_instances_protected_from_scale_in)
                .set_instance_maintenance_policy(
                    maintenance.map(|_| convert::maintenance(&self.instance_maintenance_policy)),
                )
                .deletion_protection(self.deletion_protection.as_str().into())
                .set_tags(Some(convert::to_autoscaling(&self.tags_with_sizes(), name)))
                .send()
        };
        aws.once("autoscaling:CreateAutoScalingGroup", call).await.map(drop)
    }

    /// The IDs of the subnets, in the shape that AWS expects.
    pub fn subnets(&self) -> String {
        self.vpc_zone_identifier.iter().map(String::as_str).collect::<Vec<_>>().join(",")
    }

    /// The ARN. AWS generates it, and CreateAutoScalingGroup does not return it.
    async fn arn(&self, aws: &Aws) -> Result<String> {
        let group = describe(&self.auto_scaling_group_name, aws).await?;
        Ok(group.and_then(|group| group.auto_scaling_group_arn).unwrap_or_default())
    }
}

async fn describe(name: &str, aws: &Aws) -> Result<Option<types::AutoScalingGroup>> {
    let call =
        || aws.autoscaling.describe_auto_scaling_groups().auto_scaling_group_names(name).send();
    let page = aws.safe("autoscaling:DescribeAutoScalingGroups", call).await?;
    Ok(page.auto_scaling_groups.and_then(|mut groups| groups.pop()))
}

/// The sizes that scheduled actions set, with the name of their group: for one group, or for all.
async fn scheduled(group: Option<&str>, aws: &Aws) -> Result<Vec<(String, Scheduled)>> {
    let call = |token| {
        let describe = aws.autoscaling.describe_scheduled_actions().max_records(100);
        let group = group.map(str::to_string);
        describe.set_auto_scaling_group_name(group).set_next_token(token).send()
    };
    let actions = aws
        .pages("autoscaling:DescribeScheduledActions", call, |page| {
            (page.next_token, page.scheduled_update_group_actions)
        })
        .await?;
    let sets = |action: types::ScheduledUpdateGroupAction| {
        let set = Scheduled { min: action.min_size, max: action.max_size };
        Some((action.auto_scaling_group_name?, set))
    };
    Ok(actions.into_iter().filter_map(sets).collect())
}

async fn read(
    group: types::AutoScalingGroup,
    schedule: &[(String, Scheduled)],
    listing: &Listing<'_>,
) -> Result<Option<Live<AutoScalingGroup>>> {
    let arn = group.auto_scaling_group_arn.clone().unwrap_or_default();
    let (mut spec, stored) = convert::read(group);
    let handle = spec.auto_scaling_group_name.clone();
    let owner = listing.owner::<AutoScalingGroup>(Some(&handle), &spec.tags.plain());
    let Some(owner) = owner else { return Ok(None) };
    let of_group = schedule.iter().filter(|(name, _)| *name == handle);
    let actions: Vec<Scheduled> = of_group.map(|(_, action)| *action).collect();
    let own = sizes::own(spec.sizes(), stored, &actions);
    (spec.min_size, spec.max_size) = (own.min, own.max);
    let state = refresh::state(refresh::last(&handle, listing.aws).await?, &spec.launch());
    let condition = state.condition();
    let mut outputs = outputs(&handle, arn);
    if let State::InProgress { to, id, .. } = state {
        outputs.insert(REFRESH.into(), id);
        if let Some(Launch { template, mixed }) = to {
            (spec.launch_template, spec.mixed_instances_policy) = (template, mixed);
        }
    }
    Ok(Some(Live { condition, ..owner.live(handle, spec, outputs) }))
}

/// Whether an instance is in service and healthy by the group's own health check, which is that of
/// the load balancer if the group has one.
fn serves(instance: &types::Instance) -> bool {
    let healthy = |health: &str| health.eq_ignore_ascii_case("healthy");
    instance.lifecycle_state == Some(LifecycleState::InService)
        && instance.health_status.as_deref().is_some_and(healthy)
}

/// The reason for too few instances, if the last completed launch failed; otherwise empty.
async fn launch_problem(name: &str, aws: &Aws) -> Result<String> {
    let call = || {
        let describe = aws.autoscaling.describe_scaling_activities();
        describe.auto_scaling_group_name(name).max_records(20).send()
    };
    let page = aws.safe("autoscaling:DescribeScalingActivities", call).await?;
    let message = last_failure(page.activities.unwrap_or_default());
    Ok(message.map(|message| format!("; last launch failed: {message}")).unwrap_or_default())
}

/// The message of the last completed activity, if that failed. AWS returns the newest activity
/// first, and retries a failed launch repeatedly, so an activity in progress is skipped.
fn last_failure(activities: Vec<types::Activity>) -> Option<String> {
    let failed = |status: &Status| matches!(status, Status::Failed | Status::Cancelled);
    let completed = activities.into_iter().find(|activity| {
        let status = activity.status_code.as_ref();
        status.is_some_and(|status| failed(status) || *status == Status::Successful)
    })?;
    completed.status_code.filter(failed)?;
    completed.status_message
}

/// Scales a group to zero, so that its instances are drained and pass their lifecycle hooks.
/// Removes the protection from scale-in too, because protected instances would stay.
async fn empty(group: &types::AutoScalingGroup, name: &str, aws: &Aws) -> Result<()> {
    let sizes = [group.min_size, group.max_size, group.desired_capacity];
    let protection = group.deletion_protection.as_ref().map_or(UNPROTECTED, |p| p.as_str());
    if protection != UNPROTECTED || sizes.iter().any(|size| *size != Some(0)) {
        let call = || {
            let update = aws.autoscaling.update_auto_scaling_group().auto_scaling_group_name(name);
            let update = update.deletion_protection(DeletionProtection::None);
            update.min_size(0).max_size(0).desired_capacity(0).send()
        };
        aws.safe("autoscaling:UpdateAutoScalingGroup", call).await.found()?;
    }
    let instances = group.instances.iter().flatten();
    let protected: Vec<String> = instances
        .filter(|instance| instance.protected_from_scale_in == Some(true))
        .filter_map(|instance| instance.instance_id.clone())
        .collect();
    // AWS accepts up to 50 instances per call.
    for ids in protected.chunks(50) {
        let call = || {
            let set = aws.autoscaling.set_instance_protection().auto_scaling_group_name(name);
            set.set_instance_ids(Some(ids.to_vec())).protected_from_scale_in(false).send()
        };
        aws.safe("autoscaling:SetInstanceProtection", call).await.found()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_a_failed_launch_until_one_succeeds() {
        let activity = |status, message: &str| {
            let activity = types::Activity::builder().status_code(status);
            activity.status_message(message).build()
        };
        let trying = activity(Status::InProgress, "");
        let failed = activity(Status::Failed, "no capacity");
        let done = activity(Status::Successful, "");
        let reason = Some("no capacity".to_string());
        assert_eq!(last_failure(vec![trying.clone(), failed.clone(), done.clone()]), reason);
        assert_eq!(last_failure(vec![trying, done, failed]), None);
        assert_eq!(last_failure(Vec::new()), None);
    }
}
